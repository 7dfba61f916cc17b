import type { Random } from "../../src/sandbox/random.ts";

/** What is drawn from a seed. */
export interface Draw {
  upTo(most: number): number;
  chance(share: number): boolean;
  one<T>(items: readonly T[]): T;
  weighted<T>(items: readonly (readonly [T, number])[]): T;
}

export function drawing(source: Random): Draw {
  const upTo = (most: number): number => Math.floor(source.next() * most);
  return {
    upTo,
    chance: (share) => source.next() < share,
    one: (items) => items[upTo(items.length)] as (typeof items)[number],
    weighted: (items) => {
      let left = source.next() * items.reduce((sum, [, weight]) => sum + weight, 0);
      for (const [item, weight] of items) {
        left -= weight;
        if (left < 0) return item;
      }
      return (items.at(-1) as (typeof items)[number])[0];
    },
  };
}
