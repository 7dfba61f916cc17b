import { kindOf, type Operation } from "../../src/aws/call.ts";
import type { Arena } from "./arena.ts";

/** Waits, so many times, until nothing is left to do; what is written when there should be nothing, each once. */
export async function writesAtRest(
  { calls }: Pick<Arena, "calls">,
  wait: () => Promise<void>,
  times: number,
): Promise<readonly Operation[]> {
  let more: readonly Operation[] = [];
  for (let waited = 0; waited < times; waited += 1) {
    const before = calls.length;
    await wait();
    more = calls.slice(before).filter((one) => kindOf(one) === "mutating");
    if (more.length === 0) return [];
  }
  return [...new Set(more)];
}
