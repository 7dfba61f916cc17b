import type { ObservedChangeSet, ObservedStack, UnderWay } from "../model/observed.ts";
import { holdsData } from "./risk.ts";

/** How long each phase of a roll-out may take, in seconds. */
export interface Deadlines {
  /** A change set, to be worked out. */
  readonly plan: number;
  /** An operation on a stack, but for the services that it waits for; a rollback as long again. */
  readonly execute: number;
  /** A service, to run steadily. */
  readonly stabilise: number;
}

interface Time {
  readonly deadlines: Deadlines;
  /** ISO 8601. */
  readonly now: string;
  /** When a failed rollback was last continued; undefined: none was. ISO 8601. */
  readonly continued?: string | undefined;
}

/** What takes too long about an operation, in words; undefined: nothing yet. */
export function lateOperation(
  stack: ObservedStack,
  underWay: readonly UnderWay[],
  { continued, deadlines, now }: Time,
): string | undefined {
  const age = (since: string) => (Date.parse(now) - Date.parse(since)) / 1000;
  const waits = underWay.length > 0 && underWay.every(({ type }) => type === service);
  const unstable = underWay.filter(({ since }) => age(since) > deadlines.stabilise);
  const goesBack = stack.status.includes("ROLLBACK");
  if (waits && !goesBack) {
    const names = unstable.map(({ logicalId }) => logicalId).join(", ");
    return unstable.length === 0
      ? undefined
      : `${names} did not become stable within ${spoken(deadlines.stabilise)}.`;
  }
  const allowed = deadlines.execute * (goesBack ? 2 : 1);
  const since = goesBack && continued !== undefined ? age(continued) : Number.POSITIVE_INFINITY;
  if (Math.min(since, age(begun(stack))) <= allowed) return undefined;
  const names = underWay.map(({ logicalId }) => logicalId).join(", ");
  const busy = names === "" ? "" : ` It is busy with ${names}.`;
  return `The stack has been ${stack.status} for more than ${spoken(allowed)}.${busy}`;
}

const service = "AWS::ECS::Service";

/** When the operation on a stack began: a deletion is no update. */
const begun = ({ deletionBegan, lastUpdated, status }: ObservedStack): string =>
  (status.startsWith("DELETE_") ? deletionBegan : undefined) ?? lastUpdated;

/** Whether an operation can be late by now: before that nobody asks what it is busy with. */
export const mayBeLate = (
  stack: ObservedStack,
  { execute, stabilise }: Deadlines,
  now: string,
): boolean => (Date.parse(now) - Date.parse(begun(stack))) / 1000 > Math.min(execute, stabilise);

/** What is under way that must not be broken off: it holds data. */
export const precious = (underWay: readonly UnderWay[]): readonly string[] =>
  underWay.flatMap(({ logicalId, type }) => (holdsData(type) ? [logicalId] : []));

export const isLatePlan = (
  { createdAt }: ObservedChangeSet,
  { plan }: Deadlines,
  now: string,
): boolean => (Date.parse(now) - Date.parse(createdAt)) / 1000 > plan;

/** `90 s`, `30 min`. */
export const spoken = (seconds: number): string =>
  seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`;
