/** What a mapping has under a key of its own: every object has a `constructor`. */
export const own = <T>(mapping: Readonly<Record<string, T>>, key: string): T | undefined =>
  Object.hasOwn(mapping, key) ? mapping[key] : undefined;

/** Gives a mapping that is being made a key of its own: assigned, one would become the prototype. */
export function put<T>(mapping: Record<string, T>, key: string, value: T): void {
  if (key !== "__proto__") mapping[key] = value;
  else
    Object.defineProperty(mapping, key, {
      value,
      configurable: true,
      enumerable: true,
      writable: true,
    });
}
