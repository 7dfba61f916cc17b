import { stackDigest, stampOutput } from "../../src/link/digests.ts";
import type { DesiredStack } from "../../src/model/bundle.ts";
import type { ObservedStack } from "../../src/model/observed.ts";
import { type Laid, type Unit, unitsOf } from "../../src/plan/units.ts";
import { stackIn } from "./situations.ts";

// Two stacks, of which one takes something of the other.

export const target = { account: "123456789012", region: "eu-west-1" };
export const queue = { Type: "AWS::SQS::Queue" };

/** A base that gives its queue, and a family that takes it. */
export const base: DesiredStack = {
  name: "app-base",
  unit: "base",
  template: {
    AWSTemplateFormatVersion: "2010-09-09",
    Resources: { Jobs: queue },
    Outputs: { JobsRef: { Value: { Ref: "Jobs" } } },
  },
  parameters: {},
  tags: {},
  capabilities: [],
  dependsOn: [],
  origins: {},
};

export const web: DesiredStack = {
  ...base,
  name: "app-web",
  unit: "s-web",
  template: {
    AWSTemplateFormatVersion: "2010-09-09",
    Resources: { Web: { Type: "AWS::ECS::Service", Properties: { Name: { Ref: "JobsRef" } } } },
    Parameters: { JobsRef: { Type: "String" } },
  },
  parameters: { JobsRef: { output: ["base", "JobsRef"] } },
  dependsOn: ["base"],
};

export const digestOfBase = stackDigest(base, {}, target);
export const digestOfWeb = stackDigest(web, { JobsRef: "jobs" }, target);

export const baseIn = (status: string, changes: Partial<ObservedStack> = {}): ObservedStack =>
  stackIn(status, {
    name: base.name,
    id: "arn:base",
    outputs: { JobsRef: "jobs", [stampOutput]: digestOfBase },
    ...changes,
  });

export const webIn = (status: string, changes: Partial<ObservedStack> = {}): ObservedStack =>
  stackIn(status, {
    name: web.name,
    id: "arn:web",
    outputs: { [stampOutput]: digestOfWeb },
    parameters: { JobsRef: "jobs" },
    ...changes,
  });

export const laid = (
  stacks: Readonly<Record<string, ObservedStack | undefined>>,
  more: Partial<Laid> = {},
): readonly Unit[] =>
  unitsOf({
    bundle: { digest: "b", target, stacks: [base, web] },
    stacks: new Map(Object.entries(stacks)),
    templates: new Map(),
    touched: new Map(),
    again: new Map(),
    isRunning: true,
    ...more,
  });

export const one = (unit: string, ...of: Parameters<typeof laid>) => {
  const found = laid(...of).find(({ goal }) => goal.unit === unit);
  if (found === undefined) throw new Error(`There is no ${unit}.`);
  return found;
};
