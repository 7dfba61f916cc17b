import { describe, expect, test } from "vitest";
import type { DesiredStack } from "../../src/model/bundle.ts";
import { emptyRecord } from "../../src/model/record.ts";
import type { Template } from "../../src/model/template.ts";
import type { Comparison } from "../../src/plan/comparison.ts";
import { comparisonOf, deployed, differing, now, rolled, verdictsOf, writes } from "./roll-outs.ts";
import { arnOf, stackIn, unitOf, wantedName } from "./situations.ts";

// What of a comparison reaches the decision and the plan that people see.

const queue = { Type: "AWS::SQS::Queue" };
const service = { Type: "AWS::ECS::Service" };

const templateOf = (Resources: Template["Resources"]): Template => ({
  AWSTemplateFormatVersion: "2010-09-09",
  Resources,
});

const failed = stackIn("UPDATE_ROLLBACK_FAILED", { changeSetId: arnOf(wantedName) });
const recovered = { name: failed.name, changeSet: undefined, wrote: undefined, recoveries: 3 };

describe("what a decision knows of people's words", () => {
  test.for([
    ["arn:ann", ["continue-rollback base"]],
    ["arn:eve", []],
  ] as const)("is what %s lets a rollback leave", ([user, expected]) => {
    const { rules } = comparisonOf(differing).desired;
    const skip = { [failed.name]: ["Web"] };
    const consents = [{ doomed: undefined, skip, reason: "", user, at: now }];
    const record = { ...emptyRecord, stacks: { base: recovered } };
    const found = rolled({
      unit: unitOf(failed),
      desired: { rules: { ...rules, approvers: [["arn:ann"]] } },
      others: { consents, record },
    });
    expect(writes(found)).toEqual(expected);
    expect(found.consents).toEqual(expected.length > 0 ? consents : []);
  });

  test.for([
    ["something else is done", stackIn("UPDATE_COMPLETE"), undefined],
    ["it was heeded before", failed, { operation: arnOf(wantedName), resources: ["Web"] }],
  ] as const)("is no word that is acted upon where %s", ([, stack, skipped]) => {
    const { rules } = comparisonOf(differing).desired;
    const skip = { [stack.name]: ["Web"] };
    const consents = [{ doomed: undefined, skip, reason: "", user: "arn:ann", at: now }];
    const one = { ...recovered, name: stack.name, recoveries: 0, skipped };
    const found = rolled({
      unit: unitOf(stack),
      desired: { rules: { ...rules, approvers: [["arn:ann"]] } },
      others: { consents, record: { ...emptyRecord, stacks: { base: one } } },
    });
    expect(found.steps).toHaveLength(1);
    expect(found.consents).toEqual([]);
  });
});

describe("what a decision knows", () => {
  test("is what a deletion in the middle would leave behind", () => {
    const creating = stackIn("CREATE_IN_PROGRESS", {
      changeSetId: arnOf(`trueup-${"e".repeat(20)}-new`),
    });
    const busy = [{ logicalId: "Web", type: service.Type, since: now }];
    const givenUp = (Jobs: Template["Resources"][string]) =>
      writes(
        rolled({
          unit: unitOf(creating),
          observed: {
            underWay: new Map([["base", busy]]),
            templates: new Map([["base", templateOf({ Jobs })]]),
          },
        }),
      );
    expect(givenUp(queue)).toEqual(["delete-stack base"]);
    expect(givenUp({ ...queue, DeletionPolicy: "Retain" })).toEqual([]);
  });

  test("is which stacks were found to be as declared", () => {
    const skipped = { operation: arnOf(wantedName), resources: ["Web"] };
    const stack = stackIn("UPDATE_ROLLBACK_COMPLETE", { changeSetId: arnOf(wantedName) });
    const record = { ...emptyRecord, stacks: { base: { ...recovered, skipped } } };
    const after = { id: stack.id, lastUpdated: stack.lastUpdated, changeSet: stack.changeSetId };
    const verdict = (found: readonly never[] | undefined) =>
      verdictsOf(
        rolled({
          unit: unitOf(stack, true),
          observed: { detections: { base: { id: "d", at: now, after, found } } },
          others: { record },
        }),
      );
    expect(verdict([])).toEqual(["base deployed"]);
    expect(verdict(undefined)).toEqual(["base stalled RollbackSkipped"]);
  });

  test("is what takes a while to be deletable", () => {
    const reason = "The following resource(s) failed to delete: [Names]. ";
    const stack = stackIn("DELETE_FAILED", { id: "arn:s-a", reason });
    const deletion = { tries: 1, at: now };
    const record = { ...emptyRecord, stacks: { "s-a": { ...recovered, deletion } } };
    const of = (Type: string) =>
      verdictsOf(
        rolled({
          unit: deployed,
          observed: {
            leaving: [{ unit: "s-a", stack }],
            templates: new Map([["s-a", templateOf({ Names: { Type } })]]),
          },
          others: { record },
        }),
      ).at(-1);
    expect(of("AWS::ServiceDiscovery::Service")).toBe("s-a waiting stack");
    expect(of(service.Type)).toBe("s-a stalled StackStuck");
  });
});

describe("a plan tells", () => {
  test("of drift, by unit", () => {
    const message = "Somebody changed Web";
    const drift = { message, detection: "d", refusal: undefined, template: templateOf({}) };
    const drifts = new Map([["base", drift]]) as unknown as Comparison["observed"]["drifts"];
    expect(rolled({ observed: { drifts } }).plan.drift).toEqual([`base: ${message}`]);
  });

  test("of lookups that answer otherwise, until that is deployed", () => {
    const lookedUp = ["x-vpc"];
    const { bundle } = comparisonOf(differing).desired;
    const lookups = (of: string) => {
      const record = { ...emptyRecord, deployed: { revision: "r1", bundle: of } };
      return rolled({ desired: { lookedUp }, others: { record } }).plan.lookups;
    };
    expect(lookups("another")).toEqual(lookedUp);
    expect(lookups(bundle.digest)).toBeUndefined();
    expect(rolled({ desired: { lookedUp } }).plan.lookups).toEqual(lookedUp);
  });

  test("of what everybody reaches from now on", () => {
    const open = {
      Type: "AWS::ElasticLoadBalancingV2::LoadBalancer",
      Properties: { Scheme: "internet-facing" },
    };
    const stack: DesiredStack = { ...differing.desired, template: templateOf({ Front: open }) };
    const unit = { ...differing, goal: stack, desired: stack };
    const found = rolled({ unit, observed: { templates: new Map([["base", templateOf({})]]) } });
    expect(found.plan.callouts).toMatchObject([{ logicalId: "Front", kind: "public" }]);
  });
});
