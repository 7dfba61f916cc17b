import type { Operation } from "../../src/aws/call.ts";

/**
 * What becomes of one call: its process dies before it, after it or while it is still on its way (it
 * arrives after some milliseconds all the same); or an error is all that is heard, before the call,
 * after its effect, or with its effect to come; or a read is told what it was told so many times ago.
 */
export type Fate =
  | "lives"
  | { readonly dies: "before" | "after" }
  | { readonly dies: "early"; readonly arrives: number }
  | { readonly stale: number }
  | { readonly error: string; readonly when: "before" | "after" }
  | { readonly error: string; readonly when: "early"; readonly arrives: number };

/** One invocation of a function, from its first call to its end. */
export interface Life {
  readonly id: number;
  readonly function: string;
  readonly began: number;
  calls: number;
  dead: boolean;
}

/** A call of the controller, as it takes effect. */
export interface Effect {
  readonly life: Life;
  readonly operation: Operation;
  readonly input: unknown;
  readonly region: string;
  /** Of the role it is made as; undefined: as the function itself. */
  readonly accessKeyId: string | undefined;
}

/** What a process does its calls with. */
export interface Means {
  /** Asked before each call takes effect; may take its time, and may let others go first. */
  fate(life: Life, operation: Operation, input: unknown): Fate | Promise<Fate>;
  /** The effect itself: an answer, or an error of the service's own. */
  effect(one: Effect): unknown;
  /** What the same read was told before; what it is told now where it never was asked. */
  past(one: Effect, back: number): unknown;
  /** The effect, some time later, whoever asked for it being gone. */
  later(one: Effect, milliseconds: number): void;
}

/** A process that dies makes no more calls, whatever of it is still running. */
export async function make(one: Effect, means: Means): Promise<unknown> {
  const { input, life, operation } = one;
  if (life.dead) throw died(operation);
  life.calls += 1;
  const fate = await means.fate(life, operation, input);
  // Another of its own calls may have been the end of it in the meantime.
  if (life.dead) throw died(operation);
  if (fate === "lives") return means.effect(one);
  if ("stale" in fate) return means.past(one, fate.stale);
  if ("arrives" in fate) means.later(one, fate.arrives);
  const when = "dies" in fate ? fate.dies : fate.when;
  if (when === "after") attempt(() => means.effect(one));
  if ("error" in fate) throw failure(fate.error);
  life.dead = true;
  throw died(operation);
}

function attempt(effect: () => unknown): void {
  try {
    effect();
  } catch {
    // Nobody is there to hear it.
  }
}

const died = (operation: string): Error => new Error(`The process died at ${operation}.`);

/** As the SDK throws what is no answer of the service's own. */
const failure = (name: string): Error =>
  Object.assign(new Error("Something is in the way."), { name });
