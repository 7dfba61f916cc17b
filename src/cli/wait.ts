import { setTimeout } from "node:timers/promises";
import type { EnvironmentStatus } from "../model/status.ts";
import type { Statuses } from "../ports.ts";
import { connect } from "./connection.ts";
import { isTrue, renderStatus } from "./show.ts";
import { type Place, readArguments, readDuration, readPlace, UsageError } from "./usage.ts";
import type { Verb } from "./verb.ts";

/** Waits until an environment is ready; ends at once when it stalls, since then it never will be. */
export const wait: Verb = {
  name: "wait",
  summary: "wait until an environment is ready",
  usage: "trueup wait APP/ENV [--for ready] [--timeout D] [--json]",

  async run(args, io) {
    const { positionals, values } = readArguments(args, {
      for: { type: "string", default: "ready" },
      json: { type: "boolean" },
      timeout: { type: "string", default: "30m" },
    });
    if (values.for !== "ready") throw new UsageError(`Wait --for ready, not "${values.for}".`);
    const place = readPlace(positionals);
    const { ports } = await connect(io);
    const status = await settled(place, Date.now() + readDuration(values.timeout), ports.statuses);
    if (status !== undefined) {
      io.out(values.json === true ? JSON.stringify(status) : renderStatus(place, status, io));
    }
    if (status !== undefined && isTrue(status.conditions, "Ready")) return 0;
    return status !== undefined && isTrue(status.conditions, "Stalled") ? 1 : 4;
  },
};

/** The status once it is ready or stalled, else as it is at the deadline. */
async function settled(
  { application, environment }: Place,
  deadline: number,
  statuses: Statuses,
): Promise<EnvironmentStatus | undefined> {
  for (;;) {
    const status = await statuses.readEnvironment(application, environment);
    const conditions = status?.conditions ?? [];
    if (isTrue(conditions, "Ready") || isTrue(conditions, "Stalled")) return status;
    if (Date.now() >= deadline) return status;
    await setTimeout(500);
  }
}
