import { expect, test } from "vitest";
import { renderPlan } from "../../src/cli/show-plan.ts";
import type { Change } from "../../src/model/plan.ts";
import { renames } from "../../src/plan/renames.ts";

const changes = (
  stack: string,
  action: Change["action"],
  ...types: readonly string[]
): readonly Change[] =>
  types.map((type, at) => ({
    stack,
    logicalId: `${stack}${at}`,
    type,
    action,
    risk: "none",
    property: "",
    cause: undefined,
  }));

const service = ["AWS::ECS::Service", "AWS::ECS::TaskDefinition"];

test("a stack that goes for one with the same resources is a rename", () => {
  const all = [
    ...changes("base", "modify", "AWS::SQS::Queue"),
    ...changes("s-web", "remove", ...service),
    ...changes("s-front", "add", ...service.toReversed()),
  ];
  expect(renames(all)).toEqual([{ from: "s-web", to: "s-front" }]);
});

test.for([
  ["nothing comes", changes("s-web", "remove", ...service)],
  ["nothing goes", changes("s-web", "add", ...service)],
  [
    "what comes is something else",
    [...changes("s-web", "remove", ...service), ...changes("s-cron", "add", "AWS::Events::Rule")],
  ],
  [
    "the other is only changed",
    [...changes("s-web", "remove", ...service), ...changes("s-api", "modify", ...service)],
  ],
] as const)("it is none where %s", ([, all]) => {
  expect(renames(all)).toEqual([]);
});

test("people are warned of it where they look at a plan", () => {
  const all = [...changes("s-web", "remove", ...service), ...changes("s-front", "add", ...service)];
  const plan = {
    digest: "d".repeat(64),
    changes: all,
    riskier: [],
    callouts: [],
    settings: [],
    gates: [],
  };
  const io = { cwd: "", env: {}, color: false, out: () => undefined, err: () => undefined };
  expect(renderPlan(plan, io)).toContain(
    "s-web goes and s-front comes: if that is a new name only",
  );
});
