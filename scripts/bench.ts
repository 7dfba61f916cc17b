import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { build } from "esbuild";
import { cli } from "./build.ts";
import { composeOf } from "./support/services.ts";

// Figures side by side in one run: medians of fresh processes, taken in turns, so that whatever else
// the machine does falls on both sides. CPU time is what to trust: wall time is the machine's too.

interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** What it is measured against, in the same unit. */
  readonly against: number;
  readonly ratio: number;
  /** The most that the ratio may be. */
  readonly goal: number;
  readonly met: boolean;
}

interface Taken {
  readonly cpuMs: number;
  readonly wallMs: number;
  readonly peakMiB: number;
}

const rounds = 9;
/** Enough for all that a process prints of 500 services, in bytes. */
const maxBuffer = 2 ** 28;
const root = fileURLToPath(new URL("../", import.meta.url));
const example = join(root, "examples/myapps");

/** What ECS ComposeX took to render one to three services: recorded, since it is no part of this. */
const recorded = { wallMs: 1240, cpuMs: 1000, peakMiB: 86 };

/** Tells at the end of a process, on its standard error, what the whole of it took. */
const probeText = `process.on("exit", () => {
  const { maxRSS, systemCPUTime, userCPUTime } = process.resourceUsage();
  const taken = { cpuMs: (systemCPUTime + userCPUTime) / 1000, peakMiB: maxRSS / 1024 };
  process.stderr.write("\\n" + JSON.stringify(taken) + "\\n");
});
`;

/** `directory` is inside the tree, where bundles find their packages. */
async function measure(directory: string): Promise<readonly Figure[]> {
  // As it is shipped: bundled, without types.
  const measured = join(directory, "support/measured.mjs");
  const command = join(directory, "cli/main.mjs");
  const made = (source: string, outdir: string) =>
    build({ ...cli, entryPoints: [source], outdir: join(directory, outdir) });
  await made(fileURLToPath(import.meta.resolve("./support/measured.ts")), "support");
  await made(join(root, cli.entryPoints[0]), "cli");
  const probe = join(directory, "probe.mjs");
  writeFileSync(probe, probeText);

  const strict = join(directory, "compose.yaml");
  writeFileSync(strict, withoutDialect(composeOf(500)));

  const runs = {
    config: () => whole(probe, [command, "config", "-f", strict], root),
    yardstick: () => part([measured, "yardstick", "500"]),
    load: () => part([measured, "load", "500"]),
    afterReading: () => part(["--expose-gc", measured, "after-reading", "500"]),
    compile: () => part(["--expose-gc", measured, "compile", "500"]),
    whole: () => whole(probe, [measured, "whole", "500"], root),
    render: () => whole(probe, [command, "render", "--environment", "dev"], example),
    loadMany: () => part([measured, "load", "5000"]),
    many: () => part(["--expose-gc", measured, "compile", "5000"]),
  };
  const all: Record<keyof typeof runs, Taken[]> = {
    config: [],
    yardstick: [],
    load: [],
    afterReading: [],
    compile: [],
    whole: [],
    render: [],
    loadMany: [],
    many: [],
  };
  // What takes seconds comes after all the rest: machines are slower for a while after it.
  const isLong = (name: string): boolean => name === "loadMany" || name === "many";
  const [short = [], long = []] = [false, true].map((wanted) =>
    Object.entries(runs).filter(([name]) => isLong(name) === wanted),
  );
  for (const some of [short, long])
    for (let round = 0; round < rounds; round += 1)
      for (const [name, run] of some) all[name as keyof typeof runs].push(run());
  const of: Of = (name, key) => median(all[name].map((run) => run[key]));
  return [
    ...loading(of),
    ...besideDockerCompose(strict, of("config", "wallMs")),
    ...rendering(of),
    ...sweeping(),
    throttled(),
  ];
}

type Of = (
  run:
    | "afterReading"
    | "compile"
    | "config"
    | "load"
    | "loadMany"
    | "many"
    | "render"
    | "whole"
    | "yardstick",
  key: keyof Taken,
) => number;

function loading(of: Of): readonly Figure[] {
  const load = of("load", "cpuMs");
  const yardstick = of("yardstick", "cpuMs");
  const rest = of("afterReading", "cpuMs");
  return [
    figure("load after reading: 500 services, CPU (js-yaml.load)", "ms", rest, yardstick, 1),
    figure("load: 5,000 services, CPU (500 services)", "ms", of("loadMany", "cpuMs"), load, 13),
    figure("load of 500 services, peak memory", "MiB", of("load", "peakMiB"), 200, 1),
    figure("trueup config, 500 services, peak memory", "MiB", of("config", "peakMiB"), 200, 1),
  ];
}

function rendering(of: Of): readonly Figure[] {
  const compile = of("compile", "cpuMs");
  const yardstick = of("yardstick", "cpuMs");
  return [
    figure("compile, link, digest: 500 services, CPU (js-yaml.load)", "ms", compile, yardstick, 1),
    figure("the same: 5,000 services, CPU (500 services)", "ms", of("many", "cpuMs"), compile, 13),
    figure("render of 500 services, peak memory", "MiB", of("whole", "peakMiB"), 256, 1),
    figure(
      "trueup render, 3 services, wall (ECS ComposeX)",
      "ms",
      of("render", "wallMs"),
      recorded.wallMs,
      0.25,
    ),
    figure(
      "trueup render, 3 services, CPU (ECS ComposeX)",
      "ms",
      of("render", "cpuMs"),
      recorded.cpuMs,
      0.25,
    ),
    figure(
      "trueup render, 3 services, peak memory (ECS ComposeX)",
      "MiB",
      of("render", "peakMiB"),
      recorded.peakMiB,
      1,
    ),
  ];
}

/** So many environments are swept. */
const swept = 400;
/** What one processor has for each of 400 a second, in milliseconds. */
const eachOf400 = 1000 / 400;

function sweeping(): readonly Figure[] {
  const script = fileURLToPath(import.meta.resolve("./support/swept.ts"));
  const { cpuMs, whole } = printed<Taken & { readonly whole: Pick<Taken, "cpuMs"> }>([
    script,
    String(swept),
  ]);
  const name = `sweep, one of ${swept} unchanged environments with lookups, CPU`;
  return [
    figure(name, "ms", cpuMs, eachOf400, 1),
    figure("the same through decide, none known to be at rest", "ms", whole.cpuMs, eachOf400, 1),
  ];
}

/** A thousand stacks of CloudFormation that runs ten operations at once, on the sandbox's clock. */
function throttled(): Figure {
  const script = fileURLToPath(import.meta.resolve("./support/throttled.ts"));
  const { least, stalled, taken } = printed<
    Readonly<Record<"least" | "stalled" | "taken", number>>
  >([script, "250"]);
  if (stalled > 0) throw new Error(`${stalled} environments gave up because of throttling.`);
  return figure("1,000 stacks, throttled, simulated (ten at a time)", "s", taken, least, 1.1);
}

/** The reference, where it is installed; what it took elsewhere is no figure of this run. */
function besideDockerCompose(file: string, wallMs: number): readonly Figure[] {
  const compose = (...args: readonly string[]) =>
    spawnSync("docker", ["compose", ...args], { maxBuffer });
  if (compose("version").status !== 0) return [];
  const taken = Array.from({ length: rounds }, () => {
    const began = performance.now();
    const { status } = compose("-f", file, "config", "--format", "json");
    if (status !== 0) throw new Error("docker compose refuses the benchmark's file.");
    return performance.now() - began;
  });
  const name = "trueup config, 500 services, wall (docker compose config)";
  return [figure(name, "ms", wallMs, median(taken), 1)];
}

/** The reference takes no secret that only `x-secrets` describes. */
const withoutDialect = (text: string): string =>
  text.replace(/^( {2}credentials-\d+:) .*$/gm, "$1 { file: ./password }");

/** A process that says itself what the part of it took that counts. */
const part = (args: readonly string[]): Taken => printed(args);

function printed<T>(args: readonly string[]): T {
  const { status, stderr, stdout } = spawnSync(process.execPath, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as T;
}

/** A whole process, as the probe tells it. */
function whole(probe: string, args: readonly string[], cwd: string): Taken {
  const began = performance.now();
  const { status, stderr } = spawnSync(
    process.execPath,
    ["--import", pathToFileURL(probe).href, ...args],
    { cwd, encoding: "utf8", maxBuffer },
  );
  const wallMs = performance.now() - began;
  if (status !== 0) throw new Error(stderr);
  return { ...(JSON.parse(stderr.trimEnd().split("\n").at(-1) ?? "") as Taken), wallMs };
}

const median = (all: readonly number[]): number =>
  [...all].sort((a, b) => a - b)[Math.floor(all.length / 2)] ?? Number.NaN;

function figure(name: string, unit: string, value: number, against: number, goal: number): Figure {
  const ratio = value / against;
  return {
    name,
    value: rounded(value),
    unit,
    against: rounded(against),
    ratio: rounded(ratio),
    goal,
    met: ratio <= goal,
  };
}

const rounded = (value: number): number => Math.round(value * 100) / 100;

const table = (figures: readonly Figure[]): string =>
  figures
    .map(({ against, goal, met, name, ratio, unit, value }) =>
      [
        name.padEnd(58),
        `${value.toFixed(0)} ${unit}`.padStart(9),
        `${against.toFixed(0)} ${unit}`.padStart(9),
        `${ratio.toFixed(2)}×`.padStart(8),
        `≤ ${goal}×`.padStart(8),
        met ? "met" : "MISSED",
      ].join("  "),
    )
    .join("\n");

const { values } = parseArgs({ options: { json: { type: "boolean" } } });
const directory = mkdtempSync(join(root, "node_modules/.bench-"));
try {
  const figures = await measure(directory);
  const text = values.json === true ? JSON.stringify({ figures }, undefined, 2) : table(figures);
  process.stdout.write(`${text}\n`);
} finally {
  rmSync(directory, { recursive: true });
}
