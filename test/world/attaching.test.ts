import { beforeEach, describe, expect, test } from "vitest";
import { type TestWorld, testWorld } from "./world.ts";

// A service that runs gets its first load balancer, or gives up one that others still look at.

let scene: TestWorld;
let whole = "";

const said = async () => {
  const { conditions } = await scene.status();
  return conditions.map(({ reason, status, type }) => `${type}=${status} ${reason}`);
};

const deploy = async (compose: string): Promise<void> => {
  await scene.push({ "docker-compose.yml": compose });
  await scene.settle();
  expect(await said()).toContain("Ready=True Deployed");
};

/** Writes that a push leads to. */
const madeBy = async (compose: string): Promise<readonly string[]> => {
  const before = scene.mutations().length;
  await deploy(compose);
  return scene.mutations().slice(before);
};

const executions = (made: readonly string[]): number =>
  made.filter((one) => one === "cloudformation:ExecuteChangeSet").length;

const withoutBalancer = (text: string): string => text.replace(/^x-elbv2:\n(?:[ #].*\n|\n)*/m, "");

beforeEach(async () => {
  scene = testWorld();
  await scene.pushExample();
  whole = await scene.read("docker-compose.yml");
  await scene.register();
});

test("what sends to a service that runs is made before the service is told", async () => {
  await deploy(withoutBalancer(whole));
  const made = await madeBy(whole);
  // The base, what sends, and the service.
  expect(executions(made)).toBe(3);
  expect(made).not.toContain("cloudformation:CancelUpdateStack");
  expect(executions(await madeBy(`${whole}# as it is\n`))).toBe(0);
});

describe("what others still look at", () => {
  const alarm = `
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
      Dimensions:
        - { Name: TargetGroup, Value: "x-elbv2::public::app01:app01::8080" }
`;

  test("is given up last, and the update on the way there is not broken off", async () => {
    await deploy(`${whole}${alarm}`);
    const other = alarm.replace(/ {6}Dimensions:[\s\S]*/, "");
    const made = await madeBy(`${withoutBalancer(whole)}${other}`);
    // The service beside what is kept, the alarm, the rest of the service's stack, and the base.
    expect(executions(made)).toBe(4);
    expect(made).not.toContain("cloudformation:CancelUpdateStack");
  });
});
