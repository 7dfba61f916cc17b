import type { Data } from "../../../compose/project.ts";
import type { Properties } from "../../../model/template.ts";
import { isMapping, list, mapOf, object, text } from "../../read.ts";
import type { Path } from "../../report.ts";
import type { Scope } from "../../scope.ts";

const readPairs = list(object({ Key: text, Value: text }, ["Key", "Value"]));

/** Five minutes, AWS's own, is how long every deployment would take at least. */
const usual = { "deregistration_delay.timeout_seconds": "30" };

/** `TargetGroupAttributes`: a mapping, or a list of Key and Value. */
export function attributesOf(
  data: Data | undefined,
  path: Path,
  { report }: Scope,
): readonly Properties[] {
  const given = isMapping(data)
    ? mapOf(text)(data, path, report)
    : Object.fromEntries(
        (readPairs(data ?? [], path, report) ?? []).map(({ Key = "", Value = "" }) => [Key, Value]),
      );
  return Object.entries({ ...usual, ...given })
    .sort()
    .map(([Key, Value]) => ({ Key, Value }));
}
