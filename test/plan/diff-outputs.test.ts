import { expect, test } from "vitest";
import type { DesiredStack } from "../../src/model/bundle.ts";
import { getAtt, type Properties, ref, type Template } from "../../src/model/template.ts";
import { outputsAfter } from "../../src/plan/diff-outputs.ts";

const network = (vpc: Properties, lag: Properties = {}): Template => ({
  AWSTemplateFormatVersion: "2010-09-09",
  Parameters: { Zone: { Type: "String" } },
  Resources: {
    Vpc: { Type: "AWS::EC2::VPC", Properties: vpc },
    Balancer: { Type: "AWS::ElasticLoadBalancingV2::LoadBalancer", Properties: lag },
  },
  Outputs: {
    VpcId: { Value: ref("Vpc") },
    Url: { Value: { "Fn::Sub": `http://\${Balancer.DNSName}` } },
    Groups: { Value: getAtt("Balancer", "SecurityGroups") },
    Zone: { Value: ref("Zone") },
  },
});

const stackOf = (template: Template): DesiredStack => ({
  name: "stack",
  unit: "base",
  template,
  parameters: {},
  tags: {},
  capabilities: [],
  dependsOn: [],
  origins: {},
});

const today = { VpcId: "vpc-1", Url: "http://lb", Groups: "sg-1", Zone: "a" };

const after = (desired: Template, parameters: Readonly<Record<string, string>> = { Zone: "a" }) =>
  outputsAfter(stackOf(desired), parameters, {
    template: network({ CidrBlock: "10.0.0.0/16" }),
    parameters: { Zone: "a" },
    outputs: today,
  });

test("the outputs of what doesn't change are today's", () => {
  expect(after(network({ CidrBlock: "10.0.0.0/16" }))).toEqual(today);
});

test("the id of a replaced resource will be another", () => {
  expect(after(network({ CidrBlock: "10.1.0.0/16" }))).toEqual({ ...today, VpcId: "{base.VpcId}" });
});

test("the id of a resource that is updated in place stays", () => {
  const desired = network({ CidrBlock: "10.0.0.0/16", EnableDnsSupport: true });
  expect(after(desired)).toEqual(today);
});

test("what an update in place may touch may be another", () => {
  const desired = network({ CidrBlock: "10.0.0.0/16" }, { SecurityGroups: ["sg-2"] });
  expect(after(desired)).toEqual({ ...today, Groups: { output: ["base", "Groups"] } });
});

test("a parameter is passed on as it will be", () => {
  const desired = network({ CidrBlock: "10.0.0.0/16" });
  expect(after(desired, { Zone: "b" })).toEqual({ ...today, Zone: "{base.Zone}" });
});

test("an output that no deployment ever gave is not known", () => {
  const template = network({});
  const deployed = { template, parameters: {}, outputs: { VpcId: "vpc-1" } };
  expect(outputsAfter(stackOf(template), {}, deployed)).toMatchObject({
    VpcId: "vpc-1",
    Url: "{base.Url}",
  });
});

test("a stack that isn't there yet has none of today's", () => {
  expect(outputsAfter(stackOf(network({})), {}, undefined)).toEqual({
    VpcId: "{base.VpcId}",
    Url: "{base.Url}",
    Groups: "{base.Groups}",
    Zone: "{base.Zone}",
  });
});
