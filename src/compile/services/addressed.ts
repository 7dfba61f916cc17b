import type { Data } from "../../compose/project.ts";
import { asList, asMapping } from "../read.ts";
import type { Path } from "../report.ts";
import type { Member } from "./family.ts";

/** A host that a service is told of, and where. */
interface Addressed {
  readonly on: string;
  readonly at: Path;
}

/**
 * The hosts that a service's environment and command name, as far as a text tells that it is one: in an
 * address (`redis://cache`), before a port (`cache:6379`), in what a driver connects with (`Server=db;…`), or
 * where a variable is called for it (`DB_HOST`).
 */
export const addressedBy = ({ environment, command }: Member["service"]): readonly Addressed[] => [
  ...Object.entries(asMapping(environment)).flatMap(([name, value]) =>
    hostsIn(value, namesHost.test(name)).map((on) => ({ on, at: ["environment", name] })),
  ),
  ...asList(command).flatMap((word) => hostsIn(word, false).map((on) => ({ on, at: ["command"] }))),
];

const namesHost = /HOST|ADDR|SERVER|ENDPOINT|BROKER|SEEDS/i;

/** A user before the host is none; a number before a colon is a time, or half of another port. */
const address =
  /:\/\/(?:[^\s/@]*@)?([A-Za-z0-9][\w.-]*)|(?<![\w.@/-])([A-Za-z][\w.-]*):\d{2,5}(?!\d)/g;

const connection = /\b(?:server|host|data source)=(?:tcp:)?([A-Za-z][\w.-]*)/gi;

function hostsIn(value: Data | undefined, isHost: boolean): readonly string[] {
  if (typeof value !== "string") return [];
  const found = [...value.matchAll(address), ...value.matchAll(connection)].map(
    ([, host, other]) => host ?? other ?? "",
  );
  return isHost ? [...found, ...value.split(/[\s,]+/)] : found;
}
