import { apart, outputNamed } from "../link/packs.ts";
import type { DesiredStack, ParameterValue } from "../model/bundle.ts";
import { answers, type Deployed } from "./diff.ts";
import { differences, surer } from "./diff-compare.ts";
import { evaluatedOutput, type Parameters } from "./diff-values.ts";

/**
 * What a stack's outputs will be after its roll-out, as far as can be said before it: today's
 * value where nothing that it is made of changes, a text that equals no value where it surely
 * will be another, and the output's own name where it may be. With it the plan of a stack that
 * imports from this one sees what this one's roll-out does to it. By the names that parameters have.
 */
export function outputsAfter(
  stack: DesiredStack,
  parameters: Parameters,
  deployed: (Deployed & { readonly outputs: Readonly<Record<string, string>> }) | undefined,
): Readonly<Record<string, ParameterValue>> {
  const outputs = apart(stack.template.Outputs);
  const names = [...outputs.keys()];
  if (deployed === undefined) {
    return Object.fromEntries(names.map((name) => [name, another(stack, name)]));
  }
  const before = apart(deployed.template.Outputs);
  const answer = answers(stack, parameters, deployed);
  const after = names.map((name): readonly [string, ParameterValue] => {
    const certainty = differences(
      evaluatedOutput(before.get(name), deployed.template, deployed.parameters),
      evaluatedOutput(outputs.get(name), stack.template, parameters),
    )
      .map((difference) => difference.asks.map(answer).reduce(surer, difference.certainty))
      .reduce(surer, "no");
    const today = outputNamed(deployed.outputs, name);
    if (today === undefined || certainty === "yes") return [name, another(stack, name)];
    return [name, certainty === "no" ? today : { output: [stack.unit, name] }];
  });
  return Object.fromEntries(after);
}

const another = ({ unit }: DesiredStack, name: string): string => `{${unit}.${name}}`;
