import type { ChangeSetChange } from "../model/observed.ts";
import type { Template, Value } from "../model/template.ts";
import type { Leaving, Objection } from "./decide.ts";
import { claimsIn, claimsOf, isClaimed } from "./places.ts";
import type { Unit } from "./units.ts";

interface Seen {
  readonly units: readonly Unit[];
  readonly leaving: readonly Leaving[];
  /** As deployed, by unit: of every stack that is about to change or to go. */
  readonly templates: ReadonlyMap<string, Template>;
  /** Units of which an operation under way gives up something of this kind. */
  readonly releasing?: ReadonlySet<string>;
}

/** What keeps units from being changed, since what they are to have is not free yet. */
interface Taken {
  /** By unit: somebody has to decide. */
  readonly objections: ReadonlyMap<string, Objection>;
  /** By unit, why it waits: it is being given up. */
  readonly awaited: ReadonlyMap<string, string>;
}

/**
 * What families take over from each other. CloudFormation makes what is new before it deletes what is
 * old, and stacks go side by side: who asks for it too early rolls back, and nobody has it.
 */
export function takenOver(seen: Seen): Taken {
  const objections = new Map<string, Objection>();
  const awaited = new Map<string, string>();
  for (const unit of seen.units) {
    const found = renamed(unit, seen) ?? obstacleOf(unit, seen);
    if (typeof found === "string") awaited.set(unit.goal.unit, found);
    else if (found !== undefined) objections.set(unit.goal.unit, found);
  }
  return { objections, awaited };
}

/** Whether anybody is to have something that there can be only one of. */
export const takesAny = ({ templates, units }: Pick<Seen, "templates" | "units">): boolean =>
  units.some((unit) => newIn(unit, templates).size > 0);

/** Whether an operation with this change gives up something that there can be only one of. */
export const givesUp = ({ action, replacement, type }: ChangeSetChange): boolean =>
  isClaimed(type) && (action === "Remove" || (action !== "Add" && replacement !== "False"));

/** What a stack is to have under another logical id than it has it: CloudFormation makes the new one first. */
function renamed({ applied, goal }: Unit, { templates }: Seen): Objection | undefined {
  const before = templates.get(goal.unit);
  if (applied === undefined || applied.deployed || before === undefined) return undefined;
  const holders = new Map(
    Object.entries(before.Resources).flatMap(([id, resource]) =>
      claimsIn(resource, before).map((claim) => [claim, id] as const),
    ),
  );
  for (const [id, resource] of Object.entries(goal.template.Resources)) {
    if (before.Resources[id] !== undefined) continue;
    const claim = claimsIn(resource, goal.template).find((one) => holders.has(one));
    if (claim === undefined) continue;
    const message = `${holders.get(claim)} has ${spoken(claim)}, and ${id} of the same stack is to have it: CloudFormation makes what is new before it deletes what is old. Leave it under the key that it has, or give the new one another name.`;
    return { reason: "NameTaken", message };
  }
  return undefined;
}

/** What is in the way of a unit, and why it waits, if that is all. */
function obstacleOf(asking: Unit, seen: Seen): Objection | string | undefined {
  const { leaving, releasing = new Set(), templates, units } = seen;
  const { unit } = asking.goal;
  const claims = newIn(asking, templates);
  if (claims.size === 0) return undefined;
  const has = (other: string) => shared(claims, templates.get(other));
  const last = leaving.find((other) => has(other.unit))?.unit;
  if (last !== undefined) return goesLast(last, claims, templates);
  const holder = units.find(({ goal }) => has(goal.unit));
  if (holder === undefined) {
    const [busy] = [...releasing].filter((other) => other !== unit);
    return busy === undefined ? undefined : `It waits until ${busy} has given up what it does.`;
  }
  const what = shared(claims, templates.get(holder.goal.unit));
  const kept = shared(claims, holder.goal.template);
  if (kept !== undefined) return keeps(kept, holder.goal.unit);
  const isExchange = shared(newIn(holder, templates), templates.get(unit)) !== undefined;
  return isExchange
    ? exchange(what, holder.goal.unit)
    : `It waits for ${holder.goal.unit}, which has ${what}.`;
}

const goesLast = (
  unit: string,
  claims: ReadonlySet<string>,
  templates: ReadonlyMap<string, Template>,
): Objection => ({
  reason: "NameTaken",
  message: `${unit} has ${shared(claims, templates.get(unit))} and leaves last. Give it something else, or take ${unit} out in a push of its own first: nobody has it in between.`,
});

const keeps = (what: string, holder: string): Objection => ({
  reason: "NameTaken",
  message: `${holder} has ${what} and keeps it: there can be only one. Give one of them something else.`,
});

const exchange = (what: string | undefined, holder: string): Objection => ({
  reason: "NameTaken",
  message: `${holder} has ${what} and is to have what is here: neither can go first. Give one of them something else for a while.`,
});

/** What a unit is to have that it has not. */
function newIn(
  { applied, goal: { template, unit } }: Unit,
  templates: ReadonlyMap<string, Template>,
): ReadonlySet<string> {
  if (applied === undefined || applied.deployed) return new Set();
  const before = new Set(claimsOf(templates.get(unit)));
  return new Set(claimsOf(template).filter((claim) => !before.has(claim)));
}

/** The first thing that is among these claims and in a template, in a word. */
function shared(claims: ReadonlySet<string>, template: Template | undefined): string | undefined {
  const found = claimsOf(template).find((claim) => claims.has(claim));
  return found && spoken(found);
}

/** A claim in words. */
function spoken(claim: string): string {
  const [type, ...values] = JSON.parse(claim) as readonly Value[];
  const name = values.at(-1);
  return `${typeof name === "string" ? name : JSON.stringify(name)} (${type})`;
}
