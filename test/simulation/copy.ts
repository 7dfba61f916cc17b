/** A copy of plain data in which what was shared is shared again; dates and bytes are the same. */
export function copyOf<T>(value: T): T {
  return copied(value, new Map()) as T;
}

type Copies = Map<object, unknown>;

function copied(value: unknown, copies: Copies): unknown {
  if (typeof value !== "object" || value === null) return value;
  return copies.get(value) ?? copiedObject(value, copies);
}

function copiedObject(value: object, copies: Copies): unknown {
  if (Array.isArray(value)) {
    const list: unknown[] = [];
    copies.set(value, list);
    for (const item of value) list.push(copied(item, copies));
    return list;
  }
  if (Object.getPrototypeOf(value) !== Object.prototype) return value;
  const object: Record<string, unknown> = {};
  copies.set(value, object);
  for (const [key, item] of Object.entries(value)) object[key] = copied(item, copies);
  return object;
}
