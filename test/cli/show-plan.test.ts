import { expect, test } from "vitest";
import { renderPlan } from "../../src/cli/show-plan.ts";
import type { Change, Plan } from "../../src/model/plan.ts";
import { quietIn } from "./quiet.ts";

const change: Change = {
  stack: "shop",
  logicalId: "JobsQueue",
  type: "AWS::SQS::Queue",
  action: "add",
  risk: "none",
  property: "",
  cause: undefined,
};
const plan: Plan = {
  digest: "0123456789abcdef",
  changes: [],
  riskier: [],
  callouts: [],
  settings: [],
  gates: [],
};

test.for([
  [1, "plan 0123456789ab: 1 change"],
  [2, "plan 0123456789ab: 2 changes"],
] as const)("a plan counts what it changes: %d", ([count, last]) => {
  const shown = renderPlan({ ...plan, changes: Array(count).fill(change) }, quietIn("", {}, []));
  expect(shown.split("\n").at(-1)).toBe(last);
});
