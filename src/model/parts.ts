/** A list or an object, seen alike: to walk both in one loop, without a copy of either. */
export type Parts<T> = Record<string | number, T>;

/** The keys of an object in its own order; undefined: a list, whose keys are counted. */
export const keysOf = (value: object): string[] | undefined =>
  Array.isArray(value) ? undefined : Object.keys(value);

export const sizeOf = (parts: object, keys: readonly string[] | undefined): number =>
  keys === undefined ? (parts as readonly unknown[]).length : keys.length;

export const keyAt = (at: number, keys: readonly string[] | undefined): string | number =>
  keys === undefined ? at : (keys[at] as string);

export const copyOf = <T>(parts: Readonly<Parts<T>>): Parts<T> =>
  (Array.isArray(parts) ? [...parts] : { ...parts }) as Parts<T>;
