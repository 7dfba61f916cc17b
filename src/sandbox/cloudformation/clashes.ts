import type { Context } from "../world.ts";
import { liveStacks, stacksMarked } from "./directory.ts";
import { claimMark, isListener, targetMark } from "./marks.ts";
import { nameOf } from "./provider.ts";
import type { Properties, Resource, Stack } from "./state.ts";
import { isObject } from "./templates/references.ts";

/** The explicit name or place that a resource occupies, within what that has to be unique in. */
export function claimOf(type: string, properties: Properties): string | undefined {
  const name =
    places[type]?.map((key) => properties[key] ?? "").join(" ") ?? nameOf(type, properties);
  const within = properties[scopes[type] ?? ""] ?? "";
  return name === undefined ? undefined : JSON.stringify([type, within, name]);
}

/** Names of these types are unique within another resource, all others within the region. */
const scopes: Readonly<Record<string, string>> = {
  "AWS::EC2::SecurityGroupIngress": "GroupId",
  "AWS::ECS::Service": "Cluster",
  "AWS::ElasticLoadBalancingV2::Listener": "LoadBalancerArn",
  "AWS::ElasticLoadBalancingV2::ListenerRule": "ListenerArn",
  "AWS::Events::Rule": "EventBusName",
  "AWS::Scheduler::Schedule": "GroupName",
  "AWS::ServiceDiscovery::PrivateDnsNamespace": "Vpc",
  "AWS::ServiceDiscovery::Service": "NamespaceId",
};

/** What is theirs alone, of types that have no names. */
const places: Readonly<Record<string, readonly string[]>> = {
  "AWS::EC2::SecurityGroupIngress": [
    "IpProtocol",
    "FromPort",
    "ToPort",
    "CidrIp",
    "CidrIpv6",
    "SourcePrefixListId",
    "SourceSecurityGroupId",
  ],
  "AWS::ElasticLoadBalancingV2::Listener": ["Port"],
  "AWS::ElasticLoadBalancingV2::ListenerRule": ["Priority"],
};

/** Why a resource cannot be made: another one has its name. */
export function clashOf(claim: string | undefined, context: Context): string | undefined {
  if (claim === undefined) return undefined;
  const holder = heldBy(stacksMarked(claimMark(claim), context)).find(
    ({ resource }) => resource.claim === claim && resource.physicalId !== "",
  );
  if (holder === undefined) return undefined;
  const [type, within, name] = JSON.parse(claim);
  return taken[type]?.(name, within) ?? `${name} already exists in stack ${holder.stack.id}`;
}

const taken: Readonly<Record<string, (name: string, within: string) => string>> = {
  "AWS::EC2::SecurityGroupIngress": (rule) =>
    `Resource handler returned message: "the specified rule "${rule.trim()}" already exists (Service: Ec2, Status Code: 400)" (HandlerErrorCode: AlreadyExists)`,
  "AWS::ElasticLoadBalancingV2::Listener": (_, balancer) =>
    `Resource handler returned message: "A listener already exists on this port for this load balancer '${balancer}' (Service: ElasticLoadBalancingV2, Status Code: 400)" (HandlerErrorCode: AlreadyExists)`,
  "AWS::ElasticLoadBalancingV2::ListenerRule": (priority) =>
    `Resource handler returned message: "Priority '${priority}' is currently in use (Service: ElasticLoadBalancingV2, Status Code: 400)" (HandlerErrorCode: AlreadyExists)`,
};

/** Why ECS refuses a service: a target group that no listener sends anything to yet. */
export function unattached(
  type: string,
  { LoadBalancers }: Properties,
  context: Context,
): string | undefined {
  if (type !== "AWS::ECS::Service" || !Array.isArray(LoadBalancers)) return undefined;
  const lost = LoadBalancers.flatMap((one) =>
    isObject(one) && typeof one.TargetGroupArn === "string" ? [one.TargetGroupArn] : [],
  ).find((group) => !isTarget(group, context));
  if (lost === undefined) return undefined;
  const { world } = context;
  return `Resource handler returned message: "Invalid request provided: CreateService error: The target group with targetGroupArn ${lost} does not have an associated load balancer. (Service: AmazonECS; Status Code: 400; Error Code: InvalidParameterException; Request ID: ${world.uuid()}; Proxy: null)" (RequestToken: ${world.uuid()}, HandlerErrorCode: InvalidRequest)`;
}

const isTarget = (group: string, context: Context): boolean =>
  heldBy(stacksMarked(targetMark(group), context)).some(
    ({ resource }) =>
      isListener(resource) &&
      resource.status.endsWith("_COMPLETE") &&
      JSON.stringify(resource.properties).includes(JSON.stringify(group)),
  );

/** Why a resource cannot be deleted: its own properties forbid it. */
export function protectionOf({ properties, type }: Resource): string | undefined {
  const [word, property] = protections[type] ?? [];
  if (word === undefined || property === undefined || String(properties[property]) !== "true") {
    return undefined;
  }
  return `Resource handler returned message: "Cannot delete protected ${word}, please disable deletion protection and try again." (HandlerErrorCode: InvalidRequest)`;
}

const protections: Readonly<Record<string, readonly [word: string, property: string]>> = {
  "AWS::DynamoDB::Table": ["Table", "DeletionProtectionEnabled"],
  "AWS::RDS::DBCluster": ["Cluster", "DeletionProtection"],
  "AWS::RDS::DBInstance": ["DB Instance", "DeletionProtection"],
};

/** Why a resource cannot be deleted: a resource of another stack still uses it. */
export function usesOf(
  stack: Stack,
  { physicalId, type }: Resource,
  context: Context,
): string | undefined {
  const violation = violations[type];
  if (violation === undefined || physicalId === "") return undefined;
  const user = heldBy([...liveStacks(context).values()]).find(
    (other) =>
      other.stack.id !== stack.id &&
      (violation.by ?? other.resource.type) === other.resource.type &&
      JSON.stringify(other.resource.properties).includes(JSON.stringify(physicalId)),
  );
  if (user === undefined) return undefined;
  const { code, service, says } = violation;
  return `Resource handler returned message: "${says(physicalId)} (Service: ${service}, Status Code: 400, Request ID: ${context.world.uuid()})" (RequestToken: ${context.world.uuid()}, HandlerErrorCode: ${code})`;
}

const dependent = {
  code: "InvalidRequest",
  service: "Ec2",
  says: (id: string) => `resource ${id} has a dependent object`,
};

interface Violation {
  readonly code: string;
  readonly service: string;
  readonly says: (id: string) => string;
  /** The only type that counts, where an id is a mere name. */
  readonly by?: string;
}

const violations: Readonly<Record<string, Violation>> = {
  "AWS::EC2::SecurityGroup": dependent,
  "AWS::EC2::Subnet": dependent,
  "AWS::EC2::VPC": dependent,
  "AWS::ECS::Cluster": {
    code: "GeneralServiceException",
    service: "AmazonECS",
    by: "AWS::ECS::Service",
    says: () => "The Cluster cannot be deleted while Services are active.",
  },
  "AWS::ElasticLoadBalancingV2::TargetGroup": {
    code: "ResourceConflict",
    service: "ElasticLoadBalancingV2",
    says: (arn) => `Target group '${arn}' is currently in use by a listener or a rule`,
  },
  "AWS::ServiceDiscovery::PrivateDnsNamespace": {
    code: "ResourceConflict",
    service: "ServiceDiscovery",
    says: () =>
      "Namespace has associated services; delete the services before deleting the namespace",
  },
};

const heldBy = (stacks: readonly Stack[]) =>
  stacks.flatMap((stack) =>
    Object.values(stack.resources).map((resource) => ({ resource, stack })),
  );
