import { isStanding, type RequestSet } from "../model/requests.ts";

/**
 * What keeps a roll-out from going on, in words; empty: nothing. A request that is there but cannot
 * be read holds too: it was meant to say something.
 */
export function gatesOf({ broken, suspended }: RequestSet, now: string): readonly string[] {
  const unread = Object.entries(broken).map(([leaf, what]) => `${leaf} cannot be read: ${what}`);
  return suspended !== undefined && isStanding(suspended, now)
    ? [`suspended: ${suspended.reason}`, ...unread]
    : unread;
}
