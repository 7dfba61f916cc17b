import { join, type Value } from "../../model/template.ts";
import { base } from "../graph.ts";
import { definitionsOf, extension, type ParameterName, type Scope } from "../scope.ts";

const groups = ["AppSubnets", "PublicSubnets", "StorageSubnets"] as const;

/** Kinds of which there may be several: handed out where there is just one. */
const single = [
  ["x-cloudmap", "NamespaceId", "NamespaceId"],
  ["x-route53", "HostedZoneId", "HostedZoneId"],
  ["x-acm", "CertificateArn", "Arn"],
] as const;

/**
 * What an application without services is for: its network, cluster, zones and certificate as
 * outputs that `parameters: { from: … }` of another environment takes. One with services gives none:
 * its templates would change for nobody.
 */
export function addOutputsForOthers(scope: Scope): void {
  const { project } = scope;
  if (Object.keys(project.services).length > 0) return;
  if (extension(project, "x-vpc") !== undefined) {
    const network = scope.network();
    give("VpcId", network.vpc, scope);
    for (const group of groups) give(group, together(network.subnets(group) ?? []), scope);
  }
  if (extension(project, "x-cluster") !== undefined)
    give("ClusterName", scope.cluster().name, scope);
  for (const [kind, output, returned] of single) {
    const value = theOnly(kind, returned, scope);
    if (value !== undefined) give(output, value, scope);
  }
}

function theOnly(kind: string, returned: string, scope: Scope): Value | undefined {
  const [name, ...more] = Object.keys(definitionsOf(kind, scope));
  if (name === undefined || more.length > 0) return undefined;
  return scope.resolve({ kind, name, returned }, [kind, name]);
}

const give = (name: ParameterName, value: Value, scope: Scope): void =>
  scope.addOutput({ name, layer: base, value, description: `${name} for other applications` });

const together = (ids: readonly Value[]): Value =>
  ids.every((id) => typeof id === "string") ? ids.join(",") : join(ids, ",");
