import type { Data } from "../../../compose/project.ts";
import type { Properties } from "../../../model/template.ts";
import { pairs } from "../../read.ts";
import type { Path } from "../../report.ts";
import type { Scope } from "../../scope.ts";

/** Five minutes, AWS's own, is how long every deployment would take at least. */
const usual = { "deregistration_delay.timeout_seconds": "30" };

/** `TargetGroupAttributes`: a mapping, or a list of Key and Value. */
export function attributesOf(
  data: Data | undefined,
  path: Path,
  { report }: Scope,
): readonly Properties[] {
  const given = pairs(data ?? [], path, report);
  return Object.entries({ ...usual, ...given })
    .sort()
    .map(([Key, Value]) => ({ Key, Value }));
}
