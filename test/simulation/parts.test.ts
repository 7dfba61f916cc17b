import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { sharedOut } from "../../scripts/support/hands.ts";
import { keptAt } from "../../scripts/support/kept.ts";
import { livePart } from "./live-part.ts";
import { howManyPlanted, type Part, partsOf, type Seeds } from "./parts.ts";
import { type Done, reliabilityOf, seedsOfPlanted } from "./reliability.ts";

const everything = { from: 50, count: 230, all: true, planted: 7 };

const seedsOf = ({ count, from }: Seeds): readonly number[] =>
  Array.from({ length: count }, (_, index) => from + index);

describe("parts", () => {
  const parts = [...partsOf(everything)];

  test("take each seed once", () => {
    const seeds = parts.flatMap((part) => (part.what === "seeds" ? seedsOf(part) : []));
    expect(seeds).toEqual(seedsOf({ what: "seeds", from: 50, count: 230 }));
  });

  test("look for each planted bug in three ranges that have nothing in common", () => {
    const found = seedsOfPlanted(parts.map((part) => ({ part, outcome: none })));
    expect(found.size).toBe(howManyPlanted);
    expect([...found.values()].every((seeds) => seeds.length === 3)).toBe(true);
    const ranges = parts.flatMap((part) => (part.what === "planted" ? part.from : []));
    expect([...new Set(ranges)]).toHaveLength(3);
    expect(Math.min(...ranges.filter((from) => from > 0))).toBeGreaterThan(everything.planted);
  });

  test("are counted where they are not wanted", async () => {
    const [errors] = [...partsOf({ ...everything, all: false })].filter(
      ({ what }) => what === "errors",
    );
    const outcome = await livePart(errors as Part, Number.POSITIVE_INFINITY);
    expect(outcome).toEqual({ run: 0, of: expect.any(Number), failures: [] });
    expect(outcome.of).toBeGreaterThan(100);
  });

  test("begin no seed once time is up", async () => {
    expect(await livePart({ what: "seeds", from: 1, count: 2 }, 0)).toMatchObject({ run: 0 });
  });
});

const none = { run: 1, of: 1, failures: [] };

const planted = (from: number, seed: number | undefined): Done => ({
  part: { what: "planted", on: "shop", name: "a bug", from, count: 7 },
  outcome: { ...none, seed },
});

const seeds = (from: number, hits: readonly string[], wrongs: readonly string[]): Done => ({
  part: { what: "seeds", from, count: 1 },
  outcome: {
    ...none,
    hits,
    failures: wrongs.map((wrong) => ({ seed: from, wrongs: [wrong] })),
    determinism: { run: 1, mismatches: 0 },
    passed: 1_800_000,
  },
});

describe("what was run", () => {
  const done = [
    seeds(2, ["sweeps"], ["L1"]),
    planted(0, 3),
    seeds(1, ["sweeps", "ends Held"], ["S1"]),
    planted(10, 12),
  ];

  test("adds up, in whatever order it was done", () => {
    const report = reliabilityOf(done, 2);
    expect(reliabilityOf(done.toReversed(), 2)).toEqual(report);
    expect(report).toMatchObject({
      seeds: 2,
      sometimes: { hit: 2 },
      planted: { found: 1, of: 2 },
      determinism: { run: 2, mismatches: 0 },
      failures: [
        { seed: 1, wrongs: ["S1"] },
        { seed: 2, wrongs: ["L1"] },
      ],
      virtualHours: 1,
    });
  });

  test("has found a bug that shows in every range, and no other", () => {
    expect(reliabilityOf([...done, planted(20, undefined)], 2).planted.found).toBe(0);
  });
});

test("what is kept of a commit is gone on from, and nothing of another", () => {
  const path = join(mkdtempSync(join(tmpdir(), "parts-")), "parts.jsonl");
  const one = seeds(1, [], []);
  keptAt(path, "abc", false).add(one);
  expect(keptAt(path, "abc", true).done).toEqual([one]);
  expect(keptAt(path, "abc", true).has({ ...one.part })).toBe(true);
  expect(keptAt(path, "def", true).has(one.part)).toBe(false);
  expect(keptAt(path, "abc", false).done).toEqual([]);
});

test("what came about is kept once, and comes to the same when it is gone on from", () => {
  const path = join(mkdtempSync(join(tmpdir(), "parts-")), "parts.jsonl");
  const all = [seeds(1, ["a", "b"], []), seeds(2, ["b", "c"], ["L1"]), seeds(3, ["a"], [])];
  keptAt(path, "abc", false).add(all[0] as Done);
  for (const one of all.slice(1)) keptAt(path, "abc", true).add(one);
  const { done } = keptAt(path, "abc", true);
  expect(done.flatMap(({ outcome }) => outcome.hits)).toEqual(["a", "b", "c"]);
  expect(reliabilityOf(done, 0)).toEqual(reliabilityOf(all, 0));
});

test("two threads come to what one comes to", { timeout: 120_000 }, async () => {
  const parts = [49, 99, 149].map((from): Part => ({ what: "seeds", from, count: 2 }));
  const by = async (hands: number) => {
    const done: Done[] = [];
    const work = { hands, until: Number.POSITIVE_INFINITY, done: (one: Done) => done.push(one) };
    await sharedOut(parts, work);
    return reliabilityOf(done, 0);
  };
  const report = await by(2);
  expect(report).toEqual(await by(1));
  // One seed in fifty goes the road as well.
  expect(report.seeds).toBe(9);
});
