import type { Context } from "../world.ts";
import { AwsError } from "../world.ts";
import { type Active, activeResources, desire, isSame } from "./desired.ts";
import { type Detail, detailsOf, type Mode, replacementOf, type Surroundings } from "./details.ts";
import { outputsOf } from "./outputs.ts";
import { exportOf, scopeOf } from "./scope.ts";
import type { Configuration, Desired, Resource, ResourceDeclaration, Stack } from "./state.ts";
import {
  properties as evaluateMembers,
  knownAfterApply,
  type Scope,
} from "./templates/evaluate.ts";

/** What a configuration would change in a stack. */
export interface Difference {
  /** As DescribeChangeSet shows the changes, without and with `IncludePropertyValues`. */
  readonly changes: readonly unknown[];
  readonly changesWithValues: readonly unknown[];
  /** Nothing at all would change: no resource, output, tag, role or topic. */
  readonly isEmpty: boolean;
  readonly warning: string | undefined;
}

/** Compares what a stack is with what it would be made from. */
export function difference(
  stack: Stack,
  configuration: Configuration,
  context: Context,
): Difference {
  const short = changesOf(stack, configuration, "names", context);
  const long = changesOf(stack, configuration, "values", context);
  return {
    changes: short.changes,
    changesWithValues: long.changes,
    isEmpty:
      short.changes.length === 0 &&
      !short.outputsDiffer &&
      sameSettings(stack.configuration, configuration),
    warning: long.warning,
  };
}

function sameSettings(before: Configuration | undefined, after: Configuration): boolean {
  return (
    before !== undefined &&
    isSame(before.tags, after.tags) &&
    isSame(before.notificationArns, after.notificationArns) &&
    before.roleArn === after.roleArn
  );
}

/** What a comparison finds out on its way through the template. */
interface Findings {
  /** Added, or to be replaced. */
  readonly unknown: Set<string>;
  readonly modified: Set<string>;
  /** The resource that is looked at. */
  current: string;
  warning?: string;
}

function scopeFor(
  stack: Stack,
  configuration: Configuration,
  findings: Findings,
  context: Context,
): Scope {
  const known = (id: string) => (findings.unknown.has(id) ? undefined : stack.resources[id]);
  return {
    ...scopeOf(configuration, stack, known, context),
    exported: (name) => {
      const found = exportOf(name, context);
      if (found !== undefined) return found.value;
      findings.warning ??= `[WARN] --include-property-values option can return incomplete ChangeSet data because: ChangeSet creation failed for resource [${findings.current}] because: No export named ${name}`;
      return knownAfterApply;
    },
  };
}

function changesOf(stack: Stack, configuration: Configuration, mode: Mode, context: Context) {
  const findings: Findings = { unknown: new Set(), modified: new Set(), current: "" };
  const { modified, unknown } = findings;
  const scope = scopeFor(stack, configuration, findings, context);
  const active = activeResources(configuration.template, scope);
  refuseOtherTypes(stack, active);
  for (const id of added(stack, active)) unknown.add(id);
  const surroundings: Surroundings = {
    mode,
    before: stack.configuration,
    after: configuration,
    isUnknown: (id) => unknown.has(id),
    isModified: (id) => modified.has(id),
  };

  const changes = new Map<string, unknown>();
  for (const [id, declaration, dependsOn] of active) {
    findings.current = id;
    const desired = desire(declaration, scope, { dependsOn, tags: configuration.tags });
    const before = existing(stack, id);
    if (before === undefined) {
      changes.set(id, addition(id, declaration, desired, mode));
      continue;
    }
    const details = detailsOf(before, { declaration, desired }, surroundings);
    if (details.length === 0) continue;
    const replacement = replacementOf(details);
    (replacement === "False" ? modified : unknown).add(id);
    changes.set(id, modification(before, { details, desired, replacement }, mode));
  }
  for (const resource of gone(stack, active)) {
    changes.set(resource.logicalId, removal(resource, contextBefore(stack, resource, scope), mode));
  }
  const outputs = outputsOf(configuration.template, scope);
  const sorted = [...changes].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, change]) => change);
  return {
    changes: sorted,
    warning: findings.warning,
    outputsDiffer: !isSame(outputs as never, stack.outputs as never),
  };
}

/** What failed to be made is not there. */
function existing({ resources }: Stack, id: string): Resource | undefined {
  const found = resources[id];
  return found?.physicalId === "" || found?.status === "CREATE_FAILED" ? undefined : found;
}

const added = (stack: Stack, active: Active): readonly string[] =>
  active.flatMap(([id]) => (existing(stack, id) === undefined ? [id] : []));

function gone(stack: Stack, active: Active): readonly Resource[] {
  const kept = new Set(active.map(([id]) => id));
  return Object.values(stack.resources).filter(({ logicalId }) => !kept.has(logicalId));
}

function refuseOtherTypes(stack: Stack, active: Active): void {
  const changed = active.flatMap(([id, { Type }]) =>
    stack.resources[id] !== undefined && stack.resources[id].type !== Type ? [id] : [],
  );
  if (changed.length > 0) {
    throw new AwsError(
      "ValidationError",
      `Update of resource type is not permitted. The new template modifies resource type of the following resources: [${changed.join(", ")}]`,
    );
  }
}

const change = (resourceChange: object) => ({ Type: "Resource", ResourceChange: resourceChange });

const contextOf = ({ properties }: Pick<Desired, "properties">) =>
  JSON.stringify({ Properties: properties });

const addition = (id: string, { Type }: ResourceDeclaration, after: Desired, mode: Mode) =>
  change({
    Action: "Add",
    LogicalResourceId: id,
    ResourceType: Type,
    Scope: [],
    Details: [],
    ...(mode === "values" ? { AfterContext: contextOf(after) } : {}),
  });

const removal = (resource: Resource, before: object, mode: Mode) =>
  change({
    PolicyAction: removing(resource.deletionPolicy),
    Action: "Remove",
    LogicalResourceId: resource.logicalId,
    PhysicalResourceId: resource.physicalId,
    ResourceType: resource.type,
    Scope: [],
    Details: [],
    ...(mode === "values" ? before : {}),
  });

/** A removed resource is shown as its template had it, with nothing known of the others. */
function contextBefore(
  { configuration }: Stack,
  { logicalId, properties }: Resource,
  scope: Scope,
) {
  if (configuration === undefined) return { BeforeContext: contextOf({ properties }) };
  const { parameters, template } = configuration;
  const declared = template.Resources[logicalId]?.Properties ?? {};
  const alone = { ...scope, parameters, template, resource: () => undefined };
  return { BeforeContext: contextOf({ properties: evaluateMembers(declared, alone) }) };
}

const removing = (policy = "Delete") => (policy === "RetainExceptOnCreate" ? "Retain" : policy);

interface Modification {
  readonly details: readonly Detail[];
  readonly desired: Desired;
  readonly replacement: "True" | "False" | "Conditional";
}

const modification = (
  before: Resource,
  { desired, details, replacement }: Modification,
  mode: Mode,
) =>
  change({
    ...(replacement === "False"
      ? {}
      : { PolicyAction: `ReplaceAnd${desired.updateReplacePolicy ?? "Delete"}` }),
    Action: "Modify",
    LogicalResourceId: before.logicalId,
    PhysicalResourceId: before.physicalId,
    ResourceType: before.type,
    Replacement: replacement,
    Scope: [...new Set(details.map(({ Target }) => Target.Attribute))],
    Details: details,
    ...(mode === "values"
      ? { BeforeContext: contextOf(before), AfterContext: contextOf(desired) }
      : {}),
  });
