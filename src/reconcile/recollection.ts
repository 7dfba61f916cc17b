import { settingsAt } from "../desired/desired.ts";
import type { Moment } from "../desired/moment.ts";
import { isNameOf } from "../link/stack-name.ts";
import { environmentKey } from "../model/key.ts";
import type { EnvironmentRecord } from "../model/record.ts";
import { recalled } from "../plan/remember.ts";
import type { Stacks } from "../ports/ports.ts";

type RecordedStacks = EnvironmentRecord["stacks"];

/** What the environment does not want is deleted: a damaged record must not name what is others'. */
const ofOurs = (stacks: RecordedStacks, application: string, environment: string): RecordedStacks =>
  Object.fromEntries(
    Object.entries(stacks).filter(([unit, { name }]) =>
      isNameOf(name, application, environment, unit),
    ),
  );

/**
 * The record; where it knows no stack, with those that their tags tell of, and with the settings of
 * the revision that is deployed: what a push may loosen has to be known from somewhere.
 */
export async function recollection(moment: Moment, stacks: Stacks) {
  const { application, environment, ports } = moment;
  const read = await ports.records.read(environmentKey(application, environment));
  const { version } = read;
  const record = { ...read.record, stacks: ofOurs(read.record.stacks, application, environment) };
  if (Object.keys(record.stacks).length > 0) return { record, version };
  const found = recalled(record, await stacks.inventory(application, environment));
  const { deployed } = moment.before.revision;
  if (deployed === undefined || Object.keys(found.stacks).length === 0) {
    return { record: found, version };
  }
  const settings = record.settings ?? (await settingsAt(application, environment, deployed, ports));
  return { record: { ...found, settings }, version };
}
