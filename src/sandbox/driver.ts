import {
  type Job,
  readyBatches,
  readyInvocations,
  releaseInFlight,
  waitsUntil,
} from "./lambda/jobs.ts";
import { type LambdaFunction, workOf } from "./lambda/work.ts";
import { type Appointment, isSet } from "./scheduler/fire.ts";
import { AwsError, notEmulated, type World } from "./world.ts";

/** What a function is told about its invocation: the fields that Lambda's own context has. */
interface LambdaContext {
  callbackWaitsForEmptyEventLoop: boolean;
  readonly functionName: string;
  readonly functionVersion: string;
  readonly invokedFunctionArn: string;
  readonly memoryLimitInMB: string;
  readonly awsRequestId: string;
  readonly logGroupName: string;
  readonly logStreamName: string;
  getRemainingTimeInMillis(): number;
  done(): void;
  fail(): void;
  succeed(): void;
}

export type Handler = (event: unknown, context: LambdaContext) => Promise<unknown>;

/** How an invocation ended: the answer, or the error in the shape Lambda gives it. */
interface Outcome {
  readonly payload: unknown;
  readonly functionError?: "Unhandled";
}

export interface DriverOptions {
  /** Lets what is ready run side by side, as on AWS; otherwise one after the other, in order. */
  readonly concurrent?: boolean;
  /** Told of each invocation that failed. */
  readonly onFailure?: (functionName: string, error: unknown) => void;
}

/** Until when to let the world run: a time, or until nothing but recurring timers is left to do. */
type Until =
  /** `isOver`: asked whenever nothing is ready, whether it need not run any further. */
  | { readonly at: number; readonly isOver?: () => boolean }
  | { readonly idle: true; readonly limitMs: number };

/** Runs the functions of a world. */
export interface Driver {
  /** A synchronous invocation, by name or ARN. */
  invoke(functionName: string, payload: unknown): Promise<Outcome>;
  /** Runs what is ready; answers whether there was anything. */
  pump(): Promise<boolean>;
  /** Runs and lets the clock run; answers whether the world came to rest. */
  settle(until: Until): Promise<boolean>;
  /** Gives back what a process held that is no more. */
  releaseInFlight(): void;
}

export function createDriver(
  world: World,
  handlers: Readonly<Record<string, Handler>>,
  { concurrent = false, onFailure }: DriverOptions = {},
): Driver {
  const running = new Map<string, number>();

  const run = async (found: LambdaFunction, event: unknown): Promise<Outcome> => {
    const handler = handlers[found.name];
    if (handler === undefined) throw new Error(`No handler for the function ${found.name}`);
    const deadline = world.now + found.timeout * 1000;
    const context = contextOf(found, { deadline, world });
    try {
      const result = await handler(overTheWire(event), context);
      if (world.now > deadline) throw new TimedOut(context.awsRequestId, found.timeout);
      return { payload: overTheWire(result) };
    } catch (error) {
      onFailure?.(found.name, error);
      return { functionError: "Unhandled", payload: errorOf(error) };
    }
  };

  const carryOut = async ({ event, finish, function: arn, source }: Job): Promise<void> => {
    const found = functionAt(world, arn);
    running.set(source, (running.get(source) ?? 0) + 1);
    try {
      finish(await run(found, event));
    } finally {
      running.set(source, (running.get(source) ?? 1) - 1);
    }
  };

  const pump = async (): Promise<boolean> => {
    const jobs = [...readyInvocations(world), ...readyBatches(world, running)];
    if (concurrent) await Promise.all(jobs.map(carryOut));
    else for (const job of jobs) await carryOut(job);
    return jobs.length > 0;
  };

  return {
    invoke: (functionName, payload) => run(functionAt(world, functionName), payload),
    pump,
    settle: (until) => settle(world, pump, until),
    releaseInFlight: () => releaseInFlight(world),
  };
}

/** What comes in and what goes out is JSON. */
const overTheWire = (value: unknown): unknown => JSON.parse(JSON.stringify(value ?? null));

/** Tasks that come again for ever: waiting for them alone is rest. */
const recurring: ReadonlySet<string> = new Set(["events/Tick", "scheduler/Recur"]);

/** More rounds than this without the clock moving is a loop, not work. */
const mostRounds = 10_000;

async function settle(world: World, pump: () => Promise<boolean>, until: Until): Promise<boolean> {
  const horizon = "at" in until ? until.at : world.now + until.limitMs;
  const isOver = "at" in until ? until.isOver : () => !isUnderWay(world);
  for (;;) {
    await exhaust(pump);
    if (isOver?.()) return !isUnderWay(world);
    const due = Math.min(world.nextDue() ?? Infinity, waitsUntil(world) ?? Infinity);
    if (due > horizon) break;
    world.advanceTo(due);
  }
  if ("at" in until) world.advanceTo(horizon);
  return !isUnderWay(world);
}

async function exhaust(pump: () => Promise<boolean>): Promise<void> {
  for (let round = 0; await pump(); round += 1) {
    if (round === mostRounds) throw new Error("The world does not come to rest");
  }
}

const isUnderWay = (world: World): boolean =>
  workOf(world).invocations.length > 0 ||
  waitsUntil(world) !== undefined ||
  world
    .snapshot()
    .agenda.some(({ account, data, region, service, task }) =>
      service === "scheduler" && task === "Fire"
        ? isSet(data as Appointment, { account, region, world })
        : !recurring.has(`${service}/${task}`),
    );

function functionAt(world: World, nameOrArn: string): LambdaFunction {
  const found = Object.values(workOf(world).functions).find(
    ({ arn, name }) => name === nameOrArn || arn === nameOrArn,
  );
  if (found !== undefined) return found;
  throw new AwsError("ResourceNotFoundException", `Function not found: ${nameOrArn}`, 404);
}

class TimedOut extends Error {
  override readonly name = "Sandbox.Timedout";

  constructor(requestId: string, seconds: number) {
    super(`RequestId: ${requestId} Error: Task timed out after ${seconds.toFixed(2)} seconds`);
  }
}

function contextOf(
  { arn, memory, name }: LambdaFunction,
  { deadline, world }: { readonly deadline: number; readonly world: World },
): LambdaContext {
  const never = () => {
    throw notEmulated("ending an invocation by its context");
  };
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: name,
    functionVersion: "$LATEST",
    invokedFunctionArn: arn,
    memoryLimitInMB: String(memory),
    awsRequestId: world.uuid(),
    logGroupName: `/aws/lambda/${name}`,
    logStreamName: "sandbox",
    getRemainingTimeInMillis: () => Math.max(0, deadline - world.now),
    done: never,
    fail: never,
    succeed: never,
  };
}

const errorOf = (error: unknown) =>
  error instanceof Error
    ? { errorType: error.name, errorMessage: error.message, trace: error.stack?.split("\n") ?? [] }
    : { errorType: typeof error, errorMessage: String(error), trace: [] };
