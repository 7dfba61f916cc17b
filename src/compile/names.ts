import { type Project, pathText } from "../compose/project.ts";
import { digestOf } from "../model/digest.ts";
import type { FixedName } from "../model/fixed-name.ts";
import type { Properties, Value } from "../model/template.ts";
import type { Node } from "./graph.ts";
import { checkForm } from "./name-forms.ts";
import { type Claim, pathOf } from "./provenance.ts";
import { asList, asMapping } from "./read.ts";
import type { Path, Report } from "./report.ts";
import type { CompileSettings, NewNode, Scope } from "./scope.ts";

/** Properties by which a file names what it makes: type → property. */
const physicalNames: Readonly<Record<string, string>> = {
  "AWS::CloudWatch::Alarm": "AlarmName",
  "AWS::CloudWatch::CompositeAlarm": "AlarmName",
  "AWS::CloudWatch::Dashboard": "DashboardName",
  "AWS::DynamoDB::Table": "TableName",
  "AWS::ECS::Cluster": "ClusterName",
  "AWS::ElastiCache::CacheCluster": "ClusterName",
  "AWS::ElastiCache::ReplicationGroup": "ReplicationGroupId",
  "AWS::ElasticLoadBalancingV2::LoadBalancer": "Name",
  "AWS::Events::Rule": "Name",
  "AWS::KMS::Alias": "AliasName",
  "AWS::Kinesis::Stream": "Name",
  "AWS::Logs::LogGroup": "LogGroupName",
  "AWS::RDS::DBCluster": "DBClusterIdentifier",
  "AWS::RDS::DBInstance": "DBInstanceIdentifier",
  "AWS::Route53::RecordSet": "Name",
  "AWS::S3::Bucket": "BucketName",
  "AWS::SNS::Topic": "TopicName",
  "AWS::SQS::Queue": "QueueName",
  "AWS::SSM::Parameter": "Name",
};

/** Of these the name is all that others know them by: it is what they are for, or cannot matter. */
const neverReplaced: ReadonlySet<string> = new Set([
  "AWS::CloudWatch::Alarm",
  "AWS::CloudWatch::CompositeAlarm",
  "AWS::CloudWatch::Dashboard",
  "AWS::Events::Rule",
  "AWS::KMS::Alias",
  "AWS::Route53::RecordSet",
  "AWS::SSM::Parameter",
]);

/** What the installation's role for CloudFormation makes only under names with its prefix. */
const prefixed: Readonly<Record<string, string>> = {
  "AWS::CloudWatch::Alarm": "alarm",
  "AWS::ECS::Cluster": "cluster",
  "AWS::RDS::DBCluster": "database",
  "AWS::RDS::DBInstance": "database",
};

/** Says of names that a file gives where they would clash, or be refused (design-aws 12). */
export function checkName(
  node: NewNode,
  settings: CompileSettings,
  { project, report }: Pick<Scope, "project" | "report">,
): void {
  const key = physicalNames[node.type];
  const name = fixedName(node);
  if (key === undefined || name === undefined) return;
  const named: Named = { name, key, type: node.type, path: placeOf(node, key, project) };
  const isShared = hasInstances(settings);
  if (isShared && !folded(name).includes(folded(settings.environment))) {
    const message = `${key} ${name} would be the same in every instance of the environment`;
    report.error({ code: "fixed-name", path: named.path, message, help });
  } else if (!isShared && !neverReplaced.has(node.type)) {
    const message = `${key} ${name} is fixed: CloudFormation replaces nothing that has a name of its own`;
    report.warn({ code: "fixed-name", path: named.path, message, help: "Leave it out." });
  }
  if (!Array.isArray(node.properties[key])) checkForm(named, report);
  checkPrefix(named, settings, report);
}

/** Says of a name that files give two things of one type: AWS makes only one of them. */
export function checkUnique(
  nodes: Iterable<NamedNode>,
  { project, report }: Pick<Scope, "project" | "report">,
): void {
  const first = new Map<string, Path>();
  for (const node of nodes) {
    for (const named of namesOf(node)) {
      const { help: way, key, name } = named;
      const whose = whoseName(named, node);
      const other = first.get(whose);
      first.set(whose, other ?? node.path);
      if (other === undefined) continue;
      const message = `${key} ${name} is that of ${pathText(other)} already`;
      const path = named.path ?? placeOf(node, key, project);
      report.error({ code: "same-name", path, message, help: way });
    }
  }
}

/** What functions come to is alike for sure where they are; a namespace has tasks and meshes alike. */
const whoseName = (
  { key, name, within }: UniqueName,
  { properties, type }: Pick<NewNode, "properties" | "type">,
): string => {
  const whole = name.includes("…") ? JSON.stringify(properties[key]) : name;
  return `${within === "" ? type : within} ${whole}`;
};

type NamedNode = Claim & Pick<NewNode, "properties" | "type">;

interface UniqueName extends Pick<Named, "name" | "key"> {
  /** Undefined: where the property of that name is written. */
  readonly path?: Path;
  /** What it is the only one in; empty: in the account and region. */
  readonly within: string;
  readonly help: string;
}

/** What there can be only one of, and what a resource calls it. */
function namesOf(node: NamedNode): readonly UniqueName[] {
  const { path, properties, type } = node;
  if (type === "AWS::ServiceDiscovery::Service") {
    const within = namespaceOf(properties.NamespaceId);
    return [{ key: "Name", name: String(properties.Name), path, within, help: inNamespace }];
  }
  const name = fixedName(node);
  if (name === undefined) return namesInMesh(node);
  if (type === "AWS::Route53::RecordSet") {
    const within = `${namespaceOf(properties.HostedZoneId)} ${properties.Type}`;
    return [{ key: "Name", name, path, within, help: "A name leads to one of them." }];
  }
  const key = physicalNames[type] ?? "";
  const way = "Give each a name of its own, or none.";
  return [{ key, name, within: "", help: way }];
}

/** The same of a namespace or zone that is made here, whether its id or its ARN names it. */
function namespaceOf(value: Value | undefined): string {
  const { Ref: whole, "Fn::GetAtt": part } = asMapping(value);
  return String(whole ?? (Array.isArray(part) ? part[0] : digestOf(value ?? "")));
}

const inNamespace = "Give each a name of its own in the namespace.";

/** Whoever answers in a mesh is known there by a name, or by its port. */
function namesInMesh({ path, properties }: Pick<NewNode, "path" | "properties">) {
  const mesh = (properties.ServiceConnectConfiguration ?? {}) as Properties;
  return ((mesh.Services ?? []) as readonly Properties[]).map(
    ({ DiscoveryName, PortName }): UniqueName => ({
      key: "DiscoveryName",
      name: String(DiscoveryName ?? PortName),
      path: [...path, "x-network", "x-ecs_connect"],
      within: namespaceOf(mesh.Namespace),
      help: `${inNamespace} Of a mesh it is CloudMapServiceName: DnsName is what clients say.`,
    }),
  );
}

/** Every name that the files give. */
export const fixedNames = (nodes: Iterable<Node>): readonly FixedName[] =>
  [...nodes].flatMap((node) => {
    const name = fixedName(node);
    return name === undefined ? [] : [{ type: node.type, name, origin: node.origin }];
  });

/** Undefined: CloudFormation names it, or its name is another in every stack. */
function fixedName({ properties, type }: Pick<Node, "properties" | "type">): string | undefined {
  const value = properties[physicalNames[type] ?? ""];
  if (value === undefined || isOfItsStack(value)) return undefined;
  return literal(value) || undefined;
}

interface Named {
  readonly name: string;
  readonly key: string;
  readonly type: string;
  readonly path: Path;
}

const help = `Write \${TRUEUP_ENVIRONMENT} into it, or leave it out.`;

function checkPrefix({ name, key, path, type }: Named, settings: CompileSettings, report: Report) {
  const { prefix, target } = settings;
  const what = prefixed[type];
  const role = target.cloudFormationRole ?? "";
  // Only the installation's own role is known to be bound to the prefix.
  if (what === undefined || prefix === undefined || !isOwn(role, prefix)) return;
  if (name.startsWith(`${prefix}-`)) return;
  const message = `the role of CloudFormation makes a ${what} only under a name that begins with ${prefix}-`;
  const way = `Call it ${prefix}-${name}, or leave ${key} out.`;
  report.error({ code: "not-permitted", path, message, help: way });
}

const isOwn = (role: string, prefix: string): boolean =>
  role.includes(`:role/${prefix}/`) || role.includes(`:role/${prefix}-`);

/** Whether there may be several of it at once, all from the same files. */
const hasInstances = ({ environment, ephemeral }: CompileSettings): boolean =>
  ephemeral === true || environment.includes(".");

/** The name of its stack, or of a resource in it, makes a name another in every environment. */
const isOfItsStack = (value: Value): boolean =>
  /"Fn::GetAtt"|"Ref":"(?!AWS::(?:AccountId|Partition|Region|URLSuffix)")/.test(
    JSON.stringify(value),
  );

/** A name, with … for what only CloudFormation knows. */
export function literal(value: Value): string {
  if (typeof value !== "object") return String(value);
  if (Array.isArray(value)) return value.map(literal).join("");
  const joined = asMapping(value)["Fn::Join"];
  const [separator, parts] = asList(joined);
  return Array.isArray(parts)
    ? (parts as readonly Value[]).map(literal).join(String(separator))
    : "…";
}

const folded = (text: string): string => text.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");

/** The line that says the name, as far as one does. */
const placeOf = (claim: Claim, key: string, project: Project): Path =>
  pathOf(project, claim, [key]) ?? claim.path;
