import { AwsError, type Context } from "../world.ts";
import { activeResources } from "./desired.ts";
import { liveStacks } from "./directory.ts";
import { importsOf } from "./outputs.ts";
import { hasAttribute } from "./schema.ts";
import { exportOf } from "./scope.ts";
import type { Configuration, Output, Stack, Value } from "./state.ts";
import type { Scope } from "./templates/evaluate.ts";
import { referencesIn } from "./templates/references.ts";

/** What makes an operation fail before its first resource: missing exports, attributes of nothing. */
export function importProblem(configuration: Configuration, scope: Scope): string | undefined {
  const { Outputs = {}, Resources } = configuration.template;
  for (const [key, { Value }] of Object.entries(Outputs)) {
    for (const { attribute, name } of referencesIn(Value)) {
      const type = Resources[name]?.Type;
      if (attribute === undefined || type === undefined || hasAttribute(type, attribute)) continue;
      return `[Error] /Outputs/${key}/Value/Fn::GetAtt: Resource type ${type} does not support attribute {${attribute}}`;
    }
  }
  try {
    for (const name of importedBy(configuration, scope)) scope.exported(name);
  } catch (error) {
    if (error instanceof AwsError) return error.message;
    throw error;
  }
  return undefined;
}

/** The exports that the active resources and the outputs of a template read. */
export function importedBy({ template }: Configuration, scope: Scope): readonly string[] {
  const declared = activeResources(template, scope).map(([, { Properties = {} }]) => Properties);
  const outputs = Object.values(template.Outputs ?? {}).map(({ Value }) => Value);
  return [...new Set(importsOf([...declared, ...outputs] as Value, scope))];
}

/** The stacks that read an export of another one. */
export const importersOf = (name: string, context: Context): readonly string[] =>
  [...liveStacks(context).values()]
    .filter(({ imports }) => imports.includes(name))
    .map((stack) => stack.name);

/** Why a stack's new outputs cannot be: another stack exports the name, or reads the old value. */
export const exportProblem = (
  stack: Stack,
  outputs: readonly Output[],
  context: Context,
): string | undefined =>
  takenExport(stack, outputs, context) ?? usedExport(stack, outputs, context);

function takenExport(
  stack: Stack,
  outputs: readonly Output[],
  context: Context,
): string | undefined {
  for (const { exportName } of outputs) {
    const other = exportName === undefined ? undefined : exportOf(exportName, context);
    if (other !== undefined && other.stackId !== stack.id) {
      return `Export with name ${exportName} is already exported by stack ${other.stackName}`;
    }
  }
  return undefined;
}

/** An export that goes or changes while another stack reads it; without `outputs` all go. */
export function usedExport(
  stack: Stack,
  outputs: readonly Output[],
  context: Context,
): string | undefined {
  for (const { exportName, value } of stack.outputs) {
    if (exportName === undefined) continue;
    const next = outputs.find((one) => one.exportName === exportName);
    const users = next?.value === value ? [] : importersOf(exportName, context);
    if (users.length === 0) continue;
    const verb = next === undefined ? "deleted" : "updated";
    return `Export ${exportName} cannot be ${verb} as it is in use by ${users.join(" and ")}`;
  }
  return undefined;
}
