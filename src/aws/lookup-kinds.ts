import type { Answer } from "../model/lookup.ts";
import { dnsSuffix } from "../model/partition.ts";

/** What Cloud Control says of a resource: the properties of its CloudFormation type. */
export type Described = Readonly<Record<string, unknown>>;

/** A resource that was found, by whatever tells what it is. */
export interface Found {
  /** Cloud Control's name for it. */
  readonly identifier: string;
  /** Empty where it was asked for by name: then it is looked at. */
  readonly arn: string;
  readonly properties: Described;
}

/** Where a name counts. */
export interface Place {
  readonly partition: string;
  readonly account: string;
  readonly region: string;
}

/** A type of resource that can be looked up. */
export interface Kind {
  /** What the Resource Groups Tagging API calls it. */
  readonly tagged: string;
  /** Its ARNs; the group is the name or id. */
  readonly arn: RegExp;
  /** Where its tags are kept, if not where it is. */
  readonly tagsIn?: string;
  /**
   * `by name`: only a list of all tells which has the name. `never`: what is asked for is its ARN
   * alone, and whoever describes it for us would have to be allowed more than we need.
   */
  readonly described: "by identifier" | "by name" | "never";
  /** Cloud Control's identifier of a name or id. */
  readonly identifier: (name: string, place: Place) => string;
  /** The ARN of a name, of what is not described. */
  readonly named?: (name: string, place: Place) => string;
  /** More than one is an answer too. */
  readonly many?: true;
  readonly answer: (found: Found) => Answer;
  /** The key it is encrypted with: an ARN, an id or an alias. */
  readonly key?: (properties: Described) => unknown;
}

const same = (name: string): string => name;

const arnOf =
  (service: string, prefix = "") =>
  (name: string, { account, partition, region }: Place): string =>
    `arn:${partition}:${service}:${region}:${account}:${prefix}${name}`;

const pattern = (service: string, resource: string): RegExp =>
  new RegExp(`^arn:aws[a-z-]*:${service}:[a-z0-9-]*:\\d*:${resource}$`);

/** Those of the properties that are there, under the names they are asked for by. */
const chosen = (properties: Described, names: readonly string[]): Answer =>
  Object.fromEntries(
    names.flatMap((name) => {
      const value = properties[name];
      return typeof value === "string" ? [[name, value]] : [];
    }),
  );

const inside = (value: unknown, key: string): unknown =>
  typeof value === "object" && value !== null ? (value as Described)[key] : undefined;

const byIdentifier = { described: "by identifier", identifier: same } as const;

/** What is asked for is in the ARN itself. */
const byArn = { described: "never", identifier: same } as const;

/** What a database is reached by, under the names that CloudFormation gives them. */
function databaseOf({ identifier, properties }: Found, arn: string, groups: string): Answer {
  const { [arn]: Arn, [groups]: of, Endpoint, MasterUserSecret, ReadEndpoint } = properties;
  const known = {
    Identifier: identifier,
    Arn,
    "Endpoint.Address": inside(Endpoint, "Address"),
    "Endpoint.Port": inside(Endpoint, "Port"),
    "ReadEndpoint.Address": inside(ReadEndpoint, "Address"),
    SecurityGroups: Array.isArray(of) ? of.join(",") : undefined,
    SecretArn: inside(MasterUserSecret, "SecretArn"),
  };
  return chosen(known, Object.keys(known));
}

/** CloudFormation's name of a type → how it is looked up. */
export const kinds: Readonly<Record<string, Kind>> = {
  "AWS::CertificateManager::Certificate": {
    tagged: "acm:certificate",
    arn: pattern("acm", "certificate/(.+)"),
    described: "never",
    identifier: same,
    answer: ({ arn }) => ({ Arn: arn }),
  },
  "AWS::DynamoDB::Table": {
    ...byIdentifier,
    tagged: "dynamodb:table",
    arn: pattern("dynamodb", "table/([^/]+)"),
    answer: ({ identifier, properties }) => ({
      TableName: identifier,
      ...chosen(properties, ["Arn", "StreamArn"]),
    }),
    key: ({ SSESpecification }) => inside(SSESpecification, "KMSMasterKeyId"),
  },
  "AWS::EC2::PrefixList": {
    ...byArn,
    tagged: "ec2:prefix-list",
    arn: pattern("ec2", "prefix-list/(.+)"),
    named: arnOf("ec2", "prefix-list/"),
    answer: ({ identifier }) => ({ PrefixListId: identifier }),
  },
  "AWS::EC2::SecurityGroup": {
    ...byArn,
    tagged: "ec2:security-group",
    arn: pattern("ec2", "security-group/(.+)"),
    named: arnOf("ec2", "security-group/"),
    answer: ({ identifier }) => ({ GroupId: identifier }),
  },
  "AWS::EC2::Subnet": {
    ...byIdentifier,
    tagged: "ec2:subnet",
    arn: pattern("ec2", "subnet/(.+)"),
    many: true,
    answer: ({ identifier }) => ({ SubnetIds: identifier }),
  },
  "AWS::EC2::VPC": {
    ...byIdentifier,
    tagged: "ec2:vpc",
    arn: pattern("ec2", "vpc/(.+)"),
    answer: ({ identifier }) => ({ VpcId: identifier }),
  },
  "AWS::ECS::Cluster": {
    ...byIdentifier,
    tagged: "ecs:cluster",
    arn: pattern("ecs", "cluster/(.+)"),
    answer: ({ identifier }) => ({ ClusterName: identifier }),
  },
  "AWS::EFS::FileSystem": {
    ...byArn,
    tagged: "elasticfilesystem:file-system",
    arn: pattern("elasticfilesystem", "file-system/(.+)"),
    named: arnOf("elasticfilesystem", "file-system/"),
    answer: ({ arn, identifier }) => ({ FileSystemId: identifier, Arn: arn }),
  },
  "AWS::ElasticLoadBalancingV2::Listener": {
    tagged: "elasticloadbalancing:listener",
    arn: pattern("elasticloadbalancing", "(listener/.+)"),
    described: "by identifier",
    identifier: arnOf("elasticloadbalancing"),
    answer: ({ identifier, properties }) => ({
      Arn: identifier,
      ...chosen(properties, ["Protocol"]),
    }),
  },
  "AWS::ElasticLoadBalancingV2::LoadBalancer": {
    tagged: "elasticloadbalancing:loadbalancer",
    arn: pattern("elasticloadbalancing", "(loadbalancer/(?:app|net)/.+)"),
    described: "by name",
    identifier: arnOf("elasticloadbalancing"),
    answer: ({ identifier, properties }) => ({
      Arn: identifier,
      ...chosen(properties, ["DNSName", "CanonicalHostedZoneID", "LoadBalancerFullName"]),
      ...(Array.isArray(properties.SecurityGroups)
        ? { SecurityGroups: properties.SecurityGroups.join(",") }
        : {}),
    }),
  },
  "AWS::Kinesis::Stream": {
    ...byIdentifier,
    tagged: "kinesis:stream",
    arn: pattern("kinesis", "stream/([^/]+)"),
    answer: ({ identifier, properties }) => ({
      StreamId: identifier,
      ...chosen(properties, ["Arn"]),
    }),
    key: ({ StreamEncryption }) => inside(StreamEncryption, "KeyId"),
  },
  "AWS::KMS::Key": {
    ...byIdentifier,
    tagged: "kms:key",
    arn: pattern("kms", "key/(.+)"),
    answer: ({ identifier, properties }) => ({
      KeyId: identifier,
      ...chosen(properties, ["KeyId", "Arn"]),
    }),
  },
  "AWS::RDS::DBCluster": {
    ...byIdentifier,
    tagged: "rds:cluster",
    arn: pattern("rds", "cluster:(.+)"),
    answer: (found) => ({
      DBCluster: found.identifier,
      ...databaseOf(found, "DBClusterArn", "VpcSecurityGroupIds"),
    }),
  },
  "AWS::RDS::DBInstance": {
    ...byIdentifier,
    tagged: "rds:db",
    arn: pattern("rds", "db:(.+)"),
    answer: (found) => databaseOf(found, "DBInstanceArn", "VPCSecurityGroups"),
  },
  "AWS::Route53::HostedZone": {
    tagged: "route53:hostedzone",
    arn: pattern("route53", "hostedzone/(.+)"),
    tagsIn: "us-east-1",
    described: "by name",
    identifier: same,
    answer: ({ identifier }) => ({ HostedZoneId: identifier }),
  },
  "AWS::S3::Bucket": {
    ...byIdentifier,
    tagged: "s3",
    arn: pattern("s3", "([^/:]+)"),
    answer: ({ identifier, properties }) => ({
      BucketName: identifier,
      ...chosen(properties, [
        "Arn",
        "DomainName",
        "DualStackDomainName",
        "RegionalDomainName",
        "WebsiteURL",
      ]),
    }),
    key: ({ BucketEncryption }) => {
      const rules = inside(BucketEncryption, "ServerSideEncryptionConfiguration");
      const [rule] = Array.isArray(rules) ? rules : [];
      return inside(inside(rule, "ServerSideEncryptionByDefault"), "KMSMasterKeyID");
    },
  },
  "AWS::SNS::Topic": {
    tagged: "sns",
    arn: pattern("sns", "([^:]+)"),
    described: "by identifier",
    identifier: arnOf("sns"),
    answer: ({ identifier }) => ({
      TopicArn: identifier,
      Arn: identifier,
      TopicName: identifier.slice(identifier.lastIndexOf(":") + 1),
    }),
    key: ({ KmsMasterKeyId }) => KmsMasterKeyId,
  },
  "AWS::SQS::Queue": {
    tagged: "sqs",
    arn: pattern("sqs", "([^:]+)"),
    described: "by identifier",
    identifier: (name, { account, region }) =>
      `https://sqs.${region}.${dnsSuffix(region)}/${account}/${name}`,
    answer: ({ identifier, properties }) => ({
      QueueUrl: identifier,
      ...chosen(properties, ["QueueName", "Arn"]),
    }),
    key: ({ KmsMasterKeyId }) => KmsMasterKeyId,
  },
  "AWS::SSM::Parameter": {
    tagged: "ssm:parameter",
    arn: pattern("ssm", "parameter/(.+)"),
    described: "never",
    // A slash at the front is not in the ARN; only names with more of them must have it.
    identifier: (name) => (name.includes("/") ? `/${name}` : name),
    named: (name, place) => arnOf("ssm", "parameter/")(name.replace(/^\//, ""), place),
    answer: ({ arn, identifier }) => ({ Name: identifier, Arn: arn }),
  },
  "AWS::SecretsManager::Secret": {
    tagged: "secretsmanager:secret",
    arn: pattern("secretsmanager", "secret:(.+)"),
    described: "never",
    identifier: same,
    answer: ({ arn }) => ({ Arn: arn }),
  },
  "AWS::ServiceDiscovery::PrivateDnsNamespace": {
    tagged: "servicediscovery:namespace",
    arn: pattern("servicediscovery", "namespace/(.+)"),
    described: "by name",
    identifier: same,
    answer: ({ identifier }) => ({ NamespaceId: identifier }),
  },
};
