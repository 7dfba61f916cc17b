import { expect, test } from "vitest";
import type { DesiredStack } from "../../src/model/bundle.ts";
import type { Change } from "../../src/model/plan.ts";
import { ref, type Template, type Value } from "../../src/model/template.ts";
import { type Forecast, forecastsOf } from "../../src/plan/forecast.ts";
import { base, baseIn, laid, queue, target, web, webIn } from "./laid.ts";
import { stackIn } from "./situations.ts";

const words = ({ action, logicalId, property, risk }: Change): string =>
  `${action}/${risk} ${logicalId} ${property}`.trim();

const told = (forecasts: ReadonlyMap<string, Forecast>) =>
  Object.fromEntries([...forecasts].map(([unit, { planned }]) => [unit, planned.map(words)]));

const both = { base: baseIn("UPDATE_COMPLETE", { tags: {} }), "s-web": webIn("UPDATE_COMPLETE") };
const templates = new Map([
  ["base", base.template],
  ["s-web", web.template],
]);

/** What is planned of the two where they are asked to be as given, and the one that takes is so today. */
function planned(
  goals: { readonly base?: DesiredStack; readonly web?: DesiredStack },
  today = web,
) {
  const bundle = { digest: "b", target, stacks: [goals.base ?? base, goals.web ?? today] };
  const known = new Map([...templates, ["s-web", today.template]]);
  const { Count = "1" } = today.parameters;
  const parameters = { JobsRef: "jobs", Count: String(Count) };
  const stacks = { ...both, "s-web": webIn("UPDATE_COMPLETE", { parameters }) };
  const units = laid(stacks, { bundle, templates: known });
  return told(forecastsOf({ units, leaving: [], templates: known }, new Map()));
}

const named = (QueueName: string): DesiredStack => ({
  ...base,
  template: { ...base.template, Resources: { Jobs: { ...queue, Properties: { QueueName } } } },
});

test("of what is as it should be nothing is planned", () => {
  expect(planned({})).toEqual({});
});

/** A service that is made anew where another name is asked for. */
const called = (ServiceName: Value, Count = "1"): DesiredStack => ({
  ...web,
  template: {
    ...web.template,
    Resources: { Web: { Type: "AWS::ECS::Service", Properties: { ServiceName } } },
    Parameters: { ...web.template.Parameters, Count: { Type: "String" } },
  },
  parameters: { ...web.parameters, Count },
});

test("what a provider's roll-out does to those who take from it is in the plan at once", () => {
  expect(planned({ base: named("other") }, called(ref("JobsRef")))).toEqual({
    base: ["replace/data Jobs QueueName"],
    "s-web": ["replace/replace Web ServiceName"],
  });
  const tagged = { ...base, tags: { team: "shop" } };
  expect(planned({ base: tagged })).toEqual({ base: ["modify/none Jobs Tags"] });
});

test("what one who waits is given as it is, is as good as known", () => {
  const goals = (Count: string) => ({ base: named("other"), web: called(ref("Count"), Count) });
  const today = called(ref("Count"), "1");
  expect(planned(goals("2"), today)["s-web"]).toEqual(["replace/replace Web ServiceName"]);
  expect(planned(goals("1"), today)["s-web"]).toEqual([]);
});

test("what goes last is in the plan from the beginning", () => {
  const without: DesiredStack = {
    ...base,
    template: {
      AWSTemplateFormatVersion: "2010-09-09",
      Resources: { Log: { Type: "AWS::KMS::Key" } },
    },
  };
  const kept: Template = {
    ...base.template,
    Resources: { Jobs: queue, ...without.template.Resources },
  };
  const known = new Map([...templates, ["base", kept]]);
  const [first, ...others] = laid(both, { templates: known });
  if (first?.applied === undefined) throw new Error("the fixture lacks its base");
  // All of it is there, and is let be until nobody imports it any more.
  const holding = { ...first, goal: without, applied: { ...first.applied, deployed: true } };
  const units = [holding, ...others];
  expect(told(forecastsOf({ units, leaving: [], templates: known }, new Map()))).toEqual({
    base: ["remove/data Jobs"],
  });
});

test("of a stack that leaves everything goes, as far as it is known", () => {
  const origin = { file: "c.yml", line: 3, column: 1, path: "x-sqs.jobs" };
  const left: Template = {
    ...base.template,
    Metadata: { Trueup: { Origins: { Jobs: "c.yml:3:1 x-sqs.jobs" } } },
  };
  const stack = stackIn("UPDATE_COMPLETE", { name: "app-old" });
  const leaving = [
    { unit: "s-old", stack },
    { unit: "s-dead", stack: stackIn("ROLLBACK_COMPLETE") },
  ];
  const forecasts = forecastsOf(
    { units: [], leaving, templates: new Map([["s-old", left]]) },
    new Map(),
  );
  const gone = {
    stack: "app-old",
    logicalId: "Jobs",
    type: "AWS::SQS::Queue",
    action: "remove",
    risk: "data",
    property: "",
    cause: origin,
  };
  expect([...forecasts]).toEqual([
    ["s-old", { planned: [gone], foreseen: [gone], callouts: [], origins: { Jobs: origin } }],
  ]);
});

test("what would change its stack is no plan", () => {
  const units = laid(both, {
    bundle: { digest: "b", target, stacks: [named("other"), web] },
    templates,
  });
  const moves = new Map([["base", "anything"]]);
  expect(Object.keys(told(forecastsOf({ units, leaving: [], templates }, moves)))).toEqual([
    "s-web",
  ]);
});

test("an approver sees what is new of a right, and nothing of what goes", () => {
  const policy = (Action: string) => ({
    Type: "AWS::IAM::Policy",
    Properties: { PolicyDocument: { Statement: [{ Effect: "Allow", Action, Resource: "*" }] } },
  });
  const of = (Resources: Template["Resources"]) => ({ ...base.template, Resources });
  const before = of({ Jobs: queue, Rights: policy("sqs:SendMessage"), Gone: queue });
  const after = { ...base, template: of({ Jobs: queue, Rights: policy("sqs:*") }) };
  const known = new Map([["base", before]]);
  const bundle = { digest: "b", target, stacks: [after] };
  const units = laid({ base: both.base }, { bundle, templates: known });
  const callouts = forecastsOf({ units, leaving: [], templates: known }, new Map()).get(
    "base",
  )?.callouts;
  expect(callouts?.map(({ logicalId, stack }) => [stack, logicalId])).toEqual([
    ["app-base", "Rights"],
  ]);
});
