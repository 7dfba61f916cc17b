import type { Operation } from "../../src/aws/call.ts";
import { moveStack } from "../../src/sandbox/cloudformation/events.ts";
import { stateOf } from "../../src/sandbox/cloudformation/state.ts";
import { repositories } from "../../src/sandbox/codecommit/repository.ts";
import { createDriver, type Driver } from "../../src/sandbox/driver.ts";
import { type MemoryGit, memoryGit } from "../../src/sandbox/git/memory.ts";
import { answerOf, answerTo } from "../../src/sandbox/in-process.ts";
import { type LambdaFunction, workOf } from "../../src/sandbox/lambda/work.ts";
import { services } from "../../src/sandbox/services.ts";
import {
  type BusEvent,
  type Context,
  type Service,
  type Snapshot,
  World,
  type WorldOptions,
} from "../../src/sandbox/world.ts";
import { type Bug, containersIn, type FunctionId, idOf } from "./containers.ts";
import { copyOf } from "./copy.ts";
import { effectsOf, nobody, type Onlooker } from "./effect.ts";
import type { Effect, Life, Means } from "./process.ts";
import { account, region } from "./shop.ts";
import { makeTurnstile } from "./turnstile.ts";

/** A world written down, its repositories with it. */
export interface Saved {
  readonly snapshot: Snapshot;
  readonly git: MemoryGit;
}

export interface ArenaOptions {
  readonly seed: number;
  readonly from?: Saved;
  /** Asked before each call of the controller; may let others go first. */
  readonly fate?: Means["fate"];
  readonly deliver?: (event: BusEvent, count: number) => readonly number[];
  readonly onlooker?: Onlooker;
  /** How lists come now. */
  readonly pages?: () => "whole" | "small";
  /** Milliseconds by which an invocation's clock is ahead now. */
  readonly skew?: (life: Life) => number;
  /** The controller with something wrong with it. */
  readonly bug?: Bug | undefined;
}

/** The product's own functions on the sandbox's state machines: cheap to make, cheap to run. */
export interface Arena {
  readonly world: World;
  readonly driver: Driver;
  readonly git: MemoryGit;
  readonly log: string[];
  /** Operations of the controller, in the order in which they were made. */
  readonly calls: Operation[];
  /** As a person, through the API, at once. Throws as the SDK does. */
  ask(operation: string, input: object): unknown;
  /** The controller's code in a process of its own, beside whatever else is running. */
  invoke(functionId: FunctionId, event: unknown): Promise<unknown>;
  /** All processes start anew: what they kept in memory is gone. */
  chill(): void;
  save(): Saved;
  /** All that is there, as JSON, but for what processes have in memory and what is on its way. */
  stands(): unknown;
  /** Another text once anything of `stands` may be another. */
  stamp(): string;
  /** What processes have in memory, as JSON; undefined: one is busy, or what it called for is on its way. */
  memory(): unknown;
}

/** By its name, whoever makes it. */
const isRead = (operation: string): boolean => /:(BatchGet|Describe|Get|List)/.test(operation);

const person = { account, region, arn: `arn:aws:iam::${account}:user/ann` };

export function openArena(options: ArenaOptions): Arena {
  const { bug, fate = () => "lives" as const, from, onlooker = nobody } = options;
  const { pages = () => "whole" as const, skew = () => 0 } = options;
  const calls: Operation[] = [];
  const log: string[] = [];
  const git = from?.git.copy() ?? memoryGit();
  const onTheirWay: Effect[] = [];
  const callers = new Map<string, string>();
  const { effect, past } = effectsOf({
    onlooker,
    isInPages: () => pages() === "small",
    answer: (one) => quietly(() => answered(one, { callers, world })),
  });
  const happened = { writes: 0 };
  const world: World = worldOf(options, git, {
    arrive: (number) => {
      const arrived = onTheirWay[number];
      if (arrived !== undefined) effect(arrived);
    },
    onCall: ({ operation }) => {
      if (!isRead(operation)) happened.writes += 1;
    },
  });
  const means: Means = {
    fate,
    effect,
    past,
    later: (one, milliseconds) => {
      const number = onTheirWay.push(one) - 1;
      world.later(milliseconds, "arrivals", "Arrive", { number }, { account, region });
    },
  };
  const containers = containersIn({
    ...onlooker,
    bug,
    calls,
    means,
    pass: makeTurnstile(),
    skew,
    world,
    log: (message, fields) => void log.push(`${message} ${JSON.stringify(fields)}`),
  });
  const installed = Object.values(workOf(world).functions);
  for (const found of installed) callers.set(idOf(found), callerOf(found));
  const handlers = installed.map((found) => [found.name, containers.handlerOf(found)] as const);
  const driver = createDriver(world, Object.fromEntries(handlers));
  return {
    world,
    driver,
    git,
    log,
    calls,
    ask: (operation, input) => answerOf(world, person, operation, input),
    invoke: (id, event) => {
      const name = installed.find((one) => idOf(one) === id)?.name ?? id;
      return driver.invoke(name, event);
    },
    chill: containers.chill,
    stands: () => [
      world.snapshot(),
      Object.keys(repositories(world)).map((name) => [name, [...git(name).refs()]]),
    ],
    stamp: () => `${happened.writes} ${stampOf(world, git)}`,
    memory: () =>
      world.snapshot().agenda.some(({ task }) => task === "Arrive")
        ? undefined
        : containers.memory(),
    save: () => ({ snapshot: copyOf(world.snapshot()), git: git.copy() }),
  };
}

/** Where a world's clock, chance, agenda and branches are. */
function stampOf(world: World, git: MemoryGit): string {
  const { agenda, now, seed, sequence } = world.snapshot();
  const refs = Object.keys(repositories(world)).map((name) => [...git(name).refs()]);
  return JSON.stringify([now, seed, sequence, agenda.length, refs]);
}

/** A function calls as its own role, unless it has become another. */
function answered(
  one: Effect,
  { callers, world }: { readonly callers: ReadonlyMap<string, string>; readonly world: World },
): unknown {
  const { accessKeyId, input, life, operation, region: place } = one;
  if (accessKeyId !== undefined) {
    return answerTo(world, { accessKeyId, region: place }, operation, input);
  }
  const arn = callers.get(life.function) ?? "";
  return answerOf(world, { account, region: place, arn }, operation, input);
}

const callerOf = ({ name, role }: LambdaFunction): string =>
  `arn:aws:sts::${account}:assumed-role/${role.split("/").at(-1)}/${name}`;

/** Refusals are answers: where in the sandbox they were made is nobody's concern, and takes its time. */
function quietly<T>(answer: () => T): T {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return answer();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

function worldOf(
  { deliver, from, seed }: ArenaOptions,
  git: MemoryGit,
  {
    arrive,
    onCall,
  }: Required<Pick<WorldOptions, "onCall">> & { readonly arrive: (number: number) => void },
): World {
  const world = new World({
    services: [...services, arrivals(arrive)],
    git,
    start: Date.parse("2026-01-01T00:00:00Z"),
    seed,
    onCall,
    ...(deliver === undefined ? {} : { delivery: deliver }),
  });
  if (from !== undefined) {
    world.restore({ ...copyOf(from.snapshot), seed: (from.snapshot.seed + seed) >>> 0 });
  }
  return world;
}

/** Calls that arrive when nobody waits for their answer any more, and operations of others that end. */
const arrivals = (arrive: (number: number) => void): Service => ({
  name: "arrivals",
  operations: {},
  tasks: {
    Become: ({ from, id, status }: Becoming, context: Context) => {
      const stack = stateOf(context).stacks[id];
      if (stack?.status === from) moveStack(stack, { status }, context);
    },
    Arrive: ({ number }: { readonly number: number }) => {
      try {
        arrive(number);
      } catch {
        // An error that nobody hears.
      }
    },
  },
});

interface Becoming {
  readonly id: string;
  readonly from: string;
  readonly status: string;
}
