import { expect, test } from "vitest";
import { aWorld } from "../world-of-services.ts";
import { cloudformation, eventsOf, settle, statusOf } from "./a-world.ts";

// What stands in one network is moved to no other.

const network = (name: string) => ({
  [name]: { Type: "AWS::EC2::VPC", Properties: { CidrBlock: "10.0.0.0/16" } },
  ...Object.fromEntries(
    [1, 2].map((number) => [
      `${name}${number}`,
      {
        Type: "AWS::EC2::Subnet",
        Properties: { VpcId: { Ref: name }, CidrBlock: `10.0.${number}.0/24` },
      },
    ]),
  ),
});

/** The same thing in the subnets of one network or the other, and how it is refused. */
const things = {
  balancer: {
    of: (subnets: readonly object[]) => ({
      Thing: {
        Type: "AWS::ElasticLoadBalancingV2::LoadBalancer",
        Properties: { Subnets: subnets },
      },
    }),
    refusal: "The subnets are not in the same VPC as the load balancer",
  },
  group: {
    of: (subnets: readonly object[]) => ({
      Thing: {
        Type: "AWS::RDS::DBSubnetGroup",
        Properties: { DBSubnetGroupDescription: "d", SubnetIds: subnets },
      },
    }),
    refusal: "The new Subnets are not in the same Vpc as the existing subnet group",
  },
  mount: {
    of: ([SubnetId]: readonly object[]) => ({
      Files: { Type: "AWS::EFS::FileSystem" },
      Thing: {
        Type: "AWS::EFS::MountTarget",
        Properties: { FileSystemId: { Ref: "Files" }, SecurityGroups: ["sg-1"], SubnetId },
      },
    }),
    refusal:
      "requested subnet for new mount target is not in the same VPC as existing mount targets",
  },
};

test.for(Object.entries(things))("a %s is moved to no other network", ([, { of, refusal }]) => {
  const world = aWorld();
  const put = (operation: string, ...names: readonly string[]) => {
    const Resources = { ...network("A"), ...network("B"), ...of(names.map((Ref) => ({ Ref }))) };
    const TemplateBody = JSON.stringify({ Resources });
    cloudformation(world, operation, { StackName: "s", TemplateBody });
    settle(world);
  };
  put("CreateStack", "A1", "A2");
  put("UpdateStack", "A2", "A1");
  expect(statusOf(world, "s")).toBe("UPDATE_COMPLETE");
  put("UpdateStack", "B1", "B2");
  expect(statusOf(world, "s")).toBe("UPDATE_ROLLBACK_COMPLETE");
  const failed = eventsOf(world, "s").filter((event) => event.includes("Thing UPDATE_FAILED"));
  expect(failed).toEqual([expect.stringContaining(refusal)]);
});
