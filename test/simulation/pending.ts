import { kindOf, type Operation } from "../../src/aws/call.ts";
import type { Moment } from "./events.ts";
import type { Fate, Life } from "./process.ts";
import { isFromMemory } from "./turnstile.ts";

/** What happens at a call: its fate, another invocation (`of` says of what), or an event. */
type Waiting<E> =
  | ({ readonly do: "fate"; readonly fate: Fate } & Moment)
  | ({ readonly do: "overlap"; readonly run: number; readonly of?: string } & Moment)
  | ({ readonly do: "during"; readonly event: E } & Moment);

/** What waits for a call of the controller to happen at. */
export interface Pending<E> {
  add(event: Waiting<E>): void;
  /** Nothing waits, and nobody. */
  isIdle(): boolean;
  /** Forgets what has not happened. */
  clear(): void;
  began(life: Life): void;
  fate(life: Life, operation: Operation): Fate | Promise<Fate>;
  /** Answers when those who waited for it have ended too: time stands still for them. */
  ended(life: Life): Promise<void>;
}

interface Doing<E> {
  /** Starts another invocation; answers when it has ended. */
  invoke(of: string | undefined): Promise<unknown>;
  happen(event: E): void | Promise<void>;
}

interface Overlap {
  /** The invocation that makes way, and is waited for. */
  readonly first: number;
  /** The one that comes in between: the next that begins. */
  second: number | undefined;
  calls: number;
  readonly run: number;
  readonly paused: () => void;
  readonly isOver: Promise<void>;
  readonly over: () => void;
  /** Until the second one's end. */
  whole: Promise<unknown>;
}

export function pendingWith<E>(doing: () => Doing<E>): Pending<E> {
  let waiting: { readonly event: Waiting<E>; left: number }[] = [];
  let overlaps: Overlap[] = [];

  const overlap = async (life: Life, run: number, of: string | undefined): Promise<void> => {
    const pause = Promise.withResolvers<void>();
    const over = Promise.withResolvers<void>();
    const one: Overlap = {
      first: life.id,
      second: undefined,
      calls: 0,
      run,
      paused: pause.resolve,
      isOver: over.promise,
      over: over.resolve,
      whole: over.promise,
    };
    overlaps.push(one);
    one.whole = doing().invoke(of);
    await Promise.race([one.whole, pause.promise]);
  };

  /** The invocation that came in between has made its calls: it waits for the first to end. */
  const pausing = (life: Life): Promise<void> | undefined => {
    const mine = overlaps.find(({ second }) => second === life.id);
    if (mine === undefined) return undefined;
    mine.calls += 1;
    if (mine.calls !== mine.run + 1) return undefined;
    mine.paused();
    return mine.isOver;
  };

  const due = (operation: Operation): readonly Waiting<E>[] => {
    const happening: Waiting<E>[] = [];
    for (const one of waiting) {
      if (!isAt(one.event.at, operation)) continue;
      if (one.left === 0) happening.push(one.event);
      one.left -= 1;
    }
    waiting = waiting.filter(({ left }) => left >= 0);
    return happening;
  };

  const befall = async (life: Life, happening: readonly Waiting<E>[], counts: boolean) => {
    if (counts) await pausing(life);
    let fate: Fate = "lives";
    for (const event of happening) {
      if (event.do === "fate") fate = event.fate;
      else if (event.do === "during") await doing().happen(event.event);
      else await overlap(life, event.run, event.of);
    }
    return fate;
  };

  return {
    add: (event) => {
      waiting.push({ event, left: event.skip });
    },
    isIdle: () => waiting.length === 0 && overlaps.length === 0,
    clear: () => {
      waiting = [];
    },
    began: (life) => {
      const mine = overlaps.find(({ second }) => second === undefined);
      if (mine !== undefined) mine.second = life.id;
    },
    fate: (life, operation) => {
      const happening = due(operation);
      return happening.length === 0 && overlaps.length === 0
        ? "lives"
        : befall(life, happening, !isFromMemory(operation));
    },
    ended: async (life) => {
      const mine = overlaps.filter(({ first }) => first === life.id);
      overlaps = overlaps.filter(({ first }) => first !== life.id);
      for (const { over } of mine) over();
      await Promise.all(mine.map(({ whole }) => whole));
    },
  };
}

const isAt = (at: Moment["at"], operation: Operation): boolean =>
  (at === "any" && !isFromMemory(operation)) ||
  at === operation ||
  (at === "mutating" && kindOf(operation) === "mutating");
