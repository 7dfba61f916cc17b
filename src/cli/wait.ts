import { setTimeout } from "node:timers/promises";
import type { EnvironmentStatus } from "../model/status.ts";
import type { Ports } from "../ports/ports.ts";
import { connect } from "./connection.ts";
import { refuseUnknown } from "./known.ts";
import { progress } from "./progress.ts";
import { hasSeen, pushedTo } from "./pushed.ts";
import { isHeld, isTrue, renderStatus } from "./show.ts";
import { whenReady } from "./unread.ts";
import { type Place, readArguments, readDuration, readPlace, UsageError } from "./usage.ts";
import type { Verb } from "./verb.ts";

/**
 * Waits until an environment is ready, or healthy too, at what was pushed last. Ends when it stalls or
 * stays held, since then it never will be by itself.
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
    const most = readDuration(values.timeout);
    const { ports } = await connect(io);
    const deadline = Date.now() + most;
    const pushed = await pushedTo(place, ports);
    const isSeen = (status: EnvironmentStatus) => hasSeen(pushed, status, place, ports);
    const tell = progress(io);
    const status = await settled(place, { wanted, isSeen, tell }, { deadline, ports });
    if (status === undefined) {
      io.err(`Nothing is known of ${positionals[0]} yet: trueup explain ${positionals[0]}.`);
      return 4;
    }
    io.out(values.json === true ? JSON.stringify(status) : renderStatus(place, status, io));
    if (wanted(status)) {
      if (await isSeen(status)) return whenReady(place, ports, io);
      io.err("That is from before the last push, which the controller has not looked at yet.");
      return 4;
    }
    if (isHeld(status.conditions)) return 3;
    return isTrue(status.conditions, "Stalled") ? 1 : 4;
  },
};

type Wanted = (status: EnvironmentStatus) => boolean;

function readWanted(word: string): Wanted {
  const isReady: Wanted = ({ conditions }) => isTrue(conditions, "Ready");
  if (word === "ready") return isReady;
  if (word !== "healthy") throw new UsageError(`Wait --for ready or healthy, not "${word}".`);
  return (status) => isReady(status) && isTrue(status.conditions, "Healthy");
}

/** What a person has just let go is still held until the controller has looked at it. */
const heldMilliseconds = 15_000;

/** What was just pushed is unknown until the controller has looked at it. */
const unseenMilliseconds = 60_000;

interface Awaited {
  readonly wanted: Wanted;
  /** Whether it is of what was pushed last. */
  readonly isSeen: (status: EnvironmentStatus) => Promise<boolean>;
  readonly tell: (status: EnvironmentStatus | undefined) => void;
}

/** The status once it is as wanted, stalled or held for long, else as it is at the deadline. */
async function settled(
  place: Place,
  { isSeen, tell, wanted }: Awaited,
  { deadline, ports }: { readonly deadline: number; readonly ports: Ports },
): Promise<EnvironmentStatus | undefined> {
  const seenBy = Math.min(deadline, Date.now() + unseenMilliseconds);
  // What the guard stalls may be let go, like what a gate holds.
  const isStuck = ({ conditions }: EnvironmentStatus): boolean =>
    isTrue(conditions, "Stalled") && !isHeld(conditions);
  const isEnd = async (status: EnvironmentStatus, now: number): Promise<boolean> =>
    (wanted(status) || isStuck(status)) &&
    ((isStuck(status) && now >= seenBy) || (await isSeen(status)));
  let freeAt = Date.now();
  for (;;) {
    const status = await ports.statuses.readEnvironment(place.application, place.environment);
    const now = Date.now();
    if (status === undefined && now >= seenBy) await refuseUnknown(place, ports);
    if (!isHeld(status?.conditions ?? [])) freeAt = now;
    if (now >= Math.min(deadline, freeAt + heldMilliseconds)) return status;
    if (status !== undefined && (await isEnd(status, now))) return status;
    tell(status);
    await setTimeout(500);
  }
}
