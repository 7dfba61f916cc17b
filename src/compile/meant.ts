import type { Data } from "../compose/project.ts";
import { nearest } from "../model/nearest.ts";
import { isRetired } from "./docker-integration.ts";
import { asMapping, isMapping } from "./read.ts";

/** Whether an `x-…` key that nothing reads is meant for us: others may have keys of their own. */
export const isMeant = (key: string, data: Data, known: readonly string[]): boolean =>
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

const hasSections = (data: Data): boolean =>
  Object.keys(asMapping(data)).some((key) => sections.includes(key));

const sections = ["Lookup", "MacroParameters", "Properties", "Services", "Settings", "Use"];
