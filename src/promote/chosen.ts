import type { Promotion } from "../model/requests.ts";
import type { Verified } from "../model/verification.ts";
import { latest } from "./latest.ts";

/** What a person chose to be taken from the environment before, as it was when that was asked. */
export interface Chosen {
  /** The proof: what was verified of it. */
  readonly verified: Verified;
  /** Whether newer ones were verified by then: then those that come after wait as well. */
  readonly passesOver: boolean;
}

/** Undefined: the environment before has not verified it, as far as its newest verdicts tell. */
export function chosenFrom(
  { at, revision }: Promotion,
  before: readonly Verified[],
): Chosen | undefined {
  const passed = latest(before).filter(({ verdict }) => verdict === "passed");
  const index = passed.findIndex((one) => one.revision === revision);
  const verified = passed[index];
  if (verified === undefined) return undefined;
  const newer = new Set(passed.slice(0, index).map((one) => one.revision));
  const passesOver = before.some(
    (one) => newer.has(one.revision) && one.verdict === "passed" && one.at <= at,
  );
  return { verified, passesOver };
}
