import { writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { setTimeout } from "node:timers/promises";
import { head, portsOf, pulled, pushExample, type Stage, showCommit, until } from "./demo-stage.ts";
import type { Tally } from "./local-aws.ts";
import { reconcile } from "./reconcile.ts";
import { pushImage } from "./seed.ts";
import { wait } from "./wait.ts";

/** A git push deploys, an image push updates, a person asks for a reconcile. */
export async function threeUses(stage: Stage): Promise<void> {
  await gitPushDeploys(stage);
  await imagePushUpdates(stage);
  await personAsks(stage);
}

async function gitPushDeploys(stage: Stage): Promise<void> {
  stage.show.heading("1. A git push deploys");
  await pushExample(stage);
  await ready(stage);
  await outputs(stage);
}

async function imagePushUpdates(stage: Stage): Promise<void> {
  const { local, show } = stage;
  show.heading("2. An image push updates");
  show.command("aws ecr put-image --repository-name blog-app-02 --image-tag 1.0.1 …");
  pushImage(local, "blog-app-02", "1.0.1");
  await pulled(stage);
  showCommit(stage);
  await ready(stage);
}

async function personAsks(stage: Stage): Promise<void> {
  const { io, local, show } = stage;
  show.heading("3. A person asks for a reconcile");
  show.command("trueup reconcile myapps/dev --wait");
  await counted(stage, async () => {
    await reconcile.run(["myapps/dev", "--wait"], { ...io, err: () => undefined });
  });
  const payload = { application: "myapps", environment: "dev" };
  show.command(
    `aws lambda invoke --function-name ReconcileFunction --payload '${JSON.stringify(payload)}' …`,
  );
  await counted(stage, async () => {
    const { payload: answer } = await local.driver.invoke("ReconcileFunction", payload);
    show.text(JSON.stringify(answer));
    const { token } = answer as { readonly token: string };
    await until(stage, "dev", ({ requestedAt }) => requestedAt === token);
  });
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

/** The revision that is there now is the one to become ready, not the one before it. */
async function ready(stage: Stage): Promise<void> {
  const now = head(stage);
  await until(stage, "dev", ({ revision }) => revision.desired === now);
  const io = { ...stage.io, err: () => undefined };
  const status = await wait.run(["myapps/dev", "--timeout", "5m"], io);
  if (status !== 0) throw new Error("myapps/dev did not become ready.");
}

async function outputs(stage: Stage): Promise<void> {
  const ports = await portsOf(stage);
  const status = await ports.statuses.readEnvironment("myapps", "dev");
  const home = await ports.home();
  for (const { name } of status?.stacks ?? []) {
    const stack = await ports.stacks({ account: home.account, region: home.region }).describe(name);
    for (const [output, value] of Object.entries(stack?.outputs ?? {})) {
      if (output.endsWith("Url")) stage.show.text(`${output}  ${value}`);
    }
  }
}

/** Until somebody ends it. */
export async function stayUp(stage: Stage): Promise<void> {
  const { directory, io, local, show } = stage;
  show.heading("It stays up: drive it by hand");
  writeFileSync(join(directory, "environment.json"), JSON.stringify(local.environment));
  for (const line of byHand(stage)) io.out(`  ${line}`);
  io.out("Ctrl-C ends it.");
  await new Promise<void>((done) => process.once("SIGINT", () => done()));
}

/** Lines to paste into another shell. */
const byHand = ({ directory, local }: Stage): readonly string[] => [
  ...Object.entries(local.environment).map(([name, value]) => `export ${name}=${value}`),
  `git clone ${join(directory, "git", "myapps.git")}   # edit docker-compose.yml, commit, git push`,
  "aws cloudformation describe-stacks --query 'Stacks[].[StackName,StackStatus]' --output table",
  `npx trueup dev push blog-worker:1.0.1 --dir ${directory}   # an image push without layers`,
  "aws codecommit get-file --repository-name myapps --file-path docker-compose.yml",
  "aws ssm get-parameters-by-path --recursive --path /trueup/myapps",
  "npx trueup get; npx trueup reconcile myapps/dev --wait",
];
