import { inParallel } from "../parallel.ts";
import { healthOf } from "../plan/health.ts";
import type { Unit } from "../plan/units.ts";
import type { Stacks } from "../ports/ports.ts";
import { unlessRefused } from "../refused.ts";

/** A stack that is complete may have gone back since: what its old tasks use is not taken from them. */
export async function doRun(units: readonly Unit[], stacks: Stacks): Promise<boolean> {
  const ids = units.flatMap(({ stack }) => (stack === undefined ? [] : [stack.id]));
  const services = await inParallel(ids, 5, (id) => unlessRefused(() => stacks.services(id)));
  return healthOf(services.flat()).status === "True";
}
