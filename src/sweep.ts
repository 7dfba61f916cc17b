import type { Loops } from "./loops.ts";
import { parseKey } from "./model/key.ts";
import { inParallel } from "./parallel.ts";
import type { Ports } from "./ports/ports.ts";

/** Keys looked at together, and how long all looking may take, in milliseconds. */
const width = 16;
const longest = 40_000;

/**
 * Of some keys those with anything to do: a pass over each, in a world that cannot be written to, that
 * wanted to write. What there is no time to look at, and what cannot be looked at, is for its own pass.
 */
export async function dueOf(
  keys: readonly string[],
  ports: Ports,
  loops: Loops,
): Promise<readonly string[]> {
  const end = Date.parse(ports.clock.now()) + longest;
  const due = await inParallel(keys, width, async (key) => {
    const isLate = Date.parse(ports.clock.now()) >= end;
    return isLate || (await wantsToWrite(key, ports, loops)) ? [key] : [];
  });
  return due.flat();
}

async function wantsToWrite(text: string, ports: Ports, loops: Loops): Promise<boolean> {
  const key = parseKey(text);
  if (key === undefined) return false;
  let wanted = false;
  const watched = readOnly(ports, () => {
    wanted = true;
  });
  try {
    await ("environment" in key
      ? loops.reconcile(key.application, key.environment, watched)
      : loops.automate(key.application, watched));
    return wanted;
  } catch {
    return true;
  }
}

/** What only looks, by port. All else, and whatever a port learns to do, is a write. */
const reads: { readonly [P in keyof Ports]?: readonly string[] } = {
  artifacts: ["read"],
  clock: ["now"],
  leases: ["list", "read"],
  images: ["find", "index", "list", "scan"],
  pullRequests: ["find", "isGuarded", "state"],
  records: ["keys", "read"],
  registrations: ["list", "read"],
  requests: ["read", "consents", "votes"],
  verdicts: ["newest"],
  sources: ["blob", "dates", "message", "refs", "tip", "tree"],
  stacks: [
    "changeSet",
    "describe",
    "drift",
    "failures",
    "ids",
    "inventory",
    "services",
    "template",
    "underWay",
  ],
  statuses: ["readApplication", "readEnvironment"],
  stored: ["read"],
};

/** One for all looks: nobody asks where in a look it was. */
const inALook = new Error("Nothing is written in a look.");

function readOnly(ports: Ports, onWrite: () => void): Ports {
  const refuse = () => {
    onWrite();
    throw inALook;
  };
  const only = <T extends object>(port: T, names: readonly string[] = []): T =>
    new Proxy(port, {
      get: (target, name) => (names.includes(String(name)) ? Reflect.get(target, name) : refuse),
    });
  const made: Partial<Record<keyof Ports, unknown>> = {
    home: ports.home,
    log: () => undefined,
    stacks: (target: Parameters<Ports["stacks"]>[0]) => only(ports.stacks(target), reads.stacks),
    secrets: (target: Parameters<Ports["secrets"]>[0]) => only(ports.secrets(target), ["isThere"]),
    // What is to be looked up has not been, so there is something to do.
    lookups: () => only({}),
  };
  return new Proxy(ports, {
    get: (target, name) => {
      const port = name as keyof Ports;
      if (made[port] !== undefined) return made[port];
      const value: unknown = Reflect.get(target, port);
      return typeof value === "object" && value !== null ? only(value, reads[port]) : refuse;
    },
  });
}
