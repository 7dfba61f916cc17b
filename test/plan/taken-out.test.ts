import { expect, test } from "vitest";
import type { Change } from "../../src/model/plan.ts";
import { emptyRecord } from "../../src/model/record.ts";
import type { Template } from "../../src/model/template.ts";
import { guard } from "../../src/plan/guard.ts";
import { preciousIn, withLosses } from "../../src/plan/taken-out.ts";
import { driftedUnit, stackIn, unitOf } from "./situations.ts";

const stack = stackIn("UPDATE_COMPLETE");
const change = (logicalId: string, action: Change["action"]): Change => ({
  stack: stack.name,
  logicalId,
  type: "AWS::DynamoDB::Table",
  action,
  risk: "none",
  property: "",
  cause: { file: "compose.yml", line: 7, column: 3, path: "x-dynamodb.orders" },
});

const record = (id: string, holds?: readonly string[]) => {
  const settled = { id, lastUpdated: "", changeSet: undefined };
  const one = { name: stack.name, changeSet: undefined, wrote: undefined, recoveries: 0 };
  return { ...emptyRecord, stacks: { base: { ...one, settled, holds } } };
};

const risks = (known: ReturnType<typeof record>, unit = unitOf(stack)) => {
  const planned = [change("Orders", "add"), change("More", "add"), change("Orders", "modify")];
  const forecast = { planned, foreseen: [], callouts: [], origins: {} };
  const found = withLosses(new Map([["base", forecast]]), [unit], known).get("base");
  return found?.planned.map(({ risk }) => risk);
};

test("what held data in a stack and is to be added to it again is at risk", () => {
  expect(risks(record(stack.id, ["Orders"]))).toEqual(["data", "none", "none"]);
});

test.for([
  ["nothing was", risks(record(stack.id))],
  ["it is another stack, made anew", risks(record("another", ["Orders"]))],
  ["there is none yet", risks(record(stack.id, ["Orders"]), unitOf(undefined))],
  ["drift is put back", risks(record(stack.id, ["Orders"]), driftedUnit(stack))],
] as const)("not where %s", ([, found]) => {
  expect(found).toEqual(["none", "none", "none"]);
});

test("it is told as what it is, and let pass by name", () => {
  const lost: Change = { ...change("Orders", "add"), risk: "data" };
  const { message } = guard([lost], [], { key: "shop/dev", today: "2026-01-01" });
  expect(message).toContain("x-dynamodb.orders (AWS::DynamoDB::Table) held data, and somebody");
  expect(message).toContain(
    "allow: [{ replace: x-dynamodb.orders, from: any, until: 2026-01-08 }]",
  );
  const consent = { action: "replace", path: "x-dynamodb.orders", until: "2026-01-08" } as const;
  expect(guard([lost], [consent], { key: "shop/dev", today: "2026-01-01" }).blocked).toEqual([]);
});

test("what holds data is all that is not known to hold none", () => {
  const Resources = {
    Orders: { Type: "AWS::DynamoDB::Table" },
    Role: { Type: "AWS::IAM::Role" },
    Jobs: { Type: "AWS::SQS::Queue" },
  };
  const template: Template = { AWSTemplateFormatVersion: "2010-09-09", Resources };
  expect(preciousIn(template)).toEqual(["Jobs", "Orders"]);
});
