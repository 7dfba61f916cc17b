import { expect, test } from "vitest";
import type { ChangeSetChange } from "../../src/model/observed.ts";
import type { Change } from "../../src/model/plan.ts";
import { exceeds } from "../../src/plan/exceeds.ts";

const planned = (plan: string, type: string, logicalId = "It"): readonly Change[] => {
  const [action, risk] = plan.split("/") as [Change["action"], Change["risk"]];
  const common = { stack: "stack", logicalId, type, property: "", cause: undefined };
  return plan === "" ? [] : [{ ...common, action, risk }];
};

const reported = (said: string, type: string, logicalId = "It"): readonly ChangeSetChange[] => {
  const [action, replacement] = said.split("/") as [
    ChangeSetChange["action"],
    ChangeSetChange["replacement"],
  ];
  return said === "" ? [] : [{ logicalId, type, action, replacement }];
};

const queue = "AWS::SQS::Queue";
const task = "AWS::ECS::TaskDefinition";

/** What CloudFormation may say, from good to bad, and how bad that is. */
const sayings = [
  ["", 0],
  ["Add", 0],
  ["Import", 0],
  ["Modify", 1],
  ["Modify/False", 1],
  ["SyncWithActual", 1],
  ["Modify/Conditional", 2],
  ["SyncWithActual/Conditional", 2],
  ["Modify/True", 3],
  ["SyncWithActual/True", 3],
  ["Remove", 4],
  ["Dynamic", 4],
] as const;

/** What a plan may say, and how bad that is. */
const plans = [
  ["", 0],
  ["add/none", 0],
  ["modify/none", 1],
  ["modify/may-replace", 2],
  ["modify/data", 2],
  ["replace/replace", 3],
  ["replace/data", 3],
  ["remove/none", 4],
  ["remove/data", 4],
] as const;

const pairs = plans.flatMap(([plan, planWeight]) =>
  sayings.map(
    ([said, weight]) => [plan || "nothing", said || "nothing", weight > planWeight] as const,
  ),
);

test.for(pairs)(
  "of what holds data, planned %s and reported %s stops it: %s",
  ([plan, said, stops]) => {
    const [excess] = exceeds(
      planned(plan.replace("nothing", ""), queue),
      reported(said.replace("nothing", ""), queue),
    );
    expect(excess !== undefined).toBe(stops);
  },
);

test.for(pairs)(
  "of what holds none, planned %s and reported %s: only what is certain and unspoken of stops it",
  ([plan, said]) => {
    const [excess] = exceeds(
      planned(plan.replace("nothing", ""), task),
      reported(said.replace("nothing", ""), task),
    );
    const removes = said === "Remove" || said === "Dynamic";
    const unspoken = ["nothing", "add/none", "modify/none"].includes(plan);
    const replaces = said.endsWith("/True") && unspoken;
    expect(excess !== undefined).toBe(replaces || (removes && !plan.startsWith("remove")));
  },
);

test("both verdicts are told", () => {
  expect(exceeds(planned("modify/none", queue), reported("Modify/True", queue))).toEqual([
    { logicalId: "It", planned: "update", reported: "replace" },
  ]);
});

test("a plan for one resource says nothing of another", () => {
  const excess = exceeds(planned("replace/data", queue, "A"), reported("Modify/True", queue, "B"));
  expect(excess).toEqual([{ logicalId: "B", planned: "same", reported: "replace" }]);
});

test("an exaggeration that was foreseen stops nothing, one beyond it does", () => {
  const plan = planned("modify/none", queue, "Key");
  const foreseen = [...plan, ...planned("modify/data", queue)];
  expect(exceeds(plan, reported("Modify/Conditional", queue), foreseen)).toEqual([]);
  expect(exceeds(plan, reported("Modify/True", queue), foreseen)).toEqual([
    { logicalId: "It", planned: "same", reported: "replace" },
  ]);
});
