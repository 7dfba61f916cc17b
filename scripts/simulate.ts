import { mkdirSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import process from "node:process";
import { parseArgs } from "node:util";
import type { History } from "../test/simulation/events.ts";
import { historyOf } from "../test/simulation/histories.ts";
import { howManyPlanted, partsOf, type Wish } from "../test/simulation/parts.ts";
import * as previews from "../test/simulation/previews/histories.ts";
import { run as live } from "../test/simulation/previews/run.ts";
import type { Failure } from "../test/simulation/range.ts";
import {
  type Done,
  hitsIn,
  type Reliability,
  reliabilityOf,
  seedsOfPlanted,
} from "../test/simulation/reliability.ts";
import * as road from "../test/simulation/road/histories.ts";
import { run as travel } from "../test/simulation/road/run.ts";
import { run } from "../test/simulation/run.ts";
import { fewer, shrink } from "../test/simulation/shrink.ts";
import { wanted } from "../test/simulation/sometimes.ts";
import { starts } from "../test/simulation/starts.ts";
import * as steps from "../test/simulation/steps/histories.ts";
import { run as step } from "../test/simulation/steps/run.ts";
import { sharedOut } from "./support/hands.ts";
import { keptAt } from "./support/kept.ts";
import { git, simulatedTree } from "./support/simulated.ts";

// Lives through histories made from seeds and writes reports/reliability.json: what was run, and
// nothing else.

const { values } = parseArgs({
  options: {
    /** Crash points, errors and interleavings too, all of them. */
    all: { type: "boolean", default: false },
    from: { type: "string", default: "0" },
    /** So many threads, each of some 600 MB. */
    hands: { type: "string", default: String(Math.min(availableParallelism(), 8)) },
    /** Writes what was run to docs/simulated.jsonl, where a later `--resume` finds it. */
    keep: { type: "boolean", default: false },
    minutes: { type: "string" },
    /** So many seeds for each planted bug, in each of three ranges. */
    planted: { type: "string", default: "0" },
    /** Goes on where runs of the same tree were ended. */
    resume: { type: "boolean", default: false },
    /** `--seed N` as a story of branches that come and go. */
    previews: { type: "boolean", default: false },
    /** `--seed N` as a story of the road. */
    road: { type: "boolean", default: false },
    seed: { type: "string" },
    seeds: { type: "string", default: "1000" },
    /** `--seed N` as a story of what takes several updates. */
    steps: { type: "boolean", default: false },
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

/** Stories that are made from seeds, and what is wrong with how one ends. */
interface Stories<S extends { readonly events: readonly unknown[] }> {
  historyOf(seed: number): S;
  run(story: S, say?: (line: string) => void): Promise<readonly string[]>;
}

/** One of these, call by call, made smaller where it does not end well. */
async function oneOf<S extends { readonly events: readonly unknown[] }>(
  { historyOf: storyOf, run: live }: Stories<S>,
  seed: number,
): Promise<number> {
  const story = storyOf(seed);
  const wrongs = await live(story, say);
  for (const wrong of wrongs) say(`wrong: ${wrong}`);
  say(`Seed ${seed} ends ${wrongs.length === 0 ? "well" : "not well"}.`);
  const [first] = wrongs;
  if (first === undefined) return 0;
  const events = await fewer(story.events, async (some) =>
    (await live({ ...story, events: some })).map(ruleOf).includes(ruleOf(first)),
  );
  say(`The same in small: ${JSON.stringify({ ...story, events })}`);
  return 1;
}

const ruleOf = (wrong: string): string => wrong.split(" ")[0] ?? "";

/** All that is wished for, by as many threads as wanted; what was done before is not done again. */
async function many(
  wish: Wish,
  { hands, until }: { hands: number; until: number },
): Promise<number> {
  const gitSha = git("rev-parse", "HEAD");
  // What was run with changes that are not committed was run of no tree.
  const isClean =
    git("status", "--porcelain", "--untracked-files=no", "--", ".", `:!${lasting}`) === "";
  const files = { path: "reports/parts.jsonl", earlier: lasting };
  const kept = keptAt(files, isClean ? simulatedTree() : "changed", values.resume && isClean);
  const ended: Done[] = [];
  let lived = 0;
  const done = (one: Done): void => {
    for (const failure of one.outcome.failures) say(wordsOf(failure));
    lived += one.part.what === "seeds" ? one.outcome.run : 0;
    if (one.part.what === "seeds" && one.part.from % 1000 === 0) say(`${lived} histories`);
    // What time was up for is not done.
    if (Date.now() < until) kept.add(one);
    else ended.push(one);
  };
  await sharedOut(
    partsOf(wish).filter((part) => !kept.has(part)),
    { hands, until, done },
  );
  const all = [...kept.done, ...ended];
  const report = reliabilityOf(all, howManyPlanted);
  const hits = hitsIn(all);
  for (const name of wanted) if (!hits.has(name)) say(`never: ${name}`);
  for (const [name, seeds] of seedsOfPlanted(all)) {
    say(`${name}: ${seeds.map((seed) => seed ?? "not found").join(", ")}`);
  }
  write({ gitSha, ...report });
  if (values.keep && isClean) kept.writeTo(lasting);
  else if (values.keep) say("Not kept: there are changes that are not committed.");
  say(summaryOf(report));
  return report.failures.length === 0 ? 0 : 1;
}

/** What was run of this tree and of earlier ones, in the repository. */
const lasting = "docs/simulated.jsonl";

const wordsOf = ({ road: onTheRoad, seed, wrongs }: Failure): string =>
  `${seed === undefined ? "" : `Seed ${seed}${onTheRoad ? " on the road" : ""}: `}${wrongs.join("; ")}`;

const summaryOf = ({ determinism, failures, seeds }: Reliability): string =>
  `${seeds} histories, ${failures.length} failures, ${determinism.mismatches} mismatches.`;

function write(report: object): void {
  mkdirSync("reports", { recursive: true });
  writeFileSync("reports/reliability.json", `${JSON.stringify(report, undefined, 2)}\n`);
}

const { minutes, seed } = values;
const isTimed = minutes !== undefined;
const until = isTimed ? Date.now() + Number(minutes) * 60_000 : Number.POSITIVE_INFINITY;
const wish: Wish = {
  from: Number(values.from),
  count: isTimed ? Number.POSITIVE_INFINITY : Number(values.seeds),
  all: values.all,
  planted: Number(values.planted),
};
/** One story, of the kind that is asked for. */
function tell(seed: number): Promise<number> {
  if (values.previews) return oneOf({ ...previews, run: live }, seed);
  if (values.steps) return oneOf({ ...steps, run: step }, seed);
  return values.road ? oneRoad(seed) : one(seed);
}

process.exitCode = await (seed === undefined
  ? many(wish, { hands: Number(values.hands), until })
  : tell(Number(seed)));
