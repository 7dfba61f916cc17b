import { isNameOf } from "../link/stack-name.ts";
import type { EnvironmentRecord } from "../model/record.ts";
import { inParallel } from "../parallel.ts";
import type { Stacks } from "../ports/ports.ts";
import { type Moment, sessionOf } from "./moment.ts";
import type { Place } from "./place.ts";
import { whereabouts } from "./target.ts";

type Whose = Pick<Moment, "application" | "environment">;

/** Those stacks of a record that can be the environment's: a damaged one must not name what is others'. */
export const ownStacks = (
  { stacks }: EnvironmentRecord,
  { application, environment }: Whose,
): EnvironmentRecord["stacks"] =>
  Object.fromEntries(
    Object.entries(stacks).filter(([unit, { name }]) =>
      isNameOf(name, application, environment, unit),
    ),
  );

/** Those of its tags that can be the environment's: a copy that somebody made of one has its tags too. */
export async function taggedStacks(
  { application, environment }: Whose,
  stacks: Pick<Stacks, "inventory">,
): Promise<Awaited<ReturnType<Stacks["inventory"]>>> {
  const tagged = await stacks.inventory(application, environment);
  return tagged.filter(({ name, unit }) => isNameOf(name, application, environment, unit));
}

/** An environment's stacks, by name: those of its record, or where that knows of none those of its tags. */
export async function knownStacks(
  record: EnvironmentRecord,
  whose: Whose,
  stacks: Pick<Stacks, "inventory">,
): Promise<readonly { readonly name: string; readonly unit: string }[]> {
  const recorded = Object.entries(ownStacks(record, whose));
  return recorded.length > 0
    ? recorded.map(([unit, { name }]) => ({ name, unit }))
    : await taggedStacks(whose, stacks);
}

/** Whether an instance has stacks: records and tags tell of one for some time after it is gone. */
export async function isThere(
  record: EnvironmentRecord,
  place: Place,
  moment: Moment,
): Promise<boolean> {
  const { ports } = moment;
  const stacks = ports.stacks(await whereabouts(record, place, ports), sessionOf(moment));
  const known = await knownStacks(record, moment, stacks);
  const found = await inParallel(known, 5, ({ name }) => stacks.describe(name));
  return found.some((stack) => stack !== undefined);
}
