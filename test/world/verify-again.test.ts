import { describe, expect, test } from "vitest";
import { workOf } from "../../src/sandbox/lambda/work.ts";
import { instanceOf, minutes, reasonsOf, stacksOf, statusOf } from "./ephemeral.ts";
import { type Options, type TestWorld, testWorld } from "./world.ts";

// A revision whose instance is gone is verified again: in another one, made for that.

const trueup = `application: myapps
environments:
  test:
    on: { branch: main }
    ephemeral: { ttl: 2h, keepOnFailure: 30m }
    verify: [{ lambda: { function: smoke } }]
  prod:
    from: test
`;
const compose = `services:
  web: { image: "123456789012.dkr.ecr.eu-west-1.amazonaws.com/blog-app-01:1.0.0" }
`;

const smokes = async (scene: TestWorld, verdict: string, name = "smoke"): Promise<void> => {
  const { functions } = workOf(scene.world);
  delete functions[`arn:aws:lambda:eu-west-1:123456789012:function:${name}`];
  await scene.ask("lambda:CreateFunction", {
    FunctionName: name,
    Role: "arn:aws:iam::123456789012:role/smoke",
    Environment: { Variables: { SANDBOX_ANSWER: JSON.stringify({ verdict }) } },
  });
};

async function begun(verdict: string, options: Options = {}) {
  const scene = testWorld(options);
  await smokes(scene, verdict);
  await scene.pushExample();
  const revision = await scene.push({ "trueup.yaml": trueup, "docker-compose.yml": compose });
  await scene.register();
  return { scene, revision };
}

const verify = async (scene: TestWorld, token: string): Promise<void> => {
  const Name = "/trueup/myapps/test/verify-at";
  await scene.ask("ssm:PutParameter", { Name, Value: token, Type: "String", Overwrite: true });
};

const prod = async (scene: TestWorld) => {
  const Name = "/trueup/myapps/prod/status";
  const { Parameter } = (await scene.ask("ssm:GetParameter", { Name })) as {
    readonly Parameter: { readonly Value: string };
  };
  const { conditions, revision } = JSON.parse(Parameter.Value);
  return [revision.deployed, conditions[0].reason];
};

interface Verdict {
  readonly revision: string;
  readonly request?: string;
}

const Bucket = "trueup-123456789012-eu-west-1";

const verdictsOn = async (scene: TestWorld, revision: string): Promise<readonly Verdict[]> => {
  const { Contents = [] } = (await scene.ask("s3:ListObjectsV2", {
    Bucket,
    Prefix: "verdicts/myapps/test/",
  })) as { readonly Contents?: readonly { readonly Key: string }[] };
  const all: Verdict[] = [];
  for (const { Key } of Contents) {
    const { text } = (await scene.ask("s3:GetObject", { Bucket, Key })) as { text: string };
    all.push(JSON.parse(text));
  }
  return all.filter((one) => one.revision === revision);
};

/** The instances that an environment says it has. */
const namesIn = async (scene: TestWorld, environment: string): Promise<readonly string[]> => {
  const { Parameter } = (await scene.ask("ssm:GetParameter", {
    Name: `/trueup/myapps/${environment}/status`,
  })) as { readonly Parameter: { readonly Value: string } };
  return JSON.parse(Parameter.Value).instances.map(({ name }: { name: string }) => name);
};

/** Instances of test that have a stack. */
const instances = async (scene: TestWorld): Promise<readonly string[]> => [
  ...new Set(
    (await stacksOf(scene))
      .filter((name) => name.startsWith("main-"))
      .map((name) => name.replace(/-(?:base|s-web)$/, "")),
  ),
];

describe("an ephemeral environment that is asked to verify once more", () => {
  test("makes another instance where the last one is gone; the latest verdict counts", async () => {
    const { revision, scene } = await begun("failed");
    await minutes(scene, 90);
    expect(await instances(scene)).toEqual([]);
    expect(await prod(scene)).toEqual([undefined, "NothingVerified"]);
    expect(await reasonsOf(scene)).toEqual(["Ready InstanceFailed", "Stalled InstanceFailed"]);
    expect((await statusOf(scene))?.conditions[0]?.message).toMatch(/failed, .* smoke/);

    await smokes(scene, "passed");
    await verify(scene, "once-more");
    await minutes(scene, 5);
    expect(await instances(scene)).toEqual([`${instanceOf(revision)}-2`]);
    await minutes(scene, 90);
    expect(await prod(scene)).toEqual([revision, "Deployed"]);
    expect(await instances(scene)).toEqual([]);
    expect(await reasonsOf(scene)).toEqual(["Ready NothingLeased"]);

    const made = scene.mutations().length;
    await minutes(scene, 240);
    expect(scene.mutations().length).toBe(made);
  });

  test("takes back what it said, and asks as often as it is asked", async () => {
    const { revision, scene } = await begun("passed");
    await minutes(scene, 60);
    expect(await prod(scene)).toEqual([revision, "Deployed"]);
    await smokes(scene, "failed");
    await verify(scene, "second");
    await minutes(scene, 90);
    expect(await prod(scene)).toEqual([revision, "NothingVerified"]);
    await smokes(scene, "passed");
    await verify(scene, "third");
    await minutes(scene, 5);
    expect(await instances(scene)).toEqual([`${instanceOf(revision)}-3`]);
    await minutes(scene, 90);
    expect(await prod(scene)).toEqual([revision, "Deployed"]);
    expect(await instances(scene)).toEqual([]);
  });

  test("asks the instance that is there, and makes none for what that has answered", async () => {
    const { revision, scene } = await begun("failed");
    await minutes(scene, 15);
    expect(await reasonsOf(scene, instanceOf(revision))).toContain("Verified Failed");
    await smokes(scene, "passed");
    await verify(scene, "once-more");
    await minutes(scene, 90);
    expect(await prod(scene)).toEqual([revision, "Deployed"]);
    const made = scene.mutations().length;
    await minutes(scene, 240);
    expect(await instances(scene)).toEqual([]);
    expect(scene.mutations().length).toBe(made);
  });
});

describe("an instance that runs out of time before it is verified", () => {
  test("leaves an environment that says so, until somebody asks once more", async () => {
    const { revision, scene } = await begun("passed");
    const Name = "/trueup/myapps/test/suspended";
    await minutes(scene, 0.1);
    await scene.ask("ssm:PutParameter", { Name, Value: '{"reason":"a look"}', Type: "String" });
    await minutes(scene, 150);
    expect(await instances(scene)).toEqual([]);
    await scene.ask("ssm:DeleteParameter", { Name });
    await minutes(scene, 60);
    expect(await verdictsOn(scene, revision)).toEqual([]);
    expect(await reasonsOf(scene)).toEqual(["Ready NotVerified", "Stalled NotVerified"]);
    expect((await statusOf(scene))?.conditions[0]?.message).toContain(revision.slice(0, 8));
    const made = scene.mutations().length;
    await minutes(scene, 240);
    expect(scene.mutations().length).toBe(made);

    await verify(scene, "once-more");
    await minutes(scene, 90);
    expect(await reasonsOf(scene)).toEqual(["Ready NothingLeased"]);
    expect(await prod(scene)).toEqual([revision, "Deployed"]);
  });
});

test("where nobody could tell, that is said for as long as nobody can", async () => {
  const { revision, scene } = await begun("inconclusive");
  await minutes(scene, 150);
  expect(await instances(scene)).toEqual([]);
  expect(await prod(scene)).toEqual([undefined, "NothingVerified"]);
  expect(await reasonsOf(scene)).toEqual(["Ready NotVerified", "Stalled NotVerified"]);
  expect((await statusOf(scene))?.conditions[0]?.message).toMatch(/Nobody could tell .* smoke/);

  await smokes(scene, "passed");
  await verify(scene, "once-more");
  await minutes(scene, 90);
  expect(await reasonsOf(scene)).toEqual(["Ready NothingLeased"]);
  expect(await prod(scene)).toEqual([revision, "Deployed"]);
});

describe("a revision that is not the newest any more", () => {
  test("is verified once more where somebody names it, and what is newest is left alone", async () => {
    const { revision, scene } = await begun("passed");
    await minutes(scene, 60);
    const next = await scene.push({ "docker-compose.yml": compose.replace("web:", "api:") });
    await minutes(scene, 120);
    expect(await prod(scene)).toEqual([next, "Deployed"]);
    const made = scene.mutations().length;
    await verify(scene, `one+${revision}`);
    await minutes(scene, 5);
    expect((await statusOf(scene))?.instances?.map(({ name }) => name)).toEqual([
      `asked-${revision.slice(0, 6)}`,
    ]);
    expect((await statusOf(scene))?.revision.desired).toBe(next);
    await minutes(scene, 120);
    expect(await reasonsOf(scene)).toEqual(["Ready NothingLeased"]);
    expect(await prod(scene)).toEqual([next, "Deployed"]);
    expect(scene.mutations().length).toBeGreaterThan(made);
    const then = scene.mutations().length;
    await minutes(scene, 240);
    expect(scene.mutations().length).toBe(then);
    const newest = await verdictsOn(scene, revision);
    expect(newest.map(({ request }) => request)).toContain(`one+${revision}`);
  });

  test("and was never verified is not taken for having been, but where somebody chooses it", async () => {
    const { scene } = await begun("passed");
    await minutes(scene, 60);
    const skipped = await scene.push({ "docker-compose.yml": compose.replace("web:", "api:") });
    const next = await scene.push({ "docker-compose.yml": compose.replace("web:", "cmd:") });
    await minutes(scene, 120);
    await verify(scene, `one+${skipped}`);
    await minutes(scene, 120);
    expect(await verdictsOn(scene, skipped)).toHaveLength(1);
    expect(await prod(scene)).toEqual([next, "Deployed"]);
    const Value = JSON.stringify({ revision: skipped, reason: "that one" });
    const Name = "/trueup/myapps/prod/promote";
    await scene.ask("ssm:PutParameter", { Name, Value, Type: "String" });
    await minutes(scene, 60);
    expect(await prod(scene)).toEqual([skipped, "Deployed"]);
  });
});

/** Somebody pushes main back to an older commit. */
async function pushBack(scene: TestWorld, commitId: string): Promise<void> {
  const at = { repositoryName: "myapps", commitId };
  await scene.ask("codecommit:CreateBranch", { ...at, branchName: "kept" });
  const to = { repositoryName: "myapps", defaultBranchName: "kept" };
  await scene.ask("codecommit:UpdateDefaultBranch", to);
  await scene.ask("codecommit:DeleteBranch", { ...at, branchName: "main" });
  await scene.ask("codecommit:CreateBranch", { ...at, branchName: "main" });
  await minutes(scene, 60);
}

describe("a revision that is the newest again", () => {
  test("is so too where the clock of whoever followed the other was ahead", async () => {
    const { revision, scene } = await begun("passed");
    await minutes(scene, 60);
    const next = await scene.push({ "docker-compose.yml": compose.replace("web:", "api:") });
    await minutes(scene, 120);
    const [verdict] = await verdictsOn(scene, next);
    const since = new Date(scene.world.now + 86_400_000).toISOString();
    const Body = JSON.stringify({ ...verdict, run: 2, since });
    await scene.ask("s3:PutObject", { Bucket, Key: "verdicts/myapps/test/0-ahead.json", Body });
    await pushBack(scene, revision);
    expect(await prod(scene)).toEqual([revision, "Deployed"]);
  });

  test("since the branch was pushed back to it, is taken again, and no instance is made for it", async () => {
    const { revision, scene } = await begun("passed");
    await minutes(scene, 60);
    const next = await scene.push({ "docker-compose.yml": compose.replace("web:", "api:") });
    await minutes(scene, 120);
    expect(await prod(scene)).toEqual([next, "Deployed"]);
    await pushBack(scene, revision);
    expect(await prod(scene)).toEqual([revision, "Deployed"]);
    expect(await verdictsOn(scene, revision)).toHaveLength(2);
    await minutes(scene, 240);
    expect(await verdictsOn(scene, revision)).toHaveLength(2);
    expect(await instances(scene)).toEqual([]);
  });
});

describe("a revision that was taken", () => {
  test("and no longer passes is no longer taken", async () => {
    const { revision, scene } = await begun("passed");
    await minutes(scene, 60);
    await smokes(scene, "failed");
    await scene.push({ "docker-compose.yml": compose.replace("web:", "api:") });
    await minutes(scene, 120);
    expect(await prod(scene)).toEqual([revision, "Deployed"]);
    await verify(scene, `one+${revision}`);
    await minutes(scene, 120);
    expect(await prod(scene)).toEqual([revision, "NothingVerified"]);
  });
});

/** A revision that failed in `stage`, which has an instance for each, and how to choose it all the same. */
async function staged(seconds = 0) {
  const scene = testWorld({ skew: () => seconds * 1000 });
  await smokes(scene, "passed");
  await scene.pushExample();
  const stage = trueup.replace(
    "  prod:",
    `  stage:
    from: test
    ephemeral: { ttl: 2h }
    verify: [{ lambda: { function: stage } }]
  prod:`,
  );
  await smokes(scene, "failed", "stage");
  const revision = await scene.push({ "trueup.yaml": stage, "docker-compose.yml": compose });
  await scene.register();
  await minutes(scene, 180);
  expect(await namesIn(scene, "stage")).toEqual([]);
  const choose = () =>
    scene.ask("ssm:PutParameter", {
      Name: "/trueup/myapps/stage/promote",
      Value: JSON.stringify({ revision, reason: "the check was wrong" }),
      Type: "String",
      Overwrite: true,
    });
  return { choose, revision, scene };
}

test("chosen once, it gets another one once, by a clock that is behind too", async () => {
  const { choose, revision, scene } = await staged(-50);
  await smokes(scene, "inconclusive", "stage");
  await choose();
  await minutes(scene, 5);
  expect(await namesIn(scene, "stage")).toEqual([`test-${revision.slice(0, 6)}-2`]);
  await minutes(scene, 180);
  expect(await namesIn(scene, "stage")).toEqual([]);
});

test("chosen after it failed, a revision gets another instance where they are made for each", async () => {
  const { choose, revision, scene } = await staged();
  await smokes(scene, "passed", "stage");
  await choose();
  await minutes(scene, 5);
  const name = `test-${revision.slice(0, 6)}-2`;
  expect(await namesIn(scene, "stage")).toEqual([name]);
  await minutes(scene, 180);
  expect(await namesIn(scene, "stage")).toEqual([]);
  // It has passed: another choice makes nothing of it.
  await choose();
  await minutes(scene, 30);
  expect(await namesIn(scene, "stage")).toEqual([]);
});

describe("another instance for the sake of verifying", () => {
  test("does not wait until the last instance is gone", async () => {
    const { revision, scene } = await begun("passed");
    while ((await instances(scene)).length === 0) await minutes(scene, 1);
    while ((await statusOf(scene))?.instances?.some(({ state }) => state !== "TearingDown"))
      await minutes(scene, 0.5);
    await verify(scene, "once-more");
    await minutes(scene, 2);
    expect(await instances(scene)).toContain(`${instanceOf(revision)}-2`);
  });

  test("asked long ago, makes one instance of a new revision and no more", async () => {
    const { scene } = await begun("passed");
    await minutes(scene, 60);
    await verify(scene, "second");
    await minutes(scene, 60);
    const next = await scene.push({ "docker-compose.yml": compose.replace("web:", "api:") });
    await minutes(scene, 3);
    expect((await statusOf(scene))?.instances?.map(({ name }) => name)).toContain(instanceOf(next));
    await minutes(scene, 240);
    expect((await stacksOf(scene)).filter((name) => name.includes(next.slice(0, 6)))).toEqual([]);
    expect(await prod(scene)).toEqual([next, "Deployed"]);
  });
});

test("a revision is as old as its instance, however late that is looked at first", async () => {
  let [isArmed, isDying] = [false, false];
  const { scene } = await begun("passed", {
    onCall: ({ input, operation }) => {
      const isOfInstance = JSON.stringify(input).includes("/test.main-");
      if (!isArmed || operation !== "ssm:GetParameters" || !isOfInstance) return;
      [isArmed, isDying] = [false, true];
    },
    fate: () => {
      const fate = isDying ? "dies before" : "lives";
      isDying = false;
      return fate;
    },
  });
  await minutes(scene, 60);
  const web = (note: string) =>
    scene.push({ "docker-compose.yml": compose.replace("}", `, cpus: ${note} }`) });
  isArmed = true;
  const older = await web("0.25");
  await minutes(scene, 0.5);
  expect(isArmed).toBe(false);
  const newer = await web("0.5");
  await minutes(scene, 60);
  expect(await verifiedIn(scene)).toEqual(expect.arrayContaining([older, newer]));
  expect(await prod(scene)).toEqual([newer, "Deployed"]);
});

/** Revisions on which there is a verdict. */
async function verifiedIn(scene: TestWorld): Promise<readonly string[]> {
  const Bucket = "trueup-123456789012-eu-west-1";
  const list = await scene.ask("s3:ListObjectsV2", { Bucket, Prefix: "verdicts/myapps/test/" });
  const { Contents = [] } = list as { readonly Contents?: readonly { readonly Key: string }[] };
  return Contents.map(({ Key }) => /-([0-9a-f]{40})-/.exec(Key)?.[1] ?? "");
}
