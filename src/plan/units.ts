import { stackDigest, stampOutput } from "../link/digests.ts";
import type { Bundle, DesiredStack, ParameterValue } from "../model/bundle.ts";
import { sha256 } from "../model/digest.ts";
import type { ObservedChangeSet, ObservedStack } from "../model/observed.ts";
import { type StackClass, stackClassOf } from "./phases.ts";

/** One unit of a bundle: what it should be beside what it is. */
export interface Unit {
  readonly desired: DesiredStack;
  readonly stack: ObservedStack | undefined;
  readonly phase: StackClass;
  /** Units that have to be deployed before this one can be. */
  readonly waitsFor: readonly string[];
  /** Undefined while it waits: its parameters are not known yet. */
  readonly applied: Applied | undefined;
}

/** A unit with every value known: what is asked of CloudFormation. */
export interface Applied {
  readonly parameters: Readonly<Record<string, string>>;
  /** The stack digest: what the stamp will be. */
  readonly digest: string;
  /** Named after the digest and the state that it starts from: asking twice finds the first. */
  readonly changeSet: string;
  readonly deployed: boolean;
  /** Outputs its providers should have and have not: then nothing is asked. */
  readonly missing: readonly string[];
}

/** Lays the stacks as they are beside the stacks as they should be, in the bundle's order. */
export function unitsOf(
  bundle: Bundle,
  stacks: ReadonlyMap<string, ObservedStack | undefined>,
): readonly Unit[] {
  const units = new Map<string, Unit>();
  for (const desired of bundle.stacks) {
    const stack = stacks.get(desired.unit);
    const waitsFor = desired.dependsOn.filter(
      (unit) => units.get(unit)?.applied?.deployed !== true,
    );
    const applied = waitsFor.length > 0 ? undefined : appliedOf(desired, { bundle, stack, units });
    units.set(desired.unit, {
      desired,
      stack,
      phase: stackClassOf(stack?.status),
      waitsFor,
      applied,
    });
  }
  return [...units.values()];
}

interface Around {
  readonly bundle: Bundle;
  readonly stack: ObservedStack | undefined;
  readonly units: ReadonlyMap<string, Unit>;
}

function appliedOf(desired: DesiredStack, { bundle, stack, units }: Around): Applied {
  const missing: string[] = [];
  const resolve = (value: ParameterValue): string => {
    if (typeof value === "string") return value;
    const [provider, output] = value.output;
    const found = units.get(provider)?.stack?.outputs[output];
    if (found === undefined) missing.push(`${provider}.${output}`);
    return found ?? "";
  };
  const parameters = Object.fromEntries(
    Object.entries(desired.parameters).map(([name, value]) => [name, resolve(value)]),
  );
  const digest = stackDigest(desired, parameters, bundle.target);
  return {
    parameters,
    digest,
    changeSet: changeSetName(digest, stack),
    deployed: isDeployed(digest, stack),
    missing,
  };
}

/** At rest (leftovers aside) and stamped: never by status alone, never by the record. */
const isDeployed = (digest: string, stack: ObservedStack | undefined): boolean =>
  stack?.outputs[stampOutput] === digest &&
  ["settled", "reverted", "cleaning"].includes(stackClassOf(stack.status));

/**
 * A new base is a new attempt: after each operation the stack has another update time, so no name or
 * token is ever used for two intents, and nothing has to be counted (design-aws 21).
 */
function changeSetName(digest: string, stack: ObservedStack | undefined): string {
  const fresh = stack === undefined || ["absent", "review"].includes(stackClassOf(stack.status));
  const base = fresh ? "new" : sha256(`${stack.id} ${stack.lastUpdated}`).slice(0, 12);
  return `${changeSetPrefix(digest)}${base}`;
}

export const changeSetPrefix = (digest: string): string => `trueup-${digest.slice(0, 20)}-`;

/** Whether the last operation on a stack, whatever came of it, was meant to bring this digest. */
export const attempted = (digest: string, stack: ObservedStack | undefined): boolean =>
  stack?.changeSetId?.split("/")[1]?.startsWith(changeSetPrefix(digest)) === true;

/** Change sets of one unit: the one that is wanted now, and one of an older intent. */
export interface ChangeSets {
  readonly wanted: ObservedChangeSet | undefined;
  readonly older: ObservedChangeSet | undefined;
}
