import type { Limited, Room } from "../model/quota.ts";
import type { Quotas } from "../ports/leases.ts";
import { everyItem, isDenied, isNamed, unless } from "./answers.ts";
import type { Call } from "./call.ts";

interface Kind {
  readonly service: string;
  readonly quota: string;
  /** As AWS sets it where nobody asked for more. */
  readonly usual: number;
}

const kinds: Readonly<Record<Limited, Kind>> = {
  "AWS::CloudFormation::Stack": { service: "cloudformation", quota: "L-0485CB21", usual: 2000 },
  "AWS::EC2::EIP": { service: "ec2", quota: "L-0263D0A3", usual: 5 },
  "AWS::EC2::NatGateway": { service: "vpc", quota: "L-FE5A380F", usual: 5 },
  "AWS::EC2::VPC": { service: "vpc", quota: "L-F678F1CE", usual: 5 },
};

/** How much room there is for what is limited, in one account and region. */
export const quotasOf = (call: Call): Quotas => ({
  async room(kind) {
    const counted = Promise.all([mostOf(kinds[kind], call), countOf(kind, call)]);
    const known = await unless(counted, isDenied);
    return known && ({ most: known[0], used: known[1] } satisfies Room);
  },
});

async function mostOf({ quota, service, usual }: Kind, call: Call): Promise<number> {
  const got = call("servicequotas:GetServiceQuota", { ServiceCode: service, QuotaCode: quota });
  const found = await unless(got, (error) => isNamed(error, "NoSuchResourceException"));
  return found?.Quota?.Value ?? usual;
}

async function countOf(kind: Limited, call: Call): Promise<number> {
  if (kind === "AWS::CloudFormation::Stack") return countOfStacks(call);
  const all = await everyItem(async (token) => {
    const page = await call("cloudcontrolapi:ListResources", {
      TypeName: kind,
      ...(token === undefined ? {} : { NextToken: token }),
    });
    return { items: page.ResourceDescriptions, next: page.NextToken };
  });
  return all.length;
}

async function countOfStacks(call: Call): Promise<number> {
  const all = await everyItem(async (token) => {
    const page = await call(
      "cloudformation:DescribeStacks",
      token === undefined ? {} : { NextToken: token },
    );
    return { items: page.Stacks, next: page.NextToken };
  });
  return all.length;
}
