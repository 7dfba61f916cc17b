import type { DesiredStack } from "../model/bundle.ts";
import type { Template } from "../model/template.ts";

/** CloudFormation's own, of which a stack may use nine tenths: the rest is for the day it matters. */
const limits: readonly {
  readonly of: string;
  readonly most: number;
  readonly count: (template: Template) => number;
}[] = [
  { of: "resources", most: 500, count: ({ Resources }) => Object.keys(Resources).length },
  // One output is the stack's own digest.
  { of: "outputs", most: 200, count: ({ Outputs = {} }) => Object.keys(Outputs).length + 1 },
  { of: "parameters", most: 200, count: ({ Parameters = {} }) => Object.keys(Parameters).length },
  {
    of: "bytes",
    most: 1_000_000,
    count: (template) => Buffer.byteLength(JSON.stringify(template)),
  },
];

export interface Excess {
  readonly unit: string;
  readonly message: string;
}

/** What of a stack is too much for CloudFormation, or soon will be. */
export const excesses = ({ unit, template }: DesiredStack): readonly Excess[] =>
  limits.flatMap(({ of, most, count }) => {
    const used = count(template);
    if (used <= most * 0.9) return [];
    const message = `the stack ${unit} has ${used} ${of}; CloudFormation takes ${most}, and nine tenths of it are used at most`;
    return [{ unit, message }];
  });
