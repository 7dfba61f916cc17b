import type { Context } from "../world.ts";
import { declaredIn } from "./held.ts";
import type { Properties, Resource } from "./state.ts";

// What is in one network for good. EFS and RDS say so in these words; that of load balancers is not on record.

/** Why a resource cannot be changed so: it would be in another network. */
export function uprooted(
  { properties: before, type }: Resource,
  desired: Properties,
  context: Context,
): string | undefined {
  const refusal = refusals[type];
  const [old, wanted] = [networksOf(before, context), networksOf(desired, context)];
  const stays = old.size === 0 || [...wanted].every((network) => old.has(network));
  return refusal === undefined || stays
    ? undefined
    : `Resource handler returned message: "${refusal} (Service: ${type.split("::")[1]}, Status Code: 400, Request ID: ${context.world.uuid()})" (HandlerErrorCode: InvalidRequest)`;
}

const refusals: Readonly<Record<string, string>> = {
  "AWS::ElasticLoadBalancingV2::LoadBalancer":
    "The subnets are not in the same VPC as the load balancer",
  "AWS::RDS::DBSubnetGroup": "The new Subnets are not in the same Vpc as the existing subnet group",
};

/** Why a mount target cannot be made: its file system has others in another network. */
export function apartFromOthers(
  type: string,
  properties: Properties,
  context: Context,
): string | undefined {
  if (type !== "AWS::EFS::MountTarget") return undefined;
  const others = declaredIn(context, type).filter(
    (other) => other.properties.FileSystemId === properties.FileSystemId,
  );
  const wanted = networksOf(properties, context);
  const isApart = others
    .map((other) => networksOf(other.properties, context))
    .some((taken) => taken.size > 0 && [...wanted].some((network) => !taken.has(network)));
  return isApart
    ? `Resource handler returned message: "requested subnet for new mount target is not in the same VPC as existing mount targets (Service: Efs, Status Code: 409, Request ID: ${context.world.uuid()})" (HandlerErrorCode: AlreadyExists)`
    : undefined;
}

/** The networks of the subnets that properties name, as far as it is known which those are in. */
function networksOf(properties: Properties, context: Context): ReadonlySet<string> {
  const named = new Set(JSON.stringify(properties).match(/subnet-[0-9a-f]+/g));
  const subnets = declaredIn(context, "AWS::EC2::Subnet").filter(({ physicalId }) =>
    named.has(physicalId),
  );
  return new Set(subnets.map((subnet) => String(subnet.properties.VpcId)));
}
