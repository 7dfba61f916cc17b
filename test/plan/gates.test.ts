import { describe, expect, test } from "vitest";
import { noRequests } from "../../src/model/requests.ts";
import type { Window } from "../../src/model/window.ts";
import {
  approvalRule,
  loosened,
  requestGates,
  widened,
  windowGates,
} from "../../src/plan/gates.ts";

const at = "2026-01-01T00:00:00.000Z";

const target = { account: "123456789012", region: "eu-west-1" };
const rule = (required: number, expiresSeconds?: number) => ({ required, expiresSeconds });
const settings = (required?: number, expires?: number) => ({
  approval: required === undefined ? undefined : rule(required, expires),
  target,
  windows: [],
});

const night: Window = {
  kind: "deny",
  cron: "0 0 * * *",
  seconds: 3600,
  timezone: "UTC",
  overrun: false,
};
const day: Window = { ...night, kind: "allow" };
const [other, late] = [
  { ...night, seconds: 1 },
  { ...day, seconds: 1 },
];

describe("gates", () => {
  test("are the strictest of registration, before and now", () => {
    const rules = { settings: settings(1), floor: rule(2, 60), approvers: [], windows: [] };
    expect(approvalRule(settings(3, 90), rules)).toEqual(rule(3, 60));
    expect(approvalRule(undefined, rules)).toEqual(rule(2, 60));
    expect(approvalRule(undefined, { ...rules, settings: settings(), floor: undefined })).toBe(
      undefined,
    );
  });

  test("that open are named, and so is every move", () => {
    expect(loosened(undefined, settings())).toEqual([]);
    expect(loosened(settings(1), settings(2, 60))).toEqual([]);
    expect(loosened(settings(2), settings(1))).toEqual(["approval: 2 → 1"]);
    expect(loosened(settings(1), settings())).toEqual(["approval: 1 → none"]);
    expect(loosened(settings(1, 60), settings(1))).toEqual(["approval: 1 within 60s → 1"]);
    const moved = { ...settings(1), target: { ...target, region: "us-east-1", role: "arn" } };
    expect(loosened(settings(1), moved)).toEqual([
      "target.region: eu-west-1 → us-east-1",
      "target.role: none → arn",
    ]);
  });

  test.for<[string, readonly Window[], readonly Window[], boolean]>([
    ["none", [], [], false],
    ["another deny", [night], [night, other], false],
    ["the same in another order", [night, other], [other, { ...night }], false],
    ["one deny less", [night, other], [night], true],
    ["a deny that is shorter", [night], [other], true],
    ["the first allow", [], [day], false],
    ["one allow less", [day, late], [day], false],
    ["one allow more", [day], [day, late], true],
    ["another allow", [day], [late], true],
    ["no allow any more", [day], [], true],
    ["a deny in an allow's place", [day], [night], true],
    ["an allow in a deny's place", [night], [day], true],
    ["a deny beside an allow", [day], [day, night], false],
  ])("windows that let more pass are told: %s", ([, before, now, expected]) => {
    expect(widened(before, now)).toBe(expected);
    const of = (windows: readonly Window[]) => ({ ...settings(1), windows });
    expect(loosened(of(before), of(now))).toEqual(expected ? ["windows: fewer or wider"] : []);
  });

  test("a target that is taken out is none", () => {
    const had = { ...settings(), target: { ...target, externalId: "x" } };
    expect(loosened(had, settings())).toEqual(["target.externalId: x → none"]);
  });
});

describe("a gate", () => {
  test.for([
    [undefined, ["suspended: holidays"]],
    ["2026-01-02T00:00:00.001Z", ["suspended: holidays"]],
    ["2026-01-02T00:00:00.000Z", []],
  ] as const)("of a suspension until %s at midnight: %j", ([until, expected]) => {
    const requests = { ...noRequests, suspended: { reason: "holidays", until } };
    const held = requestGates(requests, "2026-01-02T00:00:00.000Z");
    expect(held.map(({ message }) => message)).toEqual(expected);
    expect(held.every(({ reason }) => reason === "Suspended")).toBe(true);
  });

  test("of what cannot be read holds as well", () => {
    const suspended = { reason: "holidays", until: undefined };
    const broken = { hold: "is not JSON" };
    expect(requestGates({ ...noRequests, broken }, at)).toEqual([
      { reason: "Suspended", message: "hold cannot be read: is not JSON" },
    ]);
    expect(requestGates({ ...noRequests, broken, suspended }, at)).toHaveLength(2);
    expect(requestGates(noRequests, at)).toEqual([]);
  });

  test("of a window says when it opens, where that is in sight", () => {
    const closed = (windows: readonly Window[]) =>
      windowGates(
        { settings: { ...settings(), windows }, floor: undefined, approvers: [], windows: [] },
        { intent: "i", now: at, record: { began: undefined, settings: undefined } },
      );
    const because = 'denied by "0 0 * * *" for 1h (UTC)';
    const opens = "2026-01-01T01:00:00.000Z";
    const message = `${because}: will apply at ${opens}`;
    expect(closed([night])).toEqual([{ reason: "WindowClosed", message, opens }]);
    const always = closed([{ ...night, seconds: 2 * 86_400 }]);
    expect(always).toMatchObject([{ reason: "WindowClosed", opens: undefined }]);
    expect(always[0]?.message).toBe('denied by "0 0 * * *" for 2d (UTC)');
    expect(closed([])).toEqual([]);
  });
});
