import { canonicalJson } from "../model/digest.ts";
import type { Callout } from "../model/plan.ts";
import type { Properties, Resource, Value } from "../model/template.ts";

/**
 * What an approver should see of one resource: what IAM allows that it did not, and what is reached
 * from the Internet that was not. `before`: as deployed; undefined: it is new.
 */
export function calloutsOf(
  before: Resource | undefined,
  after: Resource,
): readonly Pick<Callout, "kind" | "message">[] {
  const was = before?.Type === after.Type ? before : undefined;
  const gained = (of: (resource: Resource) => readonly string[]): readonly string[] => {
    const known = new Set(was === undefined ? [] : of(was));
    return [...new Set(of(after))].filter((one) => !known.has(one));
  };
  const lost = was === undefined ? [] : denials(was).filter((one) => !denials(after).includes(one));
  return [
    ...gained(grants).map((message) => ({ kind: "iam", message }) as const),
    ...lost.map((what) => ({ kind: "iam", message: `no longer ${what}` }) as const),
    ...(isBound(was) && !isBound(after)
      ? [{ kind: "iam", message: "no longer has a permissions boundary" } as const]
      : []),
    ...gained(openings).map((message) => ({ kind: "public", message }) as const),
  ];
}

const isBound = (resource: Resource | undefined): boolean =>
  resource?.Properties?.PermissionsBoundary !== undefined;

/** What a role, a user's policy or a resource's policy lets somebody do, in words. */
function grants(resource: Resource): readonly string[] {
  const { ManagedPolicyArns } = resource.Properties ?? {};
  return [
    ...statementsOf(resource)
      .filter(({ Effect }) => Effect === "Allow")
      .map(words),
    ...listOf(ManagedPolicyArns).map((arn) => `has the policy ${text(arn)}`),
  ];
}

const denials = (resource: Resource): readonly string[] =>
  statementsOf(resource)
    .filter(({ Effect }) => Effect === "Deny")
    .map(words);

/** Every statement of the policies that stand in a resource. */
function statementsOf({ Properties: properties = {} }: Resource): readonly Properties[] {
  const documents = [
    properties.AssumeRolePolicyDocument,
    properties.KeyPolicy,
    properties.PolicyDocument,
    ...listOf(properties.Policies).map((policy) => memberOf(policy, "PolicyDocument")),
  ];
  return documents.flatMap((document) => listOf(memberOf(document, "Statement")).filter(isObject));
}

function words(statement: Properties): string {
  const { Action, Condition, Effect, NotAction, NotResource, Principal, Resource } = statement;
  const what = NotAction === undefined ? joined(Action) : `all but ${joined(NotAction)}`;
  const where = NotResource === undefined ? joined(Resource) : `all but ${joined(NotResource)}`;
  return [
    Effect === "Allow" ? "allows" : "denies",
    ...(Principal === undefined ? [] : [joined(Principal)]),
    what,
    ...(where === "" ? [] : [`on ${where}`]),
    ...(Condition === undefined ? [] : [`if ${canonicalJson(Condition)}`]),
  ].join(" ");
}

/** By what a resource is open to everybody, in words. */
function openings({ Properties: properties = {}, Type }: Resource): readonly string[] {
  switch (Type) {
    case "AWS::EC2::SecurityGroupIngress":
      return ingress(properties);
    case "AWS::EC2::SecurityGroup":
      return listOf(properties.SecurityGroupIngress).filter(isObject).flatMap(ingress);
    case "AWS::ElasticLoadBalancingV2::LoadBalancer":
      // What says nothing faces the Internet.
      return properties.Scheme === "internal" ? [] : ["faces the Internet"];
    case "AWS::RDS::DBInstance":
      return isOn(properties.PubliclyAccessible) ? ["has a public address"] : [];
    case "AWS::S3::Bucket":
      return bucket(properties);
    case "AWS::KMS::Key":
    case "AWS::S3::BucketPolicy":
    case "AWS::SNS::TopicPolicy":
    case "AWS::SQS::QueuePolicy":
      return statementsOf({ Type, Properties: properties })
        .filter(isForAnyone)
        .map(({ Action }) => `lets anybody ${joined(Action)}`);
    default:
      return [];
  }
}

function ingress({
  CidrIp,
  CidrIpv6,
  FromPort,
  IpProtocol,
  ToPort,
}: Properties): readonly string[] {
  const anywhere = [CidrIp, CidrIpv6].filter((cidr) => /^(?:[0.]+|[0:]+)\/0$/.test(text(cidr)));
  const ports = FromPort === undefined ? "every port" : `port ${text(FromPort)} to ${text(ToPort)}`;
  return anywhere.map((cidr) => `${text(cidr)} reaches ${ports} by ${text(IpProtocol)}`);
}

const blocks = [
  "BlockPublicAcls",
  "BlockPublicPolicy",
  "IgnorePublicAcls",
  "RestrictPublicBuckets",
] as const;

function bucket({ AccessControl, PublicAccessBlockConfiguration: blocked }: Properties) {
  const open = blocks.filter((name) => !isOn(memberOf(blocked, name)));
  return [
    ...(text(AccessControl).startsWith("Public")
      ? [`has the access control ${text(AccessControl)}`]
      : []),
    ...(open.length === 0 ? [] : [`does not ${open.join(", ")}`]),
  ];
}

const isForAnyone = ({ Condition, Effect, Principal }: Properties): boolean =>
  Effect === "Allow" &&
  Condition === undefined &&
  (Principal === "*" || listOf(memberOf(Principal, "AWS")).includes("*"));

const isOn = (value: Value | undefined): boolean => value === true || value === "true";

const isObject = (value: Value | undefined): value is Properties =>
  typeof value === "object" && !Array.isArray(value);

const memberOf = (value: Value | undefined, name: string): Value | undefined =>
  isObject(value) ? value[name] : undefined;

const listOf = (value: Value | undefined): readonly Value[] => {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value as Value];
};

const joined = (value: Value | undefined): string => listOf(value).map(text).join(", ");

/** A value as people read it; intrinsics by what they refer to. */
function text(value: Value | undefined): string {
  if (value === undefined) return "";
  if (!isObject(value)) return Array.isArray(value) ? joined(value) : String(value);
  const [[name, of] = ["", ""], ...more] = Object.entries(value);
  if (more.length > 0) return canonicalJson(value);
  switch (name) {
    case "Ref":
      return `<${text(of)}>`;
    case "Fn::GetAtt":
      return `<${listOf(of).map(text).join(".")}>`;
    case "Fn::Join":
      return listOf(listOf(of)[1])
        .map(text)
        .join(text(listOf(of)[0]));
    case "Fn::Sub":
      return text(listOf(of)[0]);
    case "AWS":
    case "Service":
    case "Federated":
      return joined(of);
    default:
      return canonicalJson(value);
  }
}
