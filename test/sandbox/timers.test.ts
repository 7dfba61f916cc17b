import { expect, test } from "vitest";
import { timerOf } from "../../src/sandbox/timers.ts";
import { AwsError } from "../../src/sandbox/world.ts";

// A Monday.
const start = Date.parse("2026-01-05T12:00:30Z");

function upcoming(expression: string, count = 3): readonly string[] {
  const timer = timerOf(expression);
  if (timer?.kind !== "recurring") throw new Error(`${expression} does not recur`);
  const times: string[] = [];
  let after: number | undefined = start;
  while (times.length < count) {
    after = timer.next(after);
    if (after === undefined) break;
    times.push(new Date(after).toISOString().replace(":00.000Z", ""));
  }
  return times;
}

test.for<[string, string[]]>([
  ["cron(0/15 * * * ? *)", ["2026-01-05T12:15", "2026-01-05T12:30", "2026-01-05T12:45"]],
  ["cron(0 8 * * ? *)", ["2026-01-06T08:00", "2026-01-07T08:00", "2026-01-08T08:00"]],
  ["cron(0 18 ? * FRI *)", ["2026-01-09T18:00", "2026-01-16T18:00", "2026-01-23T18:00"]],
  ["cron(30 6,22 ? * 2-6 *)", ["2026-01-05T22:30", "2026-01-06T06:30", "2026-01-06T22:30"]],
  ["cron(0 0 1 JAN,JUL ? *)", ["2026-07-01T00:00", "2027-01-01T00:00", "2027-07-01T00:00"]],
  ["cron(0 0 29 2 ? *)", ["2028-02-29T00:00", "2032-02-29T00:00", "2036-02-29T00:00"]],
  ["cron(0 0 1 1 ? 2028)", ["2028-01-01T00:00"]],
  ["cron(0 0 1 1 ? 2025)", []],
])("%s is due at %j", ([expression, expected]) => expect(upcoming(expression)).toEqual(expected));

test.for([
  ["rate(1 minute)", 60_000],
  ["rate(5 minutes)", 300_000],
  ["rate(1 hour)", 3_600_000],
  ["rate(2 days)", 172_800_000],
] as const)("%s is due every %i ms", ([expression, length]) => {
  const timer = timerOf(expression);
  expect(timer?.kind === "recurring" && timer.next(start)).toBe(start + length);
});

test("a time is due once", () => {
  const at = Date.parse("2026-02-01T08:00:00Z");
  expect(timerOf("at(2026-02-01T08:00:00)")).toEqual({ kind: "once", at });
});

test.for([
  "every day",
  "rate(1 minutes)",
  "rate(5 minute)",
  "rate(0 minutes)",
  "rate(5)",
  "cron(0 8 * * *)",
  "cron(0 8 * * * *)",
  "cron(0 8 ? * ? *)",
  "cron(60 8 * * ? *)",
  "cron(0 8-7 * * ? *)",
  "at(2026-02-01)",
  "at(2026-13-01T08:00:00)",
])("%s is no timer", (expression) => expect(timerOf(expression)).toBeUndefined());

test.for(["cron(0 8 L * ? *)", "cron(0 8 ? * 6#3 *)", "cron(0 8 3W * ? *)"])(
  "%s is refused, not misread",
  (expression) => expect(() => timerOf(expression)).toThrow(AwsError),
);
