import type { EnvironmentRecord } from "../model/record.ts";
import { inParallel } from "../parallel.ts";
import type { Stacks } from "../ports/ports.ts";
import { type Moment, sessionOf } from "./moment.ts";
import type { Place } from "./place.ts";
import { targetAt } from "./target.ts";

/** An environment's stacks, by name: those of its record, or where that knows of none those of its tags. */
export async function knownStacks(
  record: EnvironmentRecord,
  { application, environment }: Pick<Moment, "application" | "environment">,
  stacks: Pick<Stacks, "inventory">,
): Promise<readonly { readonly name: string; readonly unit: string }[]> {
  const recorded = Object.entries(record.stacks).map(([unit, { name }]) => ({ name, unit }));
  return recorded.length > 0 ? recorded : await stacks.inventory(application, environment);
}

/** Whether an instance has stacks: records and tags tell of one for some time after it is gone. */
export async function isThere(
  record: EnvironmentRecord,
  place: Place,
  moment: Moment,
): Promise<boolean> {
  const { ports } = moment;
  const stacks = ports.stacks(await targetAt(place, ports), sessionOf(moment));
  const known = await knownStacks(record, moment, stacks);
  const found = await inParallel(known, 5, ({ name }) => stacks.describe(name));
  return found.some((stack) => stack !== undefined);
}
