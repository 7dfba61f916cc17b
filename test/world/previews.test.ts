import { describe, expect, test } from "vitest";
import type { Call } from "../../src/aws/call.ts";
import { peopleOf } from "../../src/aws/people.ts";
import type { EnvironmentStatus } from "../../src/model/status.ts";
import { instanceOfBranch } from "../../src/promote/instance.ts";
import { workOf } from "../../src/sandbox/lambda/work.ts";
import { type Options, type TestWorld, testWorld } from "./world.ts";

const yaml = (parameters: object, more: object = {}) =>
  JSON.stringify({
    application: "myapps",
    environments: { preview: { on: { branch: "feature/*" }, parameters, ...more } },
  });

/** A network that is there already. */
const network = {
  VpcId: "vpc-0123",
  AppSubnets: ["subnet-1", "subnet-2"],
  PublicSubnets: ["subnet-3", "subnet-4"],
  StorageSubnets: ["subnet-1", "subnet-2"],
};

const compose = `
services:
  web:
    image: 123456789012.dkr.ecr.eu-west-1.amazonaws.com/blog-app-01:1.0.0
    environment: { WHO: "\${TRUEUP_ENVIRONMENT}" }
`;

const queue = "x-sqs:\n  jobs: { Services: { web: { Access: RWMessages } } }\n";

interface Setting extends Options {
  readonly parameters?: object;
  readonly more?: string;
}

const begin = async (setting: Setting = {}, ...branches: readonly string[]) => {
  const { more = "", parameters = network, ...options } = setting;
  const scene = testWorld(options);
  await scene.pushExample();
  const commitId = await scene.push({
    "trueup.yaml": yaml(parameters),
    "docker-compose.yml": compose + more,
  });
  for (const branchName of branches) {
    await scene.ask("codecommit:CreateBranch", { repositoryName: "myapps", branchName, commitId });
  }
  await scene.register();
  await scene.settle();
  return { scene, commitId };
};

const remove = async (scene: TestWorld, branchName: string): Promise<void> => {
  await scene.ask("codecommit:DeleteBranch", { repositoryName: "myapps", branchName });
};

const minutes = (scene: TestWorld, count: number): Promise<boolean> =>
  scene.driver.settle({ at: scene.world.now + count * 60_000 });

const stackNames = async (scene: TestWorld): Promise<readonly string[]> => {
  const { Stacks } = (await scene.ask("cloudformation:DescribeStacks", {})) as {
    readonly Stacks: readonly { readonly StackName: string }[];
  };
  return Stacks.map(({ StackName }) => StackName);
};

/** Stacks that are there, by what tells instances apart in their names. */
const stacks = async (scene: TestWorld): Promise<readonly string[]> => {
  const names = await stackNames(scene);
  return names.map((name) => name.slice("trueup-myapps-preview-".length, -9)).sort();
};

const a = instanceOfBranch("feature/a");
const b = instanceOfBranch("feature/b");

const statusOf = async (
  scene: TestWorld,
  instance?: string,
): Promise<EnvironmentStatus | undefined> => {
  const name = instance === undefined ? "preview" : `preview.${instance}`;
  const Name = `/trueup/myapps/${name}/status`;
  const found = scene.ask("ssm:GetParameter", { Name }) as Promise<{
    readonly Parameter: { readonly Value: string };
  }>;
  return found.then(
    ({ Parameter }) => JSON.parse(Parameter.Value),
    () => undefined,
  );
};

const reasons = async (scene: TestWorld, instance?: string) =>
  (await statusOf(scene, instance))?.conditions.map(({ reason, type }) => `${type} ${reason}`);

const both = [`${a}-base`, `${a}-s-web`, `${b}-base`, `${b}-s-web`];

describe("each branch that matches", () => {
  test("has an instance of its own, with its own name, parameters and stacks", async () => {
    const { commitId, scene } = await begin({}, "feature/a", "feature/b", "other");
    expect(await stacks(scene)).toEqual(both);
    expect(await statusOf(scene)).toMatchObject({
      instances: [
        { name: a, revision: commitId, state: "Deployed" },
        { name: b, revision: commitId, state: "Deployed" },
      ],
    });
    expect(await reasons(scene, a)).toEqual(["Ready Deployed", "Healthy Running"]);
    const { Stacks } = (await scene.ask("cloudformation:DescribeStacks", {})) as {
      readonly Stacks: readonly { readonly StackName: string; readonly Tags: readonly object[] }[];
    };
    const web = Stacks.find(({ StackName }) => StackName.includes(`${a}-s-web`));
    expect(web?.Tags).toContainEqual({ Key: "trueup:environment", Value: `preview.${a}` });
    const { TemplateBody } = (await scene.ask("cloudformation:GetTemplate", {
      StackName: web?.StackName,
    })) as { readonly TemplateBody: string };
    expect(TemplateBody).toContain(`"preview-${a}"`);
  });

  test("moves with its branch alone, by the event of a push", async () => {
    const { commitId, scene } = await begin({}, "feature/a", "feature/b");
    const { commitId: newer } = (await scene.ask("codecommit:CreateCommit", {
      repositoryName: "myapps",
      branchName: "feature/a",
      parentCommitId: commitId,
      putFiles: [
        { filePath: "docker-compose.yml", fileContent: Buffer.from(`${compose}    cpus: 0.5\n`) },
      ],
    })) as { readonly commitId: string };
    await scene.settle();
    expect((await statusOf(scene, a))?.revision.deployed).toBe(newer);
    expect((await statusOf(scene, b))?.revision.deployed).toBe(commitId);
    expect((await statusOf(scene))?.instances?.map(({ revision }) => revision)).toEqual([
      newer,
      commitId,
    ]);
  });

  test("keeps still while its environment is suspended", async () => {
    const { scene } = await begin({}, "feature/a");
    const Value = JSON.stringify({ reason: "a look" });
    const Name = "/trueup/myapps/preview/suspended";
    await scene.ask("ssm:PutParameter", { Name, Value, Type: "String" });
    await minutes(scene, 2);
    expect(await reasons(scene, a)).toContain("Held Suspended");
    await remove(scene, "feature/a");
    const made = scene.mutations().length;
    await minutes(scene, 60);
    expect(scene.mutations().length).toBe(made);
  });
});

describe("an environment that changes between one and many", () => {
  const follow = async (scene: TestWorld, branch: string, more: object = {}) => {
    const environments = { preview: { on: { branch }, parameters: network, ...more } };
    await scene.push({ "trueup.yaml": JSON.stringify({ application: "myapps", environments }) });
    await minutes(scene, 60);
  };
  /** As `trueup destroy` does with the digest that the status names. */
  const consent = async (scene: TestWorld, instance?: string): Promise<void> => {
    const { conditions = [], digest } = (await statusOf(scene, instance)) ?? {};
    const [, named = "?"] = /with ([0-9a-f]{12}) lets/.exec(conditions[0]?.message ?? "") ?? [];
    const [{ environment = {} } = {}] = Object.values(workOf(scene.world).functions);
    const at = { Bucket: environment.TRUEUP_BUCKET, Key: `plans/${digest?.plan}.json` };
    const { text } = (await scene.ask("s3:GetObject", at)) as { readonly text: string };
    const { doomed } = JSON.parse(text);
    expect(doomed).toMatch(named);
    const name = instance === undefined ? "preview" : `preview.${instance}`;
    await peopleOf(scene.ask as Call).consent("myapps", name, { doomed, reason: "It is over." });
    await minutes(scene, 60);
  };

  test("keeps its instances until somebody lets them go", async () => {
    const { scene } = await begin({}, "feature/a");
    await follow(scene, "main");
    expect(await stacks(scene)).toEqual(["base", `${a}-base`, `${a}-s-web`, "s-web"]);
    await consent(scene, a);
    expect(await stacks(scene)).toEqual(["base", "s-web"]);
  });

  test("keeps them where it has an instance for each revision from now on, too", async () => {
    const { scene } = await begin({}, "feature/a");
    await follow(scene, "main", { ephemeral: { ttl: "30m" } });
    expect(await reasons(scene, a)).toContain("Stalled Orphaned");
    expect(await stacks(scene)).toEqual([`${a}-base`, `${a}-s-web`]);
    await consent(scene, a);
    expect(await stacks(scene)).toEqual([]);
    expect(await statusOf(scene, a)).toBeUndefined();
  });

  test("keeps what it had itself until somebody lets that go, and only then has instances", async () => {
    const { scene } = await begin({});
    await follow(scene, "main");
    expect(await stacks(scene)).toEqual(["base", "s-web"]);
    await follow(scene, "feature/*");
    expect(await reasons(scene)).toContain("Stalled Orphaned");
    await consent(scene);
    expect(await stacks(scene)).toEqual([]);
    expect(await reasons(scene)).toEqual(["Ready Deployed"]);
  });
});

test("a branch that is there and no longer meant keeps its instance until somebody lets it go", async () => {
  const { scene } = await begin({}, "feature/a");
  await scene.push({ "trueup.yaml": yaml(network, { on: { branch: "feat/*" } }) });
  await minutes(scene, 60);
  expect(await stacks(scene)).toEqual([`${a}-base`, `${a}-s-web`]);
  expect(await reasons(scene, a)).toContain("Stalled Orphaned");
  await remove(scene, "feature/a");
  await minutes(scene, 60);
  expect(await stacks(scene)).toEqual([]);
});

describe("a branch that is deleted", () => {
  test("takes its instance with it after two looks, ten minutes apart, and nothing else", async () => {
    const { scene } = await begin({}, "feature/a", "feature/b");
    await remove(scene, "feature/a");
    const made = scene.mutations().length;
    await minutes(scene, 9);
    expect(scene.mutations().length).toBe(made);
    expect(await stacks(scene)).toEqual(both);
    expect(await reasons(scene, a)).toContain("Reconciling BranchGone");

    await minutes(scene, 60);
    expect(await stacks(scene)).toEqual([`${b}-base`, `${b}-s-web`]);
    expect(await statusOf(scene, a)).toBeUndefined();
    expect((await statusOf(scene))?.instances?.map(({ name }) => name)).toEqual([b]);
    expect(scene.mutations().slice(made)).toEqual(Array(2).fill("cloudformation:DeleteStack"));
    const after = scene.mutations().length;
    await minutes(scene, 120);
    expect(scene.mutations().length).toBe(after);
  });

  test("takes it from where it is, wherever others would be made by now", async () => {
    const { scene } = await begin({}, "feature/a");
    await scene.ask("ssm:DeleteParameter", { Name: "/trueup/myapps/registration" });
    await scene.register({ regions: ["eu-west-1", "us-east-1"] });
    await scene.push({ "trueup.yaml": yaml(network, { target: { region: "us-east-1" } }) });
    await remove(scene, "feature/a");
    await minutes(scene, 60);
    expect(await stacks(scene)).toEqual([]);
    expect(await statusOf(scene, a)).toBeUndefined();
  });

  test("and comes back in between keeps its instance", async () => {
    const { commitId, scene } = await begin({}, "feature/a");
    await remove(scene, "feature/a");
    await minutes(scene, 5);
    const again = { repositoryName: "myapps", branchName: "feature/a", commitId };
    await scene.ask("codecommit:CreateBranch", again);
    await minutes(scene, 5);
    await remove(scene, "feature/a");
    const made = scene.mutations().length;
    await minutes(scene, 9);
    expect(scene.mutations().length).toBe(made);
  });

  test("goes one after the other where many go at once", async () => {
    const { scene } = await begin({}, "feature/a", "feature/b");
    await remove(scene, "feature/a");
    await remove(scene, "feature/b");
    const said = new Set<string>();
    for (let minute = 0; minute < 60; minute += 1) {
      await minutes(scene, 1);
      for (const reason of (await reasons(scene, [a, b].sort()[1])) ?? []) said.add(reason);
      const left = await stacks(scene);
      const begun = [a, b].filter(
        (one) => !left.includes(`${one}-s-web`) && left.includes(`${one}-base`),
      );
      expect(begun.length).toBeLessThanOrEqual(1);
    }
    expect(said).toContain("Reconciling PruneBudget");
    await minutes(scene, 120);
    expect(await stacks(scene)).toEqual([]);
  });
});

test("of branches that are deleted one that waits for approval keeps no other from asking for it", async () => {
  const { scene } = await begin({}, "feature/a", "feature/b");
  await scene.push({ "trueup.yaml": yaml(network, { approval: "manual" }) });
  await minutes(scene, 60);
  for (const branchName of ["feature/a", "feature/b"]) await remove(scene, branchName);
  await minutes(scene, 60);
  for (const one of [a, b]) expect(await reasons(scene, one)).toContain("Held AwaitingApproval");
  expect(await stacks(scene)).toEqual(both);
});

test("what holds data of a branch that is deleted stays until a person says otherwise", async () => {
  const { scene } = await begin({ more: queue }, "feature/a", "feature/b");
  await remove(scene, "feature/a");
  await remove(scene, "feature/b");
  await minutes(scene, 60);
  expect(await reasons(scene, a)).toContain("Stalled DataAtRisk");
  expect(await reasons(scene, b)).toContain("Stalled DataAtRisk");
  expect(await stacks(scene)).toEqual([`${a}-base`, `${b}-base`]);

  const digest = (await statusOf(scene, a))?.digest.plan ?? "";
  const people = peopleOf(scene.ask as Call);
  await people.approve("myapps", `preview.${a}`, { digest, reason: "It is over." });
  await minutes(scene, 60);
  expect(await stacks(scene)).toEqual([`${b}-base`]);
});

test("a network of its own goes with its branch, addresses and all", async () => {
  const { scene } = await begin({ parameters: {} }, "feature/a");
  const { StackResourceSummaries: all } = (await scene.ask("cloudformation:ListStackResources", {
    StackName: (await stackNames(scene)).find((name) => name.includes("-base-")),
  })) as { readonly StackResourceSummaries: readonly { readonly ResourceType: string }[] };
  const types = all.map(({ ResourceType }) => ResourceType);
  expect(types).toEqual(expect.arrayContaining(["AWS::EC2::EIP", "AWS::EC2::NatGateway"]));
  await remove(scene, "feature/a");
  await minutes(scene, 60);
  expect(await stacks(scene)).toEqual([]);
});

describe("nothing is deleted", () => {
  test("while the branches cannot be listed", async () => {
    let broken = false;
    const { scene } = await begin(
      {
        fate: (_, operation) =>
          broken && operation === "codecommit:GitPull"
            ? { error: "TimeoutError", when: "after" }
            : "lives",
      },
      "feature/a",
    );
    broken = true;
    await remove(scene, "feature/a");
    const made = scene.mutations().length;
    await minutes(scene, 240);
    expect(scene.mutations().length).toBe(made);
    expect(await stacks(scene)).toEqual([`${a}-base`, `${a}-s-web`]);
    broken = false;
    await minutes(scene, 60);
    expect(await stacks(scene)).toEqual([]);
  });

  test("where the list lacks the branch of trueup.yaml, or the repository is gone", async () => {
    const { scene } = await begin({}, "feature/a");
    const store = scene.world.git("myapps");
    store.delete();
    store.create();
    const made = scene.mutations().length;
    await minutes(scene, 240);
    expect(scene.mutations().length).toBe(made);
  });
});

test("a hold of all branches holds none, and says so", async () => {
  const { commitId, scene } = await begin({}, "feature/a");
  const Name = "/trueup/myapps/preview/hold";
  const Value = JSON.stringify({ revision: commitId, reason: "it ran then" });
  await scene.ask("ssm:PutParameter", { Name, Value, Type: "String" });
  await minutes(scene, 20);
  expect(await reasons(scene)).toContain("Stalled NothingToHold");
  await scene.ask("ssm:DeleteParameter", { Name });
  await minutes(scene, 20);
  expect(await reasons(scene)).toEqual(["Ready Deployed"]);
});
