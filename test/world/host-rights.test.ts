import { expect, test } from "vitest";
import { testWorld } from "./world.ts";

test("what the registration denies tasks is not deployed, and is again what it was once it is taken back", async () => {
  const scene = testWorld();
  await scene.pushExample();
  await scene.register({ deny: ["capabilities"] });
  await scene.settle();
  const said = async () =>
    (await scene.status()).conditions
      .filter(({ type }) => type === "Ready" || type === "Stalled")
      .map(({ message, reason, type }) => `${type} ${reason} ${message}`);
  expect(await said()).toEqual([expect.stringMatching(/^Ready Deployed/)]);

  const before = scene.mutations().length;
  const text = await scene.read("docker-compose.yml");
  const asking = text.replace(/^( {4})image: .*$/m, "$&\n$1cap_add: [SYS_PTRACE]");
  await scene.push({ "docker-compose.yml": asking });
  await scene.settle();
  expect(await said()).toContainEqual(
    expect.stringMatching(
      /^Stalled NotPermitted docker-compose.yml:\d+:\d+ .*denies `capabilities`/,
    ),
  );
  expect(scene.mutations()).toHaveLength(before);

  await scene.push({ "docker-compose.yml": text });
  await scene.settle();
  expect(await said()).toEqual([expect.stringMatching(/^Ready Deployed/)]);
});
