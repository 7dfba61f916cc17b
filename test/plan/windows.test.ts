import { describe, expect, test } from "vitest";
import { type Window, windowProblem } from "../../src/model/window.ts";
import { mayGoOn, windowVerdict } from "../../src/plan/windows.ts";

const window = (kind: Window["kind"], cron: string, more: Partial<Window> = {}): Window => ({
  kind,
  cron,
  seconds: 3600,
  timezone: "UTC",
  overrun: false,
  ...more,
});

const at = (windows: readonly Window[], now: string) => windowVerdict([windows], now);

describe("when a roll-out may begin", () => {
  test("always, without windows", () => {
    expect(windowVerdict([], "2026-06-01T00:00:00Z")).toEqual({ open: true });
    expect(at([], "2026-06-01T00:00:00Z")).toEqual({ open: true });
  });

  test("not inside a deny, from its first moment to its last", () => {
    const noon = [window("deny", "0 12 * * *")];
    expect(at(noon, "2026-06-01T11:59:59.999Z").open).toBe(true);
    expect(at(noon, "2026-06-01T12:00:00.000Z")).toEqual({
      open: false,
      because: 'denied by "0 12 * * *" for 1h (UTC)',
      opens: "2026-06-01T13:00:00.000Z",
    });
    expect(at(noon, "2026-06-01T12:59:59.999Z").open).toBe(false);
    expect(at(noon, "2026-06-01T13:00:00.000Z").open).toBe(true);
  });

  test("only inside an allow, where there is one", () => {
    const mornings = [window("allow", "0 9 * * MON-FRI", { seconds: 7200 })];
    expect(at(mornings, "2026-06-01T10:00:00Z").open).toBe(true);
    expect(at(mornings, "2026-06-05T11:00:00Z")).toEqual({
      open: false,
      because: 'outside of "0 9 * * MON-FRI" for 2h (UTC)',
      opens: "2026-06-08T09:00:00.000Z",
    });
  });

  test("a deny beats an allow, and it opens when the deny ends within the allow", () => {
    const both = [
      window("allow", "0 9 * * *", { seconds: 4 * 3600 }),
      window("deny", "30 9 * * *", { seconds: 5400 }),
    ];
    expect(at(both, "2026-06-01T09:00:00Z").open).toBe(true);
    expect(at(both, "2026-06-01T10:00:00Z")).toMatchObject({ opens: "2026-06-01T11:00:00.000Z" });
  });

  test("an allow of the repository does not widen one of the registration", () => {
    const registration = [window("allow", "0 9 * * *")];
    const repository = [window("allow", "0 * * * *")];
    expect(windowVerdict([registration, repository], "2026-06-01T12:30:00Z")).toMatchObject({
      open: false,
      opens: "2026-06-02T09:00:00.000Z",
    });
  });

  test("it is said when it opens, however late that is", () => {
    const leap = [
      window("allow", "0 0 29 2 *"),
      window("deny", "0 0 29 2 *", { seconds: 90 }),
      window("deny", "15 0 29 2 *", { seconds: 86_400 }),
    ];
    expect(at(leap, "2026-06-01T00:00:00Z")).toEqual({
      open: false,
      because: 'outside of "0 0 29 2 *" for 1h (UTC)',
      opens: "2028-02-29T00:01:30.000Z",
    });
    expect(at(leap, "2028-02-29T00:00:00Z")).toMatchObject({
      because: 'denied by "0 0 29 2 *" for 90s (UTC)',
    });
    expect(at(leap, "2028-02-29T00:15:00Z")).toMatchObject({
      because: 'denied by "15 0 29 2 *" for 1d (UTC)',
    });
  });

  test("every allow that is not active is named", () => {
    const allows = [
      window("allow", "0 9 * * *", { seconds: 5400 }),
      window("deny", "0 3 * * *"),
      window("allow", "0 18 * * *"),
    ];
    expect(at(allows, "2026-06-01T12:00:00Z")).toMatchObject({
      because: 'outside of "0 9 * * *" for 90m (UTC), "0 18 * * *" for 1h (UTC)',
    });
  });

  test("a window may be longer than the time between its starts", () => {
    const always = [window("deny", "0 0 * * *", { seconds: 3 * 86_400 })];
    expect(at(always, "2026-06-01T12:00:00Z")).toMatchObject({ open: false, opens: undefined });
    const everyMinute = [window("deny", "* * * * *", { seconds: 60 })];
    expect(at(everyMinute, "2026-06-01T12:00:00Z")).toMatchObject({ open: false });
  });
});

describe("time zones", () => {
  const weekend = [
    window("deny", "0 18 * * FRI", { seconds: 62 * 3600, timezone: "Europe/London" }),
  ];

  test("a start is at its hour of the zone, in summer and in winter", () => {
    expect(at(weekend, "2026-07-03T16:59:59Z").open).toBe(true);
    expect(at(weekend, "2026-07-03T17:00:00Z").open).toBe(false);
    expect(at(weekend, "2026-12-04T17:00:00Z").open).toBe(true);
    expect(at(weekend, "2026-12-04T18:00:00Z").open).toBe(false);
  });

  test("62 hours are 62 hours also where the clock is put back within them", () => {
    // Friday 23 October 18:00 BST; clocks go back on the 25th: 07:00 GMT on Monday.
    expect(at(weekend, "2026-10-24T12:00:00Z")).toMatchObject({
      opens: "2026-10-26T07:00:00.000Z",
    });
  });

  test("an hour that does not exist begins when the clock has been put forward", () => {
    const gap = [window("deny", "30 1 * * *", { seconds: 1800, timezone: "Europe/London" })];
    expect(at(gap, "2026-03-29T01:10:00Z").open).toBe(false);
    expect(at(gap, "2026-03-29T01:30:00Z").open).toBe(true);
  });

  test("an hour that comes twice begins once", () => {
    const twice = [window("deny", "30 1 * * *", { seconds: 1800, timezone: "Europe/London" })];
    expect(at(twice, "2026-10-25T00:40:00Z").open).toBe(false);
    expect(at(twice, "2026-10-25T01:40:00Z").open).toBe(true);
  });
});

describe("a roll-out that began before (Argo CD's nine transitions)", () => {
  const deny = (overrun: boolean) => window("deny", "0 12 * * *", { overrun });
  const allow = (overrun: boolean) => window("allow", "0 11 * * *", { overrun, seconds: 10_800 });
  const short = (overrun: boolean) => window("allow", "0 11 * * *", { overrun });
  const shorter = (overrun: boolean) => window("allow", "15 11 * * *", { overrun, seconds: 2700 });

  test.for<[string, readonly Window[], boolean]>([
    ["none → deny that lets it overrun", [deny(true)], true],
    ["none → deny", [deny(false)], false],
    ["allow+o → deny+o", [allow(true), deny(true)], true],
    ["allow+o → deny", [allow(true), deny(false)], false],
    ["allow → deny+o", [allow(false), deny(true)], true],
    ["allow → deny", [allow(false), deny(false)], false],
    ["allow+o ends", [short(true)], true],
    ["all allows end, all with +o", [short(true), shorter(true)], true],
    ["all allows end, one without +o", [short(true), shorter(false)], false],
  ])("%s", ([, windows, goesOn]) => {
    const times = { began: "2026-06-01T11:30:00Z", now: "2026-06-01T12:30:00Z" };
    expect(mayGoOn([windows], times)).toBe(goesOn);
    expect(mayGoOn([windows], { ...times, now: "2026-06-01T11:45:00Z" })).toBe(true);
  });

  test("is let on by every list, and by any that is open now", () => {
    const times = { began: "2026-06-01T11:30:00Z", now: "2026-06-01T12:30:00Z" };
    expect(mayGoOn([[deny(true)], [deny(false)]], times)).toBe(false);
    expect(mayGoOn([[deny(true)], []], times)).toBe(true);
    const over = { began: "2026-06-01T12:30:00Z", now: "2026-06-01T13:30:00Z" };
    expect(mayGoOn([[deny(false)]], over)).toBe(true);
  });

  test("what began outside of them does not go on inside a deny", () => {
    const times = { began: "2026-06-01T12:10:00Z", now: "2026-06-01T12:30:00Z" };
    expect(mayGoOn([[deny(true)]], times)).toBe(false);
  });
});

describe("what is no window", () => {
  test.for<[string, string, string | undefined]>([
    ["0 18 * * FRI", "Europe/London", undefined],
    ["0 25 * * *", "UTC", "cron: (?!Cron).*hour"],
    ["0 18 * *", "UTC", "cron: it has not five fields"],
    ["0 18 * * FRI", "Europe/Londn", "timezone: there is no such"],
    ["0 0 31 2 *", "UTC", "cron: it never comes"],
  ])("%s in %s: %s", ([cron, timezone, said]) => {
    const problem = windowProblem({ cron, timezone });
    if (said === undefined) expect(problem).toBeUndefined();
    else expect(`${problem?.by}: ${problem?.message}`).toMatch(new RegExp(`^${said}`));
  });
});
