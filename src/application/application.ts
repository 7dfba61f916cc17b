import type { ApprovalRule } from "../model/gates.ts";
import type { Notify } from "../model/notice.ts";
import type { Check } from "../model/verification.ts";
import type { Window } from "../model/window.ts";

/** `trueup.yaml`, read: one application and the environments it runs in. */
export interface Application {
  readonly name: string;
  /** Compose files; empty: found as docker compose finds them. */
  readonly compose: readonly string[];
  readonly variables: Readonly<Record<string, string>>;
  readonly environments: Readonly<Record<string, Environment>>;
  readonly images: ImageSettings;
  /** Undefined: nobody is told. */
  readonly notify: Notify | undefined;
}

/** A place the application runs: the object that is reconciled. */
export interface Environment {
  readonly name: string;
  readonly on: Follows;
  /** Merged after the application's files. */
  readonly compose: readonly string[];
  /** The application's variables with the environment's own over them. */
  readonly variables: Readonly<Record<string, string>>;
  readonly target: EnvironmentTarget;
  readonly parameters: GivenParameters;
  readonly layout: "per-service" | "single";
  readonly allow: readonly Consent[];
  /** What is done about what others changed in what is deployed. */
  readonly selfHeal: "off" | "report" | "revert";
  readonly drift: DriftSettings;
  /** Who has to be asked before anything changes; undefined: nobody. */
  readonly approval: ApprovalRule | undefined;
  /** How many stacks may be deleted at once without anybody's word. */
  readonly pruneMax: number;
  readonly deadlines: Deadlines;
  /** What has to hold once it is healthy, one after the other. */
  readonly verify: readonly Check[];
  /** When roll-outs may begin. */
  readonly windows: readonly Window[];
  /** Environments, of any application, that have to be settled before this one changes. */
  readonly needs: readonly string[];
  /** Undefined: it stays. */
  readonly ephemeral: Ephemeral | undefined;
}

/**
 * The reference that an environment follows; `*`, `**` and `?` make it a pattern. Of branches each
 * that matches has an instance of its own, of tags the newest is meant.
 */
export type Follows =
  | { readonly branch: string }
  | { readonly tag: string }
  /** `from:` — what that environment has verified. */
  | { readonly environment: string };

/** `ephemeral:` — an environment of one revision, made from nothing and deleted again. */
export interface Ephemeral {
  readonly ttlSeconds: number;
  /** How long one that failed is kept for people; 0: not at all. */
  readonly keepOnFailureSeconds: number;
  /** How many there may be at the same time. */
  readonly max: number;
}

/** `drift:` — how often what is deployed is compared with what was declared, and what may differ. */
export interface DriftSettings {
  readonly everySeconds: number;
  /** Compose paths, to a resource or a property of one, e.g. `x-dynamodb.orders.BillingMode`. */
  readonly ignore: readonly string[];
}

/** Where nothing is said. */
export const usualDrift: DriftSettings = { everySeconds: 86_400, ignore: [] };

/** `deadlines:` — how long each phase of a roll-out may take, in seconds. */
interface Deadlines {
  readonly plan: number;
  readonly execute: number;
  readonly stabilise: number;
  readonly verify: number;
}

/** Those that are not said: what most roll-outs need several times over. */
export const usualDeadlines: Deadlines = {
  plan: 300,
  execute: 3600,
  stabilise: 1800,
  verify: 1800,
};

/** What `target:` says; what it leaves out is the controller's own. */
export interface EnvironmentTarget {
  readonly account?: string;
  readonly region?: string;
  readonly role?: string;
  readonly externalId?: string;
  readonly cloudFormationRole?: string;
  readonly permissionsBoundary?: string;
}

/**
 * `parameters:` — themselves, the file of the repository that has them, or the environment
 * (`application/environment`) whose outputs they are.
 */
export type GivenParameters =
  | { readonly values: Parameters }
  | { readonly file: string }
  | { readonly from: string };

/** What is there already and stands for what the compose files would make or look up. Lists are joined with commas. */
export type Parameters = Readonly<Partial<Record<ParameterName, string>>>;

/** Every parameter that may be given. */
export const parameterNames = [
  "AppSubnets",
  "CertificateArn",
  "ClusterName",
  "HostedZoneId",
  "NamespaceId",
  "PublicSubnets",
  "StorageSubnets",
  "VpcId",
] as const;

type ParameterName = (typeof parameterNames)[number];

/** `allow:` — consent to replace or remove one thing that holds data, until a day. */
export interface Consent {
  readonly action: "replace" | "remove";
  /** Compose path, e.g. `x-dynamodb.orders`. */
  readonly path: string;
  /** The physical id of the one resource that is meant; undefined: whichever is there. */
  readonly from?: string;
  /** ISO 8601 day, inclusive, UTC. */
  readonly until: string;
}

interface ImageSettings {
  readonly author: { readonly name: string; readonly email: string };
  readonly message: string | undefined;
  /** Seconds without a push after which images are written. */
  readonly quiet: number;
  readonly writeBack: "commit" | "pull-request";
}
