import { describe, expect, test } from "vitest";
import { type Options, type TestWorld, testWorld } from "./world.ts";

const trueup = (verify: string) => `application: myapps
compose: [docker-compose.yml]
environments:
  dev:
    on: { branch: main }
    compose: [envs/dev.yml]
    variables: { LOG_LEVEL: debug }
    verify:
${verify}
`;

const output = (name: string) => `"\${outputs.${name}}/"`;
const page = `      - http: { url: ${output("PublicUrl")}, match: ok, retries: 2, within: 10m }`;
const rest = [
  "      - lambda: { function: smoke }",
  "      - codebuild: { project: tests }",
  "      - task: { service: app02, command: [./smoke.sh] }",
].join("\n");

interface Answers {
  readonly smoke?: string;
  readonly build?: string;
}

/** The example, deployed and to be verified; what is to verify it is there. */
async function began(
  verify: string,
  { build = "SUCCEEDED", smoke = "passed", ...options }: Options & Answers = {},
): Promise<TestWorld> {
  const scene = testWorld(options);
  await scene.ask("lambda:CreateFunction", {
    FunctionName: "smoke",
    Role: "arn:aws:iam::123456789012:role/smoke",
    Environment: { Variables: { SANDBOX_ANSWER: JSON.stringify({ verdict: smoke }) } },
  });
  await scene.ask("codebuild:CreateProject", {
    name: "tests",
    environment: { environmentVariables: [{ name: "SANDBOX_BUILD_STATUS", value: build }] },
  });
  await scene.pushExample();
  await scene.push({ "trueup.yaml": trueup(verify) });
  await scene.register();
  await scene.settle();
  return scene;
}

const verified = async (scene: TestWorld) => {
  const { conditions, revision } = await scene.status();
  const { message, reason, status } = conditions.find(({ type }) => type === "Verified") ?? {};
  return { is: `${status} ${reason}`, message, revision: revision.verified };
};

/** Makes app01 answer so, from the next revision on. */
const answer = async (scene: TestWorld, status: number): Promise<string> => {
  const text = await scene.read("docker-compose.yml");
  const environment = `SANDBOX_HTTP_STATUS: "${status}"\n      LOG_LEVEL`;
  const without = text.replace(/SANDBOX_HTTP_STATUS: "\d+"\n {6}/, "");
  const edited = without.replace("LOG_LEVEL", environment);
  const revision = await scene.push({ "docker-compose.yml": edited });
  await scene.settle();
  return revision;
};

const started = (scene: TestWorld) =>
  scene
    .mutations()
    .filter((operation) =>
      ["codebuild:StartBuild", "ecs:RunTask", "lambda:Invoke"].includes(operation),
    );

const verdictsOf = async (scene: TestWorld) => {
  const Bucket = "trueup-123456789012-eu-west-1";
  const list = await scene.ask("s3:ListObjectsV2", { Bucket, Prefix: "verdicts/myapps/dev/" });
  const { Contents } = list as { readonly Contents?: readonly { readonly Key: string }[] };
  const keys = (Contents ?? []).map(({ Key }) => Key);
  return Promise.all(
    keys.map(async (Key) => {
      const { text } = (await scene.ask("s3:GetObject", { Bucket, Key })) as { text: string };
      return JSON.parse(text) as { readonly verdict: string; readonly run: number };
    }),
  );
};

describe("what is deployed and healthy", () => {
  test("is verified once, and then left alone", async () => {
    const scene = await began(page);
    const { conditions, revision } = await scene.status();
    expect(await verified(scene)).toEqual({
      is: "True Passed",
      message: "The check passed.",
      revision: revision.deployed,
    });
    expect(conditions.find(({ type }) => type === "Ready")?.status).toBe("True");
    const before = scene.calls.length;
    await scene.driver.settle({ at: scene.world.now + 3_600_000 });
    const asked = scene.calls.slice(before).filter((operation) => operation === "http:Get");
    expect(asked).toEqual([]);
    expect(await verdictsOf(scene)).toMatchObject([{ verdict: "passed", run: 1 }]);
  });

  test("is verified by every check, each of them started once", async () => {
    const scene = await began(`${page}\n${rest}`);
    expect(await verified(scene)).toMatchObject({
      is: "True Passed",
      message: "All 4 checks passed.",
    });
    expect(started(scene)).toEqual(["lambda:Invoke", "codebuild:StartBuild", "ecs:RunTask"]);
    const [verdict] = await verdictsOf(scene);
    expect(verdict).toMatchObject({
      images: { "App02/app02": expect.stringMatching(/blog-app-02:1\.0\.0@sha256:/) },
    });
  });

  test("that answers with an error is asked again, then failed, and stays what it is", async () => {
    const scene = await began(page);
    const good = (await scene.status()).revision.deployed;
    const before = scene.calls.filter((operation) => operation === "http:Get").length;
    const bad = await answer(scene, 500);
    expect(await verified(scene)).toMatchObject({ is: "False Failed", revision: good });
    expect((await scene.status()).revision.deployed).toBe(bad);
    const asked = scene.calls.filter((operation) => operation === "http:Get").length - before;
    expect(asked).toBe(3);
  });

  test.for([
    ["a build that fails", { build: "FAILED" }, "False Failed"],
    ["a function that says no", { smoke: "failed" }, "False Failed"],
    ["a function that cannot tell", { smoke: "inconclusive" }, "Unknown Inconclusive"],
    ["a build that breaks each time", { build: "FAULT" }, "Unknown Inconclusive"],
  ] as const)("%s: %s", async ([, answers, expected]) => {
    const scene = await began(rest, answers);
    expect((await verified(scene)).is).toBe(expected);
  });

  test("is verified again when somebody asks, and the latest verdict counts", async () => {
    const scene = await began(rest);
    const Name = "/trueup/myapps/dev/verify-at";
    await scene.ask("ssm:PutParameter", { Name, Value: '"again"', Type: "String" });
    await scene.settle();
    expect(started(scene)).toHaveLength(6);
    expect((await verdictsOf(scene)).map(({ run }) => run).sort()).toEqual([1, 2]);
    await scene.driver.settle({ at: scene.world.now + 3_600_000 });
    expect(started(scene)).toHaveLength(6);
  });

  test("names outputs that are there, or nobody can tell", async () => {
    const scene = await began(`      - http: { url: ${output("Nothing")} }`);
    const { is, message } = await verified(scene);
    expect(is).toBe("Unknown Inconclusive");
    expect(message).toContain("there is no outputs.Nothing; there are");
  });
});

describe("a process that dies while it verifies", () => {
  /** Every call that is about the verification, counted from 0. */
  const dying = async (at: number, when: "before" | "after") => {
    let seen = -1;
    const scene = await began(`${page}\n${rest}`, {
      fate: (_, operation) => {
        if (!/^(?:codebuild|ecs:RunTask|ecs:DescribeTasks|http|lambda)/.test(operation))
          return "lives";
        seen += 1;
        return seen === at ? `dies ${when}` : "lives";
      },
    });
    return { scene, seen };
  };

  test.for(
    [0, 1, 2, 3, 4, 5, 6].flatMap((at) => [[at, "before"] as const, [at, "after"] as const]),
  )("at call %i, %s its effect, is followed by one that goes on", async ([at, when]) => {
    const { scene } = await dying(at, when);
    expect((await verified(scene)).is).toBe("True Passed");
    expect(await verdictsOf(scene)).toHaveLength(1);
  });

  test("is one of all of them", async () => {
    expect((await dying(99, "before")).seen).toBe(6);
  });
});

test("an environment without checks says so when it is asked to verify, and rests", async () => {
  const scene = testWorld();
  await scene.pushExample();
  await scene.register();
  await scene.settle();
  expect((await verified(scene)).is).toBe("undefined undefined");
  const Name = "/trueup/myapps/dev/verify-at";
  await scene.ask("ssm:PutParameter", { Name, Value: "once-more", Type: "String" });
  await scene.settle();
  const { is, message, revision } = await verified(scene);
  expect(is).toBe("Unknown NothingToVerify");
  expect(message).toContain("has no verify:");
  expect(revision).toBeUndefined();

  // It is known to be at rest: no pass looks at its stacks one by one.
  await scene.driver.settle({ at: scene.world.now + 1_200_000 });
  const before = scene.calls.length;
  await scene.driver.settle({ at: scene.world.now + 1_200_000 });
  expect(scene.calls.slice(before)).not.toContain("ssm:PutParameter");
  expect(scene.calls.slice(before)).not.toContain("s3:PutObject");

  await scene.push({ "trueup.yaml": trueup(page) });
  await scene.settle();
  expect((await verified(scene)).is).toBe("True Passed");
});
