import { setTimeout } from "node:timers/promises";
import type { EnvironmentStatus } from "../model/status.ts";
import type { Statuses } from "../ports/ports.ts";
import { connect } from "./connection.ts";
import { isHeld, isTrue, renderStatus } from "./show.ts";
import { type Place, readArguments, readDuration, readPlace, UsageError } from "./usage.ts";
import type { Verb } from "./verb.ts";

/**
 * Waits until an environment is ready, or healthy too. Ends when it stalls or stays held, since then
 * it never will be by itself.
 */
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
    if (status !== undefined && isHeld(status.conditions)) return 3;
    return status !== undefined && isTrue(status.conditions, "Stalled") ? 1 : 4;
  },
};

/** What the guard stalls may be let go, like what a gate holds. */
const isStalled = ({ conditions }: EnvironmentStatus): boolean =>
  isTrue(conditions, "Stalled") && !isHeld(conditions);

type Wanted = (status: EnvironmentStatus) => boolean;

function readWanted(word: string): Wanted {
  const isReady: Wanted = ({ conditions }) => isTrue(conditions, "Ready");
  if (word === "ready") return isReady;
  if (word !== "healthy") throw new UsageError(`Wait --for ready or healthy, not "${word}".`);
  return (status) => isReady(status) && isTrue(status.conditions, "Healthy");
}

/** What a person has just let go is still held until the controller has looked at it. */
const heldMilliseconds = 15_000;

/** The status once it is as wanted, stalled or held for long, else as it is at the deadline. */
async function settled(
  { application, environment }: Place,
  wanted: Wanted,
  { deadline, statuses }: { readonly deadline: number; readonly statuses: Statuses },
): Promise<EnvironmentStatus | undefined> {
  let freeAt = Date.now();
  for (;;) {
    const status = await statuses.readEnvironment(application, environment);
    if (status === undefined || !isHeld(status.conditions)) freeAt = Date.now();
    const isHeldLong = Date.now() >= freeAt + heldMilliseconds;
    if (status !== undefined && (wanted(status) || isHeldLong || isStalled(status))) return status;
    if (Date.now() >= deadline) return status;
    await setTimeout(500);
  }
}
