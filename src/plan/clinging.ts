import type { ObservedStack } from "../model/observed.ts";
import type { EnvironmentRecord } from "../model/record.ts";
import type { Template } from "../model/template.ts";

/** How often a deletion is tried again, and after how long, in milliseconds. */
const mostTries = 5;
const pause = 60_000;

/** A deletion that failed: tried again by itself at some time, or left to people. */
export type Retrial = "now" | "later" | "never";

/**
 * Whether the deletion of a stack is tried again by itself. Cloud Map does not delete a service while
 * the instances of tasks that have ended are still being taken out of it, which passes (design-aws 23).
 */
export function retrialOf(
  { reason, status }: ObservedStack,
  seen: {
    readonly unit: string;
    /** Logical ids of Cloud Map's services. */
    readonly clinging: ReadonlySet<string>;
    readonly record: EnvironmentRecord;
    /** ISO 8601. */
    readonly now: string;
  },
): Retrial {
  const { clinging, now, record, unit } = seen;
  const told = reason?.match(/(?<=failed to delete: \[)[^\]]+(?=\])/);
  const passes = told?.[0].split(", ").every((id) => clinging.has(id)) === true;
  const last = record.stacks[unit]?.deletion;
  if (status !== "DELETE_FAILED" || !passes || last === undefined) return "never";
  if (last.tries > mostTries) return "never";
  return Date.parse(now) < Date.parse(last.at) + pause ? "later" : "now";
}

/** By unit, Cloud Map's services of its stack as its template has them. */
export const clingingIn = (
  templates: ReadonlyMap<string, Template>,
): ReadonlyMap<string, ReadonlySet<string>> =>
  new Map(
    [...templates].map(([unit, { Resources }]) => [
      unit,
      new Set(
        Object.entries(Resources).flatMap(([id, { Type }]) =>
          Type === "AWS::ServiceDiscovery::Service" ? [id] : [],
        ),
      ),
    ]),
  );
