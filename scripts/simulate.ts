import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import process from "node:process";
import { parseArgs } from "node:util";
import { live, type Run } from "../test/simulation/scenario.ts";

// Lives through histories made from seeds and writes reports/reliability.json: what was run, and
// nothing else. Crash points, errors and overtaking have their own tests in test/world.

const { values } = parseArgs({
  options: {
    minutes: { type: "string" },
    seed: { type: "string" },
    seeds: { type: "string", default: "500" },
  },
});

const say = (text: string) => process.stdout.write(`${text}\n`);

async function one(seed: number): Promise<number> {
  const { history, wrongs } = await live(seed);
  for (const what of history) say(`  ${what}`);
  for (const what of wrongs) say(`wrong: ${what}`);
  say(wrongs.length === 0 ? `Seed ${seed} ends well.` : `Seed ${seed} does not end well.`);
  return wrongs.length === 0 ? 0 : 1;
}

async function many(seeds: number, until: number): Promise<number> {
  const failures: Pick<Run, "history" | "seed" | "wrongs">[] = [];
  const determinism = { run: 0, mismatches: 0 };
  let passed = 0;
  let run = 0;
  for (let seed = 1; seed <= seeds && Date.now() < until; seed += 1) {
    const { calls, history, passed: milliseconds, wrongs } = await live(seed);
    run += 1;
    passed += milliseconds;
    if (wrongs.length > 0) {
      failures.push({ seed, history, wrongs });
      say(`Seed ${seed}: ${wrongs.join("; ")}`);
    }
    if (seed % 100 !== 0) continue;
    // Both with a warm memory: what was compiled before is not fetched again.
    const [once, again] = [await live(seed), await live(seed)];
    determinism.run += 1;
    if (once.calls.join() !== again.calls.join()) determinism.mismatches += 1;
    say(`${seed} seeds, ${calls.length} calls in the last`);
  }
  const none = { run: 0, of: 0 };
  write({
    gitSha: execFileSync("git", ["rev-parse", "HEAD"], { encoding: "utf8" }).trim(),
    seeds: run,
    crashPoints: none,
    errorMatrix: none,
    interleavings: none,
    sometimes: { hit: 0, of: 0 },
    planted: { found: 0, of: 0 },
    determinism,
    failures,
    virtualHours: Math.round(passed / 3_600_000),
  });
  say(`${run} seeds, ${failures.length} failures, ${determinism.mismatches} mismatches.`);
  return failures.length + determinism.mismatches === 0 ? 0 : 1;
}

function write(report: object): void {
  mkdirSync("reports", { recursive: true });
  writeFileSync("reports/reliability.json", `${JSON.stringify(report, undefined, 2)}\n`);
}

const { minutes, seed, seeds } = values;
const until =
  minutes === undefined ? Number.POSITIVE_INFINITY : Date.now() + Number(minutes) * 60_000;
const most = minutes === undefined ? Number(seeds) : Number.POSITIVE_INFINITY;
process.exitCode = await (seed === undefined ? many(most, until) : one(Number(seed)));
