import type { Clock } from "../ports/ports.ts";

/** The machine's own clock. */
export const clock: Clock = {
  now: () => new Date().toISOString(),
  sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
};
