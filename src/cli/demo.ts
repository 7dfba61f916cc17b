import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { setTimeout } from "node:timers/promises";
import { connect } from "./connection.ts";
import { narrator } from "./demo-narrator.ts";
import { type LocalAws, startLocalAws, type Tally } from "./local-aws.ts";
import { reconcile } from "./reconcile.ts";
import { register } from "./register.ts";
import { createRepository, exampleDirectory, pushImage, seedImages } from "./seed.ts";
import { readArguments } from "./usage.ts";
import type { Io, Verb } from "./verb.ts";
import { wait } from "./wait.ts";

/** The main job on the sandbox, shown as it happens. */
export const demo: Verb = {
  name: "demo",
  summary: "show the three uses on the sandbox",
  usage: "trueup demo [--once]",

  async run(args, io) {
    const { values } = readArguments(args, { once: { type: "boolean" } });
    const home = mkdtempSync(join(tmpdir(), "trueup-"));
    const show = narrator(io);
    const local = await startLocalAws({
      directory: join(home, "aws"),
      port: 0,
      log: show.log,
      onCall: show.call,
      onEvent: show.event,
    });
    const stage: Stage = {
      home,
      local,
      show,
      io: { ...io, env: { ...io.env, ...local.environment } },
    };
    try {
      await gitPushDeploys(stage);
      await imagePushUpdates(stage);
      await personAsks(stage);
      if (values.once !== true) await stayUp(stage);
      return 0;
    } finally {
      await local.close();
      rmSync(home, { recursive: true, force: true });
    }
  },
};

interface Stage {
  readonly home: string;
  readonly local: LocalAws;
  readonly show: ReturnType<typeof narrator>;
  /** As a shell that has evaluated `trueup dev env`. */
  readonly io: Io;
}

const copyOf = ({ home }: Stage): string => join(home, "myapps");

async function gitPushDeploys(stage: Stage): Promise<void> {
  const { io, local, show } = stage;
  show.heading("1. A git push deploys");
  seedImages(local);
  createRepository(local, "myapps");
  cpSync(exampleDirectory, copyOf(stage), { recursive: true });
  git(stage, "init", "--quiet", "--initial-branch=main");
  git(stage, "add", ".");
  git(stage, "commit", "--quiet", "--message", "Begin with the example");
  git(stage, "remote", "add", "origin", join(stage.home, "aws", "git", "myapps.git"));
  show.command("git push origin main");
  git(stage, "push", "--quiet", "origin", "main");
  show.command("trueup register myapps --repository myapps --start");
  await register.run(["myapps", "--repository", "myapps", "--start"], quiet(io));
  await ready(stage);
  await outputs(stage);
}

async function imagePushUpdates(stage: Stage): Promise<void> {
  const { local, show } = stage;
  show.heading("2. An image push updates");
  const before = git(stage, "rev-parse", "HEAD").trim();
  show.command("aws ecr put-image --repository-name blog-app-02 --image-tag 1.0.1 …");
  pushImage(local, "blog-app-02", "1.0.1");
  do {
    await setTimeout(200);
    git(stage, "pull", "--quiet", "--ff-only", "origin", "main");
  } while (git(stage, "rev-parse", "HEAD").trim() === before);
  show.command("git pull && git show");
  show.text(
    git(stage, "show", "--unified=1", io(stage).color ? "--color=always" : "--color=never"),
  );
  await ready(stage);
}

const io = ({ io: own }: Stage): Io => own;

async function personAsks(stage: Stage): Promise<void> {
  const { local, show } = stage;
  show.heading("3. A person asks for a reconcile");
  show.command("trueup reconcile myapps/dev --wait");
  await counted(stage, async () => {
    await reconcile.run(["myapps/dev", "--wait"], { ...stage.io, err: () => undefined });
  });
  const payload = { application: "myapps", environment: "dev" };
  show.command(
    `aws lambda invoke --function-name ReconcileFunction --payload '${JSON.stringify(payload)}' …`,
  );
  await counted(stage, async () => {
    const { payload: answer } = await local.driver.invoke("ReconcileFunction", payload);
    show.text(JSON.stringify(answer));
    await answered(stage, (answer as { readonly token: string }).token);
  });
}

/** Until the status repeats the token. */
async function answered(stage: Stage, token: string): Promise<void> {
  const { ports } = await connect(quiet(stage.io));
  const read = () => ports.statuses.readEnvironment("myapps", "dev");
  while ((await read())?.requestedAt !== token) await setTimeout(100);
}

/** Shows which calls the controller made while something was done. */
async function counted({ local, show }: Stage, work: () => Promise<void>): Promise<void> {
  const before: Tally = { ...local.tally };
  await work();
  // What was asked for is answered; the events that the answer caused are handled too.
  await setTimeout(1000);
  const of = (kind: keyof Tally) => local.tally[kind] - before[kind];
  show.text(
    `the controller's calls: ${of("read")} reads, ${of("bookkeeping")} bookkeeping, ${of("mutating")} mutating`,
  );
}

async function ready(stage: Stage): Promise<void> {
  const status = await until(stage);
  if (status !== 0) throw new Error("myapps/dev did not become ready.");
}

/** The revision that is there now is the one to become ready, not the one before it. */
async function until(stage: Stage): Promise<number> {
  const head = git(stage, "rev-parse", "HEAD").trim();
  const { ports } = await connect(quiet(stage.io));
  for (;;) {
    const status = await ports.statuses.readEnvironment("myapps", "dev");
    if (status?.revision.desired === head) break;
    await setTimeout(200);
  }
  return wait.run(["myapps/dev", "--timeout", "5m"], { ...stage.io, err: () => undefined });
}

async function outputs({ io: own, show }: Stage): Promise<void> {
  const { ports } = await connect(quiet(own));
  const status = await ports.statuses.readEnvironment("myapps", "dev");
  const home = await ports.home();
  for (const { name } of status?.stacks ?? []) {
    const stack = await ports.stacks({ account: home.account, region: home.region }).describe(name);
    for (const [output, value] of Object.entries(stack?.outputs ?? {})) {
      if (output.endsWith("Url")) show.text(`${output}  ${value}`);
    }
  }
}

async function stayUp(stage: Stage): Promise<void> {
  const { io: own, local, show } = stage;
  show.heading("It stays up: drive it by hand");
  writeFileSync(join(stage.home, "aws", "environment.json"), JSON.stringify(local.environment));
  for (const line of byHand(stage)) own.out(`  ${line}`);
  own.out("Ctrl-C ends it.");
  await new Promise<void>((done) => process.once("SIGINT", () => done()));
}

/** Lines to paste into another shell. */
const byHand = ({ home, local }: Stage): readonly string[] => [
  ...Object.entries(local.environment).map(([name, value]) => `export ${name}=${value}`),
  `git clone ${join(home, "aws", "git", "myapps.git")}   # edit docker-compose.yml, commit, git push`,
  "aws cloudformation describe-stacks --query 'Stacks[].[StackName,StackStatus]' --output table",
  `npx trueup dev push blog-worker:1.0.1 --dir ${join(home, "aws")}   # an image push without layers`,
  "aws codecommit get-file --repository-name myapps --file-path docker-compose.yml",
  "aws ssm get-parameters-by-path --recursive --path /trueup/myapps",
  "npx trueup get; npx trueup reconcile myapps/dev --wait",
];

const quiet = (own: Io): Io => ({ ...own, out: () => undefined, err: () => undefined });

const git = (stage: Stage, ...args: readonly string[]): string =>
  execFileSync("git", ["-c", "user.name=You", "-c", "user.email=you@example.com", ...args], {
    cwd: copyOf(stage),
    encoding: "utf8",
  });
