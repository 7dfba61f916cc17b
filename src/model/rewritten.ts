/** What stands in the place of an object that has one key; undefined: itself. */
export type Replace = (key: string, value: unknown) => unknown;

/**
 * A value with objects in it replaced, and, where `isSorted`, with the keys of every object in
 * order, numbers first. What stays as it is is not copied.
 */
export function rewritten(value: unknown, isSorted: boolean, replace?: Replace): unknown {
  if (typeof value !== "object" || value === null) return value;
  return Array.isArray(value)
    ? rewrittenList(value, isSorted, replace)
    : rewrittenObject(value as Entries, isSorted, replace);
}

type Entries = Readonly<Record<string, unknown>>;

function rewrittenList(
  list: readonly unknown[],
  isSorted: boolean,
  replace: Replace | undefined,
): readonly unknown[] {
  let copy: unknown[] | undefined;
  for (let at = 0; at < list.length; at += 1) {
    const item = list[at];
    if (typeof item !== "object") continue;
    const own = rewritten(item, isSorted, replace);
    if (own === item) continue;
    copy ??= [...list];
    copy[at] = own;
  }
  return copy ?? list;
}

function rewrittenObject(
  entries: Entries,
  isSorted: boolean,
  replace: Replace | undefined,
): unknown {
  const keys = Object.keys(entries);
  const only = keys.length === 1 ? (keys[0] as string) : undefined;
  const replaced = only === undefined ? undefined : replace?.(only, entries[only]);
  if (replaced !== undefined) return replaced;
  let copy: Record<string, unknown> | undefined = !isSorted || sortIn(keys) ? undefined : {};
  for (let at = 0; at < keys.length; at += 1) {
    const key = keys[at] as string;
    const part = entries[key];
    const own = typeof part === "object" ? rewritten(part, isSorted, replace) : part;
    if (copy === undefined && own === part) continue;
    copy ??= { ...entries };
    put(copy, key, own);
  }
  return copy ?? entries;
}

/** Assigned, one name would become the prototype. */
function put(parts: Record<string, unknown>, key: string, value: unknown): void {
  if (key === "__proto__") Object.defineProperty(parts, key, { value, enumerable: true });
  else parts[key] = value;
}

/** Sorts in place by insertion: most objects have few keys, in order already. Whether they were. */
export function sortIn(keys: string[]): boolean {
  let were = true;
  for (let at = 1; at < keys.length; at += 1) {
    const key = keys[at] as string;
    if ((keys[at - 1] as string) <= key) continue;
    if (keys.length > 32) {
      keys.sort();
      return false;
    }
    were = false;
    let to = at;
    for (; to > 0 && (keys[to - 1] as string) > key; to -= 1) keys[to] = keys[to - 1] as string;
    keys[to] = key;
  }
  return were;
}
