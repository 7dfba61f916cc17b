import type { EnvironmentRecord } from "../model/record.ts";
import { inParallel } from "../parallel.ts";
import { type Moment, sessionOf } from "./moment.ts";
import type { Place } from "./place.ts";
import { targetAt } from "./target.ts";

/** Whether an instance has stacks: those of its record, or where that knows of none those of its tags. */
export async function isThere(
  record: EnvironmentRecord,
  place: Place,
  moment: Moment,
): Promise<boolean> {
  const { application, environment, ports } = moment;
  const stacks = ports.stacks(await targetAt(place, ports), sessionOf(moment));
  const recorded = Object.values(record.stacks);
  const known: readonly { readonly name: string }[] =
    recorded.length > 0 ? recorded : await stacks.inventory(application, environment);
  // Records and tags tell of a stack for some time after it is gone.
  const found = await inParallel(known, 5, ({ name }) => stacks.describe(name));
  return found.some((stack) => stack !== undefined);
}
