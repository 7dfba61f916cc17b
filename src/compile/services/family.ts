import type { Service } from "../../compose/project.ts";
import type { Properties, Value } from "../../model/template.ts";
import type { Statement } from "../iam.ts";
import type { Path } from "../report.ts";

/**
 * A family: the compose services that run in one task, and what the modules of a compilation add
 * for them. Modules push; `emitFamily` makes the resources of it in the end.
 */
export interface Family {
  readonly name: string;
  /** What its logical ids begin with. */
  readonly id: string;
  readonly path: Path;
  readonly members: readonly Member[];
  readonly launch: Launch;
  readonly networkMode: NetworkMode;
  /** Containers beside the application's own: never given its secrets or variables. */
  readonly sidecars: Sidecar[];
  /**
   * Logical id of its security group, in `base` and empty: rules are resources of their own.
   * Undefined: its tasks have the addresses of their instances, and so the groups of those.
   */
  readonly securityGroup: string | undefined;
  /** Groups beside its own, or those of its instances, by id. */
  readonly moreSecurityGroups: readonly string[];
  readonly taskStatements: Statement[];
  readonly executionStatements: Statement[];
  readonly taskPolicies: NamedPolicy[];
  readonly managedPolicies: Value[];
  readonly permissionsBoundaries: Value[];
  readonly loadBalancers: Properties[];
  /** The groups of load balancers that its containers are in. */
  readonly targetGroups: TargetGroup[];
  readonly serviceRegistries: Properties[];
  readonly volumes: Map<string, Properties>;
  /** Container → what its image's scan may have found. */
  readonly scans: Map<string, Properties>;
  /** Rules of its security group, by the text of what they allow. */
  readonly rules: Map<string, Rule>;
  /** Logical ids that must be there before tasks start: rules, listeners, mount targets. */
  readonly waitsFor: string[];
  /** Scaling on how much work waits somewhere. */
  readonly steps: StepScaling[];
  /** What starts tasks of it beside its service, or in its service's place. */
  readonly events: FamilyEvent[];
  /** Families that must be deployed before this one, and what says so. */
  readonly after: Map<string, Path>;
  /** Properties of its service that modules set. */
  readonly serviceProperties: Properties[];
}

/** What a family's tasks run on: Fargate, or instances that a cluster has already, in EC2 or elsewhere. */
export type Launch = "EC2" | "EXTERNAL" | "FARGATE";

/** How a task is in the network: by an interface of its own (awsvpc), or by its instance's. */
export type NetworkMode = "awsvpc" | "bridge" | "host" | "none";

/**
 * What of a compose file tasks can have: nothing of a host on Fargate, all of an instance but its
 * network, or that, too.
 */
export type Site = "fargate" | "instance" | "instance-network";

export const siteOf = ({ launch, networkMode }: Pick<Family, "launch" | "networkMode">): Site => {
  if (launch === "FARGATE") return "fargate";
  return networkMode === "awsvpc" ? "instance" : "instance-network";
};

/** One compose service in one family: one container. */
export interface Member {
  readonly name: string;
  readonly container: string;
  readonly service: Service;
  readonly path: Path;
  readonly environment: Map<string, Injected>;
  /** Variable → ARN of what it holds. */
  readonly secrets: Map<string, Injected>;
  readonly dependsOn: Properties[];
  /** Mount points beside those of its volumes. */
  readonly mounts: Properties[];
  /** Containers beside it that it talks to: on a bridge they are found by name only. */
  readonly links: string[];
  /** Properties of its container definition that modules set. */
  readonly properties: Properties[];
}

/** A value that a module gives a container, and the line that asks for it. */
export interface Injected {
  readonly value: Value;
  readonly path: Path;
}

interface NamedPolicy {
  readonly name: string;
  readonly document: Properties;
}

/** A group in which a load balancer knows one container's port. */
export interface TargetGroup {
  /** Logical id. */
  readonly id: string;
  readonly loadBalancer: {
    readonly name: string;
    readonly type: "application" | "network";
    readonly fullName: Value;
  };
  readonly container: string;
  readonly port: number;
}

/** Who may reach a family's tasks: one `AWS::EC2::SecurityGroupIngress`. */
interface Rule {
  /** Logical id. */
  readonly id: string;
  readonly properties: Properties;
  readonly path: Path;
}

/** How many tasks there are while so much work waits. */
export interface StepScaling {
  /** What the work waits in. */
  readonly name: string;
  readonly metric: Properties;
  /** From the least work to the most. */
  readonly steps: readonly { readonly lower: number; readonly count: number }[];
  /** Where the first step begins, if not with the first piece of work. */
  readonly threshold?: number;
  readonly scaleIn: number;
  readonly scaleOut: number;
  readonly path: Path;
}

/** One event that starts so many tasks. */
interface FamilyEvent {
  readonly name: string;
  /** Of its rule. */
  readonly properties: Properties;
  readonly count: number;
  /** Whether the family then has no service. */
  readonly alone: boolean;
  readonly path: Path;
}

interface Sidecar {
  readonly container: string;
  readonly cpu: number;
  readonly memory: number;
  /** What a file says of it, and where. */
  readonly asked?: { readonly path: Path; readonly cpu?: number; readonly memory?: number };
  readonly definition: Properties;
  /** What has it beside the others: the line of its image, where a file says that. */
  readonly path: Path;
}

/** The members that a name means: all of a family, or one service wherever it runs. */
export function membersNamed(
  name: string,
  families: ReadonlyMap<string, Family>,
): readonly Placed[] {
  const family = families.get(name);
  if (family !== undefined) return family.members.map((member) => ({ family, member }));
  let byName = indexes.get(families);
  if (byName === undefined) {
    const all = [...families.values()].flatMap((owner) =>
      owner.members.map((member) => ({ family: owner, member })),
    );
    byName = Map.groupBy(all, ({ member }) => member.name);
    indexes.set(families, byName);
  }
  return byName.get(name) ?? [];
}

interface Placed {
  readonly family: Family;
  readonly member: Member;
}

/** Services by name: asked for once a use, and families do not change once they are there. */
const indexes = new WeakMap<ReadonlyMap<string, Family>, ReadonlyMap<string, readonly Placed[]>>();

/** Every name that `membersNamed` knows. */
export const knownNames = (families: ReadonlyMap<string, Family>): readonly string[] => [
  ...new Set(
    [...families.values()].flatMap(({ name, members }) => [name, ...members.map((m) => m.name)]),
  ),
];

/** A value of `deploy.labels`, where ECS settings of compose files stand. One without text says nothing. */
export function label(service: Service, name: string): string | undefined {
  const deploy = service.deploy;
  if (typeof deploy !== "object" || deploy === null || !("labels" in deploy)) return undefined;
  const labels = deploy.labels;
  if (typeof labels !== "object" || labels === null || !Object.hasOwn(labels, name))
    return undefined;
  const value = (labels as Readonly<Record<string, unknown>>)[name];
  return value === null || value === undefined || value === "" ? undefined : String(value);
}
