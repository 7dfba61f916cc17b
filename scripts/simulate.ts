import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import process from "node:process";
import { parseArgs } from "node:util";
import type { History } from "../test/simulation/events.ts";
import {
  everyCrashPoint,
  everyError,
  everyInterleaving,
  foundInAll,
  howManyPlanted,
} from "../test/simulation/everything.ts";
import { historyOf } from "../test/simulation/histories.ts";
import { liveRange } from "../test/simulation/range.ts";
import * as road from "../test/simulation/road/histories.ts";
import { run as travel } from "../test/simulation/road/run.ts";
import { run } from "../test/simulation/run.ts";
import { fewer, shrink } from "../test/simulation/shrink.ts";
import { sometimes, wanted } from "../test/simulation/sometimes.ts";
import { starts } from "../test/simulation/starts.ts";

// Lives through histories made from seeds and writes reports/reliability.json: what was run, and
// nothing else.

const { values } = parseArgs({
  options: {
    /** Crash points, errors and interleavings too, all of them. */
    all: { type: "boolean", default: false },
    from: { type: "string", default: "0" },
    minutes: { type: "string" },
    /** So many seeds for each planted bug, in each of three ranges. */
    planted: { type: "string", default: "0" },
    /** `--seed N` as a story of the road. */
    road: { type: "boolean", default: false },
    seed: { type: "string" },
    seeds: { type: "string", default: "1000" },
  },
});

const say = (text: string) => process.stdout.write(`${text}\n`);

/** One history, call by call; one that does not end well is made smaller. */
async function one(seed: number): Promise<number> {
  const history = historyOf(seed, [...(await starts()).keys()]);
  const { end, wrongs } = await run(history, { say });
  for (const wrong of wrongs) say(`wrong: ${wrong}`);
  say(`Seed ${seed} ends ${end}${wrongs.length === 0 ? "" : ", and not well"}.`);
  const [first] = wrongs;
  if (first === undefined) return 0;
  const rule = ruleOf(first);
  const shows = async (smaller: History) => (await run(smaller)).wrongs.map(ruleOf).includes(rule);
  say(`The same in small: ${JSON.stringify(await shrink(history, shows))}`);
  return 1;
}

/** One story of the road, call by call, made smaller where it does not end well. */
async function oneRoad(seed: number): Promise<number> {
  const story = road.historyOf(seed);
  const { end, wrongs } = await travel(story, { say });
  for (const wrong of wrongs) say(`wrong: ${wrong}`);
  say(`Seed ${seed} ends ${end}${wrongs.length === 0 ? "" : ", and not well"}.`);
  const [first] = wrongs;
  if (first === undefined) return 0;
  const events = await fewer(story.events, async (some) =>
    (await travel({ ...story, events: some })).wrongs.map(ruleOf).includes(ruleOf(first)),
  );
  say(`The same in small: ${JSON.stringify({ ...story, events })}`);
  return 1;
}

const ruleOf = (wrong: string): string => wrong.split(" ")[0] ?? "";

async function many(from: number, count: number, until: number): Promise<number> {
  const seen = sometimes();
  const lived = await liveRange({ from, count, until, sometimes: seen, roads: true, say });
  const crashPoints = await everyCrashPoint(values.all);
  const errors = await everyError(values.all);
  const interleavings = await everyInterleaving(values.all);
  const most = Number(values.planted);
  const found = most === 0 ? [] : await foundInAll(most, say);
  const whole = [crashPoints, errors, interleavings].flatMap(({ failures }) => failures);
  for (const failure of whole) say(failure);
  for (const name of wanted) if (!seen.hits.has(name)) say(`never: ${name}`);
  const failures = [...lived.failures, ...whole.map((wrong) => ({ wrongs: [wrong] }))];
  const { determinism, passed, seeds } = lived;
  write({
    gitSha: execFileSync("git", ["rev-parse", "HEAD"], { encoding: "utf8" }).trim(),
    seeds,
    crashPoints: { run: crashPoints.run, of: crashPoints.of },
    errorMatrix: { run: errors.run, of: errors.of },
    interleavings: { run: interleavings.run, of: interleavings.of },
    sometimes: { hit: wanted.filter((name) => seen.hits.has(name)).length, of: wanted.length },
    planted: { found: found.length, of: howManyPlanted },
    determinism,
    failures,
    virtualHours: Math.round(passed / 3_600_000),
  });
  say(`${seeds} histories, ${failures.length} failures, ${determinism.mismatches} mismatches.`);
  return failures.length + determinism.mismatches === 0 ? 0 : 1;
}

function write(report: object): void {
  mkdirSync("reports", { recursive: true });
  writeFileSync("reports/reliability.json", `${JSON.stringify(report, undefined, 2)}\n`);
}

const { from, minutes, seed, seeds } = values;
const until =
  minutes === undefined ? Number.POSITIVE_INFINITY : Date.now() + Number(minutes) * 60_000;
const most = minutes === undefined ? Number(seeds) : Number.POSITIVE_INFINITY;
const tell = values.road ? oneRoad : one;
process.exitCode = await (seed === undefined
  ? many(Number(from), most, until)
  : tell(Number(seed)));
