import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import type { EnvironmentStatus } from "../model/status.ts";
import { approve } from "./approve.ts";
import {
  head,
  portsOf,
  pulled,
  push,
  pushExample,
  type Stage,
  showCommit,
  stacksIn,
  until,
} from "./demo-stage.ts";
import { pushImage } from "./seed.ts";
import { isTrue, renderStatus } from "./show.ts";

const trueup = `# What is pushed is built from nothing, verified and torn down again; what passed waits for a person.
application: myapps
compose: [docker-compose.yml]

environments:
  test:
    on: { branch: main }
    ephemeral: { ttl: 2h }
    compose: [envs/dev.yml]
    verify:
      - http: { url: "\${outputs.PublicUrl}/", match: ok, retries: 0 }
  prod:
    from: test
    approval: manual
    compose: [envs/dev.yml]
    verify:
      - http: { url: "\${outputs.PublicUrl}/", match: ok, retries: 0 }
`;

/** A throw-away test environment, verification, approval, production. */
export async function promotion(stage: Stage): Promise<void> {
  const { show } = stage;
  show.heading("1. A push is tested in an environment of its own, and production waits");
  await pushExample(stage, (copy) => writeFileSync(join(copy, "trueup.yaml"), trueup));
  await waits(stage);
  show.heading("2. A person looks at the plan and approves it");
  await approved(stage);
  await tornDown(stage);
  show.heading("3. What fails its test never gets there, and leaves nothing behind");
  await failsItsTest(stage);
  show.heading("4. Three images pushed in a second are one commit, and take the same road");
  await threeImages(stage);
}

/** Until production waits for approval of what is at the head. */
export async function waits(stage: Stage): Promise<void> {
  const now = head(stage);
  const status = await until(
    stage,
    "prod",
    ({ conditions, digest, revision }) =>
      revision.desired === now && digest.plan !== undefined && isTrue(conditions, "Held"),
  );
  said(stage, "prod", status);
}

/** Until nothing is left of any test environment. */
export async function tornDown(stage: Stage, account?: string): Promise<void> {
  const { show } = stage;
  while ((await testStacks(stage, account)).length > 0) await setTimeout(500);
  show.command("aws cloudformation describe-stacks --query …-test-…");
  show.text("nothing is left of the test environment");
}

const testStacks = async (stage: Stage, account?: string): Promise<readonly string[]> =>
  stacksIn(stage, account)
    .map(({ StackName }) => StackName)
    .filter((name) => name.includes("-test-"));

export async function approved(stage: Stage): Promise<void> {
  const { io, show } = stage;
  const now = head(stage);
  show.command('trueup approve myapps/prod --yes --reason "looks right"');
  await approve.run(["myapps/prod", "--yes", "--reason", "looks right"], {
    ...io,
    err: () => undefined,
  });
  const status = await until(
    stage,
    "prod",
    ({ conditions, revision }) => revision.deployed === now && isTrue(conditions, "Verified"),
  );
  said(stage, "prod", status);
}

async function failsItsTest(stage: Stage): Promise<void> {
  const { copy, show } = stage;
  const before = await statusOf(stage, "prod");
  edit(copy, (text) => text.replace("LOG_LEVEL", 'SANDBOX_HTTP_STATUS: "500"\n      LOG_LEVEL'));
  const bad = push(stage, "Answer with an error");
  const { verdicts } = await portsOf(stage);
  const verdictOn = async () =>
    (await verdicts.newest("myapps", "test")).find(({ revision }) => revision === bad);
  while ((await verdictOn()) === undefined) await setTimeout(500);
  const { message, verdict } = (await verdictOn()) ?? {};
  show.text(`test ${verdict}: ${message}`);
  await tornDown(stage);
  const after = await statusOf(stage, "prod");
  if (after.revision.deployed !== before.revision.deployed || after.revision.desired === bad) {
    throw new Error("A revision that failed its test got to production.");
  }
  said(stage, "prod", after);
  edit(copy, (text) => text.replace('SANDBOX_HTTP_STATUS: "500"\n      ', ""));
}

async function threeImages(stage: Stage): Promise<void> {
  const { local, show } = stage;
  push(stage, "Answer as before");
  await until(stage, "prod", ({ revision }) => revision.desired === head(stage));
  for (const repository of ["blog-app-01", "blog-app-02", "blog-worker"]) {
    show.command(`aws ecr put-image --repository-name ${repository} --image-tag 1.0.1 …`);
    pushImage(local, repository, "1.0.1");
  }
  await pulled(stage);
  showCommit(stage);
  await waits(stage);
  await approved(stage);
  await tornDown(stage);
}

const statusOf = (stage: Stage, environment: string): Promise<EnvironmentStatus> =>
  until(stage, environment, () => true);

const said = ({ io, show }: Stage, environment: string, status: EnvironmentStatus): void =>
  show.text(renderStatus({ application: "myapps", environment }, status, io));

function edit(copy: string, change: (text: string) => string): void {
  const path = join(copy, "docker-compose.yml");
  writeFileSync(path, change(readFileSync(path, "utf8")));
}
