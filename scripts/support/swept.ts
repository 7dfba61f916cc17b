import { readFileSync } from "node:fs";
import { installationFrom } from "../../src/aws/installation.ts";
import { awsPorts } from "../../src/aws/ports.ts";
import { exampleDirectory, seedImages } from "../../src/cli/seed.ts";
import { keysFor } from "../../src/handle.ts";
import { loops } from "../../src/loops.ts";
import type { Ports } from "../../src/ports/ports.ts";
import { stateOf } from "../../src/sandbox/cloudformation/state.ts";
import { answerOf } from "../../src/sandbox/in-process.ts";
import { workOf } from "../../src/sandbox/lambda/work.ts";
import { setQuota } from "../../src/sandbox/service-quotas.ts";
import { dueOf } from "../../src/sweep.ts";
import { lookup, makeNetwork } from "../../test/world/shared-network.ts";
import { testWorld } from "../../test/world/world.ts";

// `swept N`: what a sweep takes for one of N environments that have not changed, four to an
// application, each of three services in four stacks, in a network that is looked up, against the
// sandbox in this process. Prints it twice: as it is, where most are known to be at rest, and `whole`,
// where none is and each is looked at from fetch to decide. Nobody looks for drift, which is once a
// day and no part of a sweep. To make 10,000 takes seven minutes and `--max-old-space-size=8000`.

const compose = readFileSync(`${exampleDirectory}docker-compose.yml`, "utf8")
  .replace(/^x-vpc:\n(?: .*\n)*/m, lookup)
  .replaceAll("myapps.internal", "$ZONE.internal");

const perApplication = 4;
/** Applications that are deployed at the same time: what waits in the queue is looked at each time. */
const together = 5;
const account = "123456789012";
const region = "eu-west-1";

const [count = "100"] = process.argv.slice(2);
const environments = Number(count);
const scene = testWorld();
const place = { world: scene.world, account, region };
const signal = Object.values(workOf(scene.world).functions).find(({ handler }) =>
  handler.endsWith(".signal"),
);

setQuota(place, "cloudformation L-0485CB21", environments * 5);
await makeNetwork(scene);
seedImages(scene);
const clocks = await recurring();
for (const Name of clocks) await scene.ask("events:DisableRule", { Name });
const names = Array.from({ length: environments / perApplication }, (_, index) => `a${index}`);
// A push has all registrations looked through, so the files are there before the first of them.
for (const name of names) await push(name);
await scene.settle();
for (const [index, name] of names.entries()) {
  await register(name);
  if (index % together === together - 1) await scene.settle();
  if (index % 100 === 99) await forget();
}
await scene.settle();
await forget();
for (const Name of clocks) await scene.ask("events:EnableRule", { Name });
// The first looks find out that all is at rest.
await hours(1);

const sweeps = 6;
const calls = scene.calls.length;
const asItIs = await taken(sweeps, () => hours(1));
if (scene.calls.slice(calls).includes("sqs:SendMessageBatch")) {
  throw new Error("Something was queued though nothing had changed.");
}
const whole = await taken(1, sweepWhole);
const peakMiB = process.resourceUsage().maxRSS / 1024;
process.stdout.write(JSON.stringify({ ...asItIs, peakMiB, whole }));

/** Rules that go off by the clock. */
async function recurring(): Promise<readonly string[]> {
  const { Rules } = (await scene.ask("events:ListRules", {})) as {
    readonly Rules: readonly { readonly Name: string; readonly ScheduleExpression?: string }[];
  };
  return Rules.flatMap(({ Name, ScheduleExpression }) =>
    ScheduleExpression === undefined ? [] : [Name],
  );
}

/** The files of an application of four environments. */
async function push(name: string): Promise<void> {
  const lines = Array.from({ length: perApplication }, (_, index) => {
    const own = `variables: { ZONE: ${name}-e${index} }`;
    return `  e${index}: { on: { branch: main }, selfHeal: off, ${own} }\n`;
  });
  const settings = `application: ${name}\ncompose: [docker-compose.yml]\nenvironments:\n`;
  const files = { "docker-compose.yml": compose, "trueup.yaml": `${settings}${lines.join("")}` };
  await scene.ask("codecommit:CreateRepository", { repositoryName: name });
  await scene.ask("codecommit:CreateCommit", {
    repositoryName: name,
    branchName: "main",
    commitMessage: "Begin",
    putFiles: Object.entries(files).map(([filePath, text]) => ({
      filePath,
      fileContent: new TextEncoder().encode(text),
    })),
  });
}

async function register(name: string): Promise<void> {
  const follows = { repository: name, branch: "main", file: "trueup.yaml", ssm: [] };
  const ceiling = { accounts: [account], regions: [region], roles: [] };
  await scene.ask("ssm:PutParameter", {
    Name: `/trueup/${name}/registration`,
    Value: JSON.stringify({ ...follows, environments: { "*": ceiling } }),
    Type: "String",
  });
}

/** What no look of a sweep reads, so that many fit into a process. */
async function forget(): Promise<void> {
  scene.log.length = 0;
  for (const { events } of Object.values(stateOf(place).stacks)) events.length = 0;
  for (const Prefix of ["outlines/", "plans/"]) await empty(Prefix);
}

async function empty(Prefix: string): Promise<void> {
  const below = { Bucket: signal?.environment.TRUEUP_BUCKET, Prefix };
  for (;;) {
    const { Contents = [] } = (await scene.ask("s3:ListObjectsV2", below)) as {
      readonly Contents?: readonly { readonly Key: string }[];
    };
    if (Contents.length === 0) return;
    for (const { Key } of Contents)
      await scene.ask("s3:DeleteObject", { Bucket: below.Bucket, Key });
  }
}

/** A sweep to which no environment is known to be at rest; it looks, and writes nothing. */
async function sweepWhole(): Promise<void> {
  const arn = `arn:aws:sts::${account}:assumed-role/Signal/Signal`;
  const installation = installationFrom({ ...signal?.environment, AWS_REGION: region });
  const ports = awsPorts(
    () => async (operation, input) =>
      answerOf(scene.world, { account, region, arn }, operation, input) as never,
    installation,
    () => undefined,
  );
  const clock = { ...ports.clock, now: () => new Date(scene.world.now).toISOString() };
  const now: Ports = { ...ports.snapshot(), clock };
  const unrested: Ports = {
    ...now,
    records: {
      ...now.records,
      read: async (key) => {
        const { record, version } = await now.records.read(key);
        const { rested: _, ...others } = record;
        return { record: others, version };
      },
    },
  };
  const keys = await keysFor({ look: "everything" }, unrested);
  const due = await dueOf(keys, unrested, loops);
  // To leave behind that it is at rest is all that any of them wanted to write.
  if (due.length !== environments) throw new Error(`${due.length} of ${keys.length} are due.`);
}

/** What so many sweeps take, for each environment. */
async function taken(sweeps: number, run: () => Promise<unknown>) {
  const began = performance.now();
  const before = process.cpuUsage();
  await run();
  const { system, user } = process.cpuUsage(before);
  const looks = environments * sweeps;
  return {
    cpuMs: (system + user) / 1000 / looks,
    wallMs: (performance.now() - began) / looks,
  };
}

function hours(length: number): Promise<boolean> {
  return scene.driver.settle({ at: scene.world.now + length * 3_600_000 });
}
