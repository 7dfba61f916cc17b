/** What was worked out before, under the digest of what it followed from: may be missing, never stale. */
export interface Memo<T> {
  get(key: string): T | undefined;
  set(key: string, value: T): void;
  /** What is kept, or what `make` makes now. */
  of(key: string, make: () => T): T;
}

const all: Map<string, unknown>[] = [];
let room = 1;

/** Keeps so many times as much from now on: for a process that lives through many worlds. */
export function widen(times: number): void {
  room = times;
}

/** Keeps up to `most` values; what was kept first goes first. */
export function memoOf<T>(most: number): Memo<T> {
  const kept = new Map<string, T>();
  all.push(kept);
  const set = (key: string, value: T): void => {
    const [oldest] = kept.keys();
    if (kept.size >= most * room && oldest !== undefined) kept.delete(oldest);
    kept.set(key, value);
  };
  return {
    get: (key) => kept.get(key),
    set,
    of(key, make) {
      const known = kept.get(key);
      if (known !== undefined) return known;
      const value = make();
      set(key, value);
      return value;
    },
  };
}

/** As after a cold start. */
export function forgetAll(): void {
  for (const kept of all) kept.clear();
}
