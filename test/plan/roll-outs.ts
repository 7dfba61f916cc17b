import type { Rules, Vote } from "../../src/model/gates.ts";
import { type EnvironmentRecord, emptyRecord } from "../../src/model/record.ts";
import { noRequests, type RequestSet } from "../../src/model/requests.ts";
import type { Comparison } from "../../src/plan/comparison.ts";
import { type RollOut, rollOutOf } from "../../src/plan/roll-out.ts";
import type { Unit } from "../../src/plan/units.ts";
import { brief, stackIn, unitOf } from "./situations.ts";

// One environment under any gates, for what becomes of its roll-out.

export const now = "2026-01-02T00:00:00.000Z";
const target = { account: "123456789012", region: "eu-west-1" };

export interface Gated {
  /** As `trueup.yaml` says now; undefined: nobody is asked. */
  readonly required?: number;
  readonly expiresSeconds?: number;
  /** As it was let through last. */
  readonly requiredBefore?: number;
  readonly floor?: number;
  readonly requests?: Partial<RequestSet>;
  readonly record?: Partial<EnvironmentRecord>;
  readonly votes?: readonly Vote["verdict"][];
  readonly revision?: string;
  readonly windows?: Rules["settings"]["windows"];
}

/** One unit beside what is there, before anybody has voted. */
export function comparisonOf(unit: Unit, gated: Gated = {}): Comparison {
  const { expiresSeconds, floor, record, requests, required, requiredBefore, windows = [] } = gated;
  const rule = (count: number | undefined) =>
    count === undefined ? undefined : { required: count, expiresSeconds };
  const settings = { approval: rule(required), target, windows };
  const before = requiredBefore === undefined ? {} : { approval: rule(requiredBefore) };
  return {
    key: "shop/dev",
    desired: {
      bundle: { digest: "b".repeat(64), target, stacks: [] },
      revision: gated.revision ?? "r1",
      consents: [],
      rules: { settings, floor: rule(floor), approvers: [], windows: [] },
      pruneMax: 1,
      deadlines: { plan: 300, execute: 3600, stabilise: 1800 },
    },
    observed: {
      units: [unit],
      changeSets: new Map(),
      leaving: [],
      templates: new Map(),
      underWay: new Map(),
      foreign: new Map(),
      ids: new Map(),
      drifts: new Map(),
      detections: {},
    },
    record: { ...emptyRecord, settings: { ...settings, ...before }, ...record },
    requests: { ...noRequests, ...requests },
    consents: [],
    unmet: [],
    votes: [],
    now,
  };
}

/** Votes are for the plan that is offered, since yesterday. */
export function rollOutOfOne(unit: Unit, gated: Gated = {}): RollOut {
  const comparison = comparisonOf(unit, gated);
  const proposed = rollOutOf(comparison);
  if (gated.votes === undefined) return proposed;
  const { digest } = proposed.plan;
  const offered = { digest, at: "2026-01-01T00:00:00.000Z", requestedAt: undefined };
  const votes = gated.votes.map((verdict, index) => ({
    verdict,
    digest,
    reason: "",
    user: `user${index}`,
    at: "2026-01-01T12:00:00.000Z",
  }));
  return rollOutOf({ ...comparison, record: { ...comparison.record, offered }, votes });
}

/** What differs from one unit that is asked for and held by nothing. */
export interface Here {
  readonly unit?: Unit;
  readonly desired?: Partial<Comparison["desired"]>;
  readonly observed?: Partial<Comparison["observed"]>;
  readonly others?: Partial<Omit<Comparison, "desired" | "observed">>;
}

export const differing = unitOf(stackIn("UPDATE_COMPLETE"));
export const deployed = unitOf(stackIn("UPDATE_COMPLETE"), true);

export function rolled({ unit = differing, desired, observed, others }: Here): RollOut {
  const all = comparisonOf(unit);
  return rollOutOf({
    ...all,
    ...others,
    desired: { ...all.desired, ...desired },
    observed: { ...all.observed, ...observed },
  });
}

/** The same with somebody's vote for the plan. */
export function approved(here: Here): RollOut {
  const { digest } = rolled(here).plan;
  const at = "2026-01-01T12:00:00.000Z";
  const offered = { digest, at, requestedAt: undefined };
  const vote: Vote = { verdict: "approved", digest, reason: "", user: "ann", at };
  const record = { ...(here.others?.record ?? emptyRecord), offered };
  return rolled({ ...here, others: { ...here.others, record, votes: [vote] } });
}

export const writes = ({ steps }: RollOut) => steps.map(({ kind, unit }) => `${kind} ${unit}`);
export const verdictsOf = ({ verdicts }: RollOut) =>
  verdicts.map((one) => `${one.unit} ${brief(one)}`);
