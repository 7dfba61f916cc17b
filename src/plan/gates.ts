import {
  type ApprovalRule,
  type Gate,
  type Rules,
  type Settings,
  stricter,
} from "../model/gates.ts";
import type { EnvironmentRecord } from "../model/record.ts";
import { inForce, type RequestSet } from "../model/requests.ts";
import { isSameJson } from "../model/same.ts";
import type { Window } from "../model/window.ts";
import { mayGoOn, windowVerdict } from "./windows.ts";

/**
 * What people's requests keep from going on; empty: nothing. A request that is there but cannot be
 * read holds too: it was meant to say something.
 */
export function requestGates(requests: RequestSet, now: string): readonly Gate[] {
  const suspended = inForce(requests.suspended, now);
  const held = (message: string): Gate => ({ reason: "Suspended", message });
  const unread = Object.entries(requests.broken).map(([leaf, what]) =>
    held(`${leaf} cannot be read: ${what}`),
  );
  return suspended === undefined ? unread : [held(`suspended: ${suspended.reason}`), ...unread];
}

/**
 * What windows keep from going on: those of the registration, of the settings that were let through
 * last, and of the file now, of which each has to be open. What began while they were may go on
 * where they say so.
 */
export function windowGates(
  { settings, windows }: Rules,
  {
    intent,
    now,
    record,
  }: {
    readonly intent: string;
    readonly now: string;
    readonly record: Pick<EnvironmentRecord, "began" | "settings">;
  },
): readonly Gate[] {
  const lists = [...windows, record.settings?.windows ?? [], settings.windows];
  const verdict = windowVerdict(lists, now);
  if (verdict.open) return [];
  const { began } = record;
  if (began?.bundle === intent && mayGoOn(lists, { began: began.at, now })) return [];
  const { because, opens } = verdict;
  const message = opens === undefined ? because : `${because}: will apply at ${opens}`;
  return [{ reason: "WindowClosed", message, opens }];
}

/** Whether windows let something pass that they kept before. */
export const widened = (before: readonly Window[], now: readonly Window[]): boolean => {
  const has = (windows: readonly Window[], one: Window) =>
    windows.some((other) => isSameJson(other, one));
  const of = (windows: readonly Window[], kind: Window["kind"]) =>
    windows.filter((window) => window.kind === kind);
  const [was, is] = [of(before, "allow"), of(now, "allow")];
  return (
    !of(before, "deny").every((window) => has(now, window)) ||
    (was.length > 0 && (is.length === 0 || !is.every((window) => has(was, window))))
  );
};

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
  const keys = [
    "account",
    "region",
    "role",
    "externalId",
    "cloudFormationRole",
    "permissionsBoundary",
  ] as const;
  const moved = keys.flatMap((key) => {
    const [from = "none", to = "none"] = [before.target[key], settings.target[key]];
    return from === to ? [] : [`target.${key}: ${from} → ${to}`];
  });
  return [
    ...(opens ? [`approval: ${was} → ${will}`] : []),
    ...(widened(before.windows, settings.windows) ? ["windows: fewer or wider"] : []),
    ...moved,
  ];
}

function words(rule: ApprovalRule | undefined): string {
  if (rule === undefined) return "none";
  const { expiresSeconds, required } = rule;
  return expiresSeconds === undefined ? `${required}` : `${required} within ${expiresSeconds}s`;
}
