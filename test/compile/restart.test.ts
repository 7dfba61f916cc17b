import { describe, expect, test } from "vitest";
import { graphOf, only, saidOf } from "./from-text.ts";

const file = (own: string, label: string, other = "tty: true") => `services:
  web: { image: "web:1", ${other}, deploy: { labels: { ecs.task.family: f } } }
  side: { image: "side:1", ${own.replace("DEPLOY", `labels: { ecs.task.family: f${label} }`)} }
x-vpc: { Properties: { SingleNat: true } }
`;
const beside = ", ecs.essential: 'false'";
const plain = "deploy: { DEPLOY }";
const by = (policy: string) => `deploy: { DEPLOY, restart_policy: ${policy} }`;

const again = { Enabled: true, RestartAttemptPeriod: 60 };
const onFailure = { ...again, IgnoredExitCodes: [0] };

const policyOf = (text: string) =>
  only(graphOf(text), "AWS::ECS::TaskDefinition").ContainerDefinitions.find(
    ({ Name }: { readonly Name: string }) => Name === "side",
  ).RestartPolicy;
const told = (text: string) => saidOf(text).filter((line) => line.includes("restart"));

describe("a container that ends without its task", () => {
  test.for([
    [`restart: always, ${plain}`, again],
    [`restart: unless-stopped, ${plain}`, again],
    [`restart: on-failure, ${plain}`, onFailure],
    [by("{ condition: any }"), again],
    [by("{ condition: on-failure }"), onFailure],
    [`restart: "no", ${plain}`, undefined],
    [by("{ condition: none }"), undefined],
    [`restart: always, ${by("{ condition: none }")}`, undefined],
    [plain, undefined],
  ] as const)("is started again in it as it says: %s", ([own, policy]) => {
    expect(told(file(own, beside))).toEqual([]);
    expect(policyOf(file(own, beside))).toEqual(policy);
  });

  test.for(["delay: 5s", "max_attempts: 3", "window: 10s"])("ECS knows no %s", (more) => {
    const [key] = more.split(":");
    expect(told(file(by(`{ condition: any, ${more} }`), beside))).toEqual([
      `warning no-effect services.side.deploy.restart_policy.${key}`,
    ]);
  });

  test.for([
    [`restart: sometimes, ${plain}`, "restart"],
    [by("{ condition: sometimes }"), "deploy.restart_policy.condition"],
  ] as const)("only as compose knows it: %s", ([own, key]) => {
    expect(told(file(own, beside))).toEqual([`error unknown-value services.side.${key}`]);
  });

  test("and how often is not counted", () => {
    const text = file(`restart: "on-failure:3", ${plain}`, beside);
    expect(told(text)).toEqual(["warning no-effect services.side.restart"]);
    expect(policyOf(text)).toEqual(onFailure);
  });
});

describe("is replaced with its task, and says so where something else is asked for:", () => {
  test.for([
    [`restart: on-failure, ${plain}`, "restart"],
    [`restart: "no", ${plain}`, "restart"],
    [by("{ condition: none }"), "deploy.restart_policy"],
    [by("{ condition: any, delay: 5s }"), "deploy.restart_policy"],
  ] as const)("%s", ([own, key]) => {
    expect(told(file(own, ""))).toEqual([`warning no-effect services.side.${key}`]);
    expect(policyOf(file(own, ""))).toBeUndefined();
  });

  test.for([
    `restart: always, ${plain}`,
    `restart: unless-stopped, ${plain}`,
    by("{ condition: any }"),
  ])("not %s, which it is anyway", (own) => {
    expect(told(file(own, ""))).toEqual([]);
    expect(policyOf(file(own, ""))).toBeUndefined();
  });
});

describe("what others wait for the end of", () => {
  const waits = "depends_on: { side: { condition: service_completed_successfully } }";

  test("is not started again, and says so", () => {
    const text = file(`restart: on-failure, ${plain}`, "", waits);
    expect(told(text)).toEqual(["warning no-effect services.side.restart"]);
    expect(policyOf(text)).toBeUndefined();
  });

  test("is not to be, with restart: no", () => {
    expect(told(file(`restart: "no", ${plain}`, "", waits))).toEqual([]);
  });
});

describe("what an event starts", () => {
  const events = (own: string) => `services:
  job: { image: "job:1", ${own} }
x-events:
  nightly:
    Properties: { ScheduleExpression: rate(1 day) }
    Services: { job: { TaskCount: 1, DeleteDefaultService: true } }
x-vpc: { Properties: { SingleNat: true } }
`;

  test("is not started again, and says so", () => {
    expect(told(events("restart: always"))).toEqual(["warning no-effect services.job.restart"]);
  });

  test("is not to be, with restart: no", () => {
    expect(told(events('restart: "no"'))).toEqual([]);
  });
});
