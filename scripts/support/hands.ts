import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { Outcome } from "../../test/simulation/live-part.ts";
import type { Part } from "../../test/simulation/parts.ts";
import type { Done } from "../../test/simulation/reliability.ts";

/** What a thread is given to do. */
export interface Task {
  readonly part: Part;
  /** Milliseconds since the epoch. */
  readonly until: number;
}

interface Work {
  readonly hands: number;
  /** Milliseconds since the epoch after which nothing is begun. */
  readonly until: number;
  readonly done: (one: Done) => void;
  /** What a thread runs. */
  readonly hand?: URL;
}

const usual = new URL("./hand.ts", import.meta.url);

/** Gives parts to so many threads, to each the next one when it has a hand free. Throws what a thread throws. */
export async function sharedOut(parts: Iterable<Part>, work: Work): Promise<void> {
  const rest = parts[Symbol.iterator]();
  await Promise.all(Array.from({ length: work.hands }, () => oneHand(rest, work)));
}

async function oneHand(rest: Iterator<Part>, work: Work): Promise<void> {
  const { done, hand = usual, until } = work;
  let worker = new Worker(hand);
  try {
    while (Date.now() < until) {
      const next = rest.next();
      if (next.done) return;
      const part = next.value;
      const outcome = await lived(worker, { part, until });
      if (outcome === undefined) worker = new Worker(hand);
      done({ part, outcome: outcome ?? stuck(part) });
    }
  } finally {
    await worker.terminate();
  }
}

/** Undefined: the thread ended, as nothing of the part could go on. */
async function lived(worker: Worker, task: Task): Promise<Outcome | undefined> {
  worker.postMessage(task);
  const isOver = new AbortController();
  const { signal } = isOver;
  try {
    return await Promise.race([
      once(worker, "message", { signal }).then(([outcome]) => outcome as Outcome),
      once(worker, "exit", { signal }).then(() => undefined),
    ]);
  } finally {
    isOver.abort();
  }
}

const stuck = (part: Part): Outcome => ({
  run: 0,
  of: 0,
  failures: [{ wrongs: [`Nothing goes on any more: ${JSON.stringify(part)}`] }],
});
