import { setTimeout } from "node:timers/promises";
import type { EnvironmentStatus } from "../model/status.ts";
import type { Statuses } from "../ports.ts";
import { connect } from "./connection.ts";
import { isTrue, renderStatus } from "./show.ts";
import { type Place, readArguments, readDuration, readPlace, UsageError } from "./usage.ts";
import type { Verb } from "./verb.ts";

/** Waits until an environment is ready, or healthy too; ends at once when it stalls, since then it never will be. */
export const wait: Verb = {
  name: "wait",
  summary: "wait until an environment is ready",
  usage: "trueup wait APP/ENV [--for ready|healthy] [--timeout D] [--json]",

  async run(args, io) {
    const { positionals, values } = readArguments(args, {
      for: { type: "string", default: "ready" },
      json: { type: "boolean" },
      timeout: { type: "string", default: "30m" },
    });
    const wanted = readWanted(values.for);
    const place = readPlace(positionals);
    const { ports } = await connect(io);
    const deadline = Date.now() + readDuration(values.timeout);
    const status = await settled(place, wanted, { deadline, statuses: ports.statuses });
    if (status !== undefined) {
      io.out(values.json === true ? JSON.stringify(status) : renderStatus(place, status, io));
    }
    if (status !== undefined && wanted(status)) return 0;
    return status !== undefined && isTrue(status.conditions, "Stalled") ? 1 : 4;
  },
};

type Wanted = (status: EnvironmentStatus) => boolean;

function readWanted(word: string): Wanted {
  const isReady: Wanted = ({ conditions }) => isTrue(conditions, "Ready");
  if (word === "ready") return isReady;
  if (word !== "healthy") throw new UsageError(`Wait --for ready or healthy, not "${word}".`);
  return (status) => isReady(status) && isTrue(status.conditions, "Healthy");
}

/** The status once it is as wanted or stalled, else as it is at the deadline. */
async function settled(
  { application, environment }: Place,
  wanted: Wanted,
  { deadline, statuses }: { readonly deadline: number; readonly statuses: Statuses },
): Promise<EnvironmentStatus | undefined> {
  for (;;) {
    const status = await statuses.readEnvironment(application, environment);
    if (status !== undefined && (wanted(status) || isTrue(status.conditions, "Stalled"))) {
      return status;
    }
    if (Date.now() >= deadline) return status;
    await setTimeout(500);
  }
}
