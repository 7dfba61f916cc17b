import { expect, test } from "vitest";
import { stampOutput } from "../../src/link/digests.ts";
import type { ObservedStack } from "../../src/model/observed.ts";
import { draftOf } from "../../src/plan/draft.ts";
import { comparisonOf } from "./roll-outs.ts";
import { changeSetIn, driftedUnit, stackIn, unitOf } from "./situations.ts";

const stack = stackIn("UPDATE_COMPLETE", { outputs: { [stampOutput]: "d0" }, changeSetId: "c0" });
const old = stackIn("UPDATE_COMPLETE", { id: "arn:old", outputs: { [stampOutput]: "d1" } });

interface Seen {
  readonly is?: ObservedStack | undefined;
  readonly leaves?: ObservedStack;
  readonly revision?: string;
  readonly bundle?: string;
  readonly required?: number;
}

function drafted({ bundle = "b1", is = stack, leaves, required, revision = "r1" }: Seen) {
  const all = comparisonOf(unitOf(is), {
    revision,
    ...(required === undefined ? {} : { required }),
  });
  const desired = { ...all.desired, bundle: { ...all.desired.bundle, digest: bundle } };
  const leaving = leaves === undefined ? [] : [{ unit: "s-old", stack: leaves }];
  return draftOf({ ...all, desired, observed: { ...all.observed, leaving } }, new Map());
}

test("a plan is another for whatever it starts from and rolls out", () => {
  const plans = [
    {},
    { is: { ...stack, id: "arn:other" } },
    { is: { ...stack, changeSetId: "c1" } },
    { is: { ...stack, outputs: { [stampOutput]: "d2" } } },
    { leaves: old },
    { leaves: { ...old, id: "arn:older" } },
    { revision: "r2" },
    { bundle: "b2" },
    { required: 2 },
  ].map((seen) => drafted(seen).plan);
  expect(new Set(plans).size).toBe(plans.length);
  expect(drafted({}).plan).toBe(plans[0]);
});

test("a plan is another for what it costs, and for what it puts right", () => {
  const table = {
    stack: stack.name,
    logicalId: "Orders",
    type: "AWS::DynamoDB::Table",
    action: "replace",
    risk: "data",
    property: "TableName",
    cause: undefined,
  } as const;
  const forecast = { foreseen: [], callouts: [], origins: {} };
  const all = comparisonOf(unitOf(stack));
  const costing = draftOf(all, new Map([["base", { ...forecast, planned: [table] }]]));
  expect(costing.risks).toEqual({ [`${stack.name}/Orders`]: "replace" });

  const logicalId = "Orders";
  const reported = {
    logicalId,
    type: table.type,
    action: "Remove",
    replacement: undefined,
  } as const;
  const wanted = {
    ...changeSetIn("CREATE_COMPLETE", "AVAILABLE"),
    changes: [reported],
  };
  const changeSets = new Map([["base", { wanted, older: undefined }]]);
  const observed = { ...all.observed, changeSets };
  const riskier = draftOf({ ...all, observed }, new Map([["base", { ...forecast, planned: [] }]]));
  expect(riskier.risks).toEqual({ [`${stack.name}/Orders`]: "remove" });

  const putting = draftOf(comparisonOf(driftedUnit(stack)), new Map());
  expect(putting.again).toEqual(["base drift d-1"]);
  const plans = [drafted({}).plan, costing.plan, riskier.plan, putting.plan];
  expect(new Set(plans).size).toBe(plans.length);
});

test("a roll-out is the same from wherever it starts", () => {
  const rollOut = (seen: Seen) => drafted(seen).rollOut;
  expect(rollOut({ is: { ...stack, id: "arn:other" }, leaves: old })).toBe(rollOut({}));
  const others = [{}, { revision: "r2" }, { bundle: "b2" }, { required: 2 }].map(rollOut);
  expect(new Set(others).size).toBe(others.length);
});

test("stamps are those of all that is there and of what leaves", () => {
  expect(drafted({ leaves: old }).stamps).toEqual({ base: "d0", "s-old": "d1" });
  expect(drafted({ is: { ...stack, outputs: {} } }).stamps).toEqual({ base: "" });
  const none = comparisonOf(unitOf(undefined));
  expect(draftOf(none, new Map()).stamps).toEqual({ base: "" });
});
