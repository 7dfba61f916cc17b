import type { Effect } from "./arena.ts";

/** What must come about in some run or other: a state that is never reached proves nothing. */
export interface Sometimes {
  readonly hits: ReadonlyMap<string, number>;
  hit(name: string): void;
  effect(effect: Effect, answer: unknown): void;
}
