import { stackDigest, stampOutput, unstamped } from "../link/digests.ts";
import { apart, outputNamed, parameterOf } from "../link/packs.ts";
import type { Bundle, DesiredStack, ParameterValue } from "../model/bundle.ts";
import { digestOf, sha256 } from "../model/digest.ts";
import type { ObservedChangeSet, ObservedStack } from "../model/observed.ts";
import { isResting, type StackClass, stackClassOf } from "../model/phases.ts";
import type { Template } from "../model/template.ts";
import { attaching } from "./attach.ts";
import { indexing } from "./indexes.ts";
import { claimsOf } from "./places.ts";
import { steadyOutputs } from "./steady.ts";
import { expanded } from "./target.ts";

/** One unit of a bundle: what it should be beside what it is. */
export interface Unit {
  /** What the repository asks for in the end. */
  readonly goal: DesiredStack;
  /** What is asked now: the goal, that and what deployed consumers still import, or what goes first. */
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
  /** Why it is asked for though it carries this stamp; undefined: it does not, or nothing is the matter. */
  readonly again?: Again | undefined;
}

/** What others changed: the template, or resources behind the stack's back. `of`: tells one such change from others. */
export interface Again {
  readonly kind: "foreign" | "drift";
  readonly of: string;
}

/** What CloudFormation says, as far as units are laid out by it. */
export interface Laid {
  readonly bundle: Bundle;
  /** By unit, those that left the repository too. */
  readonly stacks: ReadonlyMap<string, ObservedStack | undefined>;
  /** As deployed, by unit: of those that may have to change. */
  readonly templates: ReadonlyMap<string, Template>;
  /** Logical ids that updates of ours are under way with, by unit. */
  readonly touched: ReadonlyMap<string, readonly string[]>;
  /** Units that are to be applied again though their stamp is right. */
  readonly again: ReadonlyMap<string, Again>;
  /** Whether those run as they should that have moved away from what is still kept for them. */
  readonly isRunning: boolean;
}

/**
 * Lays the stacks as they are beside the stacks as they should be, in the bundle's order. What a
 * provider has to give up it gives up last: when nobody is left who has not moved.
 */
export function unitsOf(laid: Laid): readonly Unit[] {
  const expanding = lay(laid, true);
  return laid.isRunning && haveMoved(expanding, laid) ? lay(laid, false) : expanding;
}

/** Whether something is kept only for those that have moved by now, or are gone. */
export function haveMoved(units: readonly Unit[], laid: Pick<Laid, "stacks">): boolean {
  const moved = units.every(({ applied }) => applied?.deployed === true);
  const gone = consumersOf(laid).every(([unit]) => units.some((one) => one.desired.unit === unit));
  return moved && gone && units.some(({ desired, goal }) => desired !== goal);
}

function lay(laid: Laid, expanding: boolean): readonly Unit[] {
  const { bundle, stacks } = laid;
  const units = new Map<string, Unit>();
  const providers = new Set(bundle.stacks.flatMap(({ dependsOn }) => dependsOn));
  const steady = new Map<string, ReadonlySet<string>>();
  for (const goal of bundle.stacks) {
    const stack = stacks.get(goal.unit);
    const phase = stackClassOf(stack?.status);
    const pending = goal.dependsOn.filter(
      (unit) => units.get(unit)?.applied?.deployed !== true && !isServed(goal, unit, steady),
    );
    const desired = expanding ? askedOf(goal, laid) : goal;
    const around = { bundle, stack, units, again: laid.again.get(goal.unit) };
    const laidOut = { goal, desired, stack, phase, ...turnOf({ goal, desired }, pending, around) };
    units.set(goal.unit, { ...laidOut, ...clearingBefore(laidOut, laid) });
    // Stryker disable next-line ConditionalExpression: it saves the work, and changes nothing
    if (providers.has(goal.unit)) steady.set(goal.unit, steadyOf(laidOut, laid));
  }
  return [...units.values()];
}

type Turn = Pick<Unit, "applied" | "waitsFor">;

/** What is asked of a unit when those before it are done. Who is as he should be waits for nobody's turn. */
function turnOf(
  { desired, goal }: Pick<Unit, "desired" | "goal">,
  pending: readonly string[],
  around: Around,
): Turn {
  if (pending.some((unit) => importsOf(goal, unit).length > 0))
    return { applied: undefined, waitsFor: pending };
  const applied = appliedOf(desired, around);
  const isTurn = pending.length === 0 || applied.deployed;
  return isTurn ? { applied, waitsFor: [] } : { applied: undefined, waitsFor: pending };
}

/**
 * Waits for units that still delete what may use an output that a stack gives up. They run without
 * it, but CloudFormation deletes what they had only now, and gives up for ever on what is in use:
 * after three tries the stack is complete, and what it could not delete is nobody's.
 */
function clearingBefore({ desired, stack }: Unit, laid: Laid): Partial<Turn> {
  const template = laid.templates.get(desired.unit);
  const rests = stack !== undefined && isResting(stack.status);
  if (!rests || template === undefined) return {};
  const wanted = apart(desired.template.Outputs);
  const before = [...apart(unstamped(template).Outputs).keys()];
  if (before.every((name) => wanted.has(name))) return {};
  const clearing = consumersOf(laid).flatMap(([unit, { status }]) =>
    unit !== desired.unit && stackClassOf(status) === "cleaning" ? [unit] : [],
  );
  return clearing.length === 0 ? {} : { applied: undefined, waitsFor: clearing };
}

/** Whether all that a unit imports of a provider stays what it is; an order alone is to be kept. */
function isServed(
  goal: DesiredStack,
  provider: string,
  steady: ReadonlyMap<string, ReadonlySet<string>>,
): boolean {
  const imported = importsOf(goal, provider);
  return imported.length > 0 && imported.every((name) => steady.get(provider)?.has(name));
}

/** Outputs of a provider that a unit takes; none: it is only to come after it. */
const importsOf = ({ parameters }: DesiredStack, provider: string): readonly string[] =>
  Object.values(parameters).flatMap((value) =>
    typeof value === "object" && value.output[0] === provider ? [value.output[1]] : [],
  );

function steadyOf({ applied, desired, stack }: Unit, laid: Laid): ReadonlySet<string> {
  const template = laid.templates.get(desired.unit);
  if (stack === undefined || template === undefined || applied === undefined) return new Set();
  // Stryker disable next-line ConditionalExpression: of what is deployed nobody asks
  if (applied.deployed) return new Set();
  const { missing, parameters } = applied;
  const touched = laid.touched.get(desired.unit);
  return missing.length > 0
    ? new Set()
    : steadyOutputs({ desired, parameters, stack, template, touched });
}

function askedOf(goal: DesiredStack, laid: Laid): DesiredStack {
  const stack = laid.stacks.get(goal.unit);
  const template = laid.templates.get(goal.unit);
  const rests = stack !== undefined && isResting(stack.status);
  if (!rests || template === undefined) return goal;
  const others = consumersOf(laid).filter(([unit]) => unit !== goal.unit);
  const imported = others.some(([, { status }]) => isBetween(status))
    ? new Set([...apart(template.Outputs).keys()].map(parameterOf))
    : new Set(others.flatMap(([, { parameters }]) => Object.keys(parameters)));
  const taken = () => new Set(laid.bundle.stacks.flatMap((other) => claimsOf(other.template)));
  const attached = attaching(goal, template) ?? goal;
  const next = indexing(attached, template) ?? attached;
  return expanded(next, { stack, template, imported, taken }, laid.bundle.target);
}

/**
 * An update that is under way may go back to what it came from, and one that is live still deletes
 * that: parameters tell only what it goes to.
 */
const isBetween = (status: string): boolean => /UPDATE_(?!(?:ROLLBACK_)?COMPLETE$)/.test(status);

/** Stacks that are there and so may import something; a parameter has the name of the output, or the item of one, that it takes. */
const consumersOf = ({
  stacks,
}: Pick<Laid, "stacks">): readonly (readonly [string, ObservedStack])[] =>
  [...stacks].flatMap(([unit, stack]) =>
    stack === undefined || stackClassOf(stack.status) === "absent" ? [] : [[unit, stack] as const],
  );

interface Around {
  readonly bundle: Bundle;
  readonly stack: ObservedStack | undefined;
  readonly units: ReadonlyMap<string, Unit>;
  readonly again: Again | undefined;
}

function appliedOf(desired: DesiredStack, around: Around): Applied {
  const { again, bundle, stack, units } = around;
  const missing: string[] = [];
  const resolve = (value: ParameterValue): string => {
    if (typeof value === "string") return value;
    const [provider, output] = value.output;
    const found = outputNamed(units.get(provider)?.stack?.outputs ?? {}, output);
    if (found === undefined) missing.push(`${provider}.${output}`);
    return found ?? "";
  };
  const parameters = Object.fromEntries(
    Object.entries(desired.parameters).map(([name, value]) => [name, resolve(value)]),
  );
  const digest = stackDigest(desired, parameters, bundle.target);
  const isStamped = isDeployed(digest, stack);
  return {
    parameters,
    digest,
    changeSet: changeSetName(digest, stack, isStamped ? again : undefined),
    deployed: isStamped && again === undefined,
    missing,
    again: isStamped ? again : undefined,
  };
}

/** At rest (leftovers aside) and stamped: never by status alone, never by the record. */
const isDeployed = (digest: string, stack: ObservedStack | undefined): boolean =>
  stack?.outputs[stampOutput] === digest && isResting(stack.status);

/**
 * A new base is a new attempt: after each operation the stack has another update time, so no name or
 * token is ever used for two intents, and nothing has to be counted (design-aws 21).
 */
function changeSetName(
  digest: string,
  stack: ObservedStack | undefined,
  again: Again | undefined,
): string {
  const prefix = changeSetPrefix(digest);
  if (stack === undefined || ["absent", "review"].includes(stackClassOf(stack.status)))
    return `${prefix}new`;
  const base = `${stack.id} ${stack.lastUpdated}`;
  // A revert is an intent of its own: not that which brought the same digest (design-aws 14).
  return again?.kind === "drift"
    ? `${prefix}drift-${sha256(`${base} ${again.of}`).slice(0, 12)}`
    : `${prefix}${sha256(base).slice(0, 12)}`;
}

export const changeSetPrefix = (digest: string): string => `trueup-${digest.slice(0, 20)}-`;

/** A stack whose last operation came from a change set. */
export type ChangedStack = ObservedStack & { readonly changeSetId: string };

/** Narrower, so that a stack that this was not attempted with may still be a changed one. */
type AttemptedStack = ChangedStack & { readonly changeSetId: `${string}/trueup-${string}` };

/** Whether the last operation on a stack, whatever came of it, was meant to bring this digest. */
export const attempted = (
  digest: string,
  stack: ObservedStack | undefined,
): stack is AttemptedStack => brings(digest, stack?.changeSetId);

/** Whether a change set, by its ARN, is meant to bring this digest. */
export const brings = (digest: string, changeSetId = ""): boolean =>
  nameOf(changeSetId).startsWith(changeSetPrefix(digest));

/** Whether the last operation on a stack came from a change set of this controller. */
export const isOurs = (stack: ObservedStack): stack is ChangedStack =>
  /^trueup-[0-9a-f]{20}-/.test(nameOf(stack.changeSetId));

/** Whether the last operation on a stack was to put back what others changed of its resources. */
export const isRevert = ({ changeSetId }: ObservedStack): boolean =>
  /^trueup-[0-9a-f]{20}-drift-/.test(nameOf(changeSetId));

/** Of the change set that a stack's last operation came from; empty: it came from none. */
export const changeSetNameOf = ({ changeSetId }: ObservedStack): string => nameOf(changeSetId);

/** The name in a change set's ARN. */
const nameOf = (changeSetId: string | undefined): string =>
  // Stryker disable next-line StringLiteral: any word will do that is no change set's
  changeSetId?.split("/")[1] ?? "";

/** What a roll-out puts right that others changed, each in a word. */
export const againIn = (units: readonly Unit[]): readonly string[] =>
  units.flatMap(({ applied, goal: { unit } }) =>
    applied?.again === undefined ? [] : [`${unit} ${applied.again.kind} ${applied.again.of}`],
  );

/** What is rolled out: a bundle, and what of it is put right though it was deployed already. */
export function intentOf({ digest }: { readonly digest: string }, units: readonly Unit[]): string {
  const again = againIn(units);
  return again.length === 0 ? digest : digestOf([digest, again]);
}

/** Change sets of one unit: the one that is wanted now, and one of an older intent. */
export interface ChangeSets {
  readonly wanted: ObservedChangeSet | undefined;
  readonly older: ObservedChangeSet | undefined;
}
