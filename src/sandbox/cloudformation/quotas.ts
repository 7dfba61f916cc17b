import { quotaOf } from "../service-quotas.ts";
import { AwsError, type Context } from "../world.ts";
import { liveStacks } from "./directory.ts";
import { declaredIn } from "./held.ts";
import type { Properties } from "./state.ts";

// An account has no more of a few things than its quotas say.

/** Refuses a stack, even one under review, of which there may be no more. */
export function checkStackQuota(context: Context): void {
  if (liveStacks(context).size < quotaOf("cloudformation L-0485CB21", context)) return;
  throw new AwsError("LimitExceededException", "Limit for stack has been exceeded");
}

/** Why a resource cannot be made: there may be no more of its kind. */
export function quotaProblem(
  type: string,
  properties: Properties,
  context: Context,
): string | undefined {
  const limit = limits[type];
  if (limit === undefined) return undefined;
  const others = declaredIn(context, type).filter(
    (one) => limit.within?.(one.properties, context) === limit.within?.(properties, context),
  );
  const most = quotaOf(limit.quota, context);
  if (others.length < most) return undefined;
  const { world } = context;
  return `Resource handler returned message: "${limit.says(most)} (Service: Ec2, Status Code: 400, Request ID: ${world.uuid()})" (RequestToken: ${world.uuid()}, HandlerErrorCode: GeneralServiceException)`;
}

interface Limit {
  readonly quota: string;
  readonly says: (most: number) => string;
  /** What the quota counts in, where that is not the region. */
  readonly within?: (properties: Properties, context: Context) => unknown;
}

const limits: Readonly<Record<string, Limit>> = {
  "AWS::EC2::EIP": {
    quota: "ec2 L-0263D0A3",
    says: () => "The maximum number of addresses has been reached.",
  },
  "AWS::EC2::NatGateway": {
    quota: "vpc L-FE5A380F",
    says: (most) => `Performing this operation would exceed the limit of ${most} NAT gateways`,
    within: ({ SubnetId }, context) =>
      declaredIn(context, "AWS::EC2::Subnet").find(({ physicalId }) => physicalId === SubnetId)
        ?.properties.AvailabilityZone ?? SubnetId,
  },
  "AWS::EC2::VPC": {
    quota: "vpc L-F678F1CE",
    says: () => "The maximum number of VPCs has been reached.",
  },
};
