import { clockOf, type Window } from "../model/window.ts";

/** What windows say of one moment. */
export type WindowVerdict =
  | { readonly open: true }
  /** `opens`: ISO 8601; undefined: not in sight. */
  | { readonly open: false; readonly because: string; readonly opens: string | undefined };

/**
 * Whether a roll-out may begin. Each list is a gate of its own (the registration's, the
 * repository's), and all have to be open; in one list a `deny` beats every `allow`, and where there
 * is an `allow` at all, one has to be active. As Argo CD's sync windows:
 * https://argo-cd.readthedocs.io/en/stable/user-guide/sync_windows/
 *
 * @param now ISO 8601
 */
export function windowVerdict(gates: readonly (readonly Window[])[], now: string): WindowVerdict {
  const time = Date.parse(now);
  const because = gates.map((windows) => closedBy(windows, time)).find((why) => why !== undefined);
  if (because === undefined) return { open: true };
  return { open: false, because, opens: opening(gates, time) };
}

/**
 * Whether a roll-out that began while they were open may take its next step. What is under way in
 * CloudFormation is never broken off because a clock struck: it is the next stack that waits.
 */
export function mayGoOn(
  gates: readonly (readonly Window[])[],
  { began, now }: { readonly began: string; readonly now: string },
): boolean {
  return gates.every((windows) => overruns(windows, Date.parse(began), Date.parse(now)));
}

function overruns(windows: readonly Window[], began: number, now: number): boolean {
  if (closedBy(windows, now) === undefined) return true;
  if (closedBy(windows, began) !== undefined) return false;
  if (!active(windows, "deny", now).every(({ overrun }) => overrun)) return false;
  return (
    active(windows, "allow", now).length > 0 ||
    active(windows, "allow", began).every(({ overrun }) => overrun)
  );
}

/** Why a list of windows is closed at a time, in words; undefined: it is open. */
function closedBy(windows: readonly Window[], time: number): string | undefined {
  const [denied] = active(windows, "deny", time);
  if (denied !== undefined) return `denied by ${nameOf(denied)}`;
  const allows = windows.filter(({ kind }) => kind === "allow");
  if (allows.length === 0 || active(windows, "allow", time).length > 0) return undefined;
  return `outside of ${allows.map(nameOf).join(", ")}`;
}

const active = (windows: readonly Window[], kind: Window["kind"], time: number) =>
  windows.filter((window) => window.kind === kind && endOf(window, time) !== undefined);

const nameOf = ({ cron, seconds, timezone }: Window): string =>
  `"${cron}" for ${spanOf(seconds)} (${timezone})`;

const spanOf = (seconds: number): string => {
  const units = [
    ["d", 86_400],
    ["h", 3600],
    ["m", 60],
  ] as const;
  const [unit, length] = units.find(([, size]) => seconds % size === 0) ?? (["s", 1] as const);
  return `${seconds / length}${unit}`;
};

/** When the window that is active at a time ends; undefined: it is not active. */
function endOf(window: Window, time: number): number | undefined {
  const starts = clockOf(window)
    .previousRuns(2, new Date(time + 1000))
    .map((start) => start.getTime());
  const end = Math.max(...starts.filter((start) => start <= time)) + window.seconds * 1000;
  return end > time ? end : undefined;
}

/** The first moment, after a time at which they are closed, at which all are open. */
function opening(gates: readonly (readonly Window[])[], time: number): string | undefined {
  const windows = gates.flat();
  let at = time;
  // Stryker disable next-line EqualityOperator: one turn more is no other answer
  for (let turns = 0; turns < mostTurns; turns += 1) {
    at = nextTurn(windows, at);
    if (gates.every((gate) => closedBy(gate, at) === undefined)) return new Date(at).toISOString();
  }
  return undefined;
}

/** A line that comes every minute must not keep a pass busy. */
const mostTurns = 1000;

/** When next a window begins or ends. */
const nextTurn = (windows: readonly Window[], time: number): number =>
  Math.min(
    ...windows.map((window) => endOf(window, time) ?? Number.POSITIVE_INFINITY),
    ...windows.map(
      // Stryker disable next-line OptionalChaining: what never begins is refused where it is read
      (window) => clockOf(window).nextRun(new Date(time))?.getTime() ?? Number.POSITIVE_INFINITY,
    ),
  );
