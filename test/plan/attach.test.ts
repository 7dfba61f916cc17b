import { expect, test } from "vitest";
import type { DesiredStack } from "../../src/model/bundle.ts";
import type { Resource, Template } from "../../src/model/template.ts";
import { attaching } from "../../src/plan/attach.ts";
import { stackIn, unitOf } from "./situations.ts";

const service = (more: Resource["Properties"] = {}): Resource => ({
  Type: "AWS::ECS::Service",
  DependsOn: ["Rule", "Policy"],
  Properties: { DesiredCount: 1, ...more },
});
const balanced = service({ HealthCheckGracePeriodSeconds: 60, LoadBalancers: [{}] });
const rule: Resource = { Type: "AWS::ElasticLoadBalancingV2::ListenerRule" };
const policy: Resource = { Type: "AWS::IAM::RolePolicy" };

const template = (Resources: Template["Resources"]): Template => ({
  AWSTemplateFormatVersion: "2010-09-09",
  Resources,
});

const goalOf = (Resources: Template["Resources"]): DesiredStack => ({
  ...unitOf(stackIn("UPDATE_COMPLETE")).goal,
  template: template(Resources),
});

const goal = goalOf({ Service: balanced, Rule: rule, Policy: policy });

test("all but the first load balancer goes first, until what sends is there", () => {
  const first = attaching(goal, template({ Service: service() }));
  expect(first?.template.Resources).toEqual({ Service: service(), Rule: rule, Policy: policy });
  expect(attaching(goal, template({ Service: service(), Rule: rule }))).toBeUndefined();
});

test("what sends from another stack is there by then", () => {
  const { Rule: _, ...others } = goal.template.Resources;
  expect(attaching(goalOf(others), template({ Service: service() }))).toBeUndefined();
});

test("a service that is new, has one or gets none is told at once", () => {
  expect(attaching(goal, template({ Rule: rule }))).toBeUndefined();
  expect(attaching(goal, template({ Service: service({ LoadBalancers: [] }) }))).toBeUndefined();
  const none = goalOf({ Service: service(), Rule: rule });
  expect(attaching(none, template({ Service: service() }))).toBeUndefined();
});
