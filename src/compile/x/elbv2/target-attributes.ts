import type { Data } from "../../../compose/project.ts";
import type { Properties } from "../../../model/template.ts";
import { orFunction, text } from "../../read.ts";
import type { Path } from "../../report.ts";
import type { Scope } from "../../scope.ts";
import { dataValue } from "../../values.ts";
import { attributesIn, checkAttribute, ofTargetGroups } from "./known-attributes.ts";
import type { LoadBalancer } from "./load-balancer.ts";

/** Five minutes, AWS's own, is how long every deployment would take at least. */
const usual = { "deregistration_delay.timeout_seconds": "30" };

/** `TargetGroupAttributes`: a mapping, or a list of Key and Value. */
export function attributesOf(
  data: Data | undefined,
  { type }: LoadBalancer,
  path: Path,
  scope: Scope,
): readonly Properties[] {
  const { report } = scope;
  const given = attributesIn(data ?? [], path, report).flatMap((attribute) => {
    const { key, value: written, valuePath } = attribute;
    if (orFunction(text)(written, valuePath, report) === undefined) return [];
    const value = dataValue(written, valuePath, scope);
    checkAttribute(ofTargetGroups, type, { ...attribute, value }, report);
    return [[key, typeof value === "object" ? value : String(value)] as const];
  });
  return Object.entries({ ...usual, ...Object.fromEntries(given) })
    .sort()
    .map(([Key, Value]) => ({ Key, Value }));
}
