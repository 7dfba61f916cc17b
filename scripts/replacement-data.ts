import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { loadAwsServiceSpecSync } from "@aws-cdk/aws-service-spec";

// Cuts the CloudFormation registry's schema data down to what a plan asks of it.
// By hand, after another version of the package: npm exec -- node scripts/replacement-data.ts

type SpecDatabase = ReturnType<typeof loadAwsServiceSpecSync>;
type Resource = ReturnType<typeof resourcesOf>[number];
type PropertyType = Resource["properties"][string]["type"];

const resourcesOf = (db: SpecDatabase) => db.all("resource");

/** The resource types that Trueup emits, by service. */
const types: Readonly<Record<string, string>> = {
  APS: "RuleGroupsNamespace Workspace",
  ApplicationAutoScaling: "ScalableTarget ScalingPolicy",
  Backup: "BackupPlan BackupSelection BackupVault",
  CertificateManager: "Certificate",
  CloudWatch: "Alarm CompositeAlarm Dashboard",
  CodeGuruProfiler: "ProfilingGroup",
  Cognito: "UserPool UserPoolClient UserPoolDomain",
  DocDB: "DBCluster DBClusterParameterGroup DBInstance DBSubnetGroup",
  DynamoDB: "GlobalTable Table",
  EC2:
    "DHCPOptions EIP EgressOnlyInternetGateway FlowLog InternetGateway NatGateway Route RouteTable" +
    " SecurityGroup SecurityGroupEgress SecurityGroupIngress Subnet SubnetRouteTableAssociation VPC" +
    " VPCCidrBlock VPCDHCPOptionsAssociation VPCEndpoint VPCGatewayAttachment",
  ECR: "Repository",
  ECS: "CapacityProvider Cluster ClusterCapacityProviderAssociations Service TaskDefinition",
  EFS: "AccessPoint FileSystem MountTarget",
  ElastiCache:
    "CacheCluster ParameterGroup ReplicationGroup ServerlessCache SubnetGroup User UserGroup",
  ElasticLoadBalancingV2: "Listener ListenerCertificate ListenerRule LoadBalancer TargetGroup",
  Events: "EventBus EventBusPolicy Rule",
  IAM: "InstanceProfile ManagedPolicy Policy Role RolePolicy",
  KMS: "Alias Key",
  Kinesis: "Stream StreamConsumer",
  KinesisFirehose: "DeliveryStream",
  Lambda: "EventSourceMapping Function Permission",
  Logs: "LogGroup LogStream MetricFilter ResourcePolicy SubscriptionFilter",
  Neptune: "DBCluster DBClusterParameterGroup DBInstance DBParameterGroup DBSubnetGroup",
  OpenSearchService: "Domain",
  RDS:
    "DBCluster DBClusterParameterGroup DBInstance DBParameterGroup DBProxy DBProxyTargetGroup" +
    " DBSubnetGroup EventSubscription GlobalCluster OptionGroup",
  Route53: "HealthCheck HostedZone RecordSet RecordSetGroup",
  S3: "AccessPoint Bucket BucketPolicy",
  SNS: "Subscription Topic TopicPolicy",
  SQS: "Queue QueuePolicy",
  SSM: "Parameter",
  Scheduler: "Schedule ScheduleGroup",
  SecretsManager: "ResourcePolicy RotationSchedule Secret SecretTargetAttachment",
  ServiceDiscovery: "HttpNamespace Instance PrivateDnsNamespace PublicDnsNamespace Service",
  WAFv2: "IPSet LoggingConfiguration RegexPatternSet RuleGroup WebACL WebACLAssociation",
};

/** What AWS's pages say replaces, at times, and the schemas leave out. */
const unsaid: Readonly<Record<string, readonly string[]>> = {
  // "Replacement if you edit an existing AttributeDefinition"; such an index is made with its table.
  "AWS::DynamoDB::Table": ["AttributeDefinitions.AttributeType", "LocalSecondaryIndexes"],
  // In place only with the update policy EnableVersionUpgrade, and on versions that can.
  "AWS::OpenSearchService::Domain": ["EncryptionAtRestOptions", "EngineVersion"],
  // "When you make a change to this property, a new secret version is created": what was generated is
  // lost, and whatever took it when it was made, a database its password, does not learn the new one.
  "AWS::SecretsManager::Secret": ["GenerateSecretString"],
};

/** Attributes that stay while the resource does, by names that mean the same on every type. */
const fixedNames =
  "AllocationId Arn CanonicalHostedZoneID DBClusterResourceId DNSName DbiResourceId" +
  " DefaultNetworkAcl DefaultSecurityGroup DomainName DualStackDomainName Endpoint.Address" +
  " HostedZoneId Id LoadBalancerFullName LoadBalancerName Name PrometheusEndpoint QueueName" +
  " ReadEndpoint.Address RegionalDomainName RepositoryUri TargetGroupFullName TargetGroupName" +
  " TopicName WebsiteURL";

/** What a plan asks of one type, each a list of names with spaces between. */
export interface Rules {
  /** Property paths of which another value is another physical resource. */
  readonly replace: string;
  /** Property paths of which another value may be. */
  readonly maybe: string;
  /** All other properties: updated in place. */
  readonly update: string;
  /** Attributes that an update in place can't change. */
  readonly fixed: string;
}

/** The rules of every type in the list, from the installed package. */
export function replacementData(): Readonly<Record<string, Rules>> {
  const db = loadAwsServiceSpecSync();
  const resources = new Map(resourcesOf(db).map((one) => [one.cloudFormationType, one]));
  const named = Object.entries(types).flatMap(([service, names]) =>
    names.split(" ").map((name) => `AWS::${service}::${name}`),
  );
  return Object.fromEntries(
    named.map((type) => {
      const resource = resources.get(type);
      if (resource === undefined) throw new Error(`no resource type ${type} in the schema data`);
      return [type, rulesOf(db, resource)];
    }),
  );
}

function rulesOf(db: SpecDatabase, resource: Resource): Rules {
  const found = { yes: [] as string[], maybe: [] as string[], no: [] as string[] };
  for (const [name, property] of Object.entries(resource.properties)) {
    const verdict = property.causesReplacement ?? "no";
    found[verdict].push(name);
    // Whatever differs inside a property that replaces, replaces.
    if (verdict === "yes") continue;
    for (const [path, inner] of innerRules(db, property.type, [name], [])) found[inner].push(path);
  }
  const maybe = [...found.maybe, ...(unsaid[resource.cloudFormationType] ?? [])];
  return {
    replace: list(found.yes),
    maybe: list(maybe),
    update: list(found.no.filter((name) => !maybe.includes(name))),
    fixed: list(fixedAttributes(resource, found.yes)),
  };
}

/** The rules below a property, as `DnsConfig.NamespaceId`; indexes of lists and keys of maps are left out. */
function innerRules(
  db: SpecDatabase,
  type: PropertyType,
  path: readonly string[],
  above: readonly string[],
): (readonly [string, "yes" | "maybe"])[] {
  switch (type.type) {
    case "array":
    case "map":
      return innerRules(db, type.element, path, above);
    case "union":
      return type.types.flatMap((one) => innerRules(db, one, path, above));
    case "ref": {
      if (above.includes(type.reference.$ref)) return [];
      const { properties } = db.get("typeDefinition", type.reference);
      return Object.entries(properties).flatMap(([name, property]) => {
        const here = [...path, name];
        const verdict = property.causesReplacement ?? "no";
        if (verdict === "yes") return [[here.join("."), verdict] as const];
        const below = innerRules(db, property.type, here, [...above, type.reference.$ref]);
        return verdict === "maybe" ? [[here.join("."), verdict] as const, ...below] : below;
      });
    }
    default:
      return [];
  }
}

function fixedAttributes(resource: Resource, createOnly: readonly string[]): readonly string[] {
  const fixed = new Set([
    ...fixedNames.split(" "),
    ...createOnly,
    ...(resource.primaryIdentifier ?? []),
    `${resource.name}Arn`,
    `${resource.name}Id`,
  ]);
  return Object.keys(resource.attributes).filter((name) => fixed.has(name));
}

const list = (names: readonly string[]): string => [...new Set(names)].sort().join(" ");

const target = fileURLToPath(new URL("../src/plan/data/replacement.json", import.meta.url));
if (process.argv[1] === fileURLToPath(import.meta.url))
  writeFileSync(target, `${JSON.stringify(replacementData(), null, 2)}\n`);
