import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Lease } from "../../src/model/lease.ts";
import {
  asked,
  held,
  isAside,
  isLive,
  isOver,
  leasing,
  newLease,
  type Situation,
  type Standing,
} from "../../src/promote/leases.ts";

const now = "2026-01-01T00:00:00.000Z";
const at = (minutes: number): string => new Date(Date.parse(now) + minutes * 60_000).toISOString();
const settings = { ttlSeconds: 7200, keepOnFailureSeconds: 3600, max: 3 };
const wanted = (revision: string, reference = "main") => ({
  instance: `${reference}-${revision}`,
  revision,
  reference,
});
const place = {
  application: "myapps",
  environment: "test",
  prefix: "trueup",
  target: { account: "1", region: "eu-west-1" },
};
const lease = (revision: string, more: Partial<Lease> = {}): Lease => ({
  ...newLease(wanted(revision), settings, place, { before: [], now }),
  ...more,
});
const situation = (
  more: Partial<Situation>,
  standings: Record<string, Standing> = {},
): Situation => ({
  wanted: [wanted("a")],
  leases: [],
  over: new Set(),
  standings: new Map(Object.entries(standings)),
  settings,
  verifies: false,
  now: at(10),
  ...more,
});
const changes = (given: Situation) =>
  leasing(given).change.map(({ ends, instance, reason }) => [instance, reason, ends]);

describe("a lease", () => {
  test("is of one revision, in one place, and has failed at nothing yet", () => {
    expect(lease("a")).toEqual({
      v: 1,
      ...place,
      ...wanted("a"),
      began: now,
      ends: at(120),
      latest: at(24 * 60),
      reason: "Expired",
      kept: false,
      failures: {},
      leaked: [],
    });
  });

  test("ends after its time, and whatever is asked for within a day", () => {
    expect(lease("a").ends).toBe(at(120));
    const long = { ...settings, ttlSeconds: 7 * 86_400 };
    expect(newLease(wanted("a"), long, place, { before: [], now }).ends).toBe(at(24 * 60));
  });

  test("begins after those there are, whatever the clocks say: what began last is promoted", () => {
    const before = [lease("a", { began: at(2) }), lease("b", { began: at(1) })];
    const { began, ends } = newLease(wanted("c"), settings, place, { before, now });
    expect(began).toBe("2026-01-01T00:02:00.001Z");
    expect(ends).toBe(at(120));
  });

  test("lets nothing be begun in the last minute, which a pass may take", () => {
    expect(isLive({ ends: at(10) }, at(8.9))).toBe(true);
    expect(isLive({ ends: at(10) }, at(9))).toBe(false);
    expect(isOver({ ends: at(10) }, at(9.9))).toBe(false);
    expect(isOver({ ends: at(10) }, at(10))).toBe(true);
  });
});

describe("what begins", () => {
  test("is what is wanted and was never there", () => {
    expect(leasing(situation({})).begin).toEqual([wanted("a")]);
    expect(leasing(situation({ leases: [lease("a")] })).begin).toEqual([]);
    expect(leasing(situation({ over: new Set(["main-a"]) })).begin).toEqual([]);
  });

  test("is no more than there may be; what is being deleted takes room until it is gone", () => {
    const many = [wanted("a", "x"), wanted("b", "y"), wanted("c", "z")];
    const leases = [lease("p", { ends: now }), lease("q")];
    const first = leasing(situation({ wanted: many, leases }));
    expect([first.begin.length, first.waiting.length]).toEqual([1, 2]);
    const gone = [lease("p", { ends: now, gone: now }), lease("q")];
    expect(leasing(situation({ wanted: many, leases: gone })).begin).toHaveLength(2);
  });
});

describe("an instance", () => {
  const one = { leases: [lease("a")] };

  test("that was verified is needed no more", () => {
    expect(changes(situation(one, { "main-a": "verified" }))).toEqual([
      ["main-a", "Verified", at(10)],
    ]);
  });

  test("that failed is kept for people, once", () => {
    const [kept] = leasing(situation(one, { "main-a": "failed" })).change;
    expect(kept).toMatchObject({ reason: "KeptOnFailure", ends: at(70), kept: true });
    const again = situation({ leases: [kept as Lease], now: at(30) }, { "main-a": "failed" });
    expect(leasing(again).change).toEqual([]);
  });

  test("that failed is kept no longer than the day that no lease outlives", () => {
    const late = lease("a", { ends: at(24 * 60) });
    const given = situation({ leases: [late], now: at(23.5 * 60) }, { "main-a": "failed" });
    expect(changes(given)).toEqual([["main-a", "KeptOnFailure", at(24 * 60)]]);
  });

  test("that failed goes at once where nothing is kept", () => {
    const given = { ...one, settings: { ...settings, keepOnFailureSeconds: 0 } };
    expect(changes(situation(given, { "main-a": "failed" }))).toEqual([
      ["main-a", "Failed", at(10)],
    ]);
  });

  test("of an older revision goes when that of a newer is ready, and no sooner", () => {
    const given = { wanted: [wanted("b")], leases: [lease("a"), lease("b")] };
    expect(changes(situation(given, { "main-a": "ready", "main-b": "moving" }))).toEqual([]);
    expect(changes(situation(given, { "main-a": "ready", "main-b": "ready" }))).toEqual([
      ["main-a", "Superseded", at(10)],
    ]);
  });

  test("is not older than another that is wanted as well", () => {
    const given = {
      wanted: [wanted("b"), wanted("a")],
      leases: [lease("a"), lease("b")],
    };
    expect(changes(situation(given, { "main-a": "ready", "main-b": "ready" }))).toEqual([]);
  });

  test("of an older revision that is still being verified is not disturbed", () => {
    const given = { wanted: [wanted("b")], leases: [lease("a"), lease("b")], verifies: true };
    expect(changes(situation(given, { "main-a": "ready", "main-b": "verified" }))).toEqual([
      ["main-b", "Verified", at(10)],
    ]);
  });

  test("of another branch is nobody's older", () => {
    const other = { ...lease("c"), ...wanted("c", "feature/c") };
    const given = { wanted: [wanted("a")], leases: [lease("a"), other] };
    expect(changes(situation(given, { "main-a": "ready", "feature/c-c": "ready" }))).toEqual([]);
  });
});

test("no lease that is over is touched, none is moved beyond its day, and there are never too many", () => {
  const standing = fc.constantFrom<Standing>("moving", "ready", "verified", "failed");
  const some = fc.array(
    fc.record({ name: fc.constantFrom("a", "b", "c", "d", "e"), standing, ends: fc.nat(3000) }),
  );
  fc.assert(
    fc.property(some, fc.integer({ min: 1, max: 4 }), fc.boolean(), (given, max, verifies) => {
      const leases = [...new Map(given.map((one) => [one.name, one])).values()].map((one) =>
        lease(one.name, { ends: at(Math.min(one.ends, 1440)) }),
      );
      const standings = Object.fromEntries(given.map((one) => [`main-${one.name}`, one.standing]));
      const wants = ["a", "x", "y", "z"].map((name) => wanted(name));
      const base = { wanted: wants, leases, settings: { ...settings, max }, verifies };
      const found = leasing(situation(base, standings));
      expect(found.change.every((one) => Date.parse(one.ends) <= Date.parse(one.latest))).toBe(
        true,
      );
      const over = leases.filter((one) => isOver(one, at(10))).map((one) => one.instance);
      expect(found.change.filter((one) => over.includes(one.instance))).toEqual([]);
      expect(found.begin.length).toBeLessThanOrEqual(Math.max(0, max - leases.length));
    }),
  );
});

test("what people ask for or hold is beside what is followed", () => {
  expect([asked, held, "main"].map((reference) => isAside({ reference }))).toEqual([
    true,
    true,
    false,
  ]);
});
