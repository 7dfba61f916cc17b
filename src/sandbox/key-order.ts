// Keys in order (of UTF-16 code units) for listings: found once, then kept as keys come and go through
// here, so that a page of a long listing costs no more than what is on it.

/** Blocks of keys, none of them long: where a key comes or goes, only those of its block move. */
type Order = string[][];

const longest = 512;

const orders = new WeakMap<object, Order>();

/** Sets a member of a record that is listed. */
export function put<T>(record: Record<string, T>, key: string, value: T): void {
  const order = orders.get(record);
  if (order !== undefined && !Object.hasOwn(record, key)) enter(key, order);
  record[key] = value;
}

/** Takes a member out of a record that is listed. */
export function remove(record: Record<string, unknown>, key: string): void {
  const order = orders.get(record);
  if (order !== undefined && Object.hasOwn(record, key)) leave(key, order);
  delete record[key];
}

/** Keys that begin with a prefix, in order: at most so many, of those after a key where one is given. */
export function keysFrom(
  record: object,
  prefix: string,
  { after, most = Number.POSITIVE_INFINITY }: Part = {},
): readonly string[] {
  const order = orderOf(record);
  const found: string[] = [];
  const from = after !== undefined && after > prefix ? after : prefix;
  const isOver = (key: string) => key > prefix && !key.startsWith(prefix);
  for (let at = blockFor(from, order); at < order.length && found.length < most; at += 1) {
    const block = order[at] ?? [];
    const first = firstOf(block, (key) => key >= from && key !== after);
    const end = firstOf(block, isOver, first);
    found.push(...block.slice(first, Math.min(end, first + most - found.length)));
    if (end < block.length) break;
  }
  return found;
}

interface Part {
  readonly after?: string | undefined;
  readonly most?: number;
}

function orderOf(record: object): Order {
  const known = orders.get(record);
  if (known !== undefined) return known;
  const keys = Object.keys(record).sort();
  const order: Order = [];
  for (let at = 0; at < keys.length; at += longest) order.push(keys.slice(at, at + longest));
  orders.set(record, order);
  return order;
}

/** The block that has a key, or would have it: the last that does not begin after it. */
const blockFor = (key: string, order: Order): number =>
  Math.max(0, firstOf(order, ([first = ""]) => first > key) - 1);

function enter(key: string, order: Order): void {
  const at = blockFor(key, order);
  const block = order[at] ?? [];
  block.splice(placeIn(block, key), 0, key);
  if (block.length <= longest) order[at] = block;
  else order.splice(at, 1, block.slice(0, longest / 2), block.slice(longest / 2));
}

function leave(key: string, order: Order): void {
  const at = blockFor(key, order);
  const block = order[at] ?? [];
  block.splice(placeIn(block, key), 1);
  if (block.length === 0) order.splice(at, 1);
}

const placeIn = (order: readonly string[], key: string): number =>
  firstOf(order, (other) => other >= key);

/** Where in a list what holds from some place on begins to hold; its length: nowhere. */
export function firstOf<T>(list: readonly T[], holds: (item: T) => boolean, from = 0): number {
  let [first, last] = [from, list.length];
  while (first < last) {
    const middle = (first + last) >> 1;
    if (holds(list[middle] as T)) last = middle;
    else first = middle + 1;
  }
  return first;
}
