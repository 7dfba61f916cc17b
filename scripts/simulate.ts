import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import process from "node:process";
import { parseArgs } from "node:util";
import { historyOf } from "../test/simulation/histories.ts";
import { liveRange } from "../test/simulation/range.ts";
import { run } from "../test/simulation/run.ts";
import { sometimes, wanted } from "../test/simulation/sometimes.ts";
import { starts } from "../test/simulation/starts.ts";

// Lives through histories made from seeds and writes reports/reliability.json: what was run, and
// nothing else.

const { values } = parseArgs({
  options: {
    from: { type: "string", default: "0" },
    minutes: { type: "string" },
    seed: { type: "string" },
    seeds: { type: "string", default: "1000" },
  },
});

const say = (text: string) => process.stdout.write(`${text}\n`);
/** One history, call by call. */
async function one(seed: number): Promise<number> {
  const history = historyOf(seed, [...(await starts()).keys()]);
  say(JSON.stringify({ ...history, events: history.events.length }));
  const { end, wrongs } = await run(history, { say });
  for (const wrong of wrongs) say(`wrong: ${wrong}`);
  say(`Seed ${seed} ends ${end}${wrongs.length === 0 ? "" : ", and not well"}.`);
  return wrongs.length === 0 ? 0 : 1;
}

async function many(from: number, count: number, until: number): Promise<number> {
  const seen = sometimes();
  const lived = await liveRange({ from, count, until, sometimes: seen, say });
  const { determinism, failures, passed, seeds: run } = lived;
  const none = { run: 0, of: 0 };
  write({
    gitSha: execFileSync("git", ["rev-parse", "HEAD"], { encoding: "utf8" }).trim(),
    seeds: run,
    crashPoints: none,
    errorMatrix: none,
    interleavings: none,
    sometimes: { hit: wanted.filter((name) => seen.hits.has(name)).length, of: wanted.length },
    planted: { found: 0, of: 0 },
    determinism,
    failures,
    virtualHours: Math.round(passed / 3_600_000),
  });
  for (const name of wanted) if (!seen.hits.has(name)) say(`never: ${name}`);
  say(`${run} histories, ${failures.length} failures, ${determinism.mismatches} mismatches.`);
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
process.exitCode = await (seed === undefined ? many(Number(from), most, until) : one(Number(seed)));
