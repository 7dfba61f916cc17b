import type { Gate } from "../model/gates.ts";
import type { Hold } from "../model/requests.ts";
import type { Condition, ConditionType } from "../model/status.ts";
import type { Conclusion } from "./conclude.ts";
import type { Drifted } from "./drift.ts";
import type { Health } from "./health.ts";

/** What somebody said of the plan, or of what is deployed, as a condition. */
export interface Said {
  readonly status: Condition["status"];
  readonly reason: string;
  readonly message: string;
}

/** Everything that conditions are derived from. */
export interface Standing {
  readonly conclusion: Conclusion;
  readonly gates: readonly Gate[];
  /** Undefined: nobody was asked, or nobody had to be. */
  readonly approved?: Said | undefined;
  /** A revision that is held instead of following the branch. */
  readonly hold?: Hold | undefined;
  /** A revision that a person chose, for which newer ones wait. */
  readonly chosen?: Hold | undefined;
  /** Why newer revisions are passed over, in words, and the newest of them. */
  readonly goesBack?: { readonly reason: string; readonly from: string } | undefined;
  /** Undefined: not looked at this time, so what was said last still stands. */
  readonly health?: Health | undefined;
  /** Undefined: not looked at, so what was said of this very revision still stands. */
  readonly verified?: Said | undefined;
  readonly revision: string;
  /** How what is deployed is not what was deployed; undefined: not that anybody knows. */
  readonly drift?: Drifted | undefined;
  /** Those published last: `since` moves only when a status changes. */
  readonly previous: readonly Condition[];
  readonly now: string;
}

/**
 * Conditions as kstatus reads them: `Reconciling` and `Stalled` are there only while true, and
 * contradictions cannot be written down.
 */
export function conditionsOf(standing: Standing): readonly Condition[] {
  const { approved, chosen, conclusion, gates, hold } = standing;
  const { message, reason, state } = conclusion;
  const conditions = [
    condition(standing, "Ready", state === "ready" ? "True" : "False", conclusion),
  ];
  if (state === "reconciling")
    conditions.push(condition(standing, "Reconciling", "True", conclusion));
  if (state === "stalled")
    conditions.push(condition(standing, "Stalled", "True", { reason, message }));
  const [gate] = gates;
  if (gate !== undefined) {
    const held = { reason: gate.reason, message: gates.map((one) => one.message).join("; ") };
    conditions.push(condition(standing, "Held", "True", held));
  } else if (hold !== undefined) {
    const held = { reason: "RevisionHeld", message: `At ${hold.revision}: ${hold.reason}` };
    conditions.push(condition(standing, "Held", "True", held));
  } else if (standing.goesBack !== undefined) {
    const { from: revision, reason: message } = standing.goesBack;
    const held = { reason: "VerificationFailed", message };
    conditions.push(condition({ ...standing, revision }, "Held", "True", held));
  } else if (chosen !== undefined) {
    const held = { reason: "RevisionChosen", message: `At ${chosen.revision}: ${chosen.reason}` };
    conditions.push(condition(standing, "Held", "True", held));
  }
  const { drift } = standing;
  if (drift !== undefined) conditions.push(condition(standing, "Drifted", drift.status, drift));
  if (approved !== undefined) {
    conditions.push(condition(standing, "Approved", approved.status, approved));
  }
  return [...conditions, ...healthy(standing), ...verified(standing)];
}

function verified(standing: Standing): readonly Condition[] {
  const { previous, revision, verified: said } = standing;
  if (said !== undefined) return [condition(standing, "Verified", said.status, said)];
  return previous.filter(
    ({ observedRevision, type }) => type === "Verified" && observedRevision === revision,
  );
}

function healthy(standing: Standing): readonly Condition[] {
  const { health, previous } = standing;
  if (health !== undefined) return [condition(standing, "Healthy", health.status, health)];
  return previous.filter(({ type }) => type === "Healthy");
}

function condition(
  { now, previous, revision }: Standing,
  type: ConditionType,
  status: Condition["status"],
  { message, reason }: Pick<Conclusion, "message" | "reason">,
): Condition {
  const before = previous.find((other) => other.type === type);
  const since = before?.status === status ? before.since : now;
  return { type, status, reason, message, since, observedRevision: revision };
}
