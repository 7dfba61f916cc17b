import type { Call, Operation } from "../../src/aws/call.ts";
import { installationFrom } from "../../src/aws/installation.ts";
import { awsPorts } from "../../src/aws/ports.ts";
import { assuming, type Signer } from "../../src/aws/sessions.ts";
import { type Functions, functions } from "../../src/functions.ts";
import type { Ports } from "../../src/ports/ports.ts";
import type { Handler } from "../../src/sandbox/driver.ts";
import type { LambdaFunction } from "../../src/sandbox/lambda/work.ts";
import type { World } from "../../src/sandbox/world.ts";
import { type Life, type Means, make } from "./process.ts";
import { region } from "./shop.ts";
import type { Turnstile } from "./turnstile.ts";

/** What may be changed about the product from outside: for tests of the tests. */
export interface Bug {
  readonly call?: (call: Call, life: () => Life, world: World) => Call;
  readonly ports?: (ports: Ports) => Ports;
  readonly handler?: (handler: Handler) => Handler;
}

export type FunctionId = keyof Functions;

/** The function's name in its code. */
export const idOf = ({ handler }: Pick<LambdaFunction, "handler">): FunctionId =>
  handler.split(".")[1] as FunctionId;

export interface Setting {
  readonly world: World;
  readonly means: Means;
  readonly pass: Turnstile;
  readonly bug: Bug | undefined;
  readonly calls: Operation[];
  /** Milliseconds by which an invocation's clock is ahead. */
  readonly skew: (life: Life) => number;
  readonly log: (message: string, fields: object) => void;
  readonly began: (life: Life) => void;
  readonly ended: (life: Life) => void | Promise<void>;
  readonly asked: (life: Life, operation: Operation) => void;
}

/** One process: what it keeps in memory, and the invocation it is busy with. */
interface Container {
  readonly handler: Handler;
  life: Life | undefined;
  /** What it was told of who it is, in order: all that it may keep and that goes by no digest. */
  readonly told: string[];
}

/** Lambda's way: an invocation gets a process that is free, or a new one; what died is no more. */
export interface Containers {
  handlerOf(found: LambdaFunction): Handler;
  /** All processes start anew: what they kept in memory is gone. */
  chill(): void;
  /** What they have in memory, as JSON; undefined: one of them is busy. */
  memory(): unknown;
}

export function containersIn(setting: Setting): Containers {
  const pools = new Map<string, Container[]>();
  let lives = 0;
  const free = (found: LambdaFunction): Container => {
    const pool = pools.get(found.name) ?? [];
    pools.set(found.name, pool);
    const container = pool.find(({ life }) => life === undefined) ?? containerOf(found, setting);
    if (!pool.includes(container)) pool.push(container);
    return container;
  };
  const handlerOf = (found: LambdaFunction): Handler => {
    const handler: Handler = async (event, context) => {
      const container = free(found);
      lives += 1;
      const { now } = setting.world;
      const life: Life = { id: lives, function: idOf(found), began: now, calls: 0, dead: false };
      container.life = life;
      setting.began(life);
      try {
        const result = await container.handler(event, context);
        if (life.dead) throw new Error("The process is no more.");
        return result;
      } finally {
        container.life = undefined;
        const pool = pools.get(found.name) ?? [];
        if (life.dead)
          pools.set(
            found.name,
            pool.filter((one) => one !== container),
          );
        await setting.ended(life);
      }
    };
    return setting.bug?.handler?.(handler) ?? handler;
  };
  const memory = () => {
    const all = [...pools].map(([name, pool]) => [name, pool] as const);
    const isBusy = all.some(([, pool]) => pool.some(({ life }) => life !== undefined));
    if (isBusy) return undefined;
    return [lives, all.map(([name, pool]) => [name, pool.map(({ told }) => told)])];
  };
  return { handlerOf, chill: () => pools.clear(), memory };
}

function containerOf(found: LambdaFunction, setting: Setting): Container {
  const { asked, bug, calls, log, means, pass, skew, world } = setting;
  const busy: { life: Life | undefined } = { life: undefined };
  const told: string[] = [];
  const life = (): Life => {
    if (busy.life === undefined) throw new Error("A call outside of any invocation.");
    return busy.life;
  };
  const signed: Signer = ({ credentials, region: place }) => {
    const accessKeyId = credentials?.accessKeyId;
    const call = (async (operation: Operation, input: unknown) => {
      const mine = life();
      asked(mine, operation);
      await pass(mine, operation, input);
      // Lambda ends what takes too long.
      if (world.now - mine.began >= found.timeout * 1000) mine.dead = true;
      calls.push(operation);
      const one = { life: mine, operation, input, region: place, accessKeyId };
      const answer = make(one, means);
      if (operation.startsWith("sts:")) told.push(JSON.stringify([operation, input, await answer]));
      return answer;
    }) as Call;
    return bug?.call?.(call, life, world) ?? call;
  };
  const caller = assuming(signed, region);
  const installation = installationFrom({ ...found.environment, AWS_REGION: region });
  const clock = {
    now: () => new Date(world.now + skew(life())).toISOString(),
    sleep: async (milliseconds: number) => world.advanceTo(world.now + milliseconds),
  };
  const ports = { ...awsPorts(caller, installation, log), clock };
  const made = functions(bug?.ports?.(ports) ?? ports);
  return Object.assign(busy, { told, handler: made[idOf(found)] as unknown as Handler });
}
