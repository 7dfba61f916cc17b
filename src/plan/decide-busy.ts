import type { ObservedStack, UnderWay } from "../model/observed.ts";
import { isRefused, type Refused } from "../model/refused.ts";
import { isSameJson } from "../model/same.ts";
import { type Deadlines, lateOperation, precious } from "./deadlines.ts";
import { deleting } from "./deleting.ts";
import { type Asked, leadsTo, mayRetry, operationOf } from "./retry.ts";
import { act, type Step, stalled, type Verdict, waiting } from "./steps.ts";
import { type Applied, attempted, type ChangedStack, isOurs, type Unit } from "./units.ts";

/** As much of a situation as is asked about what is under way or stuck. */
interface Situation extends Asked {
  readonly underWay: ReadonlyMap<string, readonly UnderWay[] | Refused>;
  readonly deadlines: Deadlines;
  readonly now: string;
  /** By unit: what people let its failed rollback be continued without. */
  readonly skips: ReadonlyMap<string, readonly string[]>;
  /** Logical ids that a deletion of the unit's stack would leave behind. */
  readonly keeps: ReadonlyMap<string, readonly string[]>;
}

/**
 * A newer intent does not queue behind a service that will never be stable: its update is broken
 * off, and a first create is given up. What else is under way is waited for.
 */
export function decideBusy(
  { desired, goal, stack }: Unit,
  applied: Applied,
  situation: Situation,
): Verdict {
  const { unit } = desired;
  const wait = waiting(unit, "stack", `The stack is ${stack?.status}.`);
  if (stack === undefined || !isOurs(stack)) return wait;
  const underWay = situation.underWay.get(unit) ?? [];
  if (isRefused(underWay)) return decideUnseen({ unit, stack, underWay }, situation);
  const hangs = underWay.length > 0 && underWay.every(({ type }) => type === "AWS::ECS::Service");
  const isWanted = attempted(applied.digest, stack) || leadsTo(goal, stack, situation.record);
  if (!hangs || isWanted) {
    return decideLate({ unit, stack, underWay }, situation) ?? wait;
  }
  switch (stack.status) {
    case "UPDATE_IN_PROGRESS": {
      const { changeSetId: operation, id } = stack;
      const step: Step = { kind: "cancel-update", unit, id, operation };
      return act(step, "Breaks off an update for a newer one.");
    }
    case "CREATE_IN_PROGRESS":
      return giveUp(unit, stack, situation);
    default:
      return wait;
  }
}

/** Deleted in the middle, a stack would leave behind what it keeps: nobody's, and in the way. */
function giveUp(unit: string, stack: ObservedStack, { keeps }: Situation): Verdict {
  const [kept, ...more] = keeps.get(unit) ?? [];
  return kept === undefined
    ? deleting({ unit, stack }, "Gives up a create for a newer one.")
    : waiting(
        unit,
        "stack",
        `The create is not given up: ${[kept, ...more].join(", ")} would be left behind.`,
      );
}

interface Busy<T> {
  readonly unit: string;
  readonly stack: ChangedStack;
  readonly underWay: T;
}

const timeOf = (unit: string, { deadlines, now, record }: Situation) => ({
  deadlines,
  now,
  continued: record.stacks[unit]?.continued,
});

/** It may be busy with data: nobody who does not know breaks it off. */
function decideUnseen({ stack, underWay, unit }: Busy<Refused>, situation: Situation): Verdict {
  const late = lateOperation(stack, [], timeOf(unit, situation));
  const unseen = `What it is busy with is for others to see: ${underWay.refused}`;
  return late === undefined
    ? waiting(unit, "stack", `The stack is ${stack.status}. ${unseen}`)
    : stalled(unit, "DeadlineExceeded", `${late} It is not broken off. ${unseen}`);
}

/**
 * What takes too long is broken off where that takes nothing with it: an update, and no data in its
 * hands. A first create has nothing to go back to.
 */
function decideLate(
  { stack, underWay, unit }: Busy<readonly UnderWay[]>,
  situation: Situation,
): Verdict | undefined {
  const late = lateOperation(stack, underWay, timeOf(unit, situation));
  if (late === undefined) return undefined;
  const data = precious(underWay);
  const { changeSetId: operation, id, status } = stack;
  if (status !== "UPDATE_IN_PROGRESS" || data.length > 0) {
    const kept =
      data.length === 0 ? "" : ` It is not broken off: ${data.join(", ")} may hold data.`;
    return stalled(unit, "DeadlineExceeded", `${late}${kept}`);
  }
  const step: Step = { kind: "cancel-update", unit, id, operation, late };
  return act(step, `${late} It is broken off.`);
}

/** How often a failed rollback is continued before a person has to look. */
const mostRecoveries = 3;

/**
 * A rollback that failed is continued; what else is stuck is for a person. Of a deletion that failed
 * nobody knows who asked for it and what is left: a stack that is wanted is not deleted any further.
 */
export function decideStuck({ desired, stack }: Unit, situation: Situation): Verdict {
  const { unit } = desired;
  if (stack === undefined) return stalled(unit, "StatusUnknown", "No stack, yet a status.");
  const { id } = stack;
  const operation = operationOf(stack);
  const stuck = { ...stalled(unit, "StackStuck", remedied(stack)), failure: operation };
  if (stack.status !== "UPDATE_ROLLBACK_FAILED") return stuck;

  const { recoveries = 0, skipped } = situation.record.stacks[unit] ?? {};
  const again = mayRetry(operation, situation);
  const go = (skip: readonly string[], message: string): Verdict =>
    act({ kind: "continue-rollback", unit, id, skip, operation }, message);
  if (recoveries < mostRecoveries) return go([], "Continues a failed rollback.");
  const skip = situation.skips.get(unit) ?? [];
  const isNew = !isSameJson(skipped, { operation, resources: skip });
  if (skip.length > 0 && (isNew || again)) {
    return go(skip, `Continues a failed rollback without ${skip.join(", ")}, by consent.`);
  }
  return again ? go([], "Continues a failed rollback.") : stuck;
}

/** What stands in the way, and what a person can do about it. */
export function remedied({ name, reason = "", status }: ObservedStack): string {
  const why = reason.trim().replace(/\.$/, "");
  const found = `The stack is ${status}${why === "" ? "" : `: ${why}`}.`;
  switch (status) {
    case "UPDATE_ROLLBACK_FAILED":
      return `${found} Mend what is named, then trueup reconcile; or have the rollback leave it as it is: the parameter consent, {"skip":{"${name}":["LOGICAL_ID"]}}.`;
    case "DELETE_FAILED":
      return `${found} Empty or release what is named and finish deleting it by hand; what is wanted is then made anew, and what left goes on leaving with trueup reconcile.`;
    case "UPDATE_FAILED":
    case "IMPORT_ROLLBACK_FAILED":
      return `${found} Roll it back in CloudFormation, then trueup reconcile.`;
    default:
      return found;
  }
}
