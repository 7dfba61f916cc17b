import { setTimeout } from "node:timers/promises";
import type { LedgerEntry } from "../model/ledger.ts";
import { registered } from "./applications.ts";
import { type Connection, connect } from "./connection.ts";
import { explained } from "./explained.ts";
import { renderEntry } from "./history.ts";
import { refuseUnknown } from "./known.ts";
import { readArguments, readDuration, readPlace, refuseMore, UsageError } from "./usage.ts";
import type { Io, Verb } from "./verb.ts";

/** What happened, of everything, one application or one environment; with `--watch` what happens. */
export const events: Verb = {
  name: "events",
  summary: "show what happens, of everything or of one environment",
  usage:
    "trueup events [APP[/ENV]] [-n COUNT] [--json]  |  trueup events [APP[/ENV]] --watch [--timeout D]",

  async run(args, io) {
    const { positionals, values } = readArguments(args, {
      count: { type: "string", short: "n", default: "20" },
      json: { type: "boolean" },
      timeout: { type: "string" },
      watch: { type: "boolean" },
    });
    if (!/^[1-9]\d{0,3}$/.test(values.count)) {
      throw new UsageError(`"${values.count}" is no count: write 1 to 9999.`);
    }
    if (values.watch === true && values.json === true) {
      throw new UsageError("--watch goes on, and --json is one document: one of them.");
    }
    refuseMore(positionals, 1);
    const [what] = positionals;
    const most = values.timeout === undefined ? Infinity : readDuration(values.timeout);
    const connection = await connect(io);
    const read = () => happened(what, Number(values.count), connection);
    const found = await read();
    if (values.json === true) {
      io.out(JSON.stringify(found.map(({ entry, key }) => ({ key, ...entry }))));
      return 0;
    }
    for (const one of found) io.out(line(one));
    if (values.watch !== true) return 0;
    await watch(read, { end: Date.now() + most, io, told: new Set(found.map(line)) });
    return 0;
  },
};

interface Watching {
  /** In milliseconds since the epoch. */
  readonly end: number;
  readonly io: Io;
  /** Lines that were told already. */
  readonly told: Set<string>;
}

/** Tells what comes, until then. What cannot be read now may be the next time, and is told once. */
async function watch(
  read: () => Promise<readonly Happened[]>,
  { end, io, told }: Watching,
): Promise<void> {
  let last = "";
  const fails = (error: unknown): readonly Happened[] => {
    const why = explained(error, events, io).join("\n");
    if (why !== last) io.err(why);
    last = why;
    return [];
  };
  while (Date.now() < end) {
    await setTimeout(2000);
    const found = await read().catch(fails);
    for (const one of found.filter((other) => !told.has(line(other)))) {
      told.add(line(one));
      io.out(line(one));
    }
  }
}

interface Happened {
  /** `app/env` or `app/env.instance`. */
  readonly key: string;
  readonly entry: LedgerEntry;
}

const line = ({ entry, key }: Happened): string => `${key}  ${renderEntry(entry)}`;

/** The newest, the oldest of them first. */
async function happened(
  what: string | undefined,
  most: number,
  { people, ports }: Connection,
): Promise<readonly Happened[]> {
  const each = await Promise.all(
    (await keysOf(what, ports)).map(async (key) => {
      const [application = "", environment = ""] = key.split("/");
      const entries = await people.history(application, environment, most);
      return entries.map((entry) => ({ key, entry }));
    }),
  );
  const all = each.flat();
  if (all.length === 0 && what?.includes("/")) await refuseUnknown(readPlace([what]), ports);
  return all
    .sort((a, b) => (a.entry.at < b.entry.at ? -1 : Number(a.entry.at > b.entry.at)))
    .slice(-most);
}

/** Every environment and instance that anything is remembered of. */
async function keysOf(
  what: string | undefined,
  { records, registrations }: Connection["ports"],
): Promise<readonly string[]> {
  if (what?.includes("/")) return [what];
  const wanted = await registered(what, { registrations });
  const keys = await Promise.all(wanted.map(({ application }) => records.keys(application)));
  return keys.flat().sort();
}
