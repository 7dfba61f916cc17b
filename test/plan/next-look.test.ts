import { describe, expect, test } from "vitest";
import { emptyRecord } from "../../src/model/record.ts";
import { noRequests } from "../../src/model/requests.ts";
import type { Condition, EnvironmentStatus } from "../../src/model/status.ts";
import { nextLook, nextLookAfter, seconds, wakeUp, whileNew } from "../../src/plan/next-look.ts";
import type { RollOut } from "../../src/plan/roll-out.ts";
import { emptyStatus } from "../../src/plan/statuses.ts";
import { deployed, now, rolled, rollOutOfOne } from "./roll-outs.ts";
import { changeSetIn, unitOf } from "./situations.ts";

// When an environment is looked at again, with nobody to say anything.

const at = (after: number): string => seconds(Date.parse(now) + after * 1000);
const hour = 3600;

/** How it stood, with one condition since so many seconds. */
function stood(type: Condition["type"], ago: number, status: Condition["status"] = "True") {
  const since = new Date(Date.parse(now) - ago * 1000).toISOString();
  const said = { reason: "Because", message: "", observedRevision: "" };
  const condition: Condition = { type, status, since, ...said };
  return { ...emptyStatus, conditions: [condition] };
}

const ready = rolled({ unit: deployed });
const held = (reason: string, opens?: string): RollOut => ({
  ...ready,
  gates: [{ reason, message: "", opens }],
});

type Passed = Parameters<typeof nextLookAfter>[0];
const lookAfter = (passed: Partial<Passed>): string | undefined =>
  nextLookAfter({
    before: emptyStatus,
    health: undefined,
    looking: false,
    now,
    record: emptyRecord,
    requests: noRequests,
    rollOut: ready,
    verified: undefined,
    ...passed,
  });

/** It stalls, while something else is waited for or not. */
const stalled = (reason: string): RollOut =>
  rolled({ others: { missing: new Map([["base", { reason, message: "" } as never]]) } });

test("seconds are whole, and later rather than sooner", () => {
  expect(seconds(1)).toBe("1970-01-01T00:00:01Z");
  expect(seconds(1000)).toBe("1970-01-01T00:00:01Z");
});

describe("while something is under way", () => {
  const before = (look: string): EnvironmentStatus => ({ ...emptyStatus, nextLook: look });

  test("it is two minutes later", () => {
    expect(nextLook({ before: emptyStatus, now })).toBe(at(120));
    expect(lookAfter({ rollOut: rolled({}) })).toBe(at(120));
  });

  test.for([
    ["sooner is kept", at(60), at(60)],
    ["the same is kept", at(120), at(120)],
    ["later is too late", at(121), at(120)],
    ["now is over", now, at(120)],
    ["this very second is over", at(0), at(120)],
    ["an hour ago is over", at(-hour), at(120)],
  ] as const)("one that is set already: %s", ([, set, expected]) => {
    expect(nextLook({ before: before(set), now })).toBe(expected);
  });
});

test.for([
  ["there is none", undefined, undefined, undefined],
  ["that is new", at(300), at(200), at(300)],
  ["that is set already", at(300), at(300), undefined],
  ["that may have come already", at(60), at(60), at(60)],
  ["that has", at(-60), at(-60), at(60)],
  ["that is too soon", at(30), undefined, at(60)],
] as const)("a wake-up %s", ([, nextLook, set, expected]) => {
  expect(wakeUp({ nextLook }, { nextLook: set }, now)).toBe(expected);
});

describe("what has been so for long is left to the sweep", () => {
  test.for([
    ["Held", "True", hour, at(120)],
    ["Held", "True", hour + 1, undefined],
    // It was not so, then: it is new.
    ["Held", "False", hour + 1, at(120)],
    ["Healthy", "False", hour, at(120)],
    ["Healthy", "False", hour + 1, undefined],
    ["Healthy", "True", hour + 1, at(120)],
    ["Healthy", "Unknown", hour + 1, undefined],
  ] as const)("%s is %s for %d s: %s", ([type, status, ago, expected]) => {
    const moment = { before: stood(type, ago, status), requests: noRequests, now };
    expect(whileNew(type, moment)).toBe(expected);
  });

  test("but for what was never said", () => {
    const moment = { before: stood("Stalled", hour + 1), requests: noRequests, now };
    expect(whileNew("Held", moment, 300)).toBe(at(300));
  });
});

describe("what nobody announces", () => {
  test("are the checks and drift, each minute", () => {
    expect(lookAfter({ verified: { next: "later" } })).toBe(at(60));
    expect(lookAfter({ verified: { next: "again" } })).toBeUndefined();
    expect(lookAfter({ verified: { next: "rest" } })).toBeUndefined();
    expect(lookAfter({ looking: true })).toBe(at(60));
  });

  test.for(["ImageMissing", "ImageVulnerable", "SecretMissing"])(
    "is %s, every five minutes for an hour",
    (reason) => {
      expect(lookAfter({ rollOut: stalled(reason) })).toBe(at(300));
      expect(lookAfter({ rollOut: stalled(reason), before: stood("Stalled", hour) })).toBe(at(300));
      const long = stood("Stalled", hour + 1);
      expect(lookAfter({ rollOut: stalled(reason), before: long })).toBeUndefined();
    },
  );

  test("is what is missing of one of several that are stalled, and while none of them moves", () => {
    const missing = { reason: "ImageMissing", message: "" } as const;
    const verdict = { kind: "stalled", unit: "s-web", ...missing } as const;
    const other = { kind: "stalled", unit: "s-api", reason: "RolledBack", message: "" } as const;
    const both = { ...stalled("ImageMissing"), verdicts: [other, verdict] };
    expect(lookAfter({ rollOut: both })).toBe(at(300));
    const moving = { ...rolled({}), verdicts: [verdict, ...rolled({}).verdicts] };
    expect(lookAfter({ rollOut: moving })).toBe(at(120));
  });

  test("is that a change set was worked out after all", () => {
    const wanted = changeSetIn("CREATE_IN_PROGRESS", "UNAVAILABLE");
    const changeSets = new Map([["base", { wanted, older: undefined }]]);
    const rollOut = rolled({ unit: unitOf(undefined), observed: { changeSets } });
    expect(rollOut.conclusion.reason).toBe("DeadlineExceeded");
    expect(lookAfter({ rollOut })).toBe(at(300));
  });

  test("is health, until it has been bad for long", () => {
    const health = { status: "False", reason: "Unhealthy", message: "" } as const;
    expect(lookAfter({ health })).toBe(at(120));
    const long = stood("Healthy", hour + 1, "False");
    expect(lookAfter({ health, before: long })).toBeUndefined();
    expect(lookAfter({ health: { ...health, status: "Unknown" } })).toBe(at(120));
    expect(lookAfter({ health: { ...health, status: "True" } })).toBeUndefined();
  });

  test("is a change set that may come yet, until it cannot", () => {
    const stack = { name: "b", changeSet: "c", wrote: "w", recoveries: 0 };
    const doubtful = (ago: number) => ({
      record: { stacks: { base: stack, "s-web": { ...stack, doubtful: at(-ago) } } },
    });
    expect(lookAfter(doubtful(59))).toBe(at(60));
    expect(lookAfter(doubtful(60))).toBeUndefined();
    expect(lookAfter({ record: { stacks: { base: stack } } })).toBeUndefined();
  });

  test("is that another environment is ready", () => {
    expect(lookAfter({ rollOut: held("NeedsUnmet") })).toBe(at(120));
    const long = stood("Held", hour + 1);
    expect(lookAfter({ rollOut: held("NeedsUnmet"), before: long })).toBeUndefined();
    expect(lookAfter({ rollOut: held("Suspended") })).toBeUndefined();
    const health = { status: "False", reason: "Unhealthy", message: "" } as const;
    const before = stood("Healthy", hour + 1, "False");
    expect(lookAfter({ rollOut: held("NeedsUnmet"), health, before })).toBe(at(120));
  });

  test("is not what people have to do something about", () => {
    expect(lookAfter({ rollOut: stalled("RolledBack") })).toBeUndefined();
    expect(lookAfter({})).toBeUndefined();
  });
});

describe("what ends by itself", () => {
  const revision = "a".repeat(40);
  const hold = { revision, reason: "", until: at(7200) };

  test.for([
    ["a suspension", { suspended: { reason: "", until: at(7200) } }],
    ["a hold", { hold }],
    ["a promotion", { promotion: { ...hold, at: now } }],
  ] as const)("%s, when it does", ([, requests]) => {
    expect(lookAfter({ requests: { ...noRequests, ...requests } })).toBe(at(7200));
  });

  test("a suspension until a day, when that is over", () => {
    const suspended = { reason: "", until: "2026-01-02" };
    expect(lookAfter({ requests: { ...noRequests, suspended } })).toBe(at(24 * hour));
  });

  test("no sooner where it has no end, or had it", () => {
    const suspended = { reason: "", until: undefined };
    expect(lookAfter({ requests: { ...noRequests, suspended } })).toBeUndefined();
    const over = { ...hold, until: at(-1) };
    expect(lookAfter({ requests: { ...noRequests, hold: over } })).toBeUndefined();
  });

  test("the first of all", () => {
    const suspended = { reason: "", until: at(hour) };
    const requests = { ...noRequests, hold, suspended };
    expect(lookAfter({ requests })).toBe(at(hour));
    expect(lookAfter({ requests, rollOut: held("OutsideWindow", at(1800)) })).toBe(at(1800));
    expect(lookAfter({ requests, rollOut: held("NeedsUnmet", at(1800)) })).toBe(at(120));
  });

  test("a window, when it opens", () => {
    expect(lookAfter({ rollOut: held("OutsideWindow", at(1800)) })).toBe(at(1800));
    expect(lookAfter({ rollOut: held("OutsideWindow") })).toBeUndefined();
  });

  test("an offer, a moment after", () => {
    const expiring = (expiresSeconds?: number) => {
      const expires = expiresSeconds === undefined ? {} : { expiresSeconds };
      return rollOutOfOne(unitOf(undefined), { required: 1, ...expires, votes: [] });
    };
    expect(lookAfter({ rollOut: expiring(2 * 86_400) })).toBe(at(86_401));
    expect(lookAfter({ rollOut: expiring(3600) })).toBeUndefined();
    expect(lookAfter({ rollOut: expiring(86_400) })).toBeUndefined();
    expect(lookAfter({ rollOut: expiring() })).toBeUndefined();
  });
});
