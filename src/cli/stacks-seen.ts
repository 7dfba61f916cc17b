import type { OutlinedStack } from "../model/outline.ts";
import { stackClassOf } from "../model/phases.ts";
import type { Site } from "./site.ts";

/** One stack, as far as the controller has told of it. */
export interface SeenStack {
  readonly name: string;
  /** Undefined: nobody knows which it is. */
  readonly unit: string | undefined;
  /** CloudFormation's word when it was looked at last, `ABSENT` without a stack; undefined: not told. */
  readonly status: string | undefined;
  /** What it is deployed at, by at least twelve digits; undefined: at nothing of ours, or not told. */
  readonly digest: string | undefined;
  /** Units that are rolled out before it. */
  readonly after: readonly string[];
  /** Those of them that it cannot be made without and that are not made yet. */
  readonly waitsFor: readonly string[];
  /** Whether nothing that is wanted has it any more. */
  readonly leaves: boolean;
  /** What is in it; undefined: nobody knows. */
  readonly outline: OutlinedStack | undefined;
}

/** The stacks of an environment in the order in which they are rolled out, then those that leave. */
export function stacksOf(site: Site): readonly SeenStack[] {
  const { status, wanted } = site;
  const told = status?.stacks ?? [];
  const outlined = wanted?.stacks ?? [];
  const isCurrent = wanted !== undefined && wanted.bundle === status?.digest.bundle;
  const others = told.filter(({ name }) => outlined.every((stack) => stack.name !== name));
  const seen = [
    ...outlined.map((outline) => seenOf(outline.name, outline, site)),
    ...others.map(({ name }) => ({
      ...seenOf(name, deployedAs(name, site), site),
      leaves: isCurrent,
    })),
  ];
  return seen.map((stack) => ({ ...stack, waitsFor: missingOf(stack, seen) }));
}

function seenOf(
  name: string,
  outline: OutlinedStack | undefined,
  { record, status }: Site,
): SeenStack {
  const told = status?.stacks.find((stack) => stack.name === name);
  const [unit] = Object.entries(record.stacks).find(([, stack]) => stack.name === name) ?? [];
  return {
    name,
    unit: outline?.unit ?? unit,
    status: told?.status,
    digest: told?.digest === "" ? undefined : told?.digest,
    after: outline?.dependsOn ?? [],
    waitsFor: [],
    leaves: false,
    outline,
  };
}

const deployedAs = (name: string, { deployed }: Site): OutlinedStack | undefined =>
  deployed?.stacks.find((stack) => stack.name === name);

/** What is there may go on with what it has: only of what is not there this can be said. */
function missingOf({ after, status }: SeenStack, all: readonly SeenStack[]): readonly string[] {
  if (status === undefined || isMade(status)) return [];
  return after.filter((unit) => {
    const provider = all.find((stack) => stack.unit === unit);
    return provider?.status !== undefined && !isMade(provider.status);
  });
}

/** Whether a stack has been made, so that it has outputs to take. */
const isMade = (status: string): boolean =>
  !["absent", "review", "dead"].includes(stackClassOf(status === "ABSENT" ? undefined : status)) &&
  !["CREATE_IN_PROGRESS", "ROLLBACK_IN_PROGRESS"].includes(status);
