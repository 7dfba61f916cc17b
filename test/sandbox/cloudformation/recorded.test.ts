import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { World } from "../../../src/sandbox/world.ts";
import { aWorld } from "../world-of-services.ts";
import { cloudformation, described, proposed, settle } from "./a-world.ts";

// The same steps as were recorded on AWS, and what AWS answered. The recordings are not part of the
// project: where they are not at hand, these tests are skipped.
const recordings = process.env.AWS_RECORDED ?? "../shared/aws-recorded";

// biome-ignore lint/suspicious/noExplicitAny: answers of every shape.
type Json = any;

function recorded(file: string, name: string): Json {
  const all = JSON.parse(readFileSync(join(recordings, `${file}.snapshot.json`), "utf8"));
  const [, found] = Object.entries<Json>(all).find(([key]) => key.endsWith(`::${name}`)) ?? [];
  return found["recorded-content"];
}

const topics = (
  resources: Readonly<Record<string, readonly [name: string, display: unknown]>>,
): string =>
  JSON.stringify({
    Resources: Object.fromEntries(
      Object.entries(resources).map(([id, [TopicName, DisplayName]]) => [
        id,
        { Type: "AWS::SNS::Topic", Properties: { TopicName, DisplayName } },
      ]),
    ),
  });

interface Case {
  readonly file: string;
  readonly name: string;
  readonly before: string;
  readonly after: string;
}

const displayOf = (id: string, name = "DisplayName") => ({ "Fn::GetAtt": [id, name] });

const cases: readonly Case[] = [
  {
    file: "test_change_set_ref",
    name: "test_immutable_property_update_causes_resource_replacement",
    before: topics({
      Topic1: ["topic-name-1", "value"],
      Topic2: ["topic-name-2", { Ref: "Topic1" }],
    }),
    after: topics({
      Topic1: ["updated-topic-name-1", "new_value"],
      Topic2: ["topic-name-2", { Ref: "Topic1" }],
    }),
  },
  {
    file: "test_change_set_fn_get_attr",
    name: "test_immutable_property_update_causes_resource_replacement",
    before: topics({
      Topic1: ["topic-name-1", "value"],
      Topic2: ["topic-name-2", displayOf("Topic1")],
    }),
    after: topics({
      Topic1: ["updated-topic-name-1", "new_value"],
      Topic2: ["topic-name-2", displayOf("Topic1")],
    }),
  },
  {
    file: "test_change_set_fn_get_attr",
    name: "test_direct_attribute_value_change",
    before: topics({
      Topic1: ["topic-name-1", "display-value-1"],
      Topic2: ["topic-name-2", displayOf("Topic1")],
    }),
    after: topics({
      Topic1: ["topic-name-1", "display-value-2"],
      Topic2: ["topic-name-2", displayOf("Topic1")],
    }),
  },
  {
    file: "test_change_set_fn_get_attr",
    name: "test_direct_attribute_value_change_in_get_attr_chain",
    before: topics({
      Topic1: ["topic-name-1", "display-value-1"],
      Topic2: ["topic-name-2", displayOf("Topic1")],
      Topic3: ["topic-name-3", displayOf("Topic2")],
    }),
    after: topics({
      Topic1: ["topic-name-1", "display-value-2"],
      Topic2: ["topic-name-2", displayOf("Topic1")],
      Topic3: ["topic-name-3", displayOf("Topic2")],
    }),
  },
  {
    file: "test_change_set_fn_get_attr",
    name: "test_direct_attribute_value_change_with_dependent_addition",
    before: topics({ Topic1: ["topic-name-1", "display-value-1"] }),
    after: topics({
      Topic1: ["topic-name-1", "display-value-2"],
      Topic2: ["topic-name-2", displayOf("Topic1")],
    }),
  },
  {
    file: "test_change_set_fn_get_attr",
    name: "test_resource_addition",
    before: topics({ Topic1: ["topic-name-1", "display-value-1"] }),
    after: topics({
      Topic1: ["topic-name-1", "display-value-1"],
      Topic2: ["topic-name-2", displayOf("Topic1")],
    }),
  },
  {
    file: "test_change_set_fn_get_attr",
    name: "test_resource_deletion",
    before: topics({
      Topic1: ["topic-name-1", "display-value-1"],
      Topic2: ["topic-name-2", displayOf("Topic1")],
    }),
    after: topics({ Topic1: ["topic-name-1", "display-value-1"] }),
  },
  {
    file: "test_change_set_parameters",
    name: "test_update_parameter_default_value",
    before: named("topic-name-1"),
    after: named("topic-name-2"),
  },
  {
    file: "test_change_sets",
    name: "TestCaptureUpdateProcess::test_mappings_with_parameter_lookup",
    before: mapped("key1"),
    after: mapped("key2"),
  },
  {
    file: "test_change_sets",
    name: "TestCaptureUpdateProcess::test_conditions",
    before: conditional("not-prod"),
    after: conditional("prod"),
  },
  {
    file: "test_change_sets",
    name: "TestCaptureUpdateProcess::test_base_dynamic_parameter_scenarios[change_dynamic]",
    before: dynamic("value-1"),
    after: dynamic("value-2"),
  },
];

function parameter(Value: unknown, Condition?: string) {
  return {
    Type: "AWS::SSM::Parameter",
    ...(Condition === undefined ? {} : { Condition }),
    Properties: { Type: "String", Value },
  };
}

function mapped(Default: string): string {
  const lookup = { "Fn::FindInMap": ["Names", { Ref: "TopicName" }, "name"] };
  return JSON.stringify({
    Parameters: { TopicName: { Type: "String", Default } },
    Mappings: { Names: { key1: { name: "topic-name-1" }, key2: { name: "topic-name-2" } } },
    Resources: {
      Foo: { Type: "AWS::SNS::Topic", Properties: { TopicName: lookup } },
      Parameter: parameter(displayOf("Foo", "TopicName")),
    },
  });
}

function conditional(Default: string): string {
  return JSON.stringify({
    Parameters: { EnvironmentType: { Type: "String", Default } },
    Conditions: { IsProd: { "Fn::Equals": [{ Ref: "EnvironmentType" }, "prod"] } },
    Resources: { Bucket: { Type: "AWS::S3::Bucket" }, Parameter: parameter("test", "IsProd") },
  });
}

function dynamic(Default: string): string {
  return JSON.stringify({
    Parameters: { ParameterValue: { Type: "String", Default } },
    Resources: { Parameter: parameter({ Ref: "ParameterValue" }) },
  });
}

function named(Default: string): string {
  return JSON.stringify({
    Parameters: { TopicName: { Type: "String", Default } },
    Resources: {
      Foo: { Type: "AWS::SNS::Topic", Properties: { TopicName: { Ref: "TopicName" } } },
    },
  });
}

/** What AWS names by chance is no difference, nor is the order in which it lists causes. */
function comparable(value: Json): Json {
  const text = JSON.stringify(value)
    .replaceAll("arn:aws:", "arn:<partition>:")
    .replaceAll("eu-west-1", "<region>")
    .replaceAll("123456789012", "111111111111")
    .replaceAll(/-[A-Za-z0-9]{12}(?=")/g, "-…")
    .replaceAll(/(stack|changeSet)\/[^"]+/g, "$1/…");
  return sorted(JSON.parse(text));
}

function sorted(value: Json): Json {
  if (Array.isArray(value)) {
    return value.map(sorted).toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  }
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value).map(([key, item]) => [key, sorted(item)]);
  return Object.fromEntries(members.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** Early recordings gave additions a `Replacement`; later ones no more. */
const changesOf = ({ Changes }: Json): Json =>
  comparable(
    Changes.map(({ ResourceChange }: Json) => {
      const { AfterContext, BeforeContext, Replacement, ...rest } = ResourceChange;
      return {
        ...rest,
        ...(ResourceChange.Action === "Add" ? {} : { Replacement }),
        ...(AfterContext && { AfterContext: parsed(AfterContext) }),
        ...(BeforeContext && { BeforeContext: parsed(BeforeContext) }),
      };
    }),
  );

const parsed = (context: Json) => (typeof context === "string" ? JSON.parse(context) : context);

function executed(world: World, id: string): void {
  cloudformation(world, "ExecuteChangeSet", { ChangeSetName: id });
  settle(world);
}

const shapeOf = (answer: Json): string[] =>
  Object.keys(answer)
    .filter((key) => key !== "ResponseMetadata" && key !== "LastOperations")
    .toSorted();

describe.skipIf(!existsSync(recordings)).for(cases)(
  "$file $name",
  ({ after, before, file, name }) => {
    const answers = existsSync(recordings) ? recorded(file, name) : {};
    const world = aWorld();
    const first = proposed(world, "s", before, { ChangeSetType: "CREATE" });

    test("the first change set", () => {
      const values = described(world, first.Id, { IncludePropertyValues: true });
      expect(changesOf(values)).toEqual(changesOf(answers["describe-change-set-1-prop-values"]));
      const short = described(world, first.Id);
      expect(changesOf(short)).toEqual(changesOf(answers["describe-change-set-1"]));
      expect(shapeOf(short)).toEqual(shapeOf(answers["describe-change-set-1"]));
    });

    test("the stack after it", () => {
      executed(world, first.Id);
      const [stack] = cloudformation(world, "DescribeStacks", { StackName: "s" }).Stacks;
      expect(shapeOf(stack)).toEqual(shapeOf(answers["post-create-1-describe"]));
      expect(stack.StackStatus).toBe("CREATE_COMPLETE");
    });

    test("the second change set", () => {
      const second = proposed(world, "s", after);
      const values = described(world, second.Id, { IncludePropertyValues: true });
      expect(changesOf(values)).toEqual(changesOf(answers["describe-change-set-2-prop-values"]));
      const short = described(world, second.Id);
      expect(changesOf(short)).toEqual(changesOf(answers["describe-change-set-2"]));
      executed(world, second.Id);
    });

    // Some recordings tell no more of an event than its status.
    const isTold = JSON.stringify(answers["per-resource-events"] ?? {}).includes("EventId");

    test.runIf(isTold)("the events of each resource", () => {
      const { StackEvents } = cloudformation(world, "DescribeStackEvents", { StackName: "s" });
      for (const [id, events] of Object.entries<Json>(answers["per-resource-events"])) {
        if (id.startsWith("<stack-name") || id === "Stack") continue;
        const own = StackEvents.filter((event: Json) => event.LogicalResourceId === id);
        expect(own.map(eventOf)).toEqual(events.map(eventOf));
      }
    });
  },
);

describe.skipIf(!existsSync(recordings)).for([
  ["test_stack_deletion_order[C]", ["A", "B"]],
  ["test_stack_deletion_order[B-C]", ["A"]],
  ["test_stack_deletion_order[A-B-C]", []],
] as const)("api__test_stacks %s", ([name, kept]) => {
  test("everything goes in the order in which it went on AWS", () => {
    const chain = { A: "root", B: { Ref: "A" }, C: { Ref: "B" }, Dummy: "dummy" };
    const only = (ids: readonly string[]) =>
      JSON.stringify({
        Resources: Object.fromEntries(
          Object.entries(chain).flatMap(([id, Value]) =>
            ids.includes(id)
              ? [[id, { Type: "AWS::SSM::Parameter", Properties: { Type: "String", Value } }]]
              : [],
          ),
        ),
      });
    const world = aWorld();
    const first = proposed(world, "s", only(Object.keys(chain)), { ChangeSetType: "CREATE" });
    executed(world, first.Id);
    executed(world, proposed(world, "s", only([...kept, "Dummy"])).Id);
    cloudformation(world, "DeleteStack", { StackName: "s" });
    settle(world);
    const { StackEvents } = cloudformation(world, "DescribeStackEvents", {
      StackName: first.StackId,
    });
    const told = StackEvents.toReversed().map((event: Json) => [
      event.LogicalResourceId,
      event.ResourceStatus,
    ]);
    const answer = recorded("api__test_stacks", name)["all-events"].map(
      ([id, status]: [string, string]) => [id.replace("<stack-name:1>", "s"), status],
    );
    expect(chained(told)).toEqual(chained(answer));
  });
});

/** Where things are independent their order is chance: AWS's cleanup status and `Dummy` are left out. */
const chained = (events: readonly (readonly [string, string])[]) =>
  events
    .filter(([id, status]) => id !== "Dummy" && !status.endsWith("_CLEANUP_IN_PROGRESS"))
    .filter(([id, status], at, all) => all[at - 1]?.[0] !== id || all[at - 1]?.[1] !== status);

function eventOf(event: Json): Json {
  const { PhysicalResourceId, ResourceProperties, ResourceStatus, ResourceStatusReason } = event;
  return comparable({
    EventId: String(event.EventId)
      .replace(/[0-9a-f]{8}-[0-9a-f-]{27}$/, "uuid")
      .replace(/\d{4}-.*Z$/, "date"),
    PhysicalResourceId,
    ResourceStatus,
    ResourceStatusReason,
    ResourceProperties: ResourceProperties && parsed(ResourceProperties),
  });
}
