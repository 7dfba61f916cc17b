import { anyErrors } from "./declared-errors.ts";
import type { Draw } from "./draw.ts";
import type { Fate } from "./process.ts";

/** What becomes of a call that does not live. */
export function drawFate(draw: Draw): Fate {
  const arrives = 500 + draw.upTo(9500);
  return draw.one<() => Fate>([
    () => ({ dies: "before" }),
    () => ({ dies: "after" }),
    () => ({ dies: "early", arrives }),
    () => ({ error: draw.one(anyErrors), when: "before" }),
    () => ({ error: "TimeoutError", when: "after" }),
    () => ({ error: "TimeoutError", when: "early", arrives }),
  ])();
}
