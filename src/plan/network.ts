import { canonicalJson } from "../model/digest.ts";
import { isSameJson } from "../model/same.ts";
import type { Resource, Template } from "../model/template.ts";
import type { Objection } from "./decide.ts";
import type { Unit } from "./units.ts";

/**
 * What AWS moves to no other network. A subnet group takes subnets of its own network only, a load
 * balancer too, a file system has mount targets in one, and a gateway is attached to one.
 */
const rooted: ReadonlySet<string> = new Set([
  "AWS::DocDB::DBSubnetGroup",
  "AWS::EC2::VPCGatewayAttachment",
  "AWS::EFS::MountTarget",
  "AWS::ElastiCache::SubnetGroup",
  "AWS::ElasticLoadBalancingV2::LoadBalancer",
  "AWS::Neptune::DBSubnetGroup",
  "AWS::RDS::DBSubnetGroup",
]);

interface Laid {
  readonly units: readonly Unit[];
  /** As deployed, by unit: of every stack that is about to change. */
  readonly templates: ReadonlyMap<string, Template>;
}

/** What would have to go to another network under its own logical id, by unit: AWS would refuse it half-way. */
export function uprooted({ templates, units }: Laid): ReadonlyMap<string, Objection> {
  const objections = new Map<string, Objection>();
  for (const { goal } of units) {
    const before = templates.get(goal.unit);
    if (before === undefined || !isElsewhere(before, goal.template)) continue;
    const paths = Object.entries(goal.template.Resources).flatMap(([id, resource]) => {
      const old = before.Resources[id] ?? beside(resource, before);
      const isMoved = old !== undefined && rooted.has(old.Type) && !isSameJson(old, resource);
      return isMoved ? [goal.origins[id]?.path ?? `${goal.name}.${id}`] : [];
    });
    const message = explained([...new Set(paths)]);
    if (message !== undefined) objections.set(goal.unit, { reason: "NetworkChanged", message });
  }
  return objections;
}

/** A mount target of the same file system: all of one are in one network, whatever their ids. */
const beside = ({ Properties, Type }: Resource, before: Template): Resource | undefined =>
  Type === "AWS::EFS::MountTarget"
    ? Object.values(before.Resources).find(
        (old) =>
          old.Type === Type && isSameJson(old.Properties?.FileSystemId, Properties?.FileSystemId),
      )
    : undefined;

/** Whether nothing of it is to be in a network that something of it is in. */
function isElsewhere(before: Template, after: Template): boolean {
  const [old, wanted] = [networksOf(before), networksOf(after)];
  return old.size > 0 && wanted.size > 0 && ![...wanted].some((network) => old.has(network));
}

const networksOf = ({ Resources }: Template): ReadonlySet<string> =>
  new Set(
    Object.values(Resources).flatMap(({ Properties = {} }) =>
      Properties.VpcId === undefined ? [] : [canonicalJson(Properties.VpcId)],
    ),
  );

function explained(paths: readonly string[]): string | undefined {
  const named = paths.filter((path) => path !== "x-vpc");
  if (paths.length === 0) return undefined;
  if (named.length < paths.length)
    return "A network that is deployed becomes no other one: its gateway is attached to it. Put x-vpc back, or have the new one in an environment of another name.";
  const [are, each] = named.length === 1 ? ["is", "it"] : ["are", "each"];
  return `${named.join(", ")} ${are} in the network that is deployed, and AWS moves nothing of the kind to another. Put x-vpc back, or give ${each} another name: what is new is made in the new network, and what is old goes when nothing uses it any more.`;
}
