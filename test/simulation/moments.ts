import { createHash } from "node:crypto";
import type { Arena } from "./arena.ts";
import type { Onlooker } from "./effect.ts";
import type { Effect } from "./process.ts";

/** How everything stands just before a call has its effect and just after, and whose call it is. */
interface Moment {
  readonly before: string;
  readonly after: string;
}

/**
 * The moments of a run's calls, one after the other. A process that dies leaves the world as it
 * stands and nothing else: at two calls of the same moment it is the same death.
 */
export interface Moments {
  readonly all: readonly Moment[];
  /** From now on this is the world that is looked at. */
  attend(arena: Arena): void;
  before(effect: Effect): void;
  after(effect: Effect): void;
}

/** Whoever looks on, and moments beside. */
export const seenBy = (moments: Moments | undefined, onlooker: Onlooker): Onlooker =>
  moments === undefined
    ? onlooker
    : {
        ...onlooker,
        before: (effect) => {
          onlooker.before(effect);
          moments.before(effect);
        },
        after: (effect, answer) => {
          onlooker.after(effect, answer);
          moments.after(effect);
        },
        refused: (effect, error) => {
          onlooker.refused(effect, error);
          moments.after(effect);
        },
      };

export function momentsOf(): Moments {
  const all: Moment[] = [];
  let arena: Arena | undefined;
  let before = "";
  const last = { stamp: "", moment: "" };
  const now = ({ life }: Effect): string => {
    const stamp = `${life.id} ${arena?.stamp()}`;
    if (stamp === last.stamp) return last.moment;
    const stands = JSON.stringify([life.id, arena?.stands()]);
    const moment = createHash("sha256").update(stands).digest("hex");
    Object.assign(last, { stamp, moment });
    return moment;
  };
  return {
    all,
    attend: (given) => {
      arena = given;
    },
    before: (effect) => {
      before = now(effect);
    },
    after: (effect) => {
      all.push({ before, after: now(effect) });
    },
  };
}
