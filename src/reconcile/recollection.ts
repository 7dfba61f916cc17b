import { settingsAt } from "../desired/desired.ts";
import type { Moment } from "../desired/moment.ts";
import { ownStacks, taggedStacks } from "../desired/presence.ts";
import { isSamePlace } from "../desired/target.ts";
import type { Target } from "../model/bundle.ts";
import { environmentKey } from "../model/key.ts";
import { recalled } from "../plan/remember.ts";
import type { Stacks } from "../ports/ports.ts";

/**
 * The record; where it knows no stack, with those that their tags tell of. Of a record that is lost
 * the settings too, of the revision that is deployed: what a push may loosen has to be known from
 * somewhere, and where that revision went, should it be another place.
 */
export async function recollection(
  moment: Moment,
  target: Target,
  stacksAt: (target: Target) => Stacks,
) {
  const { application, before, environment, ports } = moment;
  const read = await ports.records.read(environmentKey(application, environment));
  const { version } = read;
  const record = { ...read.record, stacks: ownStacks(read.record, moment) };
  if (Object.keys(record.stacks).length > 0) return { record, version };
  const inventory = (place: Target) => taggedStacks(moment, stacksAt(place));
  const here = await inventory(target);
  const { deployed } = before.revision;
  if (record.settings !== undefined || deployed === undefined)
    return { record: recalled(record, here), version };

  const settings = await settingsAt(application, environment, deployed, ports);
  const hasMoved = settings !== undefined && !isSamePlace(settings.target, target);
  const found = here.length === 0 && hasMoved ? await inventory(settings.target) : here;
  const known = recalled(record, found);
  return { record: found.length === 0 ? known : { ...known, settings }, version };
}
