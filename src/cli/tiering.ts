import { setFlagsFromString } from "node:v8";

/** V8's own thresholds are 400 and 3,000 calls: `node --v8-options`. */
export const thresholds = [
  "--invocation-count-for-maglev=8000",
  "--invocation-count-for-turbofan=100000",
] as const;

/**
 * Has V8 optimize a function later than it would: most of what one command does is done a few
 * hundred times, once a service, and is over before its optimized code is of use.
 */
export function tierUpLate(): void {
  for (const threshold of thresholds) setFlagsFromString(threshold);
}
