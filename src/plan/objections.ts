import type { Riskier } from "../model/plan.ts";
import type { Objection } from "./decide.ts";
import { exceeds } from "./exceeds.ts";
import type { Forecast } from "./forecast.ts";
import { type Consent, guard } from "./guard.ts";
import type { ChangeSets } from "./units.ts";

/** Every resource of a unit's wanted change set of which it says worse than the plan. */
export function riskierOf(
  unit: string,
  stack: string,
  { foreseen, planned }: Forecast,
  changeSets: ReadonlyMap<string, ChangeSets>,
): readonly Riskier[] {
  const reported = changeSets.get(unit)?.wanted?.changes ?? [];
  return exceeds(planned, reported, foreseen).map((excess) => ({ stack, ...excess }));
}

/** What `trueup.yaml` allows. */
interface Allowing {
  readonly consents: readonly Consent[];
  /** Physical ids by logical id, where consents ask for them. */
  readonly ids: ReadonlyMap<string, string> | undefined;
  /** Whether it is an instance of which nothing is wanted any more. */
  readonly isGone: boolean;
  /** The environment, as `trueup approve` takes it. */
  readonly key: string;
  /** ISO 8601 day, UTC. */
  readonly today: string;
}

/** Addresses that others may know of what stays: of an instance that came with a branch nobody does. */
const ofItsOwn: ReadonlySet<string> = new Set(["AWS::EC2::EIP"]);

/** What stands against rolling out a unit until a person says that it may be. */
export function objectionTo(
  { origins, planned }: Forecast,
  riskier: readonly Riskier[],
  { consents, ids, isGone, key, today }: Allowing,
): Objection | undefined {
  const [worst] = riskier;
  if (worst !== undefined) {
    const message = `${worst.logicalId}: planned is "${worst.planned}", the change set says "${worst.reported}". A person may approve the plan all the same: trueup approve ${key}.`;
    return { reason: "ChangeSetRiskier", message };
  }
  const { blocked, message } = guard(planned, consents, {
    key,
    today,
    origins,
    ids,
    ...(isGone ? { let: ofItsOwn } : {}),
  });
  return blocked.length === 0 ? undefined : { reason: "DataAtRisk", message };
}
