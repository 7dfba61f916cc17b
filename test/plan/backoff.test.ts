import { describe, expect, test } from "vitest";
import type { EnvironmentStatus } from "../../src/model/status.ts";
import { type ErrorClass, errorClassOf } from "../../src/plan/backoff.ts";
import { emptyStatus, retryingStatus, seconds } from "../../src/plan/statuses.ts";

const requests = {} as Parameters<typeof retryingStatus>[1]["requests"];
const start = Date.UTC(2026, 0, 1);
const error = (name: string, message = "no"): Error => Object.assign(new Error(message), { name });
const throttling = error("ThrottlingException", "Rate exceeded");

/** How an error stands when it comes at a second. */
const failed = (before: EnvironmentStatus, at: number, what = throttling): EnvironmentStatus =>
  retryingStatus(what, { before, requests, now: new Date(start + at * 1000).toISOString() });

const nextOf = ({ nextLook = "" }: EnvironmentStatus): number =>
  (Date.parse(nextLook) - start) / 1000;

/** The waits of an error that stays, each pass a little later than it was to be. */
function waitsOf(count: number, late: number): readonly number[] {
  const waits: number[] = [];
  let status = emptyStatus;
  let at = 0;
  for (let tries = 0; tries < count; tries += 1) {
    status = failed(status, at);
    waits.push(nextOf(status) - at);
    at = nextOf(status) + late;
  }
  return waits;
}

describe("an error that stays", () => {
  test("is waited for twice as long each time, up to ten minutes", () => {
    expect(waitsOf(7, 0)).toEqual([60, 120, 240, 480, 600, 600, 600]);
  });

  test("is so too when wake-ups are late", () => {
    const waits = waitsOf(5, 7);
    expect(waits).toEqual(waits.toSorted((a, b) => a - b));
    expect(waits[0]).toBe(60);
    expect(waits.at(-1)).toBe(600);
  });

  test("does not count what was woken before its time", () => {
    const second = failed(failed(emptyStatus, 0), 60);
    expect(nextOf(failed(second, 65))).toBe(nextOf(second));
    expect(nextOf(failed(failed(second, 65), 180))).toBe(180 + 240);
  });

  test("is known by its class, whatever its words", () => {
    const first = failed(emptyStatus, 0);
    expect(nextOf(failed(first, 60, error("TooManyRequestsException")))).toBe(180);
    expect(nextOf(failed(first, 60, error("TimeoutError")))).toBe(120);
    expect(nextOf(failed(failed(emptyStatus, 0, error("A")), 60, error("B")))).toBe(120);
    expect(nextOf(failed(failed(emptyStatus, 0, error("A")), 60, error("A")))).toBe(180);
  });

  test("begins anew after anything else", () => {
    const late = failed(failed(failed(emptyStatus, 0), 60), 180);
    const other = { ...late, conditions: [], nextLook: undefined };
    expect(nextOf(failed(other, 480))).toBe(540);
    const moving = {
      ...late,
      conditions: late.conditions.map((one) => ({ ...one, reason: "Progressing" })),
    };
    expect(nextOf(failed(moving, 480))).toBe(540);
  });

  test("tells since when", () => {
    const third = failed(failed(failed(emptyStatus, 0), 60), 180);
    const { since } = third.conditions.find(({ type }) => type === "Reconciling") ?? {};
    expect(seconds(Date.parse(since ?? ""))).toBe(seconds(start));
  });
});

test.for<[string, ErrorClass]>([
  ["ThrottlingException: Rate exceeded", "throttled"],
  ["Throttling: Rate exceeded", "throttled"],
  ["RequestLimitExceeded: slow down", "throttled"],
  ["SlowDown: Please reduce your request rate.", "throttled"],
  ["TimeoutError: socket hang up", "unreachable"],
  ["ServiceUnavailable: again later", "unreachable"],
  ["InternalServerError: oops", "unreachable"],
  ["Error: connect ECONNREFUSED 127.0.0.1:443", "unreachable"],
  ["AccessDeniedException: User is not authorized", "other"],
  ["ExpiredTokenException: The security token is expired", "other"],
])("%s is %s", ([text, expected]) => {
  expect(errorClassOf(text)).toBe(expected);
});
