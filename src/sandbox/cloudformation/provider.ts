import type { Context } from "../world.ts";
import { typeOf } from "./schema.ts";
import { arn, type Properties, type Stack, stateOf, type Value } from "./state.ts";

/** What a resource becomes when it is made. */
export interface Made {
  readonly physicalId: string;
  readonly attributes: Properties;
}

/** Makes a resource: what `Ref` gives and what `Fn::GetAtt` can ask, by the type's own patterns. */
export function make(
  stack: Stack,
  { logicalId, properties, type }: { logicalId: string; properties: Properties; type: string },
  context: Context,
): Made {
  const maker: Maker = {
    context,
    properties,
    name: nameOf(type, properties) ?? generated(stack, logicalId, type, context),
    hex: (length) => context.world.text(length, "0123456789abcdef"),
  };
  const special = makers[type]?.(maker) ?? { physicalId: genericId(type, maker) };
  return {
    physicalId: special.physicalId,
    attributes: { ...genericAttributes(type, special.physicalId, maker), ...special.attributes },
  };
}

/** The explicit name that a resource's properties give it, if they do. */
export function nameOf(type: string, properties: Properties): string | undefined {
  const [, service = "", kind = ""] = type.split("::");
  const candidates = [...(typeOf(type)?.primaryIdentifier ?? []), `${kind}Name`, "Name"];
  for (const candidate of candidates) {
    const given = properties[candidate];
    if (!naming.test(candidate) || anonymous.has(type)) continue;
    if (typeof given === "string" && service !== "") return given;
  }
  return undefined;
}

const naming = /(Name|Identifier|GroupId)$/;

/** Types whose `Name` names something else, or may be used twice. */
const anonymous: ReadonlySet<string> = new Set([
  "AWS::EC2::SecurityGroupEgress",
  "AWS::EC2::SecurityGroupIngress",
  "AWS::IAM::Policy",
  "AWS::Lambda::Permission",
  "AWS::Route53::HostedZone",
  "AWS::Route53::RecordSet",
]);

const mixed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

function generated(stack: Stack, logicalId: string, type: string, { world }: Context): string {
  const most = longest[type] ?? 255;
  if (type === "AWS::SSM::Parameter") return `CFN-${logicalId}-${world.text(12, mixed)}`;
  const room = most - 14;
  const half = Math.floor(room / 2);
  const stem =
    stack.name.length + logicalId.length > room
      ? `${stack.name.slice(0, Math.max(half, room - logicalId.length))}-${logicalId.slice(0, half)}`
      : `${stack.name}-${logicalId}`;
  const name = `${stem}-${world.text(12, mixed)}`;
  if (type === "AWS::SQS::Queue" || !lower.has(type)) return name;
  return name.toLowerCase();
}

const longest: Readonly<Record<string, number>> = {
  "AWS::ElasticLoadBalancingV2::LoadBalancer": 32,
  "AWS::ElasticLoadBalancingV2::TargetGroup": 32,
  "AWS::IAM::Role": 64,
  "AWS::Lambda::Function": 64,
  "AWS::RDS::DBInstance": 63,
  "AWS::S3::Bucket": 63,
  "AWS::SQS::Queue": 80,
};

const lower: ReadonlySet<string> = new Set([
  "AWS::ECR::Repository",
  "AWS::ElastiCache::ReplicationGroup",
  "AWS::RDS::DBCluster",
  "AWS::RDS::DBInstance",
  "AWS::S3::Bucket",
]);

interface Maker {
  readonly context: Context;
  readonly properties: Properties;
  readonly name: string;
  readonly hex: (length: number) => string;
}

type Make = (maker: Maker) => { readonly physicalId: string; readonly attributes?: Properties };

const prefixed =
  (prefix: string, attributes: (id: string, maker: Maker) => Properties = () => ({})): Make =>
  (maker) => {
    const physicalId = `${prefix}-${maker.hex(17)}`;
    return { physicalId, attributes: attributes(physicalId, maker) };
  };

const text = (value: Value | undefined): string => String(value ?? "");

const makers: Readonly<Record<string, Make>> = {
  "AWS::EC2::EIP": ({ context, hex }) => ({
    physicalId: `52.${[1, 2, 3].map(() => Math.floor(context.world.chance() * 256)).join(".")}`,
    attributes: { AllocationId: `eipalloc-${hex(17)}` },
  }),
  "AWS::EC2::InternetGateway": prefixed("igw"),
  "AWS::EC2::NatGateway": prefixed("nat"),
  "AWS::EC2::Route": ({ hex, properties }) => ({
    physicalId: `${text(properties.RouteTableId)}|${text(properties.DestinationCidrBlock) || hex(8)}`,
  }),
  "AWS::EC2::RouteTable": prefixed("rtb"),
  "AWS::EC2::SecurityGroup": prefixed("sg", (id, { properties }) => ({
    GroupId: id,
    Id: id,
    VpcId: text(properties.VpcId),
  })),
  "AWS::EC2::SecurityGroupEgress": prefixed("sgr"),
  "AWS::EC2::SecurityGroupIngress": prefixed("sgr"),
  "AWS::EC2::Subnet": prefixed("subnet", (_, { context, properties }) => ({
    AvailabilityZone: text(properties.AvailabilityZone) || `${context.region}a`,
  })),
  "AWS::EC2::SubnetRouteTableAssociation": prefixed("rtbassoc"),
  "AWS::EC2::VPC": prefixed("vpc", (_, { hex }) => ({
    DefaultNetworkAcl: `acl-${hex(17)}`,
    DefaultSecurityGroup: `sg-${hex(17)}`,
  })),
  "AWS::EC2::VPCEndpoint": prefixed("vpce"),
  "AWS::EC2::VPCGatewayAttachment": ({ properties }) => ({
    physicalId: `IGW|${text(properties.VpcId)}`,
  }),
  "AWS::ECS::Service": ({ context, name, properties }) => {
    const cluster = text(properties.Cluster).split("/").at(-1) || "default";
    return {
      physicalId: arn(context, "ecs", `service/${cluster}/${name}`),
      attributes: { Name: name },
    };
  },
  "AWS::ECS::TaskDefinition": ({ context, name, properties }) => {
    const family = text(properties.Family) || name;
    const { revisions } = stateOf(context);
    const revision = (revisions[family] ?? 0) + 1;
    revisions[family] = revision;
    return { physicalId: arn(context, "ecs", `task-definition/${family}:${revision}`) };
  },
  "AWS::ElasticLoadBalancingV2::Listener": ({ context, hex, properties }) => ({
    physicalId: `${text(properties.LoadBalancerArn).replace(":loadbalancer/", ":listener/") || arn(context, "elasticloadbalancing", `listener/app/x/${hex(16)}`)}/${hex(16)}`,
  }),
  "AWS::ElasticLoadBalancingV2::ListenerRule": ({ hex, properties }) => ({
    physicalId: `${text(properties.ListenerArn).replace(":listener/", ":listener-rule/")}/${hex(16)}`,
  }),
  "AWS::ElasticLoadBalancingV2::LoadBalancer": loadBalancer,
  "AWS::ElasticLoadBalancingV2::TargetGroup": ({ context, hex, name }) => {
    const full = `targetgroup/${name}/${hex(16)}`;
    return {
      physicalId: arn(context, "elasticloadbalancing", full),
      attributes: { TargetGroupFullName: full, TargetGroupName: name, LoadBalancerArns: [] },
    };
  },
  "AWS::IAM::Role": ({ context, name, properties }) => ({
    physicalId: name,
    attributes: {
      Arn: `arn:aws:iam::${context.account}:role${text(properties.Path) || "/"}${name}`,
      RoleId: `AROA${context.world.text(17, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")}`,
    },
  }),
  "AWS::Logs::LogGroup": ({ context, name }) => ({
    physicalId: name,
    attributes: { Arn: `${arn(context, "logs", `log-group:${name}`)}:*` },
  }),
  "AWS::SNS::Topic": ({ context, name }) => ({
    physicalId: arn(context, "sns", name),
    attributes: { TopicName: name },
  }),
  "AWS::SQS::Queue": ({ context, name, properties }) => {
    const queue =
      name.endsWith(".fifo") || text(properties.FifoQueue) !== "true" ? name : `${name}.fifo`;
    return {
      physicalId: `https://sqs.${context.region}.amazonaws.com/${context.account}/${queue}`,
      attributes: { Arn: arn(context, "sqs", queue), QueueName: queue },
    };
  },
  "AWS::SecretsManager::Secret": ({ context, name }) => ({
    physicalId: arn(context, "secretsmanager", `secret:${name}-${context.world.text(6, mixed)}`),
  }),
  "AWS::ServiceDiscovery::HttpNamespace": prefixed("ns"),
  "AWS::ServiceDiscovery::PrivateDnsNamespace": prefixed("ns", (_, { context }) => ({
    HostedZoneId: `Z${context.world.text(20, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")}`,
  })),
  "AWS::ServiceDiscovery::Service": prefixed("srv", (_, { properties }) => ({
    Name: text(properties.Name),
  })),
};

function loadBalancer({ context, hex, name, properties }: Maker) {
  const kind = text(properties.Type) === "network" ? "net" : "app";
  const full = `${kind}/${name}/${hex(16)}`;
  const internal = text(properties.Scheme) === "internal" ? "internal-" : "";
  const host = `${internal}${name}-${Math.floor(context.world.chance() * 1e9)}`;
  const domain = kind === "net" ? `elb.${context.region}` : `${context.region}.elb`;
  return {
    physicalId: arn(context, "elasticloadbalancing", `loadbalancer/${full}`),
    attributes: {
      DNSName: `${host}.${domain}.amazonaws.com`,
      LoadBalancerFullName: full,
      LoadBalancerName: name,
      CanonicalHostedZoneID: "Z32O12XQLNTSW2",
      SecurityGroups: properties.SecurityGroups ?? [],
    },
  };
}

function genericId(type: string, { context, hex, name, properties }: Maker): string {
  const entity = typeOf(type);
  const [identifier = "Name"] = entity?.cfnRefIdentifier ?? entity?.primaryIdentifier ?? [];
  const given = properties[identifier];
  if (typeof given === "string") return given;
  if (identifier.endsWith("Arn")) return genericArn(type, name, context);
  const [, , kind = ""] = type.split("::");
  return /Id$/.test(identifier) && identifier !== "Id" ? `${kind.toLowerCase()}-${hex(17)}` : name;
}

function genericArn(type: string, name: string, context: Context): string {
  const [, service = "", kind = ""] = type.split("::");
  const template = typeOf(type)?.arnTemplate;
  if (template === undefined)
    return arn(context, service.toLowerCase(), `${kind.toLowerCase()}/${name}`);
  const place: Readonly<Record<string, string>> = {
    Partition: "aws",
    Region: context.region,
    Account: context.account,
  };
  return template.replaceAll(
    /\$\{([^}]+)\}/g,
    (_, part: string) => place[part] ?? name.replace(/^\//, ""),
  );
}

/** Every attribute that the registry names, guessed from its name. */
function genericAttributes(type: string, physicalId: string, maker: Maker): Properties {
  const names = Object.keys(typeOf(type)?.attributes ?? {});
  const identifiers = typeOf(type)?.primaryIdentifier ?? [];
  return Object.fromEntries(
    names
      .filter((name) => !(name in maker.properties))
      .map((name) => [name, genericAttribute(type, { name, physicalId, identifiers }, maker)]),
  );
}

function genericAttribute(
  type: string,
  {
    identifiers,
    name,
    physicalId,
  }: { identifiers: readonly string[]; name: string; physicalId: string },
  maker: Maker,
): Value {
  const leaf = name.split(".").at(-1) ?? name;
  if (identifiers.includes(name) || leaf === "Id") return physicalId;
  if (leaf.endsWith("Arn"))
    return physicalId.startsWith("arn:") ? physicalId : genericArn(type, physicalId, maker.context);
  if (leaf.endsWith("Port")) return text(maker.properties.Port) || "443";
  if (/Address$|DomainName$|DNSName$|Endpoint$|Url$|Uri$/i.test(leaf)) {
    const [, service = ""] = type.split("::");
    return `${maker.name.toLowerCase()}.${maker.hex(12)}.${maker.context.region}.${service.toLowerCase()}.amazonaws.com`;
  }
  return leaf.endsWith("Name") ? maker.name : `${maker.name}-${leaf.toLowerCase()}`;
}
