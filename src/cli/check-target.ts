import type { Bundle, Target } from "../model/bundle.ts";
import { TerminalError } from "../model/errors.ts";
import type { Limited, Room } from "../model/quota.ts";
import { isRefused, type Refused } from "../model/refused.ts";
import { inParallel } from "../parallel.ts";
import type { Ports } from "../ports/ports.ts";
import { lackOf, limitedIn, takesOf } from "../promote/room.ts";
import { unlessRefused } from "../refused.ts";
import type { Finding } from "./findings.ts";

/** Who looks, and where. */
export interface Looking {
  readonly about: string;
  readonly ports: Ports;
  /** As logs name us in the target. */
  readonly session: string;
}

/** As `unlessRefused`, of a target whose role may be for the controller alone. */
export async function unlessClosed<T>(ask: () => Promise<T>): Promise<T | Refused> {
  try {
    return await unlessRefused(ask);
  } catch (error) {
    if (error instanceof TerminalError && closed.has(error.reason))
      return { refused: error.message };
    throw error;
  }
}

const closed: ReadonlySet<string> = new Set(["RoleNotAssumed", "WrongAccount"]);

/** Whether the caller gets into the target at all, as the role that it names. */
export async function checkTarget(
  target: Target,
  { about, ports, session }: Looking,
): Promise<Finding> {
  const said = { about, check: "target" } as const;
  const { account, region, role } = target;
  const owner = role?.split(":")[4];
  if (owner !== undefined && owner !== account) {
    const message = `${role} is a role of ${owner}, and the target is account ${account}`;
    return { ...said, outcome: "failed", message, help: "name a role of the account" };
  }
  const room = await unlessClosed(() => ports.quotas(target, session).room(stack));
  if (!isRefused(room))
    return { ...said, outcome: "ok", message: `${account} ${region}${role ? ` as ${role}` : ""}` };
  const help = "What is there is for the controller to see.";
  return { ...said, outcome: "not seen", message: room.refused, help };
}

const stack: Limited = "AWS::CloudFormation::Stack";

/** Whether the account has room for what is not there yet. */
export async function checkRoom(
  { stacks, target }: Bundle,
  { about, ports, session }: Looking,
): Promise<Finding> {
  const said = { about, check: "room" } as const;
  const found = await unlessClosed(async () => {
    const there = await inParallel(stacks, width, async ({ name }) =>
      ports.stacks(target, session).describe(name),
    );
    const takes = takesOf({ stacks: stacks.filter((_, index) => there[index] === undefined) });
    const rooms = await inParallel(limitedIn(takes), width, async (kind) => {
      const room = await ports.quotas(target, session).room(kind);
      return [kind, room] as const;
    });
    return { takes, rooms };
  });
  if (isRefused(found)) return { ...said, outcome: "not seen", message: found.refused };
  const { rooms, takes } = found;
  const known = rooms.filter((one): one is readonly [Limited, Room] => one[1] !== undefined);
  const occupied = { pending: [], region: target.region, rooms: new Map(known) };
  const lack = lackOf(takes, occupied);
  if (lack !== undefined) return { ...said, outcome: "failed", message: lack };
  const unknown = rooms.flatMap(([kind, room]) => (room === undefined ? [kind] : []));
  if (unknown.length > 0)
    return {
      ...said,
      outcome: "not seen",
      message: `how many there may be of ${unknown.join(", ")}`,
    };
  const missing = limitedIn(takes).map((kind) => `${takes[kind]} ${kind}`);
  const message =
    missing.length === 0
      ? "every stack is there"
      : `for what is not there yet: ${missing.join(", ")}`;
  return { ...said, outcome: "ok", message };
}

const width = 5;
