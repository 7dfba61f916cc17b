import type { ObservedStack, UnderWay } from "../model/observed.ts";
import { type Deadlines, lateOperation, precious } from "./deadlines.ts";
import { type Asked, mayRetry, operationOf } from "./retry.ts";
import { act, type Step, stalled, type Verdict, waiting } from "./steps.ts";
import { type Applied, attempted, isOurs, type Unit } from "./units.ts";

/** As much of a situation as is asked about what is under way or stuck. */
interface Situation extends Asked {
  readonly underWay: ReadonlyMap<string, readonly UnderWay[]>;
  readonly deadlines: Deadlines;
  readonly now: string;
}

/**
 * A newer intent does not queue behind a service that will never be stable: its update is broken
 * off, and a first create is given up. What else is under way is waited for.
 */
export function decideBusy(
  { desired, stack }: Unit,
  applied: Applied,
  situation: Situation,
): Verdict {
  const { unit } = desired;
  const wait = waiting(unit, "stack", `The stack is ${stack?.status}.`);
  const operation = stack?.changeSetId;
  if (stack === undefined || operation === undefined) return wait;
  if (!isOurs(stack)) return wait;
  const underWay = situation.underWay.get(unit) ?? [];
  const hangs = underWay.length > 0 && underWay.every(({ type }) => type === "AWS::ECS::Service");
  if (!hangs || attempted(applied.digest, stack)) {
    return decideLate({ unit, stack, underWay }, situation) ?? wait;
  }
  switch (stack.status) {
    case "UPDATE_IN_PROGRESS": {
      const step: Step = { kind: "cancel-update", unit, id: stack.id, operation };
      return act(step, "Breaks off an update for a newer one.");
    }
    case "CREATE_IN_PROGRESS":
      return act(
        { kind: "delete-stack", unit, id: stack.id },
        "Gives up a create for a newer one.",
      );
    default:
      return wait;
  }
}

interface Busy {
  readonly unit: string;
  readonly stack: ObservedStack;
  readonly underWay: readonly UnderWay[];
}

/**
 * What takes too long is broken off where that takes nothing with it: an update, and no data in its
 * hands. A first create has nothing to go back to.
 */
function decideLate({ stack, underWay, unit }: Busy, situation: Situation): Verdict | undefined {
  const late = lateOperation(stack, underWay, situation);
  if (late === undefined) return undefined;
  const data = precious(underWay);
  const { changeSetId: operation, id, status } = stack;
  if (status !== "UPDATE_IN_PROGRESS" || data.length > 0 || operation === undefined) {
    const kept =
      data.length === 0 ? "" : ` It is not broken off: ${data.join(", ")} may hold data.`;
    return stalled(unit, "DeadlineExceeded", `${late}${kept}`);
  }
  const step: Step = { kind: "cancel-update", unit, id, operation, late };
  return act(step, `${late} It is broken off.`);
}

/** How often a failed rollback is continued before a person has to look. */
const mostRecoveries = 3;

/** A rollback that failed is continued; what else is stuck is for a person. */
export function decideStuck({ desired, stack }: Unit, situation: Situation): Verdict {
  const { unit } = desired;
  const message = `The stack is ${stack?.status}: ${stack?.reason ?? ""}`;
  if (stack?.status !== "UPDATE_ROLLBACK_FAILED") return stalled(unit, "StackStuck", message);
  const { recoveries = 0 } = situation.record.stacks[unit] ?? {};
  if (recoveries < mostRecoveries || mayRetry(operationOf(stack), situation)) {
    return act({ kind: "continue-rollback", unit, id: stack.id }, "Continues a failed rollback.");
  }
  return { ...stalled(unit, "StackStuck", message), failure: operationOf(stack) };
}
