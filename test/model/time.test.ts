import { expect, test } from "vitest";
import { endOfUntil, isTime, nowAfter } from "../../src/model/time.ts";

test.for([
  "2026-12-31",
  "2028-02-29",
  "2026-12-31T18:00Z",
  "2026-12-31T18:00:00Z",
  "2026-12-31T18:00:00.125Z",
  "2026-12-31T18:00:00+05:30",
  "9999-12-31",
])("%s is a time", (text) => {
  expect(isTime(text)).toBe(true);
});

test.for([
  "",
  "0",
  "1",
  "tomorrow",
  "2026",
  "2026-02-31",
  "2027-02-29T00:00:00Z",
  "2026-13-01",
  "2026-12-31T25:00:00Z",
  // Whose clock?
  "2026-12-31T18:00:00",
  " 2026-12-31",
  "31 Dec 2026",
  "+010000-01-01",
  "+010000-01-01T00:00:00Z",
  "9999-12-31T23:59:59-12:00",
  20261231,
  undefined,
])("%j is none", (value) => {
  expect(isTime(value)).toBe(false);
});

test("now is after what came before it, whatever a clock says", () => {
  const now = "2026-01-01T00:00:00.000Z";
  const later = "2026-01-01T00:01:00.000Z";
  expect(nowAfter([], now)).toBe(now);
  expect(nowAfter([now], later)).toBe(later);
  expect(nowAfter([now], now)).toBe("2026-01-01T00:00:00.001Z");
  expect(nowAfter([later, now], now)).toBe("2026-01-01T00:01:00.001Z");
});

test.for([
  ["2026-12-31", "2027-01-01T00:00:00.000Z"],
  ["2026-12-31T00:00Z", "2026-12-31T00:00:00.000Z"],
  ["2026-12-31T18:00:00+05:30", "2026-12-31T12:30:00.000Z"],
  ["9999-12-31", "9999-12-31T00:00:00.000Z"],
] as const)("until %s ends at %s", ([until, expected]) => {
  expect(new Date(endOfUntil(until)).toISOString()).toBe(expected);
});
