import { expect, test } from "vitest";
import { type Fate, type TestWorld, testWorld } from "./world.ts";

/** One more invocation, whatever the queue's lock says: as after a visibility timeout that was too short. */
const intrude = (scene: TestWorld, key: string): Promise<unknown> =>
  scene.driver.invoke("ReconcileFunction", { Records: [{ messageId: "2", body: key }] });

const timeouts = (text: string): number[] =>
  [...text.matchAll(/"?VisibilityTimeout"?: (\d+)/g)].map(([, seconds]) => Number(seconds));

const deployed = async (scene: TestWorld): Promise<string> => {
  const { stacks } = await scene.status();
  const StackName = stacks.find(({ name }) => name.includes("-base-"))?.name;
  const { TemplateBody } = (await scene.ask("cloudformation:GetTemplate", { StackName })) as {
    readonly TemplateBody: string;
  };
  return JSON.stringify(JSON.parse(TemplateBody), undefined, 1);
};

interface Began {
  readonly scene: TestWorld;
  /** The compose file as it is deployed. */
  readonly compose: string;
  /** Calls made so far. */
  readonly calls: number;
  /** What happens from now on just before each call of the controller. */
  readonly interrupt: (act: (count: number) => Promise<void>) => void;
}

const began = async (): Promise<Began> => {
  let act: (count: number) => Promise<void> = async () => undefined;
  const scene = testWorld({
    fate: async (count): Promise<Fate> => {
      await act(count);
      return "lives";
    },
  });
  await scene.pushExample();
  await scene.register();
  await scene.settle();
  return {
    scene,
    compose: await scene.read("docker-compose.yml"),
    calls: scene.calls.length,
    interrupt: (given) => {
      act = given;
    },
  };
};

/** A roll-out of one revision with another pushed, and rolled out as far as it goes, at call `at`. */
const race = async (at: number | undefined) => {
  const { calls, compose, interrupt, scene } = await began();
  const withTimeout = (seconds: number) => ({
    "docker-compose.yml": compose.replace("VisibilityTimeout: 60", `VisibilityTimeout: ${seconds}`),
  });
  let raced = false;
  interrupt(async (count) => {
    if (raced || count - calls !== at) return;
    raced = true;
    await scene.push(withTimeout(62));
    await intrude(scene, "myapps/dev");
  });
  await scene.push(withTimeout(61));
  await scene.settle();
  return { scene, raced, made: scene.calls.length - calls };
};

// The first finds nothing in memory, and so makes more calls than any after it.
await race(undefined);
const alone = await race(undefined);
const points = Array.from({ length: alone.made }, (_, at) => at);

test.for(points)("a newer revision that overtakes at call %d is what remains", async (at) => {
  const { raced, scene } = await race(at);
  expect(raced).toBe(true);
  expect(timeouts(await deployed(scene))).toEqual([62]);
  const { conditions } = await scene.status();
  expect(conditions[0]).toMatchObject({ type: "Ready", status: "True" });
  const before = scene.mutations().length;
  await scene.driver.settle({ at: scene.world.now + 3_600_000 });
  expect(scene.mutations().length).toBe(before);
});

test("a person's commit that comes in between is kept, and the image is written on top of it", async () => {
  const { compose, interrupt, scene } = await began();
  let raced = false;
  interrupt(async () => {
    if (raced || scene.calls.at(-1) !== "codecommit:CreateCommit") return;
    raced = true;
    await scene.push({
      "docker-compose.yml": compose.replace("VisibilityTimeout: 60", "VisibilityTimeout: 77"),
    });
  });
  await scene.pushImage("blog-app-02", "1.0.1");
  await scene.settle();
  const text = await scene.read("docker-compose.yml");
  expect(raced).toBe(true);
  expect(text).toContain("VisibilityTimeout: 77");
  expect(text).toMatch(/blog-app-02:1\.0\.1@sha256:/);
  expect(timeouts(await deployed(scene))).toEqual([77]);
});
