import type { Change, Fate, Risk } from "../model/plan.ts";
import type { Resource } from "../model/template.ts";

const fates: readonly Fate[] = ["same", "update", "may-replace", "replace", "remove"];

/** How bad a fate is, to compare by. */
export const badness = (fate: Fate): number => fates.indexOf(fate);

// Stryker disable next-line EqualityOperator: as bad as each other is the same
export const worse = (a: Fate, b: Fate): Fate => (badness(a) < badness(b) ? b : a);

/** What becomes of the resource of a change. */
export function fateOf({ action, risk }: Change): Fate {
  switch (action) {
    case "add":
      return "same";
    case "modify":
      return risk === "none" ? "update" : "may-replace";
    case "replace":
      return "replace";
    case "remove":
      return "remove";
  }
}

/** What a deployed resource's fate costs. */
export function riskOf(fate: Fate, deployed: Resource): Risk {
  switch (fate) {
    case "same":
    case "update":
      return "none";
    case "may-replace":
    case "replace":
      return holdsData(deployed.Type) ? "data" : fate;
    case "remove":
      return holdsData(deployed.Type) && !outlives(deployed) ? "data" : "none";
  }
}

/** What a deployed resource's policies leave of it when it goes, or when another takes its place. */
export function leftBy(fate: Fate, deployed: Resource): Pick<Change, "left"> {
  if (fate === "same" || fate === "update") return {};
  const { DeletionPolicy, UpdateReplacePolicy } = deployed;
  const policy = fate === "remove" ? DeletionPolicy : UpdateReplacePolicy;
  if (policy === "Snapshot") return { left: "snapshot" };
  return policy === "Retain" || policy === "RetainExceptOnCreate" ? { left: "all" } : {};
}

/**
 * Whether something of this type is lost for good when its physical resource goes. A list of what
 * holds nothing, so that what nobody thought of is taken for precious.
 */
export const holdsData = (type: string): boolean => !stateless.has(type);

/** Logs that are kept are there to be read; data that is kept is still gone for its services. */
const outlives = ({ Type, DeletionPolicy }: Resource): boolean =>
  Type === "AWS::Logs::LogGroup" && (DeletionPolicy ?? "Delete") !== "Delete";

// Not here though they look plain: EIP (an address that others allow), Route53::HostedZone (its
// name servers), SNS::Topic (subscriptions that others made), SSM::Parameter, EventSourceMapping
// (its place in a stream).
const statelessByService: Readonly<Record<string, string>> = {
  APS: "RuleGroupsNamespace",
  ApplicationAutoScaling: "ScalableTarget ScalingPolicy",
  Backup: "BackupPlan BackupSelection",
  CertificateManager: "Certificate",
  CloudWatch: "Alarm CompositeAlarm Dashboard",
  // Of a load balancer: who is signed in signs in again.
  Cognito: "UserPoolClient",
  DocDB: "DBClusterParameterGroup DBSubnetGroup",
  EC2:
    "DHCPOptions EgressOnlyInternetGateway FlowLog InternetGateway NatGateway Route RouteTable" +
    " SecurityGroup SecurityGroupEgress SecurityGroupIngress Subnet SubnetRouteTableAssociation VPC" +
    " VPCCidrBlock VPCDHCPOptionsAssociation VPCEndpoint VPCGatewayAttachment",
  ECS: "CapacityProvider Cluster ClusterCapacityProviderAssociations Service TaskDefinition",
  EFS: "AccessPoint MountTarget",
  ElastiCache: "ParameterGroup SubnetGroup",
  ElasticLoadBalancingV2: "Listener ListenerCertificate ListenerRule LoadBalancer TargetGroup",
  Events: "EventBus EventBusPolicy Rule",
  IAM: "InstanceProfile ManagedPolicy Policy Role RolePolicy",
  KMS: "Alias",
  Kinesis: "StreamConsumer",
  Lambda: "Function Permission",
  Logs: "MetricFilter ResourcePolicy SubscriptionFilter",
  Neptune: "DBClusterParameterGroup DBParameterGroup DBSubnetGroup",
  RDS:
    "DBClusterParameterGroup DBParameterGroup DBProxy DBProxyTargetGroup DBSubnetGroup" +
    " EventSubscription OptionGroup",
  Route53: "HealthCheck RecordSet RecordSetGroup",
  S3: "AccessPoint BucketPolicy",
  SNS: "Subscription TopicPolicy",
  SQS: "QueuePolicy",
  Scheduler: "Schedule ScheduleGroup",
  SecretsManager: "ResourcePolicy RotationSchedule SecretTargetAttachment",
  ServiceDiscovery: "HttpNamespace Instance PrivateDnsNamespace PublicDnsNamespace Service",
  WAFv2: "IPSet LoggingConfiguration RegexPatternSet RuleGroup WebACL WebACLAssociation",
};

const stateless: ReadonlySet<string> = new Set(
  Object.entries(statelessByService).flatMap(([service, names]) =>
    names.split(" ").map((name) => `AWS::${service}::${name}`),
  ),
);
