import type { EnvironmentRecord } from "../model/record.ts";
import { inForce, type RequestSet } from "../model/requests.ts";
import type { ConditionType, EnvironmentStatus } from "../model/status.ts";
import { endOfUntil } from "../model/time.ts";
import { isInDoubt } from "./doubt.ts";
import type { Health } from "./health.ts";
import type { RollOut } from "./roll-out.ts";
import { endOf } from "./votes.ts";

interface Moment {
  /** What was said of it last. */
  readonly before: Pick<EnvironmentStatus, "conditions"> & {
    readonly nextLook?: string | undefined;
  };
  /** ISO 8601. */
  readonly now: string;
}

interface Passed extends Moment {
  /** As it is remembered now. */
  readonly record: Pick<EnvironmentRecord, "stacks">;
  readonly requests: RequestSet;
  /** Whether drift is being looked for. */
  readonly looking: boolean;
  readonly rollOut: RollOut;
  readonly health: Health | undefined;
  /** What became of the checks, and whether they go on. */
  readonly verified: { readonly next: "again" | "later" | "rest" } | undefined;
}

/** Events wake a roll-out; this is for the event that is lost. One that is set already for as soon will do. */
const lookAgainSeconds = 120;

export function nextLook({ before, now }: Moment, after = lookAgainSeconds): string {
  const latest = seconds(Date.parse(now) + after * 1000);
  const { nextLook: set } = before;
  const isAhead = set !== undefined && Date.parse(set) > Date.parse(now);
  return isAhead && set <= latest ? set : latest;
}

/** How long is looked for what is waited for, in milliseconds: then it is left to the sweep, and nothing more is written. */
export const watched = 3_600_000;

/** The next look for what a condition tells of; undefined: it has been so for long. */
export function whileNew(type: ConditionType, moment: Moment, after?: number): string | undefined {
  const said = moment.before.conditions.find((condition) => condition.type === type);
  const isOld =
    said !== undefined &&
    (said.status === "True") !== (type === "Healthy") &&
    Date.parse(moment.now) - Date.parse(said.since) > watched;
  return isOld ? undefined : nextLook(moment, after);
}

/** What is missing or late arrives some day; this is for what nobody tells of, or nobody heard of. */
export const arrivesSeconds = 300;

const isAwaited = ({ verdicts }: RollOut): boolean =>
  verdicts.some(
    (verdict) =>
      verdict.kind === "stalled" &&
      ["DeadlineExceeded", "ImageMissing", "ImageVulnerable", "SecretMissing"].includes(
        verdict.reason,
      ),
  );

/** Nobody announces that a page answers, or that drift is known: it is asked again as soon as a wake-up can be. */
export function nextLookAfter(passed: Passed): string | undefined {
  const { health, now, rollOut, verified } = passed;
  if (verified?.next === "later" || passed.looking) return inAMinute(now);
  if (rollOut.conclusion.state === "stalled" && isAwaited(rollOut))
    return whileNew("Stalled", passed, arrivesSeconds);
  if (rollOut.conclusion.state === "reconciling") return nextLook(passed);
  if (isInDoubt(passed.record, now)) return nextLook(passed, 60);
  const waits = rollOut.gates.some(({ reason }) => reason === "NeedsUnmet");
  const soon = [
    ...(health !== undefined && health.status !== "True" ? [whileNew("Healthy", passed)] : []),
    ...(waits ? [whileNew("Held", passed)] : []),
  ].find((look) => look !== undefined);
  return soon ?? resumption(passed);
}

/** When what people asked for until some time ends. */
const endsOf = ({ hold, promotion, suspended }: RequestSet, now: string): readonly number[] =>
  [hold, promotion, suspended].flatMap((request) => {
    const until = inForce(request, now)?.until;
    return until === undefined ? [] : [endOfUntil(until)];
  });

/** When the first of it ends; undefined: none of it does. */
export function firstEnd(requests: RequestSet, now: string): string | undefined {
  const ends = endsOf(requests, now);
  return ends.length === 0 ? undefined : seconds(Math.min(...ends));
}

/** What was asked until some time, or waits until some time, is looked at again then. */
function resumption({ now, requests, rollOut }: Passed): string | undefined {
  const { approval } = rollOut;
  const offer = approval.kind === "withheld" ? endOf(approval.offer, approval.rule) : undefined;
  const opens = rollOut.gates.flatMap((gate) =>
    gate.opens === undefined ? [] : [Date.parse(gate.opens)],
  );
  const ends = [
    ...endsOf(requests, now),
    ...opens,
    ...(offer !== undefined && offer > Date.parse(now) ? [offer + 1] : []),
  ];
  return ends.length === 0 ? undefined : seconds(Math.min(...ends));
}

/** Whole seconds, rounded up, as schedules have it. */
export const seconds = (time: number): string =>
  `${new Date(Math.ceil(time / 1000) * 1000).toISOString().slice(0, 19)}Z`;

/** The least that a wake-up can be set ahead. */
export const inAMinute = (now: string): string => seconds(Date.parse(now) + 60_000);

interface Said {
  readonly nextLook?: string | undefined;
}

/** When the wake-up has to be set for that a status promises; undefined: it is, or there is none. `now`: ISO 8601. */
export function wakeUp({ nextLook: at }: Said, before: Said, now: string): string | undefined {
  const soonest = inAMinute(now);
  // One that is due so soon may have come already: whose clock is behind is woken before its time.
  if (at === undefined || (at === before.nextLook && at > soonest)) return undefined;
  return at < soonest ? soonest : at;
}
