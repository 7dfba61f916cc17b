import { parentPort } from "node:worker_threads";
import { livePart } from "../../test/simulation/live-part.ts";
import type { Task } from "./hands.ts";

// A thread of `npm run simulate`: goes through the parts that it is given, one after the other.

parentPort?.on("message", async ({ part, until }: Task) => {
  parentPort?.postMessage(await livePart(part, until));
});
