import { describe, expect, test } from "vitest";
import type { DriftedResource } from "../../src/model/drift.ts";
import type { DriftDetection } from "../../src/model/record.ts";
import type { Template } from "../../src/model/template.ts";
import { dueAfter, isAbout, isDue, isUnderWay, toDetect } from "../../src/plan/detections.ts";
import { driftsIn } from "../../src/plan/drift.ts";
import { lastOperation } from "../../src/plan/foreign.ts";
import { isOwnedElsewhere } from "../../src/plan/owned.ts";
import { rollOutOfOne } from "./roll-outs.ts";
import { stackIn, unitOf } from "./situations.ts";

const template: Template = {
  AWSTemplateFormatVersion: "2010-09-09",
  Resources: {
    WebService: {
      Type: "AWS::ECS::Service",
      Properties: { DesiredCount: 2, EnableECSManagedTags: true },
    },
    WebScalableTarget: {
      Type: "AWS::ApplicationAutoScaling::ScalableTarget",
      Properties: {
        ScalableDimension: "ecs:service:DesiredCount",
        ResourceId: { "Fn::Join": ["", ["service/x/", { "Fn::GetAtt": ["WebService", "Name"] }]] },
        MinCapacity: 1,
        MaxCapacity: 4,
      },
    },
    OtherService: { Type: "AWS::ECS::Service", Properties: { DesiredCount: 2 } },
    OrdersTable: {
      Type: "AWS::DynamoDB::Table",
      Properties: { BillingMode: "PROVISIONED", ProvisionedThroughput: { ReadCapacityUnits: 1 } },
    },
    OrdersReadCapacity: {
      Type: "AWS::ApplicationAutoScaling::ScalableTarget",
      Properties: {
        ScalableDimension: "dynamodb:table:ReadCapacityUnits",
        ResourceId: { "Fn::Join": ["", ["table/", { Ref: "OrdersTable" }]] },
        ScheduledActions: [],
        MinCapacity: 1,
      },
    },
    Bucket: { Type: "AWS::S3::Bucket", Properties: { BucketName: "mine", Tags: [] } },
  },
};

const stack = stackIn("UPDATE_COMPLETE");
const bare = unitOf(stack, true);
const goal = {
  ...bare.goal,
  template,
  origins: { OrdersTable: { file: "c.yml", line: 3, column: 1, path: "x-dynamodb.orders" } },
};
const unit = { ...bare, goal, desired: goal };
const detection = (...found: DriftedResource[]): DriftDetection => ({
  id: "d-1",
  at: "2026-01-01T00:00:00.000Z",
  after: lastOperation(stack),
  found,
});
const modified = (logicalId: string, ...paths: string[]): DriftedResource => {
  const { [logicalId]: resource } = template.Resources;
  return { logicalId, type: resource?.Type ?? "", deleted: false, paths };
};
const seen = (found: readonly DriftedResource[], ignore: readonly string[] = []) =>
  driftsIn([unit], { base: detection(...found) }, { foreign: new Map(), ignore }).get("base");

describe("what is moved by something else", () => {
  test.for([
    ["WebService", "/DesiredCount", true],
    ["WebService", "/EnableECSManagedTags", false],
    ["OtherService", "/DesiredCount", false],
    ["OrdersTable", "/ProvisionedThroughput/ReadCapacityUnits", true],
    ["OrdersTable", "/GlobalSecondaryIndexes/0/ProvisionedThroughput/ReadCapacityUnits", true],
    ["OrdersTable", "/ProvisionedThroughput/WriteCapacityUnits", false],
    ["OrdersReadCapacity", "/MinCapacity", true],
    ["WebScalableTarget", "/MinCapacity", false],
  ] as const)("%s%s: %s", ([logicalId, path, owned]) => {
    expect(isOwnedElsewhere(template, logicalId, path)).toBe(owned);
  });

  test("is no drift, and what is beside it is not put back at its cost", () => {
    expect(seen([modified("WebService", "/DesiredCount")])).toBeUndefined();
    const both = seen([modified("WebService", "/DesiredCount", "/EnableECSManagedTags")]);
    expect(both?.message).toBe("Somebody changed EnableECSManagedTags of WebService.");
    expect(both?.refusal).toContain("WebService/DesiredCount");
  });
});

describe("drift", () => {
  test("that is to be let be is named by its compose path, a property or all of it", () => {
    const found = [modified("OrdersTable", "/BillingMode")];
    expect(seen(found)?.message).toContain("x-dynamodb.orders (OrdersTable)");
    expect(seen(found, ["x-dynamodb.orders.BillingMode"])).toBeUndefined();
    expect(seen(found, ["x-dynamodb.orders"])).toBeUndefined();
    expect(seen(found, ["x-dynamodb.order"])).toBeDefined();
    const gone = { ...modified("OrdersTable"), deleted: true };
    expect(seen([gone])?.message).toContain("Somebody deleted");
    expect(seen([gone], ["x-dynamodb.orders"])).toBeUndefined();
  });

  test("is put back unless that replaces something, or may", () => {
    expect(seen([modified("OrdersTable", "/BillingMode")])?.refusal).toBeUndefined();
    expect(seen([modified("Bucket", "/Tags/3/Value")])?.refusal).toBeUndefined();
    expect(seen([modified("Bucket", "/BucketName")])?.refusal).toBe("That would replace Bucket.");
  });

  test("is never told by its values", () => {
    const text = JSON.stringify(seen([modified("OrdersTable", "/BillingMode")]));
    expect(JSON.stringify(template)).toContain("PROVISIONED");
    expect(text).not.toContain("PROVISIONED");
  });

  test("of a stack whose template others changed is not judged", () => {
    const found = { base: detection(modified("OrdersTable", "/BillingMode")) };
    const others = { foreign: new Map([["base", "a resource"]]), ignore: [] };
    expect(driftsIn([unit], found, others).size).toBe(0);
  });
});

describe("a detection", () => {
  test("is about its stack until the next operation, or while its revert failed", () => {
    const found = detection();
    const later = { lastUpdated: "2026-01-02T00:00:00.000Z" };
    const revert = `arn:aws:cloudformation:eu-west-1:1:changeSet/trueup-${"d".repeat(20)}-drift-1/u`;
    expect(isAbout(found, stack)).toBe(true);
    expect(isAbout(found, stackIn("UPDATE_COMPLETE", later))).toBe(false);
    const reverted = (status: string) => stackIn(status, { ...later, changeSetId: revert });
    expect(isAbout(found, reverted("UPDATE_IN_PROGRESS"))).toBe(true);
    expect(isAbout(found, reverted("UPDATE_ROLLBACK_COMPLETE"))).toBe(true);
    expect(isAbout(found, reverted("UPDATE_COMPLETE"))).toBe(false);
  });

  test("comes as often as is said, at another time for each environment", () => {
    const now = "2026-01-01T00:00:00.000Z";
    const due = dueAfter("myapps/dev", 86_400, now);
    expect(due > now && due < "2026-01-02T00:00:00.001Z").toBe(true);
    expect(dueAfter("myapps/dev", 86_400, due)).toBe(due.replace("2026-01-01", "2026-01-02"));
    expect(dueAfter("myapps/prod", 86_400, now)).not.toBe(due);
    expect(isDue({ due, units: {} }, due)).toBe(true);
    expect(isDue({ due, units: {} }, now)).toBe(false);
    expect(isDue(undefined, now)).toBe(false);
  });

  test("is begun where it is due, never a second time while one goes on", () => {
    const memory = { due: "2026-01-01T00:00:00.000Z", units: {} };
    const known = {
      refreshed: false,
      units: [unit],
      verdicts: [{ kind: "deployed", unit: "base" } as const],
    };
    const now = "2026-01-01T00:30:00.000Z";
    const { found: _, ...going } = detection();
    expect(toDetect({ ...known, memory, now })).toEqual([stack]);
    expect(isUnderWay(going, now)).toBe(true);
    expect(toDetect({ ...known, memory: { ...memory, units: { base: going } }, now })).toEqual([]);
    const tomorrow = "2026-01-02T00:00:00.000Z";
    expect(isUnderWay(going, tomorrow)).toBe(false);
    const later = { ...known, memory: { ...memory, due: tomorrow }, now };
    expect(toDetect(later)).toEqual([]);
    expect(toDetect({ ...later, refreshed: true })).toEqual([stack]);
  });

  test("settles at once whether what a rollback left out is as declared", () => {
    const memory = { due: "2026-02-01T00:00:00.000Z", units: {} };
    const doubt = {
      kind: "stalled",
      unit: "base",
      reason: "RollbackSkipped",
      message: "",
    } as const;
    const now = "2026-01-01T00:30:00.000Z";
    const known = { refreshed: false, units: [unit], verdicts: [doubt], now };
    expect(toDetect({ ...known, memory })).toEqual([stack]);
    expect(toDetect({ ...known, memory: { ...memory, units: { base: detection() } } })).toEqual([]);
  });
});

test("an approval of a roll-out is none of putting right what others changed since", () => {
  const before = rollOutOfOne(unitOf(stack), { required: 1, votes: ["approved"] });
  if (before.approval.kind !== "approved") throw new Error("Not approved");
  const record = { approval: before.approval.by };
  const again = { kind: "drift", of: "d-1" } as const;
  const drifted = { ...unit, applied: { ...unitOf(stack).applied, again } } as typeof unit;
  expect(rollOutOfOne(unitOf(stack), { required: 1, record }).approval.kind).toBe("approved");
  expect(rollOutOfOne(drifted, { required: 1, record }).approval.kind).toBe("withheld");
});
