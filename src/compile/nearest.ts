import { nearest } from "../model/nearest.ts";

/** `Did you mean …?` where a known word is close to what was written; else the known words. */
export function suggestion(word: string, known: readonly string[]): string {
  const near = nearest(word, known);
  if (near !== undefined) return `Did you mean ${near}?`;
  return known.length === 0 ? "" : `Known: ${[...known].sort().join(", ")}.`;
}
