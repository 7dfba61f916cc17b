import { inParallel } from "../parallel.ts";
import { type Health, healthOf } from "../plan/health.ts";
import type { Unit } from "../plan/units.ts";
import type { Stacks } from "../ports/ports.ts";
import { unlessRefused } from "../refused.ts";

/** How the services of these stacks run: a stack that is complete may have gone back since. */
export async function running(units: readonly Unit[], stacks: Stacks): Promise<Health> {
  const ids = units.flatMap(({ stack }) => (stack === undefined ? [] : [stack.id]));
  const services = await inParallel(ids, 5, (id) => unlessRefused(() => stacks.services(id)));
  return healthOf(services.flat());
}
