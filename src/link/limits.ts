import type { DesiredStack } from "../model/bundle.ts";
import { templateText } from "./digests.ts";

/**
 * CloudFormation's own, of which nine tenths are used at most: the rest is for the day it matters.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
 */
const limits: readonly {
  readonly of: string;
  readonly most: number;
  readonly count: (stack: DesiredStack) => number;
}[] = [
  { of: "resources", most: 500, count: ({ origins }) => Object.keys(origins).length },
  // One output is the stack's own digest.
  { of: "outputs", most: 200, count: ({ template }) => sizeOf(template.Outputs) + 1 },
  { of: "parameters", most: 200, count: ({ template }) => sizeOf(template.Parameters) },
  {
    of: "bytes",
    most: 1_000_000,
    count: ({ template }) => bytesOf(templateText(template)),
  },
];

/** Of an account in a region, which the environment may well have for itself. */
const mostStacks = 2000;

export interface Excess {
  /** Undefined: the environment as a whole. */
  readonly unit: string | undefined;
  readonly message: string;
  readonly help: string;
}

/** What is too much for CloudFormation, or soon will be, and the way out. */
export const excesses = (stacks: readonly DesiredStack[]): readonly Excess[] => [
  ...stacks.flatMap(excessesOf),
  ...(stacks.length <= nineTenths(mostStacks)
    ? []
    : [
        {
          unit: undefined,
          message: `${stacks.length} stacks ${tooMany(mostStacks)}`,
          help: "Run some of the services in one family (the label ecs.task.family), or in an application of their own.",
        },
      ]),
];

/** How much of one of CloudFormation's limits a stack takes. */
export interface Share {
  readonly unit: string;
  readonly of: string;
  readonly used: number;
  readonly most: number;
}

/** What comes nearest to a limit; undefined: there are no stacks. */
export const nearestToLimit = (stacks: readonly DesiredStack[]): Share | undefined =>
  stacks
    .flatMap((stack) =>
      limits.map(({ count, most, of }) => ({ unit: stack.unit, of, used: count(stack), most })),
    )
    .sort((a, b) => b.used / b.most - a.used / a.most)[0];

const sizeOf = (section: object = {}): number => Object.keys(section).length;

/** As many as there may be where that is far too few to matter: counting takes a walk. */
const bytesOf = (text: string): number =>
  // Stryker disable next-line all: it saves the walk, and changes nothing
  text.length < 100_000 ? text.length * 3 : Buffer.byteLength(text);

const excessesOf = (stack: DesiredStack): readonly Excess[] =>
  limits.flatMap(({ of, most, count }) => {
    const used = count(stack);
    if (used <= nineTenths(most)) return [];
    const { unit } = stack;
    const message = `the stack ${unit} has ${used} ${of} ${tooMany(most)}`;
    return [{ unit, message, help: wayOut(unit) }];
  });

const nineTenths = (most: number): number => most * 0.9;

const tooMany = (most: number): string =>
  `where CloudFormation takes ${most}, of which nine tenths are used at most`;

function wayOut(unit: string): string {
  switch (unit) {
    case "all":
      return "Use layout: per-service, which gives each service a stack of its own.";
    case "base":
      return "Give some of the services and what they use an application of their own; parameters in trueup.yaml (VpcId, ClusterName, …) let both share a network.";
    case "watch":
      return "Give some of the dashboards and alarms an application of their own.";
    default:
      return "Run some of its services as a family of their own (the label ecs.task.family).";
  }
}
