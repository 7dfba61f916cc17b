// Keys in order (of UTF-16 code units) for listings: found once, then kept as keys come and go through
// here, so that a page of a long listing costs no more than what is on it.

const orders = new WeakMap<object, string[]>();

/** Sets a member of a record that is listed. */
export function put<T>(record: Record<string, T>, key: string, value: T): void {
  const order = orders.get(record);
  if (order !== undefined && !Object.hasOwn(record, key)) order.splice(placeIn(order, key), 0, key);
  record[key] = value;
}

/** Takes a member out of a record that is listed. */
export function remove(record: Record<string, unknown>, key: string): void {
  if (Object.hasOwn(record, key)) orders.get(record)?.splice(placeIn(orderOf(record), key), 1);
  delete record[key];
}

/** Keys that begin with a prefix, in order. */
export function keysFrom(record: object, prefix: string): readonly string[] {
  const order = orderOf(record);
  const first = placeIn(order, prefix);
  const isOver = (key: string) => key > prefix && !key.startsWith(prefix);
  return order.slice(first, firstOf(order, isOver, first));
}

function orderOf(record: object): string[] {
  const order = orders.get(record) ?? Object.keys(record).sort();
  orders.set(record, order);
  return order;
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
