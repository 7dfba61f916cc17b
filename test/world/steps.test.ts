import { expect, test } from "vitest";
import { random } from "../../src/sandbox/random.ts";
import { drawing } from "../simulation/draw.ts";
import { testWorld } from "./world.ts";

// What takes several updates on the way, pushed over by others at any time: a service's stack that
// keeps what an alarm looks at, and a load balancer that comes to a service that runs.

const alarm = (dimensions: string) => `
x-alarms:
  slow:
    Properties:
      Namespace: AWS/ApplicationELB
      MetricName: TargetResponseTime
      Statistic: Average
      Period: 60
      EvaluationPeriods: 1
      Threshold: 1
      ComparisonOperator: GreaterThanThreshold
${dimensions}`;
const onTarget = alarm(
  '      Dimensions: [{ Name: TargetGroup, Value: "x-elbv2::public::app01:app01::8080" }]\n',
);

const variantsOf = (whole: string): readonly string[] => {
  const alone = whole.replace(/^x-elbv2:\n(?:[ #].*\n|\n)*/m, "");
  const level = (text: string) => text.replace(/LOG_LEVEL: \S+/, "LOG_LEVEL: debug");
  const all = [whole, alone, `${whole}${alarm("")}`, `${alone}${alarm("")}`, `${whole}${onTarget}`];
  return [...all, ...all.map(level)];
};

const seeds = Array.from({ length: 12 }, (_, seed) => seed);

test.for(seeds)("end where they should, broken off only for another push: %i", async (seed) => {
  const draw = drawing(random(Math.imul(seed + 1, 0x9e3779b1)));
  const scene = testWorld();
  const said = async () => (await scene.status()).conditions.map(({ reason }) => reason);
  const pass = (seconds: number) => scene.driver.settle({ at: scene.world.now + seconds * 1000 });
  await scene.pushExample();
  const variants = variantsOf(await scene.read("docker-compose.yml"));
  const push = (count: number) =>
    scene.push({ "docker-compose.yml": `${draw.one(variants)}# ${count}\n` });
  await push(0);
  await scene.register();
  await scene.settle();
  expect(await said()).toContain("Deployed");
  const before = scene.mutations().length;
  const isCalm = draw.chance(0.5);
  for (let pushes = 1 + draw.upTo(4); pushes > 0; pushes -= 1) {
    await push(pushes);
    await (isCalm ? scene.settle() : pass(draw.upTo(120)));
  }
  await scene.settle();
  expect(await said()).toContain("Deployed");
  const made = scene.mutations();
  const isBrokenOff = made.slice(before).includes("cloudformation:CancelUpdateStack");
  if (isCalm) expect(isBrokenOff).toBe(false);
  await pass(1300);
  expect(scene.mutations().slice(made.length)).toEqual([]);
});
