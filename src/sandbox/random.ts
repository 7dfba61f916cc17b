export interface Random {
  /** What comes next depends on this alone. */
  readonly seed: number;
  /** In [0, 1). */
  next(): number;
}

/** Mulberry32: small, fast, and the same everywhere. */
export function random(start: number): Random {
  let seed = start >>> 0;
  return {
    get seed() {
      return seed;
    },
    next() {
      seed = (seed + 0x6d2b79f5) >>> 0;
      let t = seed;
      t = Math.imul(t ^ (t >>> 15), t | 1);
      t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
      return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
    },
  };
}
