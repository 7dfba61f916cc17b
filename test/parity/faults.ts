import type { Template, Value } from "../../src/model/template.ts";
import { faultsOf } from "../../src/sandbox/cloudformation/schema.ts";
import type { Properties, Value as Registered } from "../../src/sandbox/cloudformation/state.ts";
import { checkTemplate } from "../../src/sandbox/cloudformation/templates/check.ts";
import { intrinsicOf } from "../../src/sandbox/cloudformation/templates/references.ts";

/**
 * What CloudFormation and its registry would find wrong with a template: structure, references,
 * types, attributes; properties that are unknown, missing, misshapen or not of the values allowed.
 */
export function faultsIn(template: Template): readonly string[] {
  const { Resources } = template;
  const structure = attempt(() => checkTemplate(template as unknown as Registered));
  const properties = Object.entries(Resources).flatMap(([id, { Properties: given = {}, Type }]) =>
    faultsOf(Type, known(given as Value) as Properties).map((fault) => `${id} (${Type}): ${fault}`),
  );
  return [...structure, ...properties];
}

function attempt(check: () => unknown): readonly string[] {
  try {
    check();
    return [];
  } catch (error) {
    return [(error as Error).message];
  }
}

/** What only CloudFormation knows the value of stands as a dynamic reference, which fits any type. */
function known(value: Value): Value {
  if (Array.isArray(value)) return value.filter((item) => !isNothing(item)).map(known);
  if (typeof value !== "object" || value === null) return value;
  if (intrinsicOf(value as Registered) !== undefined) return "{{resolve:by:CloudFormation}}";
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => !isNothing(item as Value))
      .map(([key, item]) => [key, known(item as Value)]),
  );
}

const isNothing = (value: Value): boolean => JSON.stringify(value) === '{"Ref":"AWS::NoValue"}';
