import { parentPort } from "node:worker_threads";
import { livePart } from "../../test/simulation/live-part.ts";
import type { Task } from "./hands.ts";

// A thread of `npm run simulate`: goes through the parts that it is given, one after the other.

parentPort?.on("message", async ({ part, until }: Task) => {
  // So that it ends once nothing of the part can go on.
  parentPort?.unref();
  parentPort?.postMessage(await livePart(part, until));
  parentPort?.ref();
});
