import type { TestWorld } from "./world.ts";

// A network that another team made, and that is looked up by its tags.

const subnet = (tier: string, number: number) => ({
  Type: "AWS::EC2::Subnet",
  Properties: {
    VpcId: { Ref: "Vpc" },
    CidrBlock: `10.0.${number}.0/24`,
    Tags: [{ Key: "tier", Value: tier }],
  },
});

const network = {
  Resources: {
    Vpc: {
      Type: "AWS::EC2::VPC",
      Properties: { CidrBlock: "10.0.0.0/16", Tags: [{ Key: "net", Value: "shared" }] },
    },
    App: subnet("app", 1),
    Public: subnet("public", 2),
    Storage: subnet("storage", 3),
  },
};

/** Lines of a compose file that look it up. */
export const lookup = `x-vpc:
  Lookup:
    VpcId: { Tags: { net: shared } }
    AppSubnets: { Tags: { tier: app } }
    PublicSubnets: { Tags: { tier: public } }
    StorageSubnets: { Tags: { tier: storage } }
`;

export const makeNetwork = ({ ask }: TestWorld): Promise<unknown> =>
  ask("cloudformation:CreateStack", {
    StackName: "network",
    TemplateBody: JSON.stringify(network),
  });
