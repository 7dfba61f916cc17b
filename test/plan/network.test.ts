import { expect, test } from "vitest";
import { type Resource, ref, type Template } from "../../src/model/template.ts";
import { uprooted } from "../../src/plan/network.ts";
import { stackIn, unitOf } from "./situations.ts";

const group = (VpcId: string) => ({ Type: "AWS::EC2::SecurityGroup", Properties: { VpcId } });
const of = (type: string, subnet: string): Resource => ({
  Type: `AWS::${type}`,
  Properties: { Subnets: [subnet] },
});

const template = (Resources: Template["Resources"]): Template => ({
  AWSTemplateFormatVersion: "2010-09-09",
  Resources,
});

const line = (path: string) => ({ file: "compose.yaml", line: 1, column: 1, path });

const judged = (before: Template["Resources"], after: Template["Resources"]) => {
  const one = unitOf(stackIn("UPDATE_COMPLETE"));
  const origins = { Front: line("x-elbv2.front"), Data: line("x-rds.main"), Way: line("x-vpc") };
  const goal = { ...one.goal, unit: "base", name: "app-base", template: template(after), origins };
  const templates = new Map([["base", template(before)]]);
  return uprooted({ units: [{ ...one, goal }], templates }).get("base")?.message;
};

const balancer = "ElasticLoadBalancingV2::LoadBalancer";
const [here, there] = [{ Group1: group("vpc-1") }, { Group2: group("vpc-2") }];

test.for<[what: string, type: string, id: string, said: string]>([
  ["a load balancer", balancer, "Front", "x-elbv2.front is in .* give it another name"],
  ["a database", "RDS::DBSubnetGroup", "Data", "x-rds.main is in .* give it another name"],
  ["a network itself", "EC2::VPCGatewayAttachment", "Way", "^A network .* of another name"],
])("%s under its own id is moved to no other network", ([, type, id, said]) => {
  const old = of(type, "subnet-1");
  const before = { ...here, [id]: old };
  const after = { ...there, [id]: of(type, "subnet-2") };
  expect(judged(before, after)).toMatch(new RegExp(said));
  expect(judged(before, { ...there, [`${id}2`]: of(type, "subnet-2") })).toBeUndefined();
  expect(judged(before, { ...here, [id]: of(type, "subnet-2") })).toBeUndefined();
  expect(judged(before, { ...there, [id]: old })).toBeUndefined();
});

test("mount targets of one file system are in one network, whatever their ids", () => {
  const target = (FileSystemId: string, subnet: string): Resource => ({
    Type: "AWS::EFS::MountTarget",
    Properties: { FileSystemId: ref(FileSystemId), SubnetId: subnet },
  });
  const before = { ...here, Targetaa: target("Files", "subnet-1") };
  const after = { ...there, Targetbb: target("Files", "subnet-2") };
  expect(judged(before, after)).toMatch(/app-base.Targetbb is in .* give it another name/);
  expect(judged(before, { ...after, ...here })).toBeUndefined();
  const others = { ...there, Targetbb: target("Others", "subnet-2") };
  expect(judged(before, others)).toBeUndefined();
});

test("several are told in one sentence, each by the line that asks for it", () => {
  const all = (subnet: string) => ({
    Front: of(balancer, subnet),
    Data: of("RDS::DBSubnetGroup", subnet),
    Jobs: of("SQS::Queue", subnet),
  });
  expect(judged({ ...here, ...all("subnet-1") }, { ...there, ...all("subnet-2") })).toMatch(
    /^x-elbv2.front, x-rds.main are in .* give each another name/,
  );
});

test("what is in both networks for a while, or in none, is not held", () => {
  const [before, after] = [{ Front: of(balancer, "a") }, { Front: of(balancer, "b") }];
  expect(judged({ ...here, ...there, ...before }, { ...there, ...after })).toBeUndefined();
  expect(judged(before, { ...there, ...after })).toBeUndefined();
  expect(judged({ ...here, ...before }, after)).toBeUndefined();
  const Group1 = { ...group("vpc-1"), Properties: { VpcId: ref("Vpc1") } };
  expect(judged({ Group1, ...before }, { Group1, ...after })).toBeUndefined();
});
