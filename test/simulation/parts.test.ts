import { mkdtempSync, readFileSync, rmSync } from "node:fs";
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

const filesIn = () => {
  const folder = mkdtempSync(join(tmpdir(), "parts-"));
  return { path: join(folder, "parts.jsonl"), earlier: join(folder, "simulated.jsonl") };
};

test("what is kept of a tree is gone on from, and nothing of another", () => {
  const files = filesIn();
  const one = planted(1, 5);
  keptAt(files, "abc", false).add(one);
  expect(keptAt(files, "abc", true).done).toEqual([one]);
  expect(keptAt(files, "abc", true).has({ ...one.part })).toBe(true);
  expect(keptAt(files, "def", true).has(one.part)).toBe(false);
  expect(keptAt(files, "abc", false).done).toEqual([]);
});

test("what came about is kept once, and comes to the same when it is gone on from", () => {
  const files = filesIn();
  const all = [seeds(1, ["a", "b"], []), seeds(2, ["b", "c"], []), seeds(3, ["a"], [])];
  keptAt(files, "abc", false).add(all[0] as Done);
  for (const one of all.slice(1)) keptAt(files, "abc", true).add(one);
  const { done } = keptAt(files, "abc", true);
  expect(done.flatMap(({ outcome }) => outcome.hits)).toEqual(["a", "b", "c"]);
  expect(reliabilityOf(done, 0)).toEqual(reliabilityOf(all, 0));
});

describe("what lasts", () => {
  const all = [seeds(2, ["b"], []), planted(0, 3), seeds(1, ["a"], []), seeds(9, [], [])];

  test("is a line for each range of seeds, and adds up to the same", () => {
    const files = filesIn();
    const kept = keptAt(files, "abc", false);
    for (const one of all) kept.add(one);
    kept.writeTo(files.earlier);
    rmSync(files.path);
    const again = keptAt(files, "abc", true);
    expect(again.done.map(({ part }) => part)).toMatchObject([
      { what: "seeds", from: 1, count: 2 },
      { what: "seeds", from: 9, count: 1 },
      { what: "planted" },
    ]);
    expect(reliabilityOf(again.done, 1)).toEqual(reliabilityOf(all, 1));
    expect(again.has({ what: "seeds", from: 2, count: 1 })).toBe(true);
    expect(again.has({ what: "seeds", from: 2, count: 2 })).toBe(false);
    expect(again.has({ what: "seeds", from: 8, count: 2 })).toBe(false);
  });

  test("counts once what was kept twice", () => {
    const files = filesIn();
    const kept = keptAt(files, "abc", false);
    for (const one of all) kept.add(one);
    kept.writeTo(files.earlier);
    expect(reliabilityOf(keptAt(files, "abc", true).done, 1)).toEqual(reliabilityOf(all, 1));
  });

  test("is lived again where it ended badly, and told until it ends well", () => {
    const files = filesIn();
    const kept = keptAt(files, "abc", false);
    for (const one of [seeds(1, [], []), seeds(2, [], ["L1"]), seeds(3, [], [])]) kept.add(one);
    expect(reliabilityOf(kept.done, 0).failures).toHaveLength(1);
    kept.writeTo(files.earlier);
    const again = keptAt(files, "abc", true);
    expect(again.done.map(({ part }) => part)).toMatchObject([{ from: 1 }, { from: 3 }]);
    expect(again.has(seeds(2, [], []).part)).toBe(false);
    again.add(seeds(2, [], []));
    again.writeTo(files.earlier);
    expect(keptAt(files, "abc", true).done.map(({ part }) => part)).toMatchObject([
      { from: 1, count: 3 },
    ]);
  });

  test("stays where a run began anew", () => {
    const files = filesIn();
    for (const one of [seeds(1, ["a"], []), seeds(2, [], ["L1"]), seeds(3, ["b"], [])]) {
      const kept = keptAt(files, "abc", false);
      kept.add(one);
      kept.writeTo(files.earlier);
    }
    expect(keptAt(files, "abc", true).done.map(({ part }) => part)).toMatchObject([
      { from: 1 },
      { from: 3 },
    ]);
    // What ended badly is told until it is lived again.
    expect(readFileSync(files.earlier, "utf8")).toContain("L1");
  });

  test("stands beside what was run of other trees, and replaces what was of its own", () => {
    const files = filesIn();
    for (const tree of ["abc", "def", "abc"]) {
      const kept = keptAt(files, tree, tree === "abc");
      kept.add(seeds(tree === "def" ? 5 : kept.done.length + 1, [], []));
      kept.writeTo(files.earlier);
    }
    const kept = (tree: string) => keptAt(files, tree, true).done.map(({ part }) => part);
    expect(kept("def")).toMatchObject([{ from: 5, count: 1 }]);
    expect(kept("abc")).toMatchObject([{ from: 1, count: 2 }]);
  });
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

test("tell a part of which nothing goes on, and go on with the next", async () => {
  const done: Done[] = [];
  const parts: Part[] = [1, 2].map((from) => ({ what: "seeds", from, count: 1 }));
  await sharedOut(parts, {
    hands: 1,
    until: Number.POSITIVE_INFINITY,
    done: (one) => done.push(one),
    hand: new URL("./standing-hand.ts", import.meta.url),
  });
  expect(done.map(({ outcome, part }) => [part, outcome.failures.length])).toEqual([
    [parts[0], 1],
    [parts[1], 0],
  ]);
});

test("what was counted and then run, or looked for in more seeds, is one", () => {
  const points = (isWanted: boolean): Done => ({
    part: { what: "crash points", on: "shop", name: "a", isWanted },
    outcome: { run: isWanted ? 5 : 0, of: 5, failures: [] },
  });
  const bug = (count: number, seed: number | undefined): Done => ({
    part: { what: "planted", on: "shop", name: "a bug", from: 0, count },
    outcome: { ...none, seed },
  });
  for (const done of [
    [points(true), points(false), bug(9, 8), bug(7, undefined)],
    [points(false), points(true), bug(7, undefined), bug(9, 8)],
  ]) {
    const report = reliabilityOf(done, 1);
    expect(report.crashPoints).toEqual({ run: 5, of: 5 });
    expect(report.planted).toEqual({ found: 1, of: 1 });
    expect([...seedsOfPlanted(done)]).toEqual([["a bug", [8]]]);
  }
});
