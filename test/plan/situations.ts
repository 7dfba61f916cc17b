import type { DesiredStack } from "../../src/model/bundle.ts";
import type { ObservedChangeSet, ObservedStack } from "../../src/model/observed.ts";
import { stackClassOf } from "../../src/model/phases.ts";
import { emptyRecord } from "../../src/model/record.ts";
import type { Situation } from "../../src/plan/decide.ts";
import type { Verdict } from "../../src/plan/steps.ts";
import { type ChangeSets, changeSetPrefix, type Unit } from "../../src/plan/units.ts";

// One stack in any state, for decisions about it.

const digest = "d".repeat(64);
export const wantedName = `${changeSetPrefix(digest)}new`;
export const arnOf = (name: string) =>
  `arn:aws:cloudformation:eu-west-1:1:changeSet/${name}/u-u-i-d`;

const desired: DesiredStack = {
  name: "trueup-shop-dev-base-00000000",
  unit: "base",
  template: { AWSTemplateFormatVersion: "2010-09-09", Resources: {} },
  parameters: {},
  tags: {},
  capabilities: [],
  dependsOn: [],
  origins: {},
};

export const stackIn = (status: string, changes: Partial<ObservedStack> = {}): ObservedStack => ({
  name: desired.name,
  id: "arn:aws:cloudformation:eu-west-1:1:stack/trueup-shop-dev-base-00000000/1",
  status,
  reason: undefined,
  outputs: {},
  parameters: {},
  changeSetId: undefined,
  lastUpdated: "2026-01-01T00:00:00.000Z",
  ...changes,
});

export const changeSetIn = (
  status: string,
  executionStatus: string,
  reason?: string,
): ObservedChangeSet => ({
  id: arnOf(wantedName),
  name: wantedName,
  status,
  executionStatus,
  reason,
  description: undefined,
  changes: [],
  createdAt: "2026-01-01T00:00:00.000Z",
});

export const unitOf = (stack: ObservedStack | undefined, deployed = false): Unit => ({
  goal: desired,
  desired,
  stack,
  phase: stackClassOf(stack?.status),
  waitsFor: [],
  applied: { parameters: {}, digest, changeSet: wantedName, deployed, missing: [] },
});

/** Deployed, with resources that somebody changed and that are to be put back. */
export const driftedUnit = (stack: ObservedStack): Unit => {
  const unit = unitOf(stack);
  const again = { kind: "drift", of: "d-1" } as const;
  return { ...unit, applied: { parameters: {}, missing: [], ...unit.applied, ...drifted, again } };
};

const drifted = { digest, changeSet: wantedName, deployed: false };

export const situationOf = (unit: Unit, more: Partial<Situation> = {}): Situation => ({
  units: [unit],
  changeSets: new Map(),
  leaving: [],
  record: emptyRecord,
  revision: "r1",
  requestedAt: undefined,
  underWay: new Map(),
  fenced: false,
  objections: new Map(),
  skips: new Map(),
  keeps: new Map(),
  foreign: new Map(),
  agreed: new Set(),
  clinging: new Map(),
  awaited: new Map(),
  deadlines: { plan: 300, execute: 3600, stabilise: 1800 },
  now: "2026-01-01T00:01:00.000Z",
  ...more,
});

export const withChangeSets = (changeSets: Partial<ChangeSets>): Partial<Situation> => ({
  changeSets: new Map([["base", { wanted: undefined, older: undefined, ...changeSets }]]),
});

/** `act create-change-set`, `waiting stack`, `stalled RolledBack`: a verdict in two words. */
export const brief = (verdict: Verdict | undefined): string => {
  switch (verdict?.kind) {
    case undefined:
      return "nothing";
    case "deployed":
      return "deployed";
    case "act":
      return `act ${verdict.step.kind}`;
    case "waiting":
      return `waiting ${verdict.for}`;
    case "stalled":
      return `stalled ${verdict.reason}`;
  }
};
