import { beforeEach, describe, expect, test } from "vitest";
import type { Bundle } from "../../src/model/bundle.ts";
import type { ObservedStack } from "../../src/model/observed.ts";
import { refuseRename } from "../../src/reconcile/moving.ts";
import { stateOf } from "../../src/sandbox/cloudformation/state.ts";
import { type TestWorld, testWorld } from "./world.ts";

const account = "123456789012";
let scene: TestWorld;
let settings: string;

beforeEach(async () => {
  scene = testWorld();
  await scene.pushExample();
  await scene.register({ regions: ["eu-west-1", "eu-central-1"] });
  await scene.settle();
  settings = await scene.read("trueup.yaml");
});

const register = async (prefix: string): Promise<void> => {
  const environments = { "*": { accounts: [account], regions: ["eu-west-1"], roles: [], prefix } };
  const follows = { repository: "myapps", branch: "main", file: "trueup.yaml" };
  await scene.ask("ssm:PutParameter", {
    Name: "/trueup/myapps/registration",
    Value: JSON.stringify({ ...follows, environments, ssm: [] }),
    Type: "String",
    Overwrite: true,
  });
  await scene.settle();
};

const elsewhere = () =>
  settings.replace(
    "on: { branch: main }",
    "on: { branch: main }\n    target: { region: eu-central-1 }",
  );

const stacksIn = (region: string) =>
  Object.values(stateOf({ world: scene.world, account, region }).stacks).filter(
    ({ status }) => status !== "DELETE_COMPLETE",
  );

const reasons = async () =>
  (await scene.status()).conditions.map(
    ({ reason, status, type }) => `${type}=${status} ${reason}`,
  );

describe.for([
  ["", async () => {}],
  [", and the record is lost", (): Promise<void> => scene.loseRecord()],
] as const)("what is deployed stays in its place%s:", ([, lose]) => {
  test("another region makes nothing there of what is deployed here", async () => {
    await lose();
    await scene.push({ "trueup.yaml": elsewhere() });
    await scene.settle();
    expect(stacksIn("eu-central-1")).toEqual([]);
    expect(stacksIn("eu-west-1")).toHaveLength(4);
    expect(await reasons()).toContain("Stalled=True TargetChanged");
    const { conditions } = await scene.status();
    const { message } = conditions.find(({ type }) => type === "Stalled") ?? {};
    expect(message).toContain(` and 3 more are in ${account}, eu-west-1`);

    await scene.push({ "trueup.yaml": settings });
    await scene.settle();
    expect(await reasons()).toEqual(["Ready=True Deployed", "Healthy=True Running"]);
  });

  test("another prefix makes nothing beside it", async () => {
    const made = stacksIn("eu-west-1").map(({ name }) => name);
    await lose();
    await register("acme");
    const { conditions } = await scene.status();
    expect(await reasons()).toContain("Stalled=True StackRenamed");
    expect(stacksIn("eu-west-1").map(({ name }) => name)).toEqual(made);
    expect(conditions[0]?.message).toContain("would be made anew as acme-myapps-dev-");

    await register("trueup");
    expect(await reasons()).toEqual(["Ready=True Deployed", "Healthy=True Running"]);
  });
});

test.for([
  ["", async () => {}],
  [", though nobody remembers it", (): Promise<void> => scene.loseRecord()],
] as const)("what is no more may be made anew anywhere%s", async ([, lose]) => {
  const suspended = { Name: "/trueup/myapps/dev/suspended" };
  const Value = '{"reason":"It moves."}';
  await scene.ask("ssm:PutParameter", { ...suspended, Value, Type: "String" });
  const names = stacksIn("eu-west-1").map(({ name }) => name);
  for (const StackName of names.toReversed()) {
    await scene.ask("cloudformation:DeleteStack", { StackName });
    await scene.driver.settle({ at: scene.world.now + 60_000 });
  }
  await lose();
  await scene.push({ "trueup.yaml": elsewhere() });
  await scene.ask("ssm:DeleteParameter", suspended);
  await scene.settle();
  expect(stacksIn("eu-central-1")).toHaveLength(4);
  expect(await reasons()).toEqual(["Ready=True Deployed", "Healthy=True Running"]);
});

test("another prefix makes nothing anew beside what is deployed", () => {
  const found = { name: "trueup-myapps-dev-base-a0f97084", status: "UPDATE_COMPLETE" };
  const wanted = { unit: "base", name: "acme-myapps-dev-base-a0f97084" };
  const bundle = { stacks: [wanted] } as unknown as Bundle;
  const known = (status: string) => new Map([["base", { ...found, status } as ObservedStack]]);
  expect(() => refuseRename(bundle, known("UPDATE_COMPLETE"))).toThrow("keeps its name");
  expect(() => refuseRename(bundle, known("DELETE_COMPLETE"))).not.toThrow();
  expect(() => refuseRename(bundle, new Map())).not.toThrow();
});
