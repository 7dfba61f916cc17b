import { describe, expect, test } from "vitest";
import type { DriftedResource } from "../../src/model/drift.ts";
import type { DriftDetection } from "../../src/model/record.ts";
import type { Template, Value } from "../../src/model/template.ts";
import { dueAfter, isAbout, isDue, isUnderWay, toDetect } from "../../src/plan/detections.ts";
import { driftedCondition, driftsIn, type UnitDrift } from "../../src/plan/drift.ts";
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
    ["OrdersReadCapacity", "/MaxCapacity", true],
    ["OrdersReadCapacity", "/RoleARN", false],
    ["WebScalableTarget", "/MinCapacity", false],
    ["GoneSinceThen", "/DesiredCount", false],
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
  });

  test("of what was deleted is told, and nothing stands against making it again", () => {
    const gone = { ...modified("OrdersTable"), deleted: true };
    const { message, refusal } = seen([gone]) ?? {};
    expect(message).toBe("Somebody deleted x-dynamodb.orders (OrdersTable), AWS::DynamoDB::Table.");
    expect(refusal).toBeUndefined();
    expect(seen([gone], ["x-dynamodb.orders"])).toBeUndefined();
    expect(seen([gone], ["x-dynamodb.orders.BillingMode"])).toBeDefined();
  });

  test("that is to be let be may be named by the line it comes from, without places in lists", () => {
    const line = { file: "c.yml", line: 4, column: 1, path: "x-s3.files.tags" };
    const known = (path: string): boolean => path === "Bucket Tags.2nd.A1";
    const lined = {
      ...goal,
      originOf: (id: string, path: readonly string[]) =>
        known(`${id} ${path.join(".")}`) ? line : undefined,
    };
    const found = { base: detection(modified("Bucket", "/Tags/10/2nd/A1", "/BucketName")) };
    const drifted = (ignore: readonly string[]) =>
      driftsIn([{ ...unit, goal: lined, desired: lined }], found, { foreign: new Map(), ignore });
    expect(drifted(["x-s3.files"]).get("base")?.message).toBe(
      "Somebody changed BucketName of Bucket.",
    );
    expect(drifted([]).get("base")?.message).toBe("Somebody changed Tags, BucketName of Bucket.");
  });

  test.for<[what: string, of: Partial<typeof unit>]>([
    ["that is about to be changed", { applied: unitOf(stack).applied }],
    ["that waits for another", { applied: undefined }],
    ["that has more than is wanted in the end", { desired: { ...goal } }],
  ])("of a stack %s is not judged", ([, of]) => {
    const found = { base: detection(modified("OrdersTable", "/BillingMode")) };
    const all = { foreign: new Map(), ignore: [] };
    expect(driftsIn([{ ...unit, ...of }], found, all).size).toBe(0);
  });

  test("is nothing where nobody looked, is looking, or found any", () => {
    const all = { foreign: new Map(), ignore: [] };
    const { found: _, ...going } = detection();
    expect(driftsIn([unit], {}, all).size).toBe(0);
    expect(driftsIn([unit], { base: going }, all).size).toBe(0);
    expect(driftsIn([unit], { base: detection() }, all).size).toBe(0);
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

test.for<[what: string, path: string, properties: Readonly<Record<string, Value>>]>([
  ["a value", "/BillingMode", { BillingMode: "changed by somebody" }],
  ["what was not there", "/TableClass", { TableClass: "changed by somebody" }],
  ["all of a part", "/Throughput", { Throughput: "changed by somebody" }],
  ["a part", "/Throughput/Read", { Throughput: { Read: "changed by somebody", Write: 1 } }],
  ["an item", "/Names/1", { Names: ["a", "changed by somebody", "c"] }],
  ["an item more", "/Names/9", { Names: ["a", "b", "c", "changed by somebody"] }],
  ["what a function makes", "/Arn/0", { Arn: "changed by somebody" }],
])("drift of %s is put back from the template with just that changed", ([, path, changes]) => {
  const Properties = {
    BillingMode: "PROVISIONED",
    Throughput: { Read: 1, Write: 1 },
    Names: ["a", "b", "c"],
    Arn: { "Fn::GetAtt": ["Key", "Arn"] },
  };
  const Key = { Type: "AWS::KMS::Key" };
  const table = { Type: "AWS::DynamoDB::Table", DeletionPolicy: "Retain" as const, Properties };
  const having = (resources: Template["Resources"]) => ({ ...template, Resources: resources });
  const of = { ...goal, template: having({ Key, Table: table }) };
  const drifted = (one: DriftedResource) =>
    driftsIn(
      [{ ...unit, goal: of, desired: of }],
      { base: detection(one) },
      { foreign: new Map(), ignore: [] },
    ).get("base")?.template;
  const it = { logicalId: "Table", type: table.Type, paths: [path] };
  expect(drifted({ ...it, deleted: false })).toEqual(
    having({ Key, Table: { ...table, Properties: { ...Properties, ...changes } } }),
  );
  expect(drifted({ ...it, deleted: true })).toEqual(having({ Key }));
});

describe("the condition Drifted", () => {
  const drift = (message: string, refusal?: string): UnitDrift => ({
    detection: "d-1",
    message,
    refusal,
    template,
  });
  const drifts = new Map([
    ["base", drift("Changed.", "It cannot be.")],
    ["s-web", drift("Deleted.")],
  ]);
  const incomplete = (text: string): DriftDetection => ({ ...detection(), incomplete: text });
  const detections = { base: incomplete("AccessDenied"), "s-web": detection() };
  const none = {
    foreign: new Map(),
    drifts: new Map(),
    detections: {},
    lookups: [] as readonly string[],
    reverts: false,
  };

  test("is not there while nothing is known to differ", () => {
    expect(driftedCondition(none)).toBeUndefined();
    expect(driftedCondition({ ...none, detections: { base: detection() } })).toBeUndefined();
  });

  test("is of templates before resources, and of those before what nobody could look at", () => {
    const foreign = new Map([
      ["base", "Resources.Jobs"],
      ["s-web", "the template"],
    ]);
    expect(driftedCondition({ ...none, foreign, drifts, detections })).toEqual({
      status: "True",
      reason: "ForeignTemplate",
      message:
        "base: somebody else changed Resources.Jobs. s-web: somebody else changed the template.",
    });
    expect(driftedCondition({ ...none, drifts, detections })).toEqual({
      status: "True",
      reason: "ResourceDrift",
      message: "base: Changed. s-web: Deleted.",
    });
    const lookups = ["x-vpc.VpcId is not what it was."];
    expect(driftedCondition({ ...none, drifts, lookups })?.reason).toBe("ResourceDrift");
    expect(driftedCondition({ ...none, detections, lookups })).toEqual({
      status: "True",
      reason: "LookupChanged",
      message:
        "Looked up anew, x-vpc.VpcId is not what it was. trueup reconcile --refresh takes what is there now.",
    });
    expect(driftedCondition({ ...none, detections })).toEqual({
      status: "Unknown",
      reason: "DetectionIncomplete",
      message: "base: AccessDenied",
    });
  });

  test("says why something is not put back where it would be", () => {
    expect(driftedCondition({ ...none, drifts, reverts: true })?.message).toBe(
      "base: Changed. It cannot be. s-web: Deleted.",
    );
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
