import type { UnderWay } from "../model/observed.ts";
import type { Refused } from "../model/refused.ts";
import { type Deadlines, mayBeLate } from "../plan/deadlines.ts";
import { attempted, isOurs, type Unit } from "../plan/units.ts";
import type { Stacks } from "../ports/ports.ts";
import { unlessRefused } from "../refused.ts";
import { readEach } from "./each.ts";

interface Time {
  readonly deadlines: Deadlines;
  /** ISO 8601. */
  readonly now: string;
}

/** What operations are busy with that were superseded, or may be late. */
export function underWayIn(
  units: readonly Unit[],
  { deadlines, now }: Time,
  stacks: Stacks,
): Promise<ReadonlyMap<string, readonly UnderWay[] | Refused>> {
  const inTheWay = units.flatMap(({ applied, goal, phase, stack }) => {
    if (phase !== "busy" || stack === undefined || applied === undefined) return [];
    const isSuperseded = !attempted(applied.digest, stack);
    return isSuperseded || mayBeLate(stack, deadlines, now) ? [[goal.unit, stack.id] as const] : [];
  });
  return readEach(inTheWay, ([, id]) => unlessRefused(() => stacks.underWay(id)));
}

/**
 * What updates of ours are under way with, where somebody may not have to wait for them. A change
 * set that is not being executed says nothing about what its stack is busy with.
 */
export async function touchedIn(
  units: readonly Unit[],
  stacks: Stacks,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const provides = new Set(units.flatMap(({ goal }) => goal.dependsOn));
  const moving = units.flatMap(({ goal: { unit }, phase, stack }) => {
    if (stack === undefined || !provides.has(unit) || !isOurs(stack)) return [];
    const isMoving = phase === "busy" || phase === "stuck";
    return isMoving && stack.status.startsWith("UPDATE_") ? [[unit, stack] as const] : [];
  });
  const read = await readEach(moving, async ([, { changeSetId = "", name }]) =>
    stacks.changeSet(name, changeSetId),
  );
  const found = new Map<string, readonly string[]>();
  for (const [unit, changeSet] of read) {
    if (changeSet === undefined || !begun.includes(changeSet.executionStatus)) continue;
    found.set(
      unit,
      changeSet.changes.map(({ logicalId }) => logicalId),
    );
  }
  return found;
}

const begun: readonly string[] = ["EXECUTE_IN_PROGRESS", "EXECUTE_FAILED"];
