import { describe, expect, test } from "vitest";
import type { Condition, EnvironmentStatus } from "../../src/model/status.ts";
import {
  type ErrorClass,
  errorClassOf,
  retryAfter,
  retrying,
  waiting,
} from "../../src/plan/backoff.ts";
import { seconds } from "../../src/plan/next-look.ts";
import { emptyStatus, retryingStatus } from "../../src/plan/statuses.ts";

const requests = {} as Parameters<typeof retryingStatus>[1]["requests"];
const start = Date.UTC(2026, 0, 1);
const error = (name: string, message = "no"): Error => Object.assign(new Error(message), { name });
const throttling = error("ThrottlingException", "Rate exceeded");

/** How an error stands when it comes at a second. */
const failed = (
  before: EnvironmentStatus,
  at: number,
  what = throttling,
  key = "a/dev",
): EnvironmentStatus =>
  retryingStatus(what, { before, key, requests, now: new Date(start + at * 1000).toISOString() });

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

/** Whether a wait is the one that is meant, or no less than half of it. */
const isAbout = (wait: number, meant: number): boolean => wait <= meant && wait >= meant / 2 - 1;

describe("an error that stays", () => {
  test("is waited for up to twice as long each time, and ten minutes at most", () => {
    for (const late of [0, 7]) {
      const waits = waitsOf(9, late);
      let before = 0;
      for (const wait of waits) {
        expect(isAbout(wait, Math.min(before + 60, 600))).toBe(true);
        before += wait + late;
      }
      expect(waits.at(-1)).toBeGreaterThanOrEqual(300);
    }
  });

  test("does not come back together with those of others", () => {
    const all = ["a/dev", "a/prod", "b/dev", "c/dev"].map((key) =>
      nextOf(failed(emptyStatus, 0, throttling, key)),
    );
    expect(new Set(all).size).toBe(all.length);
    expect(all.every((wait) => isAbout(wait, 60))).toBe(true);
  });

  test("does not count what was woken before its time", () => {
    const first = failed(emptyStatus, 0);
    const second = failed(first, nextOf(first));
    const early = failed(second, nextOf(first) + 5);
    expect(nextOf(early)).toBe(nextOf(second));
  });

  test("is known by its class, whatever its words", () => {
    const first = failed(emptyStatus, 0);
    const at = nextOf(first);
    const more = (what: Error, before = first) => nextOf(failed(before, at, what)) - at;
    const again = more(throttling);
    expect(more(error("TooManyRequestsException"))).toBe(again);
    expect(more(error("TimeoutError"))).toBeLessThan(again);
    const a = failed(emptyStatus, 0, error("A"));
    expect(more(error("B"), a)).toBeLessThan(more(error("A"), a));
  });

  test("begins anew after anything else", () => {
    const late = failed(failed(failed(emptyStatus, 0), 60), 180);
    const other = { ...late, conditions: [], nextLook: undefined };
    const moving = {
      ...late,
      conditions: late.conditions.map((one) => ({ ...one, reason: "Progressing" })),
    };
    for (const before of [other, moving])
      expect(isAbout(nextOf(failed(before, 480)) - 480, 60)).toBe(true);
  });

  test("is left to whoever looks at everything where it is refused for an hour, and only that", () => {
    const denied = error("AccessDeniedException", "User: x is not authorized to perform: y");
    const status = (what: Error, at: number) => failed(failed(emptyStatus, 0, what), at, what);
    expect(status(denied, 3600).nextLook).toBeDefined();
    const left = status(denied, 3601);
    expect(left.nextLook).toBeUndefined();
    const { since } = left.conditions.find(({ type }) => type === "Reconciling") ?? {};
    expect(failed(left, 9000, denied)).toEqual(left);
    expect(since).toBe(new Date(start).toISOString());
    // Anything else is another matter.
    expect(failed(left, 9000).nextLook).toBeDefined();
    expect(status(throttling, 3601).nextLook).toBeDefined();
    const throttled = error("RequestThrottled", "The request was denied due to throttling.");
    expect(status(throttled, 3601).nextLook).toBeDefined();
  });

  test("tells since when", () => {
    const third = failed(failed(failed(emptyStatus, 0), 60), 180);
    const { since } = third.conditions.find(({ type }) => type === "Reconciling") ?? {};
    expect(seconds(Date.parse(since ?? ""))).toBe(seconds(start));
  });
});

describe("only what says that it is tried again", () => {
  const of = (
    type: Condition["type"],
    since: number,
    more: Partial<Condition> = {},
  ): Condition => ({
    type,
    status: "True",
    reason: retrying,
    message: "Throttling: no",
    since: new Date(start + since * 1000).toISOString(),
    observedRevision: "",
    ...more,
  });
  const now = new Date(start + 100_000).toISOString();
  const nextLook = new Date(start + 90_000).toISOString();
  const since = (conditions: readonly Condition[], look: string | undefined = nextLook) =>
    retryAfter("Throttling: no", { before: { conditions, nextLook: look }, key: "a/dev", now });

  test("tells since when it is", () => {
    const ready = of("Ready", 50);
    expect(since([ready, of("Reconciling", 20)]).since).toBe(of("Reconciling", 20).since);
    expect(since([of("Reconciling", 20), ready]).since).toBe(of("Reconciling", 20).since);
    expect(since([ready]).since).toBe(now);
  });

  test("is waited for longer, and nothing that was not to be looked at again", () => {
    const { at = 0, since: began } = retryAfter("Throttling: no", {
      before: { conditions: [of("Reconciling", 20)] },
      key: "a/dev",
      now,
    });
    expect(began).toBe(now);
    expect(isAbout((at - Date.parse(now)) / 1000, 60)).toBe(true);
  });

  test("is there since the error is", () => {
    const all = [of("Ready", 50), of("Reconciling", 50)];
    expect(all.map(waiting("then"))).toEqual([all[0], { ...all[1], since: "then" }]);
  });
});

test.for<[string, ErrorClass]>([
  ["ThrottlingException: Rate exceeded", "throttled"],
  ["Throttling: Rate exceeded", "throttled"],
  ["RequestLimitExceeded: slow down", "throttled"],
  ["SlowDown: Please reduce your request rate.", "throttled"],
  // SQS, SNS and Parameter Store have words of their own for it.
  ["RequestThrottled: The request was denied due to request throttling.", "throttled"],
  ["KMSThrottlingException: later", "throttled"],
  ["ThrottledException: later", "throttled"],
  ["TooManyUpdates: There are concurrent updates for a resource.", "throttled"],
  ["TooManyTagsError: no", "other"],
  // So have S3, SNS, EventBridge, tagging and Cloud Control.
  ["InternalError: We encountered an internal error. Please try again.", "unreachable"],
  ["InternalErrorException: later", "unreachable"],
  ["InternalException: later", "unreachable"],
  ["InternalServiceException: later", "unreachable"],
  ["HandlerInternalFailureException: later", "unreachable"],
  ["ServiceInternalErrorException: later", "unreachable"],
  ["ServiceException: later", "unreachable"],
  ["TimeoutError: socket hang up", "unreachable"],
  ["ServiceUnavailable: again later", "unreachable"],
  ["InternalServerError: oops", "unreachable"],
  ["Error: connect ECONNREFUSED 127.0.0.1:443", "unreachable"],
  ["AccessDeniedException: User is not authorized", "other"],
  ["ExpiredTokenException: The security token is expired", "other"],
])("%s is %s", ([text, expected]) => {
  expect(errorClassOf(text)).toBe(expected);
});
