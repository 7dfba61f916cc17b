import { type ApprovalRule, type Rules, type Settings, stricter } from "../model/gates.ts";
import { isStanding, type RequestSet } from "../model/requests.ts";

/** One thing that keeps a roll-out from going on. */
export interface Gate {
  /** A CamelCase word that machines match on. */
  readonly reason: string;
  readonly message: string;
}

/**
 * What people's requests keep from going on; empty: nothing. A request that is there but cannot be
 * read holds too: it was meant to say something.
 */
export function requestGates({ broken, suspended }: RequestSet, now: string): readonly Gate[] {
  const held = (message: string): Gate => ({ reason: "Suspended", message });
  const unread = Object.entries(broken).map(([leaf, what]) =>
    held(`${leaf} cannot be read: ${what}`),
  );
  return suspended !== undefined && isStanding(suspended, now)
    ? [held(`suspended: ${suspended.reason}`), ...unread]
    : unread;
}

/**
 * Who has to be asked: the strictest of the registration, the settings that were let through last,
 * and what the file says now. So a push cannot open the gate that it has to pass.
 */
export const approvalRule = (
  before: Settings | undefined,
  { floor, settings }: Rules,
): ApprovalRule | undefined => [before?.approval, settings.approval].reduce(stricter, floor);

/** The gates that new settings loosen and what they change of the target, in words. */
export function loosened(before: Settings | undefined, settings: Settings): readonly string[] {
  if (before === undefined) return [];
  const was = words(before.approval);
  const will = words(settings.approval);
  const opens = words(stricter(before.approval, settings.approval)) !== will;
  const keys = ["account", "region", "role", "externalId", "cloudFormationRole"] as const;
  const moved = keys.flatMap((key) => {
    const [from = "none", to = "none"] = [before.target[key], settings.target[key]];
    return from === to ? [] : [`target.${key}: ${from} → ${to}`];
  });
  return [...(opens ? [`approval: ${was} → ${will}`] : []), ...moved];
}

function words(rule: ApprovalRule | undefined): string {
  if (rule === undefined) return "none";
  const { expiresSeconds, required } = rule;
  return expiresSeconds === undefined ? `${required}` : `${required} within ${expiresSeconds}s`;
}
