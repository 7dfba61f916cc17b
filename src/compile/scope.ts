import { type Data, dataAt, type Project } from "../compose/project.ts";
import type { Origin, Target } from "../model/bundle.ts";
import type { Properties, Value } from "../model/template.ts";
import { familyLayer, type Layer, type NamedOutput, type Node } from "./graph.ts";
import type { Answers, Lookups } from "./lookups.ts";
import type { Claim } from "./provenance.ts";
import { asMapping, type Mapping } from "./read.ts";
import { originOf, type Path, type Report } from "./report.ts";
import type { Family } from "./services/family.ts";
import type { GivenSecret } from "./services/secret-key.ts";

/** What a compilation depends on beside the compose files. */
export interface CompileSettings {
  readonly application: string;
  /** The environment, or one instance of it. */
  readonly environment: string;
  readonly target: Pick<
    Target,
    "account" | "region" | "cloudFormationRole" | "permissionsBoundary"
  >;
  /** What stack names begin with; none: they are not known. */
  readonly prefix?: string | undefined;
  /** Whether it is made to be deleted again. */
  readonly ephemeral?: boolean | undefined;
  /** Each stands for what the compose files would create or look up. */
  readonly parameters?: Readonly<Partial<Record<ParameterName, string>>> | undefined;
  readonly lookups?: Answers | undefined;
}

/** The closed list of what trueup.yaml may give from outside. Lists are joined with commas. */
export type ParameterName =
  | "AppSubnets"
  | "CertificateArn"
  | "ClusterName"
  | "HostedZoneId"
  | "NamespaceId"
  | "PublicSubnets"
  | "StorageSubnets"
  | "VpcId";

/** `x-sqs::jobs::QueueName`: a value of a resource that the compose files declare. */
export interface Reference {
  readonly kind: string;
  readonly name: string;
  /** Undefined: its ARN, or what else there is first. */
  readonly returned: string | undefined;
}

/** A queue or a topic of the file that services of AWS send to. */
export interface Receiver {
  readonly kind: "x-sqs" | "x-sns";
  readonly name: string;
}

/** What the modules of one compilation read from and write to. */
export interface Scope {
  readonly project: Project;
  readonly settings: CompileSettings;
  readonly report: Report;
  readonly lookups: Lookups;
  readonly families: ReadonlyMap<string, Family>;
  /** Statements of the receivers' own policies, by the policy's id. */
  readonly receivers: Map<string, { readonly to: Receiver; readonly statements: Properties[] }>;
  /** Secrets that were read, by name: what is wrong with one is said once. */
  readonly secrets: Map<string, GivenSecret>;
  /** Adds a node; two of one id are an error that names both lines. */
  add(node: NewNode): void;
  addOutput(output: NamedOutput): void;
  /** Made when it is first asked for. */
  network(): Network;
  /** Made when it is first asked for. */
  cluster(): Cluster;
  /** Undefined, and said so at `path`, where there is no such resource or value. */
  resolve(reference: Reference, path: Path): Value | undefined;
}

/** What there is before families are. */
export type Ground = Omit<Scope, "families">;

/** A node as a module makes it: where it comes from is a path in the model. */
export type NewNode = Omit<Node, "origin"> & Claim & Sole;

/** Of a node whose id is made of a name that there can be only one of: what that is, and what to do. */
export interface Sole {
  readonly sole?: { readonly what: string; readonly help: string };
}

/** A node with what tells where its properties come from. */
export type Claimed = Node & Claim;

/** The network the application runs in. */
export interface Network {
  readonly vpc: Value;
  /** Subnet ids of a group: `AppSubnets`, `PublicSubnets`, `StorageSubnets`. */
  subnets(group: string): readonly Value[] | undefined;
  /** What must be there before anything in it reaches the internet. */
  readonly wayOut: readonly string[];
  /** The group tasks go to where nothing else is said, and whether they need an address of their own. */
  readonly tasks: { readonly group: string; readonly publicAddress: boolean };
  /** Groups out of which nothing leads for a task without an address of its own, as far as is known. */
  readonly closed: ReadonlySet<string>;
}

export interface Cluster {
  readonly name: Value;
  /** Its capacity providers; undefined: others know. */
  readonly providers: readonly string[] | undefined;
  /** Logical ids that must be there before its tasks start. */
  readonly waitsFor: readonly string[];
  /** Its `ExecuteCommandConfiguration`: how sessions in containers are recorded. */
  readonly sessions: Properties;
}

/** CloudFormation takes 255 characters: the rest is for attributes that other stacks import. */
const longestId = 200;

export function adder(
  project: Project,
  report: Report,
  nodes: Map<string, Claimed>,
): (node: NewNode) => void {
  const said = new Set<string>();
  // Most resources of a family come from one place.
  let last: { readonly path: Path; readonly origin: Origin } | undefined;
  const originAt = (path: Path): Origin => {
    if (last?.path !== path) last = { path, origin: originOf(project, path) };
    return last.origin;
  };
  return ({ sole, ...node }) => {
    const { path } = node;
    const other = nodes.get(node.id);
    if (other !== undefined) {
      // Two services of one name clash in every resource they have: once is enough.
      const pair = `${path.join(".")} ${other.origin.path}`;
      if (said.has(pair)) return;
      said.add(pair);
      const { file, line, path: otherPath } = other.origin;
      const message =
        sole === undefined
          ? `makes ${node.id}, and so does ${otherPath} (${file}:${line})`
          : `${sole.what} is that of ${otherPath} already`;
      const help =
        sole?.help ?? "Rename one of them: names are told apart by letters and digits only.";
      report.error({ code: "same-name", path, message, help });
      return;
    }
    if (node.id.length > longestId) {
      const message = `is too long a name: it makes a logical id of ${node.id.length} letters, of ${longestId}`;
      report.error({ code: "bad-name", path, message });
    }
    nodes.set(node.id, { ...node, origin: originAt(path) });
  };
}

/** The layer of what belongs to one family. */
export const layerOf = ({ name }: Pick<Family, "name">): Layer => familyLayer(name);

export const extension = (project: Project, key: string): Data | undefined =>
  Object.hasOwn(project.extensions, key) ? project.extensions[key] : undefined;

/** What the files define under a key, by name. */
export const definitionsOf = (kind: string, { project }: Pick<Scope, "project">): Mapping =>
  asMapping(extension(project, kind));

/** One of these; undefined: there is none of that name. */
export const definitionOf = (
  kind: string,
  name: string,
  { project }: Pick<Scope, "project">,
): Data | undefined => dataAt(extension(project, kind), [name]);

/** The `Properties` of a definition. */
export const propertiesIn = (definition: Data | undefined): Mapping =>
  asMapping(asMapping(definition).Properties);
