import { describe, expect, test } from "vitest";
import type { DesiredStack } from "../../src/model/bundle.ts";
import {
  type Properties,
  type Resource,
  ref,
  type Template,
  type Value,
} from "../../src/model/template.ts";
import { indexing } from "../../src/plan/indexes.ts";
import { stackIn, unitOf } from "./situations.ts";

const key = (AttributeName: string) => [{ AttributeName, KeyType: "HASH" }];
const index = (name: Value, by = String(name)): Properties => ({
  IndexName: name,
  KeySchema: key(by),
  Projection: { ProjectionType: "ALL" },
});
const table = (indexes: readonly Properties[], more: Properties = {}): Resource => ({
  Type: "AWS::DynamoDB::Table",
  Properties: {
    KeySchema: key("id"),
    AttributeDefinitions: definitions("id", ...indexes.map(({ KeySchema }) => keyIn(KeySchema))),
    ...(indexes.length > 0 ? { GlobalSecondaryIndexes: indexes } : {}),
    ...more,
  },
});
const keyIn = (schema: Value | undefined): string =>
  String((schema as readonly Properties[])[0]?.AttributeName);
const definitions = (...names: readonly string[]) =>
  names.map((AttributeName) => ({ AttributeName, AttributeType: "S" }));

const template = (Resources: Template["Resources"]): Template => ({
  AWSTemplateFormatVersion: "2010-09-09",
  Resources,
});

const goalOf = (Resources: Template["Resources"]): DesiredStack => ({
  ...unitOf(stackIn("UPDATE_COMPLETE")).goal,
  template: template(Resources),
});

/** The table as it is first on the way from one to another; undefined: there is no way to go. */
const first = (before: Resource, after: Resource): Properties | undefined =>
  indexing(goalOf({ Table: after }), template({ Table: before }))?.template.Resources.Table
    ?.Properties;

const namesIn = (properties: Properties | undefined) =>
  ((properties?.GlobalSecondaryIndexes ?? []) as readonly Properties[]).map(
    ({ IndexName }) => IndexName,
  );

/** Every table on the way, by its indexes. */
function way(before: Resource, after: Resource): readonly string[] {
  const step = first(before, after);
  const next = step === undefined ? after : { ...after, Properties: step };
  const names = namesIn(next.Properties).join("+") || "none";
  return step === undefined ? [names] : [names, ...way(next, after)];
}

describe("from one table to another", () => {
  test.for<[string, before: readonly string[], after: readonly string[], ...way: string[]]>([
    ["none", [], [], "none"],
    ["one", [], ["a"], "a"],
    ["one less", ["a", "b"], ["b"], "b"],
    ["three more", ["x"], ["x", "a", "b", "c"], "x+a", "x+a+b", "x+a+b+c"],
    ["three less", ["a", "b", "c"], [], "b+c", "c", "none"],
    ["less before more", ["a", "b"], ["b", "c"], "b", "b+c"],
    ["others", ["a", "b"], ["c", "d"], "b", "none", "c", "c+d"],
  ])("%s", ([, before, after, ...expected]) => {
    const of = (names: readonly string[]) => table(names.map((name) => index(name)));
    expect(way(of(before), of(after))).toEqual(expected);
  });

  test("an index by another key, or with other attributes, goes and comes", () => {
    const before = table([index("a", "one")]);
    expect(way(before, table([index("a", "two")]))).toEqual(["none", "a"]);
    const narrow = { ...index("a", "one"), Projection: { ProjectionType: "KEYS_ONLY" } };
    expect(way(before, table([narrow]))).toEqual(["none", "a"]);
  });

  test("what is paid for one that stays is what is wanted", () => {
    const paid = { ...index("a"), ProvisionedThroughput: { ReadCapacityUnits: 2 } };
    const step = first(table([index("a")]), table([paid, index("b"), index("c")]));
    expect(step?.GlobalSecondaryIndexes).toEqual([paid, index("b")]);
  });

  test("attributes are defined of keys alone, local indexes' too", () => {
    const LocalSecondaryIndexes = [{ IndexName: "own", KeySchema: key("local") }];
    const more = { LocalSecondaryIndexes };
    const all = definitions("id", "local", "a", "b");
    const before = table([], { ...more, AttributeDefinitions: definitions("id", "local") });
    const after = table([index("a"), index("b")], { ...more, AttributeDefinitions: all });
    expect(first(before, after)?.AttributeDefinitions).toEqual(definitions("id", "local", "a"));
    const back = first(after, before);
    expect(back?.AttributeDefinitions).toEqual(definitions("id", "local", "b"));
  });
});

describe("there is nothing to go first for", () => {
  const two = table([index("a"), index("b")]);

  test("a table that comes, or is something else", () => {
    expect(indexing(goalOf({ Table: two }), template({}))).toBeUndefined();
    const queue: Resource = { Type: "AWS::SQS::Queue" };
    expect(first(queue, two)).toBeUndefined();
    expect(first(two, queue)).toBeUndefined();
  });

  test.for<[string, Properties]>([
    ["KeySchema", { KeySchema: key("other") }],
    ["TableName", { TableName: "other" }],
    ["LocalSecondaryIndexes", { LocalSecondaryIndexes: [] }],
  ])("a table that is replaced by its %s", ([, more]) => {
    expect(first(table([], more), two)).toBeUndefined();
  });

  test("indexes that are not all known by their names", () => {
    const unknown = table([index(ref("Name"), "a"), index("b")]);
    expect(first(table([]), unknown)).toBeUndefined();
    expect(first(unknown, table([]))).toBeUndefined();
    expect(first(table([]), table([index("a"), index("a"), index("b")]))).toBeUndefined();
  });
});

test("what scales an index comes with it, and what needs that", () => {
  const target = (name: string): Resource => ({
    Type: "AWS::ApplicationAutoScaling::ScalableTarget",
    Properties: { ResourceId: { "Fn::Join": ["", ["table/", ref("Table"), `/index/${name}`]] } },
  });
  const policy = (of: string): Resource => ({
    Type: "AWS::ApplicationAutoScaling::ScalingPolicy",
    Properties: { ScalingTargetId: ref(of) },
  });
  const after: Resource = { Type: "AWS::SQS::Queue", DependsOn: ["BPolicy"] };
  const goal = goalOf({
    Queue: after,
    BPolicy: policy("BTarget"),
    APolicy: policy("ATarget"),
    ATarget: target("a"),
    BTarget: target("b"),
    Table: table([index("a"), index("b")]),
  });
  const step = indexing(goal, template({ Table: table([]) }));
  expect(Object.keys(step?.template.Resources ?? {})).toEqual(["APolicy", "ATarget", "Table"]);
});
