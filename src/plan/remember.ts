import type { Bundle } from "../model/bundle.ts";
import type { Gate, Rules, Settings } from "../model/gates.ts";
import type {
  DriftMemory,
  EnvironmentRecord,
  Failure,
  RecordedApproval,
  RecordedDoom,
  RecordedStack,
  Settled,
  Skipped,
} from "../model/record.ts";
import { isSameJson } from "../model/same.ts";
import { nowAfter } from "../model/time.ts";
import type { Approval } from "./approval.ts";
import type { Conclusion } from "./conclude.ts";
import type { Leaving } from "./decide.ts";
import { isUnanswered, mayCome } from "./doubt.ts";
import { approvalRule, loosened, widened } from "./gates.ts";
import type { Asking, Step, Verdict } from "./steps.ts";
import { preciousIn } from "./taken-out.ts";
import { windowVerdict } from "./windows.ts";

/** What a pass came to, as far as the next one should know it. */
export interface Passed {
  readonly bundle: Bundle;
  /** What is rolled out: more than the bundle where others changed what is deployed. */
  readonly intent: string;
  readonly drift: DriftMemory | undefined;
  /** Tells what was looked up from other things. */
  readonly asked?: string | undefined;
  readonly revision: string;
  readonly leftAt?: string | undefined;
  readonly leaving: readonly Leaving[];
  readonly verdicts: readonly Verdict[];
  readonly conclusion: Conclusion;
  /** By unit: what was found at rest and looked into. */
  readonly settled: ReadonlyMap<string, Settled>;
  readonly approval: Approval;
  readonly letGo: RecordedDoom | undefined;
  readonly listed?: EnvironmentRecord["listed"];
  readonly gates: readonly Gate[];
  readonly rules: Rules;
  /** ISO 8601. */
  readonly now: string;
  /** By change-set ARN: failures that this pass found and had not been reported before. */
  readonly failures: Readonly<Record<string, Failure>>;
}

/** The record as it should be before the steps are carried out: written ahead, never after. */
export function remember(record: EnvironmentRecord, passed: Passed): EnvironmentRecord {
  const { bundle, conclusion, failures, leaving, now, revision, verdicts } = passed;
  const here = { revision, bundle: bundle.digest };
  const acts = passed.gates.length === 0 && verdicts.some(({ kind }) => kind === "act");
  const names = [
    ...bundle.stacks.map(({ name, unit }) => [unit, name] as const),
    ...leaving.map(({ stack, unit }) => [unit, stack.name] as const),
  ];
  const expected = expectedIn(record, new Set(names.map(([unit]) => unit)), now);
  names.push(...[...expected].map(([unit, { name }]) => [unit, name] as const));
  const stacks = names.map(([unit, name]): [string, RecordedStack] => {
    const verdict = verdicts.find((other) => other.unit === unit && (acts || other.kind !== "act"));
    const before = record.stacks[unit];
    const settled = passed.settled.get(unit) ?? before?.settled;
    const holds = holdsAfter(before, verdict, { unit, passed });
    const skipped = skippedAfter(before, verdict);
    const deletion = deletionAfter(before, verdict, now);
    const isAwaited = verdict?.kind === "deployed" && before && isUnanswered(before);
    const doubtful = isAwaited || expected.has(unit) ? (before?.doubtful ?? now) : undefined;
    const continued = continuedAfter(before, verdict, now);
    const known = { continued, deletion, doubtful, holds, settled, skipped };
    return [unit, { ...remembered(name, before, verdict), ...known }];
  });
  const cancelled = verdicts.flatMap((verdict) =>
    acts && verdict.kind === "act" && verdict.step.kind === "cancel-update" ? [verdict.step] : [],
  );
  const superseded = cancelled.flatMap(({ late, operation }) => (late ? [] : [operation]));
  return {
    v: 1,
    stacks: Object.fromEntries(stacks),
    intent: acts ? here : conclusion.state === "ready" ? undefined : record.intent,
    began:
      acts && record.intent?.bundle !== bundle.digest
        ? { bundle: passed.intent, at: now }
        : record.began,
    deployed: conclusion.state === "ready" ? here : record.deployed,
    failures: withFailures(record, failures).failures,
    cancelled: [...new Set([...record.cancelled, ...superseded])].slice(-kept),
    cancelledAt: cancelled.length > 0 ? now : record.cancelledAt,
    leftAt: passed.leftAt,
    doomed: passed.letGo,
    listed: passed.listed,
    rested: record.rested,
    asked: passed.asked,
    drift: passed.drift,
    settings: settingsAfter(record.settings, passed),
    // Stryker disable next-line ConditionalExpression: no other has an offer
    offered: passed.approval.kind === "withheld" ? passed.approval.offer : undefined,
    approval: approvalAfter(record.approval, passed, acts),
    wanted: wantedAfter(record.wanted, revision, now),
    verification: record.verification,
    verdict: record.verdict,
  };
}

const wantedAfter = (
  before: EnvironmentRecord["wanted"],
  revision: string,
  now: string,
): EnvironmentRecord["wanted"] => {
  if (before?.revision === revision) return before;
  return { revision, since: nowAfter(before === undefined ? [] : [before.since], now) };
};

/** What it holds when it is found to be as it should; what an operation of ours takes out nobody else did. */
function holdsAfter(
  before: RecordedStack | undefined,
  verdict: Verdict | undefined,
  { passed, unit }: { readonly passed: Passed; readonly unit: string },
): RecordedStack["holds"] {
  const settled = passed.settled.get(unit);
  const { holds: found, settled: last }: Partial<RecordedStack> = before ?? {};
  // The same operation left the same there: what it was is not looked up again.
  if (settled !== undefined && isSameJson(settled, last)) return found;
  const held = passed.bundle.stacks
    .filter((stack) => stack.unit === unit)
    .flatMap(({ template }) => preciousIn(template));
  const executes = verdict?.kind === "act" && verdict.step.kind === "execute-change-set";
  const known = executes ? found?.filter((id) => held.includes(id)) : found;
  const holds = settled === undefined ? known : held;
  return holds?.length === 0 ? undefined : holds;
}

/**
 * Settings are let through when they open nothing, when nobody has to be asked, or when what was
 * approved with them is deployed. Until then a revision is held against those before it.
 */
function settingsAfter(
  before: Settings | undefined,
  { approval, conclusion, now, rules }: Passed,
): Settings {
  const { settings } = rules;
  // Stryker disable next-line ConditionalExpression: nothing is loosened then
  if (before === undefined) return settings;
  if (loosened(before, settings).length === 0) return settings;
  const isWidened = widened(before.windows, settings.windows);
  if (isWidened && !windowVerdict([before.windows], now).open) return before;
  if (approvalRule(before, rules) === undefined) return settings;
  const isLetThrough = approval.kind === "approved" && conclusion.state === "ready";
  return isLetThrough ? settings : before;
}

/**
 * The approval that is acted upon, and every digest that its roll-out asks for. Once that is deployed
 * it is for nothing that would begin where the roll-out began.
 */
function approvalAfter(
  before: RecordedApproval | undefined,
  { approval, conclusion, verdicts }: Passed,
  acts: boolean,
): RecordedApproval | undefined {
  const by = approval.kind === "approved" ? approval.by : before;
  if (conclusion.state === "ready") return by && usedUp(by);
  if (approval.kind !== "approved" || !acts) return by;
  const stamps: Record<string, readonly string[]> = { ...approval.by.stamps };
  for (const verdict of verdicts) {
    if (verdict.kind !== "act" || verdict.step.kind !== "create-change-set") continue;
    const { digest, unit } = verdict.step;
    stamps[unit] = [...new Set([...(stamps[unit] ?? []), digest])];
  }
  return { ...approval.by, stamps };
}

/** For what every stack was asked for last, and nothing before it. */
const usedUp = (by: RecordedApproval): RecordedApproval => ({
  ...by,
  stamps: Object.fromEntries(
    Object.entries(by.stamps).map(([unit, asked]) => [unit, asked.slice(-1)]),
  ),
});

function remembered(
  name: string,
  before: RecordedStack | undefined,
  verdict: Verdict | undefined,
): RecordedStack {
  const { changeSet, recoveries, steps, wrote } = before ?? none;
  if (verdict?.kind === "deployed") return { name, changeSet, wrote, recoveries: 0 };
  const last = { name, changeSet, steps };
  if (verdict?.kind !== "act") return { ...last, wrote, recoveries };
  const { step } = verdict;
  switch (step.kind) {
    case "create-change-set": {
      const own = { changeSet: step.name, steps: stepsWith(step, steps) };
      return { name, ...own, wrote: `${step.kind} ${step.name}`, recoveries };
    }
    case "cancel-update":
    case "continue-rollback":
    case "delete-change-set":
    case "delete-stack":
    case "execute-change-set":
      return { ...last, wrote: `${step.kind} ${step.id}`, recoveries };
  }
}

/** Passes side by side may make several, of which one is executed. */
const mostSteps = 4;

const stepsWith = ({ name, toward }: Asking, steps: RecordedStack["steps"]) =>
  toward === undefined
    ? steps
    : Object.fromEntries([...Object.entries(steps ?? {}), [name, toward]].slice(-mostSteps));

/** A stack of the same name that is there again is another. */
function deletionAfter(
  before: RecordedStack | undefined,
  verdict: Verdict | undefined,
  now: string,
): RecordedStack["deletion"] {
  if (verdict?.kind === "deployed") return undefined;
  if (verdict?.kind !== "act" || verdict.step.kind !== "delete-stack") return before?.deletion;
  return { tries: (before?.deletion?.tries ?? 0) + 1, at: now };
}

/** CloudFormation dates a rollback that is continued from the update that it rolls back. */
function continuedAfter(
  before: RecordedStack | undefined,
  verdict: Verdict | undefined,
  now: string,
): RecordedStack["continued"] {
  if (verdict?.kind === "deployed") return undefined;
  const isContinued = verdict?.kind === "act" && verdict.step.kind === "continue-rollback";
  return isContinued ? now : before?.continued;
}

/**
 * Stacks that nobody wants, and that are not there: they may come yet, or have come a moment ago,
 * which who answers has not heard of.
 */
const expectedIn = (
  { stacks }: EnvironmentRecord,
  there: ReadonlySet<string>,
  now: string,
): ReadonlyMap<string, RecordedStack> =>
  new Map(
    Object.entries(stacks).filter(
      ([unit, stack]) => !there.has(unit) && mayCome(stack.doubtful ?? now, now),
    ),
  );

/** A stack that is deployed has had another operation since, or had none that left anything out. */
function skippedAfter(
  before: RecordedStack | undefined,
  verdict: Verdict | undefined,
): Skipped | undefined {
  if (verdict?.kind === "deployed") return undefined;
  if (verdict?.kind !== "act" || verdict.step.kind !== "continue-rollback") return before?.skipped;
  const { operation, skip } = verdict.step;
  return skip.length === 0 ? before?.skipped : { operation, resources: skip };
}

/** A record that knows which failed rollbacks are continued: that was answered, not only meant. */
export function withRecoveries(
  record: EnvironmentRecord,
  steps: readonly Step[],
): EnvironmentRecord {
  const stacks = { ...record.stacks };
  for (const { kind, unit } of steps) {
    const stack = stacks[unit];
    if (kind !== "continue-rollback" || stack === undefined) continue;
    stacks[unit] = { ...stack, recoveries: stack.recoveries + 1 };
  }
  return { ...record, stacks };
}

const none = { changeSet: undefined, steps: undefined, wrote: undefined, recoveries: 0 };

/** A record that lost its stacks, with those that are there: what nobody names is never looked at. */
export const recalled = (
  record: EnvironmentRecord,
  found: readonly { readonly unit: string; readonly name: string }[],
): EnvironmentRecord => ({
  ...record,
  stacks: Object.fromEntries(found.map(({ name, unit }) => [unit, { ...none, name }])),
});

const kept = 20;

/** A record that knows of more failures; of the oldest it knows no more. */
export const withFailures = (
  record: EnvironmentRecord,
  failures: EnvironmentRecord["failures"],
): EnvironmentRecord => ({
  ...record,
  failures: Object.fromEntries(Object.entries({ ...record.failures, ...failures }).slice(-kept)),
});
