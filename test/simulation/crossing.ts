import { createHash } from "node:crypto";
import type { Stage } from "./stage.ts";

// Many runs that differ in one moment come by the same state of everything: from there on they are
// one run, and it is lived through once.

/** What a run came to that others may come to as well. */
interface Ending {
  readonly wrongs: readonly string[];
  readonly end: string;
}

/** How runs ended that came by a state, by its digest: of runs to which the same is still to happen. */
export interface Endings {
  readonly known: Map<string, Ending>;
  /** How often a run came by a state that another had come by. */
  met: number;
}

export const noEndings = (): Endings => ({ known: new Map(), met: 0 });

/** One run on its way among others. */
export interface Crossing {
  /** Whether another run was here before, waiting until then too: asked while nothing is under way. */
  isKnown(until: number): boolean;
  /** The other's. */
  ending(): Ending | undefined;
  /** Leaves an ending to whoever comes by; answers it with what is wrong if another had a different one. */
  leave(own: Ending): Ending;
}

/** Runs that meet meet soon after they parted, or hardly ever. */
const most = 6;

/** One in so many goes on all the same, and has to end as the other did. */
const everySo = 20;

interface Seen {
  /** What was called so far: where nothing was since the last look there is nothing new. */
  readonly calls: readonly unknown[];
  /** All that what follows depends on, as JSON; undefined: it cannot be told now. */
  state(until: number): unknown;
}

export function crossing(endings: Endings | undefined, { calls, state }: Seen): Crossing {
  const passed: string[] = [];
  let looked = 0;
  let expected: Ending | undefined;
  let found: Ending | undefined;
  const look = (known: Map<string, Ending>, until: number): Ending | undefined => {
    const now = state(until);
    if (now === undefined) return undefined;
    const key = createHash("sha256").update(JSON.stringify(now)).digest("hex");
    passed.push(key);
    return known.get(key);
  };
  return {
    isKnown(until) {
      if (endings === undefined || expected !== undefined) return false;
      if (calls.length === looked || passed.length === most) return false;
      looked = calls.length;
      const other = look(endings.known, until);
      if (other === undefined) return false;
      endings.met += 1;
      if (endings.met % everySo === 0) expected = other;
      else found = other;
      return found !== undefined;
    },
    ending: () => found,
    leave(own) {
      const isAsExpected = expected === undefined || isSame(expected, own);
      const other = `G12 one state has two endings: ${expected?.end} ${expected?.wrongs}`;
      const left = isAsExpected ? own : { ...own, wrongs: [...own.wrongs, other] };
      for (const key of passed) endings?.known.set(key, left);
      return left;
    },
  };
}

const isSame = (one: Ending, other: Ending): boolean =>
  one.end === other.end && one.wrongs.join() === other.wrongs.join();

/** All that the rest of a history follows from, and `beside` it; undefined: it cannot be told now. */
export function standing(stage: Stage, beside: unknown): unknown {
  const { arena, former, left, offers, oracle, pending, records, shop, weather } = stage;
  const { told: _, wrongs, ...notes } = oracle.notes;
  // How events travel otherwise is a matter of chance, whose source is nobody's to see.
  if (!pending.isIdle() || wrongs.length > 0 || weather.way !== "sound") return undefined;
  const memory = arena.memory();
  if (memory === undefined) return undefined;
  const noted = Object.values(notes).map((one) => (isMany(one) ? [...one] : one));
  return [arena.stands(), memory, noted, { former, left, offers, records, shop, weather }, beside];
}

const isMany = (value: unknown): value is Iterable<unknown> =>
  value instanceof Map || value instanceof Set;
