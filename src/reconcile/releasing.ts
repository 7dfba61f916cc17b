import type { Template } from "../model/template.ts";
import { inParallel } from "../parallel.ts";
import { givesUp, takesAny } from "../plan/claims.ts";
import type { Unit } from "../plan/units.ts";
import type { Stacks } from "../ports/ports.ts";

const width = 5;

/**
 * Units of which an update, or what follows it, gives up what there can be only one of. Nobody is
 * asked where nobody is to have any such thing.
 */
export async function releasing(
  units: readonly Unit[],
  templates: ReadonlyMap<string, Template>,
  stacks: Stacks,
): Promise<ReadonlySet<string>> {
  if (!takesAny({ templates, units })) return new Set();
  const busy = units.flatMap(({ goal: { unit }, stack }) =>
    stack?.changeSetId !== undefined && /^UPDATE_.*IN_PROGRESS$/.test(stack.status)
      ? [{ unit, name: stack.name, id: stack.changeSetId }]
      : [],
  );
  const found = await inParallel(busy, width, async ({ id, name, unit }) => {
    const changeSet = await stacks.changeSet(name, id);
    return changeSet?.changes.some(givesUp) === true ? [unit] : [];
  });
  return new Set(found.flat());
}
