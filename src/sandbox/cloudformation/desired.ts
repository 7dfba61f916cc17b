import type { Desired, ResourceDeclaration, Template, Value } from "./state.ts";
import { evaluate, holds, properties, type Scope } from "./templates/evaluate.ts";
import { inOrder } from "./templates/order.ts";
import { dependenciesOf } from "./templates/references.ts";

export type Active = readonly (readonly [
  logicalId: string,
  ResourceDeclaration,
  dependencies: readonly string[],
])[];

/** The resources of a template whose condition holds, dependencies first. */
export function activeResources(template: Template, scope: Scope): Active {
  const known = unconditional.get(template);
  if (known !== undefined) return known;
  const active = activeWhere((condition) => holds(condition, scope), template);
  // Every step of an operation asks for them.
  if (template.Conditions === undefined) unconditional.set(template, active);
  return active;
}

/** What is there whatever the parameters are. */
const unconditional = new WeakMap<Template, Active>();

function activeWhere(holding: (condition: string) => boolean, template: Template): Active {
  const active = Object.entries(template.Resources).filter(
    ([, { Condition }]) => Condition === undefined || holding(Condition),
  );
  const dependencies = Object.fromEntries(
    active.map(([id, declaration]) => [id, dependenciesOf(declaration, template, holding)]),
  );
  return inOrder(dependencies).flatMap((id) => {
    const declaration = template.Resources[id];
    return declaration === undefined ? [] : [[id, declaration, dependencies[id] ?? []] as const];
  });
}

/** A declaration with its functions carried out. */
export function desire(
  declaration: ResourceDeclaration,
  scope: Scope,
  { dependsOn, tags }: Pick<Desired, "dependsOn" | "tags">,
): Desired {
  const { DeletionPolicy, Metadata, Properties = {}, UpdateReplacePolicy } = declaration;
  const metadata = Metadata === undefined ? undefined : evaluate(Metadata, scope);
  return {
    properties: properties(Properties, scope),
    tags,
    dependsOn,
    ...(metadata === undefined ? {} : { metadata }),
    ...(DeletionPolicy === undefined ? {} : { deletionPolicy: DeletionPolicy }),
    ...(UpdateReplacePolicy === undefined ? {} : { updateReplacePolicy: UpdateReplacePolicy }),
  };
}

/** A resource without what its declaration may leave out the next time. */
export function undeclared<R extends Desired>(resource: R) {
  const { deletionPolicy: _, metadata: __, updateReplacePolicy: ___, ...rest } = resource;
  return rest;
}

/** Equal as CloudFormation sees it: key order is nothing, `1` and `"1"` are one. */
export const isSame = (left: Value | undefined, right: Value | undefined): boolean =>
  canonical(left) === canonical(right);

function canonical(value: Value | undefined): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value === "object" && value !== null) {
    const members = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
    return `{${members.map(([key, item]) => `${key}:${canonical(item)}`).join(",")}}`;
  }
  return value === undefined ? "" : JSON.stringify(String(value));
}
