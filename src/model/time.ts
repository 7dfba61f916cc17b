const pattern = /^(\d{4}-\d{2}-\d{2})(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2}))?$/;

/** The last day that is a time: nobody can be woken at one of five digits' year. */
const never = Date.parse("9999-12-31");

/**
 * Now, or just after the latest of what came before it: ISO 8601. Two passes may be of two machines,
 * whose clocks differ, or of one moment; what comes later has to be told from it all the same.
 */
export function nowAfter(times: readonly string[], now: string): string {
  const latest = Math.max(...times.map((time) => Date.parse(time)));
  return Date.parse(now) > latest ? now : new Date(latest + 1).toISOString();
}

/** When it is no longer until a time, in milliseconds: until a day is to its end, in UTC. */
export function endOfUntil(until: string): number {
  const isDay = pattern.exec(until)?.[2] === undefined;
  return Math.min(Date.parse(until) + (isDay ? 86_400_000 : 0), never);
}

/** Whether something is an ISO 8601 day, or an instant with its offset, that there is: `2026-12-31T18:00:00Z`. */
export function isTime(value: unknown): value is string {
  const [, day] = (typeof value === "string" && pattern.exec(value)) || [];
  if (typeof value !== "string" || day === undefined || !(Date.parse(value) <= never)) return false;
  // A day that the month does not have is taken for one of the next.
  return new Date(Date.parse(day)).toISOString().startsWith(day);
}
