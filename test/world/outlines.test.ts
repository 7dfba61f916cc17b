import { expect, test } from "vitest";
import type { Outline } from "../../src/model/outline.ts";
import { workOf } from "../../src/sandbox/lambda/work.ts";
import { type TestWorld, testWorld } from "./world.ts";

// What people look at is published with each commit, and never again.

/** Everything that was ever published of `dev`. */
async function published(scene: TestWorld): Promise<readonly Outline[]> {
  const Bucket = Object.values(workOf(scene.world).functions)[0]?.environment.TRUEUP_BUCKET;
  const list = await scene.ask("s3:ListObjectsV2", { Bucket, Prefix: "outlines/myapps/dev/" });
  const { Contents = [] } = list as { readonly Contents?: readonly { readonly Key: string }[] };
  return Promise.all(
    Contents.map(async ({ Key }) => {
      const { text } = (await scene.ask("s3:GetObject", { Bucket, Key })) as { text: string };
      return JSON.parse(text) as Outline;
    }),
  );
}

const of = (outlines: readonly Outline[], commit: string): Outline | undefined =>
  outlines.find(({ revision }) => revision === commit);

const lineOf = (outline: Outline | undefined, logicalId: string): number | undefined =>
  outline?.stacks.flatMap(({ resources }) => resources).find((one) => one.logicalId === logicalId)
    ?.cause?.line;

test("a commit that moves lines and changes nothing has an outline of its own", async () => {
  const scene = testWorld();
  const first = await scene.pushExample();
  await scene.register();
  await scene.settle();
  const text = await scene.read("docker-compose.yml");
  const moved = await scene.push({ "docker-compose.yml": `# One line more.\n${text}` });
  await scene.settle();

  const outlines = await published(scene);
  const [before, after] = [of(outlines, first), of(outlines, moved)];
  expect(outlines).toHaveLength(2);
  expect(after?.bundle).toBe(before?.bundle);
  expect(after?.bundle).toBe((await scene.status()).digest.bundle);
  expect(lineOf(after, "App01Service")).toBe(Number(lineOf(before, "App01Service")) + 1);
  expect(before?.stacks.map(({ unit }) => unit)).toEqual([
    "base",
    "s-app02",
    "s-app01",
    "s-worker",
  ]);
});

test("a commit that cannot be read leaves what was published", async () => {
  const scene = testWorld();
  const first = await scene.pushExample();
  await scene.register();
  await scene.settle();
  const text = await scene.read("docker-compose.yml");
  await scene.push({ "docker-compose.yml": text.replace("ports:", "prots:") });
  await scene.settle();
  expect((await published(scene)).map(({ revision }) => revision)).toEqual([first]);
});
