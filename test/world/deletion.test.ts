import { describe, expect, test } from "vitest";
import type { Call } from "../../src/aws/call.ts";
import { peopleOf } from "../../src/aws/people.ts";
import type { Plan } from "../../src/model/plan.ts";
import { workOf } from "../../src/sandbox/lambda/work.ts";
import { type TestWorld, testWorld } from "./world.ts";

const account = "123456789012";
const ann = `arn:aws:iam::${account}:user/ann`;
const bob = `arn:aws:iam::${account}:user/bob`;
const image =
  "123456789012.dkr.ecr.eu-west-1.amazonaws.com/blog-worker:1.0.0@sha256:00b7e6e3d6525c73b88c252ae5f12e80cfb3c7d9db750c71c1ed714595f4c9d5";

const composeOf = (services: readonly string[]): string =>
  `services:\n${services.map((name) => `  ${name}: { image: "${image}" }\n`).join("")}`;

const settings = (environment: string, more = "") =>
  `application: myapps\nenvironments:\n  ${environment}: { on: { branch: main }${more} }\n`;

/** Three services, deployed. */
async function began(ceiling: object = {}): Promise<TestWorld> {
  const scene = testWorld();
  await scene.pushExample();
  await scene.push({
    "docker-compose.yml": composeOf(["one", "three", "two"]),
    "trueup.yaml": settings("dev"),
  });
  await scene.register(ceiling);
  await scene.settle();
  expect(await units(scene)).toEqual(["base", "s-one", "s-three", "s-two"]);
  return scene;
}

const push = async (scene: TestWorld, files: Readonly<Record<string, string>>) => {
  await scene.push(files);
  await scene.settle();
};

const keep = (scene: TestWorld, services: readonly string[], more = "") =>
  push(scene, { "docker-compose.yml": composeOf(services), "trueup.yaml": settings("dev", more) });

/** Units that have a stack, whatever the controller says of them. */
const units = async (scene: TestWorld): Promise<readonly string[]> => {
  const { Stacks } = (await scene.ask("cloudformation:DescribeStacks", {})) as {
    readonly Stacks: readonly { readonly StackName: string }[];
  };
  return Stacks.map(({ StackName }) => /^trueup-myapps-dev-(.*)-[0-9a-f]{8}$/.exec(StackName))
    .flatMap((match) => match?.[1] ?? [])
    .sort();
};

const deletions = (scene: TestWorld) =>
  scene.calls.filter((operation) => operation === "cloudformation:DeleteStack").length;

const reason = async (scene: TestWorld) =>
  (await scene.status()).conditions.find(({ type }) => type === "Ready")?.reason;

const doomed = async (scene: TestWorld): Promise<string> => {
  const Bucket = Object.values(workOf(scene.world).functions)[0]?.environment.TRUEUP_BUCKET;
  const Key = `plans/${(await scene.status()).digest.plan}.json`;
  const object = (await scene.ask("s3:GetObject", { Bucket, Key })) as { readonly text: string };
  return (JSON.parse(object.text) as Plan).doomed ?? "nothing";
};

const ledger = (scene: TestWorld) => {
  const Bucket = Object.values(workOf(scene.world).functions)[0]?.environment.TRUEUP_BUCKET;
  return peopleOf(scene.ask as Call, Bucket).history("myapps", "dev", 1000);
};

const consent = async (scene: TestWorld, digest: string, as = ann) => {
  const Value = JSON.stringify({ doomed: digest, reason: "as agreed" });
  const Name = "/trueup/myapps/dev/consent";
  await scene.as(as)("ssm:PutParameter", { Name, Value, Type: "String", Overwrite: true });
  await scene.settle();
};

describe("services that leave the repository", () => {
  test("go one by one, and no more at once than prune lets", async () => {
    const scene = await began();
    await keep(scene, ["one", "two"]);
    expect(await units(scene)).toEqual(["base", "s-one", "s-two"]);

    await keep(scene, []);
    expect(await reason(scene)).toBe("SourceInvalid");
    await push(scene, { "docker-compose.yml": composeOf(["three"]) });
    expect(await reason(scene)).toBe("PruneBudget");
    expect(await units(scene)).toEqual(["base", "s-one", "s-three", "s-two"]);

    await keep(scene, ["three"], ", prune: { max: 2 }");
    expect(await units(scene)).toEqual(["base", "s-three"]);
    expect(await reason(scene)).toBe("Deployed");
  });

  test("are late when their deletion is, however long ago their last update was", async () => {
    const scene = await began();
    await scene.driver.settle({ at: scene.world.now + 7_200_000 });
    await scene.push({ "docker-compose.yml": composeOf(["one", "two"]) });
    await scene.driver.settle({ at: scene.world.now + 20_000 });
    expect(deletions(scene)).toBe(1);
    const asked = { Name: "/trueup/myapps/dev/requested-at", Value: "now", Type: "String" };
    await scene.ask("ssm:PutParameter", asked);
    await scene.settle();
    expect(await units(scene)).toEqual(["base", "s-one", "s-two"]);
    const said = (await ledger(scene)).flatMap(({ conditions }) => conditions);
    expect(said.map(({ reason }) => reason)).not.toContain("DeadlineExceeded");
  });

  test("go beyond that by consent, and not by consent to less", async () => {
    const scene = await began();
    await keep(scene, ["one", "two"], ", prune: { max: 0 }");
    expect(await reason(scene)).toBe("PruneBudget");
    const less = await doomed(scene);

    await keep(scene, ["one"], ", prune: { max: 0 }");
    const all = await doomed(scene);
    expect(all).not.toBe(less);
    await consent(scene, less);
    expect(deletions(scene)).toBe(0);
    expect(await reason(scene)).toBe("PruneBudget");

    await consent(scene, all);
    expect(await units(scene)).toEqual(["base", "s-one"]);
    expect(await reason(scene)).toBe("Deployed");
    // On whose word is told for good, whatever becomes of the parameter.
    const told = (await ledger(scene)).flatMap(({ consents = [] }) => consents);
    expect(told).toMatchObject([{ doomed: all, user: ann, reason: "as agreed" }]);
  });

  test("go by consent of those who may", async () => {
    const scene = await began({ approvers: [bob] });
    await keep(scene, ["one"]);
    await consent(scene, await doomed(scene));
    expect(deletions(scene)).toBe(0);
    await consent(scene, await doomed(scene), bob);
    expect(await units(scene)).toEqual(["base", "s-one"]);
  });
});

describe("an environment that leaves trueup.yaml", () => {
  test("is kept until people consent to all of it, and then goes, what is shared last", async () => {
    const scene = await began();
    await push(scene, { "trueup.yaml": settings("test") });
    expect(await reason(scene)).toBe("Orphaned");
    const all = ["base", "s-one", "s-three", "s-two"];
    expect(await units(scene)).toEqual(all);

    await consent(scene, "f".repeat(64));
    expect(await units(scene)).toEqual(all);
    expect(deletions(scene)).toBe(0);

    const looks = () => scene.calls.filter((one) => one === "ssm:GetParameters").length;
    const before = looks();
    await consent(scene, await doomed(scene));
    expect(await units(scene)).toEqual([]);
    await expect(scene.status()).rejects.toThrow();
    // None follows another at once to see nothing new.
    expect(looks() - before).toBeLessThan(15);
    const said = (await ledger(scene)).map(({ conditions }) =>
      conditions.flatMap(({ reason, status, type }) => (type === "Ready" ? [status, reason] : [])),
    );
    expect(said).toContainEqual(["True", "Destroyed"]);
  });

  test("is taken up again when it comes back", async () => {
    const scene = await began();
    await push(scene, { "trueup.yaml": settings("test") });
    const digest = await doomed(scene);
    await push(scene, { "trueup.yaml": settings("dev") });
    expect(await reason(scene)).toBe("Deployed");
    await consent(scene, digest);
    expect(deletions(scene)).toBe(0);
    expect(await reason(scene)).toBe("Deployed");
  });

  test("is asked about anew when it leaves again, whatever was let go before", async () => {
    const scene = await began();
    await push(scene, { "trueup.yaml": settings("test") });
    const digest = await doomed(scene);
    await push(scene, { "trueup.yaml": settings("dev") });
    await consent(scene, digest);
    await scene.driver.settle({ at: scene.world.now + 3_600_000 });

    await push(scene, { "trueup.yaml": settings("test") });
    expect(await reason(scene)).toBe("Orphaned");
    expect(await doomed(scene)).toBe(digest);
    expect(deletions(scene)).toBe(0);
    await consent(scene, digest, bob);
    expect(await units(scene)).toEqual([]);
  });
});

describe("nothing is ever deleted because the source", () => {
  test.for<[string, (scene: TestWorld) => Promise<unknown>]>([
    ["has an empty trueup.yaml", (scene) => scene.push({ "trueup.yaml": "" })],
    ["cannot be parsed", (scene) => scene.push({ "trueup.yaml": "environments: [" })],
    ["has no environments", (scene) => scene.push({ "trueup.yaml": "application: myapps\n" })],
    ["has no services", (scene) => scene.push({ "docker-compose.yml": "services: {}\n" })],
    ["has an empty compose file", (scene) => scene.push({ "docker-compose.yml": "" })],
    ["is broken", (scene) => scene.push({ "docker-compose.yml": "services: [" })],
    [
      "has no such repository",
      (scene) => scene.ask("codecommit:DeleteRepository", { repositoryName: "myapps" }),
    ],
    [
      "is registered no more",
      (scene) => scene.ask("ssm:DeleteParameter", { Name: "/trueup/myapps/registration" }),
    ],
  ])("%s", async ([, change]) => {
    const scene = await began();
    await change(scene);
    await scene.driver.settle({ at: scene.world.now + 86_400_000 });
    await scene.driver
      .invoke("SignalFunction", { source: "aws.events", "detail-type": "Scheduled Event" })
      .catch(() => undefined);
    await scene.driver.settle({ at: scene.world.now + 86_400_000 });
    expect(deletions(scene)).toBe(0);
    expect(await units(scene)).toEqual(["base", "s-one", "s-three", "s-two"]);
  });
});

describe("a stack with termination protection", () => {
  const stackNameOf = async (scene: TestWorld, unit: string) =>
    (await scene.status()).stacks.find(({ name }) => name.includes(`-dev-${unit}-`))?.name ?? "";
  const protect = (scene: TestWorld, StackName: string, EnableTerminationProtection: boolean) =>
    scene.ask("cloudformation:UpdateTerminationProtection", {
      StackName,
      EnableTerminationProtection,
    });

  test("that leaves is for people to release, is not asked for again and again, and then goes", async () => {
    const scene = await began();
    const name = await stackNameOf(scene, "s-three");
    await protect(scene, name, true);
    const asked = deletions(scene);
    await keep(scene, ["one", "two"]);
    expect(await reason(scene)).toBe("TerminationProtected");
    const { conditions } = await scene.status();
    expect(conditions.map(({ type }) => type)).toContain("Stalled");
    expect(conditions[0]?.message).toContain(
      `--no-enable-termination-protection --stack-name ${name}`,
    );
    await scene.driver.settle({ at: scene.world.now + 3_600_000 });
    expect(deletions(scene)).toBe(asked);

    await protect(scene, name, false);
    await scene.driver.settle({ at: scene.world.now + 3_600_000 });
    expect(await reason(scene)).toBe("Deployed");
    expect(await units(scene)).toEqual(["base", "s-one", "s-two"]);
  });

  test("that is wanted again stays, and nothing is left of it", async () => {
    const scene = await began();
    await protect(scene, await stackNameOf(scene, "s-three"), true);
    await keep(scene, ["one", "two"]);
    await keep(scene, ["one", "three", "two"]);
    expect(await reason(scene)).toBe("Deployed");
  });
});
