import { expect, test } from "vitest";
import { failResource } from "../../src/sandbox/cloudformation/faults.ts";
import { topicsOf } from "../../src/sandbox/sns.ts";
import { begun, instanceOf, minutes, type Setting } from "./ephemeral.ts";
import type { TestWorld } from "./world.ts";

// A leak is an alarm, which is a line in the log, and a message.

const place = { account: "123456789012", region: "eu-west-1" };
const sns = "arn:aws:sns:eu-west-1:123456789012:deliveries";

async function told(setting: Setting = {}, on: readonly string[] = ["leaked"]) {
  const { revision, scene } = await begun({
    ephemeral: { ttl: "20m" },
    notify: { sns, on },
    ...setting,
  });
  await scene.ask("sns:CreateTopic", { Name: "deliveries" });
  const texts = () =>
    (topicsOf({ ...place, world: scene.world })[sns] ?? []).map(({ text }) => text);
  return { key: `myapps/test.${instanceOf(revision)}: ${revision.slice(0, 8)}`, scene, texts };
}

const neverDelete = ({ world }: TestWorld): void => {
  const fault = { type: "AWS::S3::Bucket", on: "delete", reason: "Never." } as const;
  failResource({ ...place, world, principal: "" }, fault);
};

const leaks = ({ log }: TestWorld) => log.filter((line) => line.startsWith("leak"));

test("what is left behind is told once, without its name", async () => {
  const { key, scene, texts } = await told();
  await minutes(scene, 15);
  neverDelete(scene);
  await minutes(scene, 240);
  expect(leaks(scene)).toHaveLength(1);
  expect(texts()).toEqual([
    `${key} left S3::Bucket behind, which could not be deleted.\ntrueup get myapps/test`,
  ]);
});

test("a process that dies on the way is followed by one that tells", async () => {
  const { scene: calm } = await told();
  await minutes(calm, 15);
  neverDelete(calm);
  await minutes(calm, 240);
  const deletions = calm.calls.flatMap((one, at) =>
    one === "cloudformation:DeleteStack" ? [at] : [],
  );
  expect(deletions.length).toBeGreaterThan(6);
  for (const at of deletions.slice(1)) {
    const { scene, texts } = await told({
      fate: (count) => (count === at ? "dies before" : "lives"),
    });
    await minutes(scene, 15);
    neverDelete(scene);
    await minutes(scene, 300);
    expect(texts(), `dies before call ${at}`).toHaveLength(1);
  }
});

test("what is overdue is told though nobody may so much as look at it", async () => {
  const { key, scene, texts } = await told({
    fate: (_, operation) =>
      operation === "cloudformation:ListStacks"
        ? { error: "AccessDenied", when: "before" }
        : "lives",
  });
  await minutes(scene, 100);
  expect(leaks(scene)).toEqual([]);
  await minutes(scene, 30);
  expect(leaks(scene).length).toBeGreaterThan(0);
  expect(texts()).toEqual([
    `${key} is over for ninety minutes and not deleted.\ntrueup get myapps/test`,
  ]);
});

test("nobody is told who did not ask for it", async () => {
  const { scene, texts } = await told({}, ["failed"]);
  await minutes(scene, 15);
  neverDelete(scene);
  await minutes(scene, 240);
  expect(leaks(scene)).toHaveLength(1);
  expect(texts()).toEqual([]);
});
