import { type EnvironmentStatus, isTrue } from "../model/status.ts";
import type { Conclusion } from "./conclude.ts";

/** One of several that an environment has; without a status nothing has been said of it yet. */
interface Instance {
  readonly name: string;
  readonly status: EnvironmentStatus | undefined;
}

/** Why an instance moves whose lease is over: it is being deleted, or should have been for long. */
export const goingAway = "TearingDown";
export const overdue = "Overdue";

/** What the instances of an environment come to. */
export function overall(instances: readonly Instance[]): Conclusion {
  const stalled = instances.filter(({ status }) => isStalled(status));
  const held = instances.filter(({ status }) => isHeld(status));
  const moving = instances.filter(
    (one) => !isReady(one.status) && !stalled.includes(one) && !held.includes(one),
  );
  if (moving.length > 0) {
    const late = moving.filter(({ status }) => stateOf(status) === overdue);
    const going = moving.filter(({ status }) => stateOf(status) === goingAway);
    const coming = moving.filter((one) => !late.includes(one) && !going.includes(one));
    const parts = { "Not deleted in time": late, "On their way": coming, "Being deleted": going };
    const message = Object.entries(parts)
      .filter(([, some]) => some.length > 0)
      .map(([what, some]) => `${what}: ${namesOf(some)}.`)
      .join(" ");
    return { state: "reconciling", reason: late.length > 0 ? overdue : "Progressing", message };
  }
  if (stalled.length > 0) {
    const message = `Stalled: ${namesOf(stalled)}.`;
    return { state: "stalled", reason: "InstanceStalled", message };
  }
  if (held.length > 0) return { state: "held", reason: "Held", message: `Held: ${namesOf(held)}.` };
  const none = instances.length === 0;
  const message = none ? "There is nothing to follow." : "All are as they should be.";
  return { state: "ready", reason: "Deployed", message };
}

export const isReady = (status: EnvironmentStatus | undefined): boolean =>
  status !== undefined && isTrue(status, "Ready");

/** The word for where an instance stands. */
export const stateOf = (status: EnvironmentStatus | undefined): string =>
  status?.conditions.find(({ type }) => type === "Ready")?.reason ?? "Waiting";

/** How an instance stands that is there for one revision, as far as its lease depends on it. */
export function standingOf(
  status: EnvironmentStatus | undefined,
  revision: string,
): "moving" | "ready" | "verified" | "failed" {
  if (status?.revision.desired !== revision) return "moving";
  const verdict = status.conditions.find(({ type }) => type === "Verified")?.status;
  if (verdict === "True") return "verified";
  if (verdict === "False" || isStalled(status)) return "failed";
  return isReady(status) ? "ready" : "moving";
}

/** A person has to say something about this one: it is stalled, or its plan is to be approved. */
export const isUndecided = (status: EnvironmentStatus | undefined): boolean =>
  isStalled(status) ||
  status?.conditions.some((one) => one.type === "Approved" && one.status === "False") === true;

const isStalled = (status: EnvironmentStatus | undefined): boolean =>
  status !== undefined && isTrue(status, "Stalled");

/** It waits for people or for the clock: nothing of it moves until it says so itself. */
const isHeld = (status: EnvironmentStatus | undefined): boolean =>
  status !== undefined &&
  status.conditions.length > 0 &&
  !isReady(status) &&
  !isStalled(status) &&
  !isTrue(status, "Reconciling");

const namesOf = (instances: readonly Instance[]): string =>
  instances.map(({ name }) => name).join(", ");
