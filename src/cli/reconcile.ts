import { randomUUID } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import { refreshing } from "../model/requests.ts";
import type { EnvironmentStatus } from "../model/status.ts";
import type { Ports } from "../ports/ports.ts";
import { connect } from "./connection.ts";
import { refuseUnknown } from "./known.ts";
import { progress } from "./progress.ts";
import { exitStatusOf, renderStatus } from "./show.ts";
import { whenReady } from "./unread.ts";
import { type Place, readArguments, readDuration, readPlace } from "./usage.ts";
import type { Verb } from "./verb.ts";

/**
 * Asks for a reconcile now; with `--wait` shows what came of it, with `--refresh` takes anew what was
 * looked up and looks for drift.
 */
export const reconcile: Verb = {
  name: "reconcile",
  summary: "ask for a reconcile now",
  usage: "trueup reconcile APP/ENV [--refresh] [--wait] [--timeout D] [--json]",

  async run(args, io) {
    const { positionals, values } = readArguments(args, {
      json: { type: "boolean" },
      refresh: { type: "boolean" },
      timeout: { type: "string", default: "10m" },
      wait: { type: "boolean" },
    });
    const place = readPlace(positionals);
    const most = readDuration(values.timeout);
    const { ports } = await connect(io);
    await refuseUnknown(place, ports);
    const token = `${values.refresh === true ? refreshing : ""}${randomUUID()}`;
    await ports.requests.ask(place.application, place.environment, token);
    if (values.wait !== true) {
      io.out(values.json === true ? JSON.stringify({ token }) : `Asked: ${token}`);
      return 0;
    }
    const deadline = Date.now() + most;
    const { readEnvironment: read } = ports.statuses;
    const status = await answered(place, token, deadline, { read, tell: progress(io) });
    if (status === undefined) {
      io.err(
        `No answer to ${token} yet: is the controller running, and the application registered?`,
      );
      return 4;
    }
    io.out(values.json === true ? JSON.stringify(status) : renderStatus(place, status, io));
    const exit = exitStatusOf(status);
    return exit === 0 ? whenReady(place, ports, io) : exit;
  },
};

interface Watching {
  readonly read: Ports["statuses"]["readEnvironment"];
  readonly tell: (status: EnvironmentStatus | undefined) => void;
}

/** The first status that repeats the token and is no longer on its way. */
async function answered(
  { application, environment }: Place,
  token: string,
  deadline: number,
  { read, tell }: Watching,
): Promise<EnvironmentStatus | undefined> {
  for (;;) {
    const status = await read(application, environment);
    const moving = status?.conditions.some(({ type }) => type === "Reconciling");
    if (status?.requestedAt === token && moving !== true) return status;
    if (Date.now() >= deadline) return undefined;
    // Before that it is as nobody asks about any more.
    if (status?.requestedAt === token) tell(status);
    await setTimeout(500);
  }
}
