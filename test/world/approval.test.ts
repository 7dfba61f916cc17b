import { describe, expect, test } from "vitest";
import type { Call } from "../../src/aws/call.ts";
import { peopleOf } from "../../src/aws/people.ts";
import type { Plan } from "../../src/model/plan.ts";
import { workOf } from "../../src/sandbox/lambda/work.ts";
import { type Options, type TestWorld, testWorld } from "./world.ts";

const account = "123456789012";
const ann = `arn:aws:iam::${account}:user/ann`;
const bob = `arn:aws:iam::${account}:user/bob`;
const session = (role: string, name: string) =>
  `arn:aws:sts::${account}:assumed-role/${role}/${name}`;

const gated = (approval: string) => `application: myapps
compose: [docker-compose.yml]
environments:
  dev:
    on: { branch: main }
    compose: [envs/dev.yml]
    variables: { LOG_LEVEL: debug }
${approval === "" ? "" : `    approval: ${approval}\n`}`;

/** The example, registered, with its environment under a gate from the first. */
async function began(
  approval: string,
  { more = {}, ...options }: Options & { readonly more?: object } = {},
): Promise<TestWorld> {
  const scene = testWorld(options);
  await scene.pushExample();
  await scene.push({ "trueup.yaml": gated(approval) });
  await scene.register(more);
  await rest(scene);
  return scene;
}

/** An hour: what expires some day lets nothing rest before. */
const rest = (scene: TestWorld) => scene.driver.settle({ at: scene.world.now + 3_600_000 });

const edit = async (scene: TestWorld, seconds: number): Promise<void> => {
  const text = await scene.read("docker-compose.yml");
  const edited = text.replace(/VisibilityTimeout: \d+/, `VisibilityTimeout: ${seconds}`);
  await scene.push({ "docker-compose.yml": edited });
  await rest(scene);
};

const said = async (scene: TestWorld) =>
  (await scene.status()).conditions
    .filter(({ type }) => type !== "Healthy")
    .map(({ reason, status, type }) => `${type}=${status} ${reason}`);

const waits = ["Ready=False Held", "Held=True AwaitingApproval", "Approved=False AwaitingApproval"];
const done = ["Ready=True Deployed", "Approved=True Approved"];

const offered = async (scene: TestWorld): Promise<string> =>
  (await scene.status()).digest.plan ?? "no plan";

const vote = async (
  scene: TestWorld,
  digest: string,
  { as = ann, leaf = "approval" }: { readonly as?: string; readonly leaf?: string } = {},
) => {
  const Value = JSON.stringify({ digest, reason: "as agreed" });
  const Name = `/trueup/myapps/dev/${leaf}`;
  await scene.as(as)("ssm:PutParameter", { Name, Value, Type: "String", Overwrite: true });
  await rest(scene);
};

const bucketOf = (scene: TestWorld) =>
  Object.values(workOf(scene.world).functions)[0]?.environment.TRUEUP_BUCKET;

const ledger = (scene: TestWorld) =>
  peopleOf(scene.ask as Call, bucketOf(scene)).history("myapps", "dev", 1000);

const indexed = async (scene: TestWorld): Promise<readonly unknown[]> => {
  const Bucket = Object.values(workOf(scene.world).functions)[0]?.environment.TRUEUP_BUCKET;
  const list = await scene.ask("s3:ListObjectsV2", { Bucket, Prefix: "index/" });
  return (list as { readonly Contents?: readonly unknown[] }).Contents ?? [];
};

const planOf = async (scene: TestWorld, digest: string): Promise<Plan> => {
  const Bucket = bucketOf(scene);
  const object = await scene.ask("s3:GetObject", { Bucket, Key: `plans/${digest}.json` });
  return JSON.parse((object as { readonly text: string }).text) as Plan;
};

interface Described {
  readonly StackName: string;
  readonly StackStatus: string;
  readonly Parameters?: readonly { readonly ParameterKey: string }[];
}

const stackOf = async (scene: TestWorld, part: string): Promise<Described> => {
  const { Stacks } = (await scene.ask("cloudformation:DescribeStacks", {})) as {
    readonly Stacks: readonly Described[];
  };
  const found = Stacks.find(({ StackName }) => StackName.includes(part));
  if (found === undefined) throw new Error(`No stack ${part}`);
  return found;
};

const untilBusy = async (scene: TestWorld, part: string): Promise<void> => {
  for (let steps = 0; steps < 600; steps += 1) {
    if ((await stackOf(scene, part)).StackStatus === "UPDATE_IN_PROGRESS") return;
    await scene.driver.settle({ at: scene.world.now + 1_000 });
  }
  throw new Error(`${part} was never updated.`);
};

const templateOf = async (scene: TestWorld, StackName: string): Promise<string> => {
  const got = await scene.ask("cloudformation:GetTemplate", { StackName });
  return (got as { readonly TemplateBody: string }).TemplateBody;
};

test.for([-50, 50])(
  "a vote counts that is cast at once, by a clock %d s ahead too",
  async (seconds) => {
    const scene = testWorld({ skew: () => seconds * 1000 });
    await scene.pushExample();
    await scene.push({ "trueup.yaml": gated("manual") });
    await scene.register();
    await scene.driver.settle({ at: scene.world.now + 15_000 });
    expect(await said(scene)).toEqual(waits);
    await vote(scene, await offered(scene));
    expect(await said(scene)).toEqual(done);
  },
);

describe("an environment with approval", () => {
  test("is planned and not touched until that very plan is approved, and then deployed", async () => {
    const scene = await began("manual");
    expect(await said(scene)).toEqual(waits);
    expect(scene.mutations()).toEqual([]);
    const digest = await offered(scene);
    expect((await planOf(scene, digest)).changes.length).toBeGreaterThan(10);

    await vote(scene, "f".repeat(64));
    expect(await said(scene)).toEqual(waits);
    expect(scene.mutations()).toEqual([]);

    await vote(scene, digest);
    expect(await said(scene)).toEqual(done);
    // However often it was held before: events find whose the stacks are.
    expect(await indexed(scene)).toHaveLength((await scene.status()).stacks.length);
    const [approved] = (await ledger(scene)).filter(({ votes }) => votes.length > 0);
    expect(approved).toMatchObject({ plan: digest, votes: [{ user: ann, reason: "as agreed" }] });
    const { conditions } = await scene.status();
    expect(conditions.find(({ type }) => type === "Approved")?.message).toBe(
      `Plan ${digest.slice(0, 12)}, by ${ann}: as agreed`,
    );
  });

  test("asks anew for what somebody deletes once it is deployed: an approval is used up by then", async () => {
    const scene = await began("manual");
    await vote(scene, await offered(scene));
    expect(await said(scene)).toEqual(done);
    const { StackName } = await stackOf(scene, "-s-app02-");
    await scene.ask("cloudformation:DeleteStack", { StackName });
    const before = scene.mutations().length;
    await rest(scene);
    expect(await said(scene)).toEqual(waits);
    expect(scene.mutations().length).toBe(before);

    await vote(scene, await offered(scene));
    expect(await said(scene)).toEqual(done);
    expect((await stackOf(scene, "-s-app02-")).StackStatus).toBe("CREATE_COMPLETE");
  });

  test("asks anew after a push: an approval is for one plan", async () => {
    const scene = await began("manual");
    const first = await offered(scene);
    await edit(scene, 61);
    const second = await offered(scene);
    expect(second).not.toBe(first);
    await vote(scene, first);
    expect(await said(scene)).toEqual(waits);
    expect(scene.mutations()).toEqual([]);
    await vote(scene, second);
    expect(await said(scene)).toEqual(done);

    const made = scene.mutations().length;
    await edit(scene, 62);
    expect(await said(scene)).toEqual(waits);
    await vote(scene, second);
    expect(await said(scene)).toEqual(waits);
    expect(scene.mutations().length).toBe(made);
  });
});

test("an approval is good for every step to what was approved", async () => {
  const scene = await began("manual");
  await vote(scene, await offered(scene));
  const compose = await scene.read("docker-compose.yml");
  const by = (key: string) =>
    `{ IndexName: by-${key}, KeySchema: [{ AttributeName: ${key}, KeyType: HASH }], Projection: { ProjectionType: ALL } }`;
  const table = (...keys: readonly string[]) => `
x-dynamodb:
  orders:
    Properties:
      KeySchema: [{ AttributeName: id, KeyType: HASH }]
      AttributeDefinitions: [${["id", ...keys].map((key) => `{ AttributeName: ${key}, AttributeType: S }`).join(", ")}]
${keys.length === 0 ? "" : `      GlobalSecondaryIndexes: [${keys.map(by).join(", ")}]`}
`;
  const alone = compose.replace(/^x-elbv2:\n(?:[ #].*\n|\n)*/m, "");
  await scene.push({ "docker-compose.yml": `${alone}${table()}` });
  await rest(scene);
  await vote(scene, await offered(scene));
  await scene.push({ "docker-compose.yml": `${compose}${table("a", "b", "c")}` });
  await rest(scene);
  const made = scene.mutations().length;
  await vote(scene, await offered(scene));
  expect(await said(scene)).toContain("Ready=True Deployed");
  const steps = scene.mutations().slice(made);
  // The table by its indexes, the load balancer with the first of them, and both steps of the service.
  expect(steps.filter((one) => one === "cloudformation:ExecuteChangeSet")).toHaveLength(5);
});

describe("an approval", () => {
  test("is asked for again where what is left would do more than was approved", async () => {
    const scene = await began("manual");
    await vote(scene, await offered(scene));
    const compose = await scene.read("docker-compose.yml");
    const more = "x-sqs:\n  more: { Services: { app01: { Access: Publish } } }\n";
    await scene.push({ "docker-compose.yml": compose.replace("x-sqs:\n", more) });
    await rest(scene);
    const approved = await offered(scene);
    const Value = JSON.stringify({ digest: approved });
    const Name = "/trueup/myapps/dev/approval";
    await scene.as(ann)("ssm:PutParameter", { Name, Value, Type: "String", Overwrite: true });
    await untilBusy(scene, "-dev-base-");
    const app = await stackOf(scene, "-dev-s-app01-");
    const mine = { Type: "AWS::SQS::Queue", Properties: { QueueName: "mine" } };
    const text = await templateOf(scene, app.StackName);
    await scene.ask("cloudformation:UpdateStack", {
      StackName: app.StackName,
      TemplateBody: text.replace('"Resources":{', `"Resources":{"Mine":${JSON.stringify(mine)},`),
      Parameters: app.Parameters?.map(({ ParameterKey }) => ({
        ParameterKey,
        UsePreviousValue: true,
      })),
      Capabilities: ["CAPABILITY_IAM"],
    });
    await rest(scene);
    expect(await said(scene)).toContain("Approved=False PlanGrew");
    const { conditions } = await scene.status();
    const told = conditions.find(({ type }) => type === "Approved")?.message;
    expect(told).toContain(`${app.StackName}/Mine (remove)`);
    expect(await templateOf(scene, app.StackName)).toContain('"Mine"');

    await vote(scene, await offered(scene));
    expect(await said(scene)).toEqual(done);
    expect(await templateOf(scene, app.StackName)).not.toContain('"Mine"');
  });

  test("does not count for a plan that comes back after another", async () => {
    const scene = await began("manual");
    await vote(scene, await offered(scene));
    await edit(scene, 61);
    const digest = await offered(scene);
    // Approved too late: another plan was offered when the vote came, and then this one again.
    await scene.ask("ssm:PutParameter", {
      Name: "/trueup/myapps/dev/hold",
      Value: JSON.stringify({ revision: (await scene.status()).revision.deployed, reason: "" }),
      Type: "String",
    });
    await rest(scene);
    expect(await said(scene)).toContain("Ready=True Deployed");
    await vote(scene, digest);
    await scene.ask("ssm:DeleteParameter", { Name: "/trueup/myapps/dev/hold" });
    await rest(scene);
    expect(await offered(scene)).toBe(digest);
    expect(await said(scene)).toEqual(waits);
  });
});

describe("a plan", () => {
  test("needs as many as it says: one who votes twice is one, and a role is one whoever is in it", async () => {
    const scene = await began("{ required: 2 }");
    const digest = await offered(scene);
    await vote(scene, digest);
    await vote(scene, digest);
    expect(await said(scene)).toEqual(waits);
    expect(scene.mutations()).toEqual([]);
    await vote(scene, digest, { as: bob });
    expect(await said(scene)).toEqual(done);

    await edit(scene, 61);
    const second = await offered(scene);
    await vote(scene, second, { as: session("release", "ann") });
    await vote(scene, second, { as: session("release", "bob") });
    expect(await said(scene)).toEqual(waits);
    const sso = "AWSReservedSSO_Release_0123456789abcdef";
    await vote(scene, second, { as: session(sso, "ann@example.com") });
    expect(await said(scene)).toEqual(done);
  });

  test("is approved by nobody whom the registration does not name", async () => {
    const approvers = [`arn:aws:iam::${account}:role/release`];
    const scene = await began("manual", { more: { approvers } });
    const digest = await offered(scene);
    await vote(scene, digest);
    expect(await said(scene)).toEqual(waits);
    expect((await scene.status()).conditions[2]?.message).toContain(`who does not count: ${ann}`);
    expect(scene.mutations()).toEqual([]);
    await vote(scene, digest, { as: session("release", "whoever") });
    expect(await said(scene)).toEqual(done);
  });

  test("that is rejected stays so, until who rejected it approves", async () => {
    const scene = await began("manual");
    const digest = await offered(scene);
    await vote(scene, digest, { leaf: "rejection", as: bob });
    await vote(scene, digest);
    expect(await said(scene)).toEqual([
      "Ready=False Held",
      "Held=True Rejected",
      "Approved=False Rejected",
    ]);
    expect(scene.mutations()).toEqual([]);
    await vote(scene, digest, { as: bob });
    expect(await said(scene)).toEqual(done);
  });

  test("that expires was not rejected: asked for, it is offered again", async () => {
    const scene = await began("{ required: 1, expires: 2h }");
    const digest = await offered(scene);
    await scene.driver.settle({ at: scene.world.now + 7_200_000 });
    const expired = "ApprovalExpired";
    expect(await said(scene)).toEqual([
      "Ready=False Held",
      `Held=True ${expired}`,
      `Approved=False ${expired}`,
    ]);
    await vote(scene, digest);
    expect(scene.mutations()).toEqual([]);

    await scene.driver.invoke("ReconcileFunction", { application: "myapps", environment: "dev" });
    await scene.driver.settle({ at: scene.world.now + 60_000 });
    expect(await said(scene)).toEqual(waits);
    await vote(scene, await offered(scene));
    expect(await said(scene)).toEqual(done);
  });
});

describe("a push", () => {
  test("that takes the gate away does not get through it, nor does one after it", async () => {
    const scene = await began("{ required: 2 }");
    await vote(scene, await offered(scene));
    await vote(scene, await offered(scene), { as: bob });
    expect(await said(scene)).toEqual(done);
    const made = scene.mutations().length;

    await scene.push({ "trueup.yaml": gated("") });
    await rest(scene);
    expect(await said(scene)).toContain("Approved=False AwaitingApproval");
    await edit(scene, 61);
    expect(await said(scene)).toEqual(waits);
    const digest = await offered(scene);
    expect((await planOf(scene, digest)).settings).toEqual(["approval: 2 → none"]);
    await vote(scene, digest);
    expect(await said(scene)).toEqual(waits);
    expect(scene.mutations().length).toBe(made);

    await vote(scene, digest, { as: bob });
    expect(await said(scene)).toEqual(done);
    await edit(scene, 62);
    expect((await said(scene))[0]).toBe("Ready=True Deployed");
  });

  test("that takes the gate away is held by the registration, whatever is remembered", async () => {
    const scene = await began("manual", { more: { approval: { required: 1 } } });
    await vote(scene, await offered(scene));
    const made = scene.mutations().length;
    await scene.ask("s3:DeleteObject", { Bucket: bucketOf(scene), Key: "records/myapps/dev.json" });
    await scene.push({ "trueup.yaml": gated("") });
    await edit(scene, 61);
    expect(await said(scene)).toEqual(waits);
    expect(scene.mutations().length).toBe(made);
  });

  test("that takes the gate away is held by what was deployed, where nothing is remembered", async () => {
    const scene = await began("manual");
    await vote(scene, await offered(scene));
    const made = scene.mutations().length;
    await scene.loseRecord();
    await scene.push({ "trueup.yaml": gated("") });
    await edit(scene, 61);
    expect(await said(scene)).toEqual(waits);
    expect(scene.mutations().length).toBe(made);
  });

  test("that points at another role is asked about", async () => {
    const role = `arn:aws:iam::${account}:role/trueup-other`;
    const scene = await began("manual", { more: { roles: [role] } });
    await vote(scene, await offered(scene));
    const made = scene.mutations().length;
    const target = `    target: { cloudformationRole: "${role}" }\n`;
    await scene.push({ "trueup.yaml": `${gated("manual")}${target}` });
    await rest(scene);
    expect(await said(scene)).toEqual(waits);
    expect((await planOf(scene, await offered(scene))).settings).toEqual([
      expect.stringMatching(/^target\.cloudFormationRole: .* → .*trueup-other$/),
      expect.stringMatching(/^target\.permissionsBoundary: .*trueup-boundary → none$/),
    ]);
    expect(scene.mutations().length).toBe(made);
  });
});

test("a process that dies anywhere in an approved roll-out needs no other approval", async () => {
  let dies = 0;
  const scene = await began("manual", {
    fate: (count) => (dies > 0 && count % 7 === 3 && dies-- > 0 ? "dies after" : "lives"),
  });
  dies = 25;
  await vote(scene, await offered(scene));
  await rest(scene);
  expect(dies).toBe(0);
  expect(await said(scene)).toEqual(done);
});
