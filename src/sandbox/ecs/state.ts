import type { Context } from "../world.ts";

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** What a CloudFormation resource of ECS was declared with: PascalCase members. */
export interface Declared {
  readonly [key: string]: Json;
}

/** One roll-out of a service. */
export interface Deployment {
  readonly id: string;
  readonly taskDefinition: string;
  readonly createdAt: number;
  updatedAt: number;
  status: "PRIMARY" | "ACTIVE" | "INACTIVE";
  rolloutState: "IN_PROGRESS" | "COMPLETED" | "FAILED";
  rolloutStateReason: string;
  failedTasks: number;
}

/** One task of a service, running or stopped. */
export interface Task {
  readonly id: string;
  readonly taskDefinition: string;
  readonly deployment: string;
  readonly createdAt: number;
  lastStatus: "PENDING" | "RUNNING" | "STOPPED";
  stoppedAt?: number;
  stoppedReason?: string;
  stopCode?: string;
}

/** A task of no service: it runs once. */
export interface OneOff {
  readonly id: string;
  readonly arn: string;
  readonly cluster: string;
  readonly taskDefinition: string;
  readonly token: string | undefined;
  readonly startedBy: string;
  readonly createdAt: number;
  readonly overrides: readonly Declared[];
  lastStatus: "PENDING" | "STOPPED";
  /** Container → exit code. */
  readonly exitCodes: Record<string, number>;
  stoppedAt?: number;
  stoppedReason?: string;
  stopCode?: string;
}

/** Who waits for a service: one step of a stack's operation. */
export interface Owner {
  readonly stackId: string;
  readonly key: string;
  readonly run: string;
}

/** A service with its roll-outs, tasks and messages. */
export interface EcsService {
  readonly arn: string;
  readonly name: string;
  readonly cluster: string;
  readonly createdAt: number;
  properties: Declared;
  status: "ACTIVE" | "INACTIVE";
  /** Newest first; the first is the PRIMARY one. */
  deployments: Deployment[];
  /** Newest first, as DescribeServices lists them. */
  events: { readonly id: string; readonly at: number; readonly message: string }[];
  tasks: Task[];
  owner?: Owner | undefined;
}

/** One revision of a family. */
interface TaskDefinition {
  readonly arn: string;
  readonly family: string;
  readonly revision: number;
  readonly properties: Declared;
  status: "ACTIVE" | "INACTIVE";
  readonly registeredAt: number;
}

interface Cluster {
  readonly arn: string;
  readonly name: string;
  status: "ACTIVE" | "INACTIVE";
}

/** All of ECS in one account and region. */
export interface Ecs {
  readonly clusters: Record<string, Cluster>;
  readonly services: Record<string, EcsService>;
  readonly taskDefinitions: Record<string, TaskDefinition>;
  oneOffs?: OneOff[];
  /** Tasks with such an image start and then end, until they are mended. */
  failing: string[];
}

type Place = Pick<Context, "world" | "account" | "region">;

/** ECS in one account and region, made at the first look. */
export const ecsOf = (context: Place): Ecs =>
  context.world.stateOf("ecs", context, () => ({
    clusters: {},
    services: {},
    taskDefinitions: {},
    failing: [],
  }));

/** A member of something declared, if it is an object. */
export function member(value: Json | undefined, key: string): Json | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  return (value as Declared)[key];
}

/** A list, or nothing. */
export const list = (value: Json | undefined): readonly Json[] =>
  Array.isArray(value) ? value : [];

/** A value as text, or nothing. */
export const text = (value: Json | undefined): string =>
  value === undefined || value === null || typeof value === "object" ? "" : String(value);

/** The objects of a list. */
export const objects = (value: Json | undefined): readonly Declared[] =>
  list(value).filter((item): item is Declared => typeof item === "object" && item !== null);

/** What the environment of a container says, in the place of its code. */
export function variableOf(container: Declared | undefined, name: string): string | undefined {
  const found = objects(container?.Environment).find((variable) => variable.Name === name);
  return found === undefined ? undefined : text(found.Value);
}
