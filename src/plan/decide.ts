import { goalDigest } from "../link/digests.ts";
import type { ObservedChangeSet, ObservedStack, UnderWay } from "../model/observed.ts";
import { changeSetClassOf } from "../model/phases.ts";
import { rankOf } from "../model/rank.ts";
import type { EnvironmentRecord } from "../model/record.ts";
import type { Refused } from "../model/refused.ts";
import { retrialOf } from "./clinging.ts";
import { type Deadlines, isLatePlan, lateOperation, spoken } from "./deadlines.ts";
import { decideBusy, decideStuck, remedied } from "./decide-busy.ts";
import { deleting } from "./deleting.ts";
import { failedWith, mayRetry, operationOf } from "./retry.ts";
import { act, type StallReason, type Step, stalled, type Verdict, waiting } from "./steps.ts";
import { type Applied, attempted, type ChangeSets, type Unit } from "./units.ts";

/** Everything a decision rests on. The same situation, the same decision. */
export interface Situation {
  readonly units: readonly Unit[];
  readonly changeSets: ReadonlyMap<string, ChangeSets>;
  /** Stacks of units that left the repository, in the order in which they may go. */
  readonly leaving: readonly Leaving[];
  readonly record: EnvironmentRecord;
  readonly revision: string;
  /** The token of the newest request: a new one is a person asking to try again. */
  readonly requestedAt: string | undefined;
  /** Of stacks with an operation that was superseded or may be late: what it is busy with. */
  readonly underWay: ReadonlyMap<string, readonly UnderWay[] | Refused>;
  readonly deadlines: Deadlines;
  /** ISO 8601. */
  readonly now: string;
  /** A cancellation was asked for so recently that its call may still arrive: nothing is executed. */
  readonly fenced: boolean;
  /** Units whose roll-out may not go on, with what to say: data at risk, a riskier change set. */
  readonly objections: ReadonlyMap<string, Objection>;
  /** By unit, why it waits for what another has to give up first. */
  readonly awaited: ReadonlyMap<string, string>;
  /** By unit: what people let its failed rollback be continued without. */
  readonly skips: ReadonlyMap<string, readonly string[]>;
  /** By unit, what a deletion of its stack would leave behind. */
  readonly keeps: ReadonlyMap<string, readonly string[]>;
  /** Deployed units that somebody else changed, with what; those that are not put right. */
  readonly foreign: ReadonlyMap<string, string>;
  /** Units of which a detection found every resource to be as declared. */
  readonly agreed: ReadonlySet<string>;
  /** By unit, logical ids of what may take a while to be deletable. */
  readonly clinging: ReadonlyMap<string, ReadonlySet<string>>;
}

export interface Leaving {
  readonly unit: string;
  readonly stack: ObservedStack;
}

export interface Objection {
  readonly reason: StallReason;
  readonly message: string;
}

/** For each unit what happens next: at most one write each. Pure and total. */
export function decide(situation: Situation): readonly Verdict[] {
  const verdicts = new Map<string, Verdict>();
  for (const unit of situation.units) {
    verdicts.set(unit.desired.unit, decideUnit(unit, situation, verdicts));
  }
  const arrived = [...verdicts.values()].every(({ kind }) => kind === "deployed");
  for (const leaving of situation.leaving) {
    verdicts.set(
      leaving.unit,
      decideLeaving(leaving, arrived && isLast(leaving, situation), situation),
    );
  }
  return [...verdicts.values()];
}

/** What others import goes after them. */
const isLast = ({ unit }: Leaving, { leaving }: Situation): boolean =>
  leaving.every((other) => rankOf(other.unit) <= rankOf(unit));

type Verdicts = ReadonlyMap<string, Verdict>;

function decideUnit(unit: Unit, situation: Situation, verdicts: Verdicts): Verdict {
  const { applied, desired, phase, stack } = unit;
  const { unit: name } = desired;
  if (applied === undefined) return waitForUnits(unit, verdicts);
  if (applied.deployed) return decideDeployed(unit, situation);
  // Whatever its state: what others made is neither mended nor deleted.
  const objection = situation.objections.get(name);
  if (objection?.reason === "StackTaken") return stalled(name, "StackTaken", objection.message);
  if (applied.missing.length > 0) {
    return stalled(name, "OutputMissing", `It needs ${applied.missing.join(", ")}.`);
  }
  switch (phase) {
    case "unknown":
      return stalled(name, "StatusUnknown", `The stack is ${stack?.status}, which is not known.`);
    case "stuck":
      return decideStuck(unit, situation);
    case "busy":
      return decideBusy(unit, applied, situation);
    case "cleaning":
      return waiting(name, "stack", `The stack is ${stack?.status}.`);
    case "dead":
      return decideDead(unit, applied, situation);
    case "absent":
    case "review":
    case "settled":
      return decideChangeSet(unit, applied, situation);
    case "reverted":
      return decideReverted(unit, applied, situation);
  }
}

/** A change set of an older intent must not lie about, even where there is nothing else to do. */
function decideDeployed({ desired, stack }: Unit, situation: Situation): Verdict {
  const { unit } = desired;
  const { changeSets, foreign, record } = situation;
  const older = changeSets.get(unit)?.older;
  if (older !== undefined && changeSetClassOf(older) !== "executed") return supersede(unit, older);
  const skipped = record.stacks[unit]?.skipped;
  const isInDoubt = skipped !== undefined && skipped.operation === stack?.changeSetId;
  if (isInDoubt && !situation.agreed.has(unit)) {
    const what = skipped.resources.join(", ");
    const message = `A rollback was continued without ${what}: what is there nobody knows until drift detection agrees, or something else is rolled out.`;
    return stalled(unit, "RollbackSkipped", message);
  }
  const change = foreign.get(unit);
  return change === undefined
    ? { kind: "deployed", unit }
    : stalled(unit, "ForeignTemplate", changedByOthers(change));
}

const changedByOthers = (change: string): string =>
  `Somebody else changed ${change}. Undo that, or say selfHeal: revert; the next revision that changes this stack puts it back, too.`;

/** A unit whose provider cannot go on cannot go on either: saying "waiting" would be hope. */
function waitForUnits({ desired, waitsFor }: Unit, verdicts: Verdicts): Verdict {
  const dead = waitsFor.filter((unit) => verdicts.get(unit)?.kind === "stalled");
  const message = `It waits for ${waitsFor.join(", ")}.`;
  return dead.length > 0
    ? stalled(desired.unit, "UnitBlocked", message)
    : waiting(desired.unit, "unit", message);
}

/** What is wanted may be what was tried, and was not merely broken off for something newer. */
function decideReverted(unit: Unit, applied: Applied, situation: Situation): Verdict {
  const { stack } = unit;
  if (stack === undefined) return stalled(unit.desired.unit, "StatusUnknown", noStack);
  const failed = failedWith(applied.digest, stack, situation);
  return failed === undefined
    ? decideChangeSet(unit, applied, situation)
    : rolledBack(unit, stack, failed);
}

/** A first create that failed is deleted and made again, but not for the digest that failed. */
function decideDead(unit: Unit, applied: Applied, situation: Situation): Verdict {
  const { desired, stack } = unit;
  if (stack === undefined) return stalled(desired.unit, "StatusUnknown", noStack);
  // A create that failed early keeps no change set: what is unknown is taken for this very digest.
  const unknown = stack.changeSetId === undefined;
  if ((unknown || attempted(applied.digest, stack)) && !mayRetry(operationOf(stack), situation)) {
    return rolledBack(unit, stack);
  }
  const message = `Deletes what a failed first create left (${stack.status}).`;
  return deleting({ unit: desired.unit, stack }, message);
}

function decideChangeSet(unit: Unit, applied: Applied, situation: Situation): Verdict {
  const { unit: name } = unit.desired;
  const sets = situation.changeSets.get(name);
  const [older, wanted] = [sets?.older, sets?.wanted];
  const objection = situation.objections.get(name);

  if (older !== undefined && changeSetClassOf(older) !== "executed") {
    return supersede(name, older);
  }
  if (objection !== undefined) return stalled(name, objection.reason, objection.message);
  const awaited = situation.awaited.get(name);
  if (awaited !== undefined) return waiting(name, "unit", awaited);
  if (wanted === undefined) return ask(unit, applied, situation);

  switch (changeSetClassOf(wanted)) {
    case "computing":
      return decideComputing(name, wanted, situation);
    case "executed":
      return waiting(name, "stack", "CloudFormation has begun; its answer is not here yet.");
    case "executable":
      return situation.fenced
        ? waiting(name, "change-set", "A cancellation may still be on its way.")
        : act(
            { kind: "execute-change-set", unit: name, id: wanted.id },
            "Executes the change set.",
          );
    case "empty":
      if (applied.again?.kind === "drift") {
        const step = { kind: "delete-change-set", unit: name, id: wanted.id } as const;
        return act(step, "Removes a change set that found nothing to put back.");
      }
      return retryOr(name, wanted, situation, {
        reason: "NoChanges",
        message: "CloudFormation finds no change, though the stack says it is at another digest.",
      });
    case "failed":
      return retryOr(name, wanted, situation, {
        reason: "ChangeSetFailed",
        message: wanted.reason ?? `The change set is ${wanted.status}.`,
      });
  }
}

/** What CloudFormation would not even make a change set of is asked for as seldom as what failed. */
function ask(unit: Unit, applied: Applied, situation: Situation): Verdict {
  const { changeSet: name } = applied;
  const refused = situation.record.failures[name];
  return refused === undefined || mayRetry(name, situation)
    ? act(createStep(unit, applied), "Asks for a change set.")
    : { ...stalled(unit.desired.unit, "ChangeSetFailed", refused.message), failure: name };
}

function decideComputing(unit: string, wanted: ObservedChangeSet, situation: Situation): Verdict {
  const { deadlines, now } = situation;
  if (!isLatePlan(wanted, deadlines, now)) {
    return waiting(unit, "change-set", "CloudFormation is working out the changes.");
  }
  const message = `CloudFormation has not worked out the changes within ${spoken(deadlines.plan)}.`;
  return stalled(unit, "DeadlineExceeded", message);
}

/** Read back gone before anything newer is asked: a late call of a dead pass then finds nothing. */
const supersede = (unit: string, older: ObservedChangeSet): Verdict =>
  changeSetClassOf(older) === "computing"
    ? waiting(unit, "change-set", "An older change set is still being worked out.")
    : act({ kind: "delete-change-set", unit, id: older.id }, "Removes a superseded change set.");

const retryOr = (
  unit: string,
  { id }: ObservedChangeSet,
  situation: Situation,
  { message, reason }: Objection,
): Verdict =>
  mayRetry(id, situation)
    ? act({ kind: "delete-change-set", unit, id }, "Removes a change set that failed.")
    : { ...stalled(unit, reason, message), failure: id };

const createStep = ({ desired, goal, phase }: Unit, applied: Applied): Step => ({
  kind: "create-change-set",
  unit: desired.unit,
  stack: desired,
  type: phase === "absent" || phase === "review" ? "CREATE" : "UPDATE",
  name: applied.changeSet,
  digest: applied.digest,
  ...(desired === goal ? {} : { toward: goalDigest(goal) }),
  parameters: applied.parameters,
  revertsDrift: applied.again?.kind === "drift",
});

/** Only when everything that stays has arrived: until then somebody may still need it. */
function decideLeaving({ stack, unit }: Leaving, arrived: boolean, situation: Situation): Verdict {
  const { attempt, retrial } = deletionOf({ stack, unit }, situation);
  const objection = situation.objections.get(unit);
  if (stack.status.endsWith("_IN_PROGRESS") && stack.status !== "REVIEW_IN_PROGRESS") {
    const late = lateOperation(stack, [], situation);
    return late === undefined
      ? waiting(unit, "stack", `The stack is ${stack.status}.`)
      : stalled(unit, "DeadlineExceeded", late);
  }
  if (objection !== undefined) return stalled(unit, objection.reason, objection.message);
  if (!arrived) return waiting(unit, "unit", "It leaves when everything else has arrived.");
  if (retrial === "later") {
    return waiting(unit, "stack", "What is in Cloud Map is still leaving: it is tried again.");
  }
  const isStuck = stack.status === "DELETE_FAILED" && retrial === "never";
  if (isStuck && !mayRetry(operationOf(stack), situation)) {
    const failure = operationOf(stack);
    return { ...stalled(unit, "StackStuck", remedied(stack)), failure };
  }
  return deleting({ unit, stack, attempt }, "It left the repository.");
}

/** Which try a deletion is now, and whether one that failed is made again by itself. */
const deletionOf = ({ stack, unit }: Leaving, situation: Situation) => ({
  attempt: situation.record.stacks[unit]?.deletion?.tries ?? 0,
  retrial: retrialOf(stack, {
    ...situation,
    unit,
    clinging: situation.clinging.get(unit) ?? new Set(),
  }),
});

const noStack = "No stack, yet a status.";

/** What is said where nothing tells why: somebody broke it off, or its events are for others to see. */
function rolledBack(
  { desired }: Unit,
  stack: ObservedStack,
  failure = operationOf(stack),
): Verdict {
  const found = (stack.reason ?? `The stack is ${stack.status}`).trim().replace(/\.$/, "");
  const message = `${found}. It is tried again with trueup reconcile, or at another revision.`;
  return { ...stalled(desired.unit, "RolledBack", message), failure };
}
