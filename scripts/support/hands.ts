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
}

/** Gives parts to so many threads, to each the next one when it has a hand free. Throws what a thread throws. */
export async function sharedOut(parts: Iterable<Part>, work: Work): Promise<void> {
  const rest = parts[Symbol.iterator]();
  await Promise.all(Array.from({ length: work.hands }, () => oneHand(rest, work)));
}

async function oneHand(rest: Iterator<Part>, { done, until }: Work): Promise<void> {
  const worker = new Worker(new URL("./hand.ts", import.meta.url));
  try {
    while (Date.now() < until) {
      const next = rest.next();
      if (next.done) return;
      const task: Task = { part: next.value, until };
      worker.postMessage(task);
      const [outcome] = (await once(worker, "message")) as [Outcome];
      done({ part: next.value, outcome });
    }
  } finally {
    await worker.terminate();
  }
}
