import { sha256 } from "../model/digest.ts";
import type { ObservedStack } from "../model/observed.ts";
import { stackClassOf } from "../model/phases.ts";
import type { DriftDetection, DriftMemory } from "../model/record.ts";
import { isSameJson } from "../model/same.ts";
import { type EnvironmentStatus, isTrue } from "../model/status.ts";
import { lastOperation } from "./foreign.ts";
import type { Verdict } from "./steps.ts";
import { isRevert, type Unit } from "./units.ts";

type Detections = Readonly<Record<string, DriftDetection>>;

/** Whether what a detection found is still true: no operation came after it but a revert of it that did not work. */
export function isAbout({ after }: DriftDetection, stack: ObservedStack): boolean {
  if (isSameJson(after, lastOperation(stack))) return true;
  return after.id === stack.id && isRevert(stack) && stackClassOf(stack.status) !== "settled";
}

/** Whether it is time to look for drift; a record that says nothing of it waits for its first time. */
export const isDue = (memory: DriftMemory | undefined, now: string): boolean =>
  memory !== undefined && Date.parse(memory.due) <= Date.parse(now);

/**
 * The token by which the slow clock has what was looked up looked up again, where that is put right
 * and nothing else is the matter; undefined: it is not time.
 */
export function tickOf(
  memory: DriftMemory | undefined,
  { before, now }: { readonly before: Pick<EnvironmentStatus, "conditions">; readonly now: string },
): string | undefined {
  return memory?.reverts && isTrue(before, "Ready") && isDue(memory, now)
    ? `drift-${memory.due}`
    : undefined;
}

/** The next time: the same for an environment whenever it is asked, and another for each. ISO 8601. */
export function dueAfter(key: string, everySeconds: number, now: string): string {
  const every = everySeconds * 1000;
  const offset = Number.parseInt(sha256(key).slice(0, 12), 16) % every;
  const ticks = Math.floor((Date.parse(now) + offset) / every) + 1;
  return new Date(ticks * every - offset).toISOString();
}

interface Passed {
  readonly key: string;
  readonly bundle: { readonly digest: string };
  readonly selfHeal: "off" | "report" | "revert";
  readonly everySeconds: number;
  /** ISO 8601. */
  readonly now: string;
  /** Those that are still true. */
  readonly detections: Detections;
  readonly units: readonly Unit[];
  readonly verdicts: readonly Verdict[];
}

/** What is to be remembered of drift after a pass; undefined: nobody looks for any. */
export function driftMemory(
  before: DriftMemory | undefined,
  { bundle, detections, everySeconds, key, now, selfHeal, units, verdicts }: Passed,
): DriftMemory | undefined {
  if (selfHeal === "off") return undefined;
  const next = dueAfter(key, everySeconds, now);
  const due = before === undefined || before.due > next ? next : before.due;
  const reverting = units.filter(({ applied }) => applied?.again?.kind === "drift");
  // CloudFormation found nothing to put back: somebody else has.
  const mended = reverting.filter(({ goal }) =>
    verdicts.some(
      (one) =>
        one.unit === goal.unit && one.kind === "act" && one.step.kind === "delete-change-set",
    ),
  );
  const kept = Object.entries(detections).map(([unit, detection]) => [
    unit,
    mended.some(({ goal }) => goal.unit === unit) ? { ...detection, found: [] } : detection,
  ]);
  const reverts = selfHeal === "revert" ? { reverts: true as const } : {};
  // Of another bundle nothing was looked up twice.
  const lookups = before?.lookups?.bundle === bundle.digest ? { lookups: before.lookups } : {};
  return { due, ...reverts, ...lookups, units: Object.fromEntries(kept) };
}

/** What CloudFormation takes a detection in. */
const detectable: ReadonlySet<string> = new Set([
  "CREATE_COMPLETE",
  "UPDATE_COMPLETE",
  "UPDATE_ROLLBACK_COMPLETE",
]);

interface Known {
  readonly units: readonly Unit[];
  readonly verdicts: readonly Verdict[];
  readonly memory: DriftMemory;
  readonly refreshed: boolean;
  /** ISO 8601. */
  readonly now: string;
}

/**
 * The stacks to be looked at now: on the slow clock, or when a person asks, all that are deployed, and at once those of which
 * a rollback was continued without something. None that is being looked at already.
 */
export function toDetect(known: Known): readonly ObservedStack[] {
  const { memory, now, refreshed, units, verdicts } = known;
  const due = refreshed || isDue(memory, now);
  return units.flatMap(({ goal: { unit }, stack }) => {
    const verdict = verdicts.find((one) => one.unit === unit);
    const { [unit]: last } = memory.units;
    if (stack === undefined || !detectable.has(stack.status) || isUnderWay(last, now)) return [];
    const doubtful = verdict?.kind === "stalled" && verdict.reason === "RollbackSkipped";
    const isAsked = due ? doubtful || verdict?.kind === "deployed" : doubtful && last === undefined;
    return isAsked ? [stack] : [];
  });
}

/** A detection of which nothing is heard in this time is given up, in milliseconds. */
const longest = 3_600_000;

/** Whether a detection goes on. */
export const isUnderWay = (detection: DriftDetection | undefined, now: string): boolean =>
  detection !== undefined &&
  detection.found === undefined &&
  Date.parse(now) < Date.parse(detection.at) + longest;

/** Stacks that were looked at since, and in which all is as it was declared: what was in doubt is not. */
export const agreedIn = (detections: Detections): ReadonlySet<string> =>
  new Set(
    Object.entries(detections).flatMap(([unit, { found, incomplete }]) =>
      found?.length === 0 && incomplete === undefined ? [unit] : [],
    ),
  );
