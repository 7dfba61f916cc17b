import type { Tree } from "../ports/ports.ts";

/** What is content-addressed and so may be kept for as long as there is room. */
export interface Memory {
  /** Texts of blobs, by their ids. */
  readonly texts: Kept<string>;
  /** By repository and commit. */
  readonly trees: Kept<Tree>;
}

/** Characters of file text, and entries of trees, that are kept between passes. */
export const emptyMemory = (): Memory => ({
  texts: kept(16 * 1024 * 1024, ({ length }) => length),
  trees: kept(200_000, ({ size }) => size + 1),
});

interface Kept<T> {
  get(key: string): T | undefined;
  /** What was kept first goes first. */
  set(key: string, value: T): void;
}

function kept<T>(room: number, sizeOf: (value: T) => number): Kept<T> {
  const values = new Map<string, T>();
  let used = 0;
  return {
    get: (key) => values.get(key),
    set(key, value) {
      if (values.has(key)) return;
      values.set(key, value);
      used += sizeOf(value);
      for (const [oldest, old] of values) {
        if (used <= room) return;
        values.delete(oldest);
        used -= sizeOf(old);
      }
    },
  };
}
