import { settingsAt } from "../desired/desired.ts";
import type { Moment } from "../desired/moment.ts";
import { environmentKey } from "../model/key.ts";
import { recalled } from "../plan/remember.ts";
import type { Stacks } from "../ports/ports.ts";

/**
 * The record; where it knows no stack, with those that their tags tell of, and with the settings of
 * the revision that is deployed: what a push may loosen has to be known from somewhere.
 */
export async function recollection(moment: Moment, stacks: Stacks) {
  const { application, environment, ports } = moment;
  const { record, version } = await ports.records.read(environmentKey(application, environment));
  if (Object.keys(record.stacks).length > 0) return { record, version };
  const found = recalled(record, await stacks.inventory(application, environment));
  const { deployed } = moment.before.revision;
  if (deployed === undefined || Object.keys(found.stacks).length === 0) {
    return { record: found, version };
  }
  const settings = record.settings ?? (await settingsAt(application, environment, deployed, ports));
  return { record: { ...found, settings }, version };
}
