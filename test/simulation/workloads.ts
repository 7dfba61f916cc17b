import type { Event, History } from "./events.ts";
import type { Shop } from "./shop.ts";

// What the controller is there for, each once: calm histories in which every call can be gone through.

const push = (change: Partial<Shop>): Event => ({ do: "push", change });
const wait = (seconds: number): Event => ({ do: "wait", seconds });
const fails = (on: "create" | "update" | "rollback"): Event => ({
  do: "fault",
  type: on === "create" ? "AWS::IAM::Policy" : "AWS::ECS::Service",
  on,
  times: 1,
});

interface Workload {
  readonly from?: string;
  readonly events: readonly Event[];
}

const workloads: Readonly<Record<string, Workload>> = {
  "a first deployment": { from: "registered", events: [wait(400)] },
  "a first deployment elsewhere": { from: "registered elsewhere", events: [wait(500)] },
  "a change elsewhere after credentials ran out": {
    from: "deployed elsewhere",
    events: [push({ note: "b" }), wait(4000), push({ note: "c" }), wait(300)],
  },
  "a change of both": { events: [push({ note: "b", timeout: 90 }), wait(300)] },
  "an image": { events: [{ do: "image", tag: "1.0.1" }, wait(400)] },
  "a service less": {
    events: [push({ worker: true }), wait(300), push({ worker: false }), wait(300)],
  },
  "another queue, with leave": {
    events: [push({ queue: "tasks", allow: ["remove-queue"] }), wait(600)],
  },
  "another table, with leave": {
    events: [push({ key: "sku", allow: ["replace-table"] }), wait(400)],
  },
  "another table, without leave": { events: [push({ key: "sku" }), wait(200)] },
  "an update that fails": { events: [fails("update"), push({ note: "b" }), wait(300)] },
  "a rollback that fails once": {
    events: [fails("update"), fails("rollback"), push({ note: "b" }), wait(400)],
  },
  "an update that hangs and is overtaken": {
    events: [push({ image: "missing" }), wait(120), push({ image: "kept", note: "c" }), wait(400)],
  },
  "a first create that failed": {
    from: "s-web ROLLBACK_COMPLETE",
    events: [push({ note: "b" }), wait(400)],
  },
  "a hold and its release": {
    events: [
      push({ note: "b" }),
      wait(200),
      { do: "hold", back: 1 },
      wait(200),
      { do: "release" },
      wait(200),
    ],
  },
  "a change set that is overtaken": {
    events: [
      { do: "during", at: "cloudformation:CreateChangeSet", skip: 0, event: { do: "suspend" } },
      push({ note: "b" }),
      wait(900),
      push({ note: "c" }),
      { do: "resume" },
      wait(300),
    ],
  },
  "a person asks": { events: [{ do: "ask" }, wait(200)] },
  "a registration": {
    from: "registered",
    events: [{ do: "unregister" }, wait(10), { do: "register" }, wait(400)],
  },
  "a pause": {
    events: [{ do: "suspend" }, push({ note: "b" }), wait(60), { do: "resume" }, wait(200)],
  },
};

/** By name; the sweep stands still, so that nothing is found by accident. */
export const histories: ReadonlyMap<string, History> = new Map(
  Object.entries(workloads).map(([name, { events, from = "deployed" }]) => [
    name,
    {
      seed: 1,
      start: { world: from, changeSet: "none", record: "as it was" },
      sweep: false,
      events,
      end: "as it is",
    },
  ]),
);
