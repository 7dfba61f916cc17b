import { symbolOf } from "../link/references.ts";
import { canonicalJson } from "../model/digest.ts";
import {
  type Properties,
  type Resource,
  ref,
  type Template,
  type Value,
} from "../model/template.ts";
import { isList } from "./diff-values.ts";

/** What there can be only one of: these properties tell which, where they are given. */
const places: Readonly<Record<string, readonly string[]>> = {
  "AWS::CloudWatch::Alarm": ["AlarmName"],
  "AWS::DynamoDB::Table": ["TableName"],
  "AWS::ECS::Cluster": ["ClusterName"],
  "AWS::ElasticLoadBalancingV2::Listener": ["LoadBalancerArn", "Port"],
  "AWS::ElasticLoadBalancingV2::ListenerRule": ["ListenerArn", "Priority"],
  "AWS::ElasticLoadBalancingV2::LoadBalancer": ["Name"],
  "AWS::Events::Rule": ["EventBusName", "Name"],
  "AWS::KMS::Alias": ["AliasName"],
  "AWS::Kinesis::Stream": ["Name"],
  "AWS::Logs::LogGroup": ["LogGroupName"],
  "AWS::RDS::DBCluster": ["DBClusterIdentifier"],
  "AWS::RDS::DBInstance": ["DBInstanceIdentifier"],
  "AWS::S3::Bucket": ["BucketName"],
  "AWS::SNS::Topic": ["TopicName"],
  "AWS::SQS::Queue": ["QueueName"],
  "AWS::SSM::Parameter": ["Name"],
  "AWS::ServiceDiscovery::PrivateDnsNamespace": ["Vpc", "Name"],
  "AWS::ServiceDiscovery::Service": ["NamespaceId", "Name"],
};

/** Whether there may be things of this type that there can be only one of. */
export const isClaimed = (type: string): boolean => places[type] !== undefined;

/** What there can be only one of and a template has, each as canonical text: `[type, …place, name]`. */
export const claimsOf = (template: Template | undefined): readonly string[] =>
  template === undefined
    ? []
    : Object.values(template.Resources).flatMap((resource) => claimsIn(resource, template));

/** The same of one resource of a template. Two stacks say the same of the same place. */
export function claimsIn(
  { Properties = {}, Type }: Resource,
  { Parameters = {} }: Template,
): readonly string[] {
  const names = places[Type] ?? [];
  const values = names.map((name) => symbolic(Properties[name] ?? "", Parameters));
  const own = values.at(-1) === undefined || values.at(-1) === "" ? [] : [[Type, ...values]];
  return [...own, ...namesInMesh(Properties)].map((claim) => canonicalJson(claim));
}

/** As another stack would refer to it: what is a resource in one is a parameter in the next. */
function symbolic(value: Value, parameters: Readonly<Record<string, unknown>>): Value {
  if (typeof value !== "object" || isList(value)) return value;
  const { "Fn::GetAtt": asked, Ref: id } = value;
  if (typeof id === "string" && !Object.hasOwn(parameters, id))
    return ref(symbolOf({ id, attribute: undefined }));
  if (asked === undefined || !isList(asked)) return value;
  const [resource, attribute] = asked;
  return ref(symbolOf({ id: String(resource), attribute: String(attribute) }));
}

/** The names that a service has in a mesh, in which it is known by its port where it has no other. */
function namesInMesh({ ServiceConnectConfiguration: mesh }: Properties): readonly Value[][] {
  const { Namespace = "", Services = [] } = (mesh ?? {}) as Properties;
  return (Services as readonly Properties[]).map(({ DiscoveryName, PortName = "" }) => [
    "AWS::ECS::Service",
    Namespace,
    DiscoveryName ?? PortName,
  ]);
}
