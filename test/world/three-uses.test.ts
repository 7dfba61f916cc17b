import { beforeAll, describe, expect, test } from "vitest";
import { type TestWorld, testWorld } from "./world.ts";

const conditions = (status: { readonly conditions: readonly { type: string; status: string }[] }) =>
  status.conditions.map(({ status: is, type }) => `${type}=${is}`);

describe("the three uses, one after the other", () => {
  let scene: TestWorld;

  beforeAll(async () => {
    scene = testWorld();
    await scene.pushExample();
    await scene.register();
    await scene.settle();
  });

  test("a git push deploys every stack, in dependency order", async () => {
    const status = await scene.status();
    expect(conditions(status)).toEqual(["Ready=True", "Healthy=True"]);
    expect(status.revision.deployed).toBe(status.revision.desired);
    expect(status.stacks.map(({ status: is }) => is)).toEqual(Array(4).fill("CREATE_COMPLETE"));
    expect(conditions(await scene.applicationStatus())).toEqual(["Ready=True"]);
  });

  test("it is done with two writes a stack, a change set and its execution", () => {
    const counts = Object.groupBy(scene.mutations(), (operation) => operation);
    expect(
      Object.fromEntries(Object.entries(counts).map(([name, those]) => [name, those?.length])),
    ).toEqual({
      "cloudformation:CreateChangeSet": 4,
      "cloudformation:ExecuteChangeSet": 4,
    });
  });

  test("an image push becomes one commit that changes one scalar, and one stack", async () => {
    const before = await scene.read("docker-compose.yml");
    const made = scene.mutations().length;
    await scene.pushImage("blog-app-02", "1.0.1");
    await scene.settle();

    const after = await scene.read("docker-compose.yml");
    const changed = after.split("\n").filter((line, index) => line !== before.split("\n")[index]);
    expect(changed).toEqual([
      expect.stringMatching(/^ {4}image: \S+\/blog-app-02:1\.0\.1@sha256:[0-9a-f]{64}$/),
    ]);
    expect(scene.mutations().slice(made)).toEqual([
      "codecommit:CreateCommit",
      "cloudformation:CreateChangeSet",
      "cloudformation:ExecuteChangeSet",
    ]);
    const { conditions: said, stacks } = await scene.status();
    expect(conditions({ conditions: said })).toEqual(["Ready=True", "Healthy=True"]);
    expect(stacks.filter(({ status }) => status === "UPDATE_COMPLETE")).toEqual([
      expect.objectContaining({ name: expect.stringContaining("-s-app02-") }),
    ]);
  });

  test("a person who asks is answered without a mutating call", async () => {
    const made = scene.mutations().length;
    const payload = { application: "myapps", environment: "dev" };
    const { payload: answer } = await scene.driver.invoke("ReconcileFunction", payload);
    await scene.settle();
    expect((await scene.status()).requestedAt).toBe((answer as { token: string }).token);
    expect(scene.mutations().length).toBe(made);
  });

  test("a pass with nothing to do writes nothing at all, not even a status", async () => {
    await scene.driver.settle({ at: scene.world.now + 3_600_000 });
    const made = scene.calls.length;
    await scene.driver.settle({ at: scene.world.now + 3_600_000 });
    const writes = scene.calls
      .slice(made)
      .filter((one) => /:(Put|Create|Update|Delete|Execute)/.test(one));
    expect(scene.calls.length).toBeGreaterThan(made);
    expect(writes).toEqual([]);
  });
});
