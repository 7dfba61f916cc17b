import { expect, test } from "vitest";
import type { Change, Fate } from "../../src/model/plan.ts";
import { fateOf, leftBy, riskOf, worse } from "../../src/plan/risk.ts";

const change = (action: Change["action"], risk: Change["risk"]): Change => ({
  stack: "s",
  logicalId: "It",
  type: "AWS::X::Y",
  action,
  risk,
  property: "",
  cause: undefined,
});

test.for<[Change["action"], Change["risk"], Fate]>([
  ["add", "none", "same"],
  ["modify", "none", "update"],
  ["modify", "may-replace", "may-replace"],
  ["modify", "data", "may-replace"],
  ["replace", "replace", "replace"],
  ["remove", "none", "remove"],
])("who is to %s, at a risk of %s: %s", ([action, risk, fate]) => {
  expect(fateOf(change(action, risk))).toBe(fate);
});

test.for<[Fate, string, string, string]>([
  ["same", "none", "none", "none"],
  ["update", "none", "none", "none"],
  ["may-replace", "data", "may-replace", "data"],
  ["replace", "data", "replace", "data"],
  ["remove", "data", "none", "data"],
])("%s costs a table %s, a service %s, logs %s", ([fate, ...costs]) => {
  const types = ["AWS::DynamoDB::Table", "AWS::ECS::Service", "AWS::Logs::LogGroup"];
  expect(types.map((Type) => riskOf(fate, { Type }))).toEqual(costs);
});

test.for<[Fate, object]>([
  ["same", {}],
  ["update", {}],
  ["may-replace", { left: "snapshot" }],
  ["replace", { left: "snapshot" }],
  ["remove", { left: "all" }],
])("%s leaves of it: %j", ([fate, left]) => {
  const policies = { DeletionPolicy: "Retain", UpdateReplacePolicy: "Snapshot" } as const;
  expect(leftBy(fate, { Type: "AWS::RDS::DBInstance", ...policies })).toEqual(left);
});

test("logs that are kept are there to be read, a table that is kept is gone for its services", () => {
  const kept = (Type: string, DeletionPolicy: "Retain" | "Delete") =>
    riskOf("remove", { Type, DeletionPolicy });
  expect(kept("AWS::Logs::LogGroup", "Retain")).toBe("none");
  expect(kept("AWS::Logs::LogGroup", "Delete")).toBe("data");
  expect(kept("AWS::DynamoDB::Table", "Retain")).toBe("data");
});

test("the worse of two is the same in either order", () => {
  expect([worse("update", "replace"), worse("replace", "update")]).toEqual(["replace", "replace"]);
});
