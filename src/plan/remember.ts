import type { Bundle } from "../model/bundle.ts";
import type { EnvironmentRecord, Failure, RecordedStack } from "../model/record.ts";
import type { Conclusion } from "./conclude.ts";
import type { Leaving } from "./decide.ts";
import type { Verdict } from "./steps.ts";

/** What a pass came to, as far as the next one should know it. */
export interface Passed {
  readonly bundle: Bundle;
  readonly revision: string;
  readonly leaving: readonly Leaving[];
  readonly verdicts: readonly Verdict[];
  readonly conclusion: Conclusion;
  /** By change-set ARN: failures that this pass found and had not been reported before. */
  readonly failures: Readonly<Record<string, Failure>>;
}

/** The record as it should be before the steps are carried out: written ahead, never after. */
export function remember(record: EnvironmentRecord, passed: Passed): EnvironmentRecord {
  const { bundle, conclusion, failures, leaving, revision, verdicts } = passed;
  const here = { revision, bundle: bundle.digest };
  const acts = conclusion.state !== "held" && verdicts.some(({ kind }) => kind === "act");
  const names = [
    ...bundle.stacks.map(({ name, unit }) => [unit, name] as const),
    ...leaving.map(({ stack, unit }) => [unit, stack.name] as const),
  ];
  const stacks = names.map(([unit, name]): [string, RecordedStack] => {
    const verdict = acts ? verdicts.find((other) => other.unit === unit) : undefined;
    return [unit, remembered(name, record.stacks[unit], verdict)];
  });
  return {
    v: 1,
    stacks: Object.fromEntries(stacks),
    intent: acts ? here : conclusion.state === "ready" ? undefined : record.intent,
    deployed: conclusion.state === "ready" ? here : record.deployed,
    failures: newest({ ...record.failures, ...failures }),
  };
}

function remembered(
  name: string,
  before: RecordedStack | undefined,
  verdict: Verdict | undefined,
): RecordedStack {
  const { changeSet, wrote } = before ?? { changeSet: undefined, wrote: undefined };
  if (verdict?.kind !== "act") return { name, changeSet, wrote };
  const { step } = verdict;
  if (step.kind !== "create-change-set") {
    return { name, changeSet, wrote: `${step.kind} ${step.id}` };
  }
  return { name, changeSet: step.name, wrote: `${step.kind} ${step.name}` };
}

const keptFailures = 20;

const newest = (failures: Readonly<Record<string, Failure>>): Readonly<Record<string, Failure>> =>
  Object.fromEntries(Object.entries(failures).slice(-keptFailures));
