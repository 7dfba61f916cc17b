import type { Data } from "../compose/project.ts";
import { shown } from "../compose/shown.ts";
import { nearest } from "../model/nearest.ts";
import { isRetired, unreadHelp } from "./docker-integration.ts";
import { asMapping, isMapping } from "./read.ts";
import type { Path, Report } from "./report.ts";

/** Says that nothing reads an `x-…` key: an error where it is meant for us, misspelt or of old. */
export function sayUnread(data: Data, path: Path, known: readonly string[], report: Report): void {
  const key = String(path.at(-1));
  const help = unreadHelp(key, known);
  if (isMeant(key, data, known))
    report.error({ code: "unknown-key", path, message: `unknown key ${shown(key)}`, help });
  else {
    const message = `${shown(key)} does nothing: nobody here reads it`;
    report.warn({ code: "unknown-key", path, message });
  }
}

/** Whether resources stand below a key at the top as they do below ours: an extension makes them. */
export const isForeignKind = (key: string, data: Data, known: readonly string[]): boolean =>
  !isRetired(key) &&
  nearest(key, known) === undefined &&
  Object.values(asMapping(data)).some((one) =>
    ["Lookup", "Properties"].some((section) => isMapping(asMapping(one)[section])),
  );

/** Others may have keys of their own. */
const isMeant = (key: string, data: Data, known: readonly string[]): boolean =>
  isRetired(key) || (nearest(key, known) !== undefined && (key.length > short || looksOurs(data)));

/** `x-env` is near to many a key: with three letters it takes more to be one of ours. */
const short = 5;

/** What is empty may be anybody's, and so ours. */
const looksOurs = (data: Data): boolean =>
  data === null ||
  hasSections(data) ||
  (isMapping(data) && Object.values(data).every((one) => one === null || isEmptyOrOurs(one)));

const isEmptyOrOurs = (data: Data): boolean =>
  isMapping(data) && (Object.keys(data).length === 0 || hasSections(data));

/** Whether it is a definition of a resource, and no mapping of several. */
export const hasSections = (data: Data): boolean =>
  Object.keys(asMapping(data)).some((key) => sections.includes(key));

const sections = ["Lookup", "MacroParameters", "Properties", "Services", "Settings", "Use"];
