import type { Context } from "../world.ts";
import { liveStacks } from "./directory.ts";
import { invalid } from "./errors.ts";
import { type Configuration, type Properties, type Resource, stateOf } from "./state.ts";
import { evaluate, holds, type Scope } from "./templates/evaluate.ts";
import { referencesIn } from "./templates/references.ts";

/** What the functions of a stack's template see; `resource`: undefined while it is not known. */
export function scopeOf(
  configuration: Configuration,
  stack: { readonly id: string; readonly name: string },
  resource: (logicalId: string) => Resource | undefined,
  context: Context,
): Scope {
  const { parameters, template } = configuration;
  return {
    template,
    parameters,
    pseudo: pseudoParameters(configuration, stack, context),
    zones: (stateOf(context).zones ?? ["a", "b", "c"]).map(
      (letter) => `${context.region}${letter}`,
    ),
    resource: (logicalId) => {
      const found = resource(logicalId);
      return found === undefined
        ? undefined
        : {
            physicalId: found.physicalId,
            attributes: { ...found.properties, ...found.attributes },
          };
    },
    exported: (name) => exportOf(name, context)?.value ?? missingExport(name),
  };
}

const pseudoParameters = (
  { notificationArns }: Configuration,
  { id, name }: { readonly id: string; readonly name: string },
  { account, region }: Context,
): Properties => ({
  "AWS::AccountId": account,
  "AWS::NotificationARNs": [...notificationArns],
  "AWS::Partition": "aws",
  "AWS::Region": region,
  "AWS::StackId": id,
  "AWS::StackName": name,
  "AWS::URLSuffix": "amazonaws.com",
});

function missingExport(name: string): never {
  throw invalid(`No export named ${name} found`);
}

/** Who exports a name, and what. */
export function exportOf(name: string, context: Context) {
  for (const { id, outputs, name: stackName } of liveStacks(context).values()) {
    const found = outputs.find(({ exportName }) => exportName === name);
    if (found !== undefined) return { stackId: id, stackName, value: found.value };
  }
  return undefined;
}

/**
 * Finds what the functions of a template cannot do before there is any resource: unknown mappings,
 * references to resources whose condition does not hold. Answers which conditions hold.
 */
export function checkEvaluation(
  configuration: Configuration,
  context: Context,
): (condition: string) => boolean {
  const { Outputs = {}, Resources } = configuration.template;
  const scope: Scope = {
    ...scopeOf(configuration, { id: "", name: "" }, () => undefined, context),
    // Whether an export exists is only asked when a resource is made.
    exported: () => "",
  };
  const holding = (condition: string) => holds(condition, scope);
  const isThere = ({ Condition }: { readonly Condition?: string }) =>
    Condition === undefined || holding(Condition);
  const gone = (names: readonly string[]) =>
    names.filter((name) => Resources[name] !== undefined && !isThere(Resources[name]));

  for (const resource of Object.values(Resources).filter(isThere)) {
    const { Metadata = {}, Properties = {} } = resource;
    const parts = [Properties, Metadata];
    const missing = gone(
      parts.flatMap((part) => referencesIn(part, holding)).map(({ name }) => name),
    );
    if (missing.length > 0) {
      throw invalid(
        `Template format error: Unresolved resource dependencies [${missing.join(", ")}] in the Resources block of the template`,
      );
    }
    for (const part of parts) evaluate(part, scope);
  }
  for (const output of Object.values(Outputs).filter(isThere)) {
    const missing = gone(referencesIn(output.Value, holding).map(({ name }) => name));
    if (missing.length > 0) {
      throw invalid(
        `Unresolved resource dependencies [${missing.join(", ")}] in the Outputs block of the template`,
      );
    }
    evaluate(output.Value, scope);
  }
  return holding;
}
