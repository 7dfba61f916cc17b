import type { World } from "../world.ts";

/** A function as it is installed: everything but its code, which the driver has. */
export interface LambdaFunction {
  readonly name: string;
  readonly arn: string;
  readonly description: string;
  readonly handler: string;
  readonly runtime: string;
  readonly role: string;
  readonly memory: number;
  /** Seconds. */
  readonly timeout: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly async: AsyncSettings;
  readonly modified: number;
}

/** What becomes of asynchronous invocations that fail. */
export interface AsyncSettings {
  readonly retries: number;
  readonly maximumAgeSeconds: number;
  /** ARN of the queue that is told of those given up. */
  readonly onFailure: string | undefined;
}

/** What Lambda does where nothing else was asked for. */
export const asyncDefaults: AsyncSettings = {
  retries: 2,
  maximumAgeSeconds: 21_600,
  onFailure: undefined,
};

/** An asynchronous invocation that is under way: to be run, running, or waiting to be tried again. */
export interface Invocation {
  readonly id: string;
  readonly function: string;
  readonly payload: unknown;
  readonly queued: number;
  attempts: number;
  state: "ready" | "running" | "waiting";
}

/** An event-source mapping: a queue whose messages a function gets in batches. */
export interface Mapping {
  readonly id: string;
  readonly queue: string;
  readonly function: string;
  readonly batchSize: number;
  readonly maximumConcurrency: number | undefined;
  readonly reportsItemFailures: boolean;
  /** Nothing is taken from the queue. */
  readonly disabled?: boolean;
}

export interface Work {
  /** By ARN. */
  readonly functions: Record<string, LambdaFunction>;
  invocations: Invocation[];
  readonly mappings: Record<string, Mapping>;
}

/** What there is for functions to do, in every account and region. */
export const workOf = (world: World): Work =>
  world.stateOf("lambda", { account: "*", region: "*" }, () => ({
    functions: {},
    invocations: [],
    mappings: {},
  }));

/** Queues an asynchronous invocation; false: there is no such function. */
export function enqueue(arn: string, payload: unknown, world: World): boolean {
  const work = workOf(world);
  if (work.functions[arn] === undefined) return false;
  work.invocations.push({
    id: world.uuid(),
    function: arn,
    payload: payload === undefined ? {} : JSON.parse(JSON.stringify(payload)),
    queued: world.now,
    attempts: 0,
    state: "ready",
  });
  return true;
}
