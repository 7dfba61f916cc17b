import type { Desired } from "../desired/desired.ts";
import type { Moment } from "../desired/moment.ts";
import type { EnvironmentRecord } from "../model/record.ts";
import { asksForHealth, type Health, withoutStack } from "../plan/health.ts";
import type { RollOut } from "../plan/roll-out.ts";
import type { Stacks } from "../ports/ports.ts";
import type { Observed } from "./observe.ts";
import { running } from "./running.ts";

interface Looked {
  readonly desired: Desired;
  readonly moment: Moment;
  readonly observed: Observed;
  readonly record: EnvironmentRecord;
  readonly rollOut: RollOut;
  readonly stacks: Stacks;
}

/** Undefined where nothing has settled that has not been looked at already. */
export async function lookAtHealth(looked: Looked): Promise<Health | undefined> {
  const { desired, moment, observed, record, rollOut, stacks } = looked;
  if (rollOut.conclusion.state !== "ready") return withoutStack(observed.units, record);
  if (observed.health !== undefined) return observed.health;
  return asksForHealth(moment.before, desired.bundle.digest)
    ? running(observed.units, stacks)
    : undefined;
}

/** Health that was not asked for again was good. */
export const isRunning = ({ conclusion }: RollOut, health: Health | undefined): boolean =>
  conclusion.state === "ready" && (health === undefined || health.status === "True");
