import type { Data } from "../../compose/project.ts";
import type { Value } from "../../model/template.ts";
import { base } from "../graph.ts";
import { pascal } from "../ids.ts";
import { suggestion } from "../nearest.ts";
import { asIs, mapOf, notBuilt, object, text } from "../read.ts";
import type { Path } from "../report.ts";
import type { Scope } from "../scope.ts";
import { type Family, knownNames, type Member, membersNamed } from "../services/family.ts";
import { readSteps } from "../services/scaling.ts";
import { propertiesOf } from "../values.ts";
import type { TopLevelKey } from "./top-level-key.ts";
import type { Grant, XResource } from "./x-resource.ts";

const readDefinition = object({
  Properties: asIs,
  MacroParameters: notBuilt,
  Settings: notBuilt,
  Lookup: notBuilt,
  Services: mapOf(object({ Access: text, ReturnValues: mapOf(text), Scaling: asIs })),
});

/** What is the same for every kind: names, properties, and what services are given. */
export const resources = (kind: XResource): TopLevelKey => ({
  key: kind.key,

  values: (name) => valuesOf(kind, name),

  compile: (data, scope) => {
    const definitions = mapOf(asIs)(data, [kind.key], scope.report) ?? {};
    for (const [name, given] of Object.entries(definitions)) {
      const path = [kind.key, name];
      const definition = readDefinition(given, path, scope.report) ?? {};
      const properties = propertiesOf(definition.Properties, [...path, "Properties"], scope);
      const id = idOf(kind, name);
      for (const made of kind.resources({ name, id, path, properties }, scope))
        scope.add({ ...made, layer: base, path });
      for (const [service, wants] of Object.entries(definition.Services ?? {}))
        give(kind, name, { service, wants, path: [...path, "Services", service] }, scope);
    }
  },
});

const idOf = (kind: XResource, name: string): string => `${pascal(name)}${kind.suffix}`;

const valuesOf = (kind: XResource, name: string): Readonly<Record<string, Value>> =>
  Object.fromEntries(
    Object.entries(kind.returnValues).map(([key, value]) => [key, value(idOf(kind, name))]),
  );

interface Use {
  readonly service: string;
  readonly wants: {
    readonly Access?: string;
    readonly ReturnValues?: Readonly<Record<string, string>>;
    readonly Scaling?: Data;
  };
  readonly path: Path;
}

/** Gives a service, or every container of a family, what its entry under `Services` says. */
function give(kind: XResource, name: string, use: Use, scope: Scope): void {
  const targets = membersNamed(use.service, scope.families);
  if (targets.length === 0) {
    const message = `there is no service or family ${use.service}`;
    const help = suggestion(use.service, knownNames(scope.families));
    scope.report.error({ code: "unknown-service", path: use.path, message, help });
  }
  const variables = variablesOf(kind, name, use, scope);
  for (const { member } of targets) {
    for (const [variable, value] of variables) inject(variable, value, use.path, member, scope);
  }
  const grants = grantsOf(kind, use, scope);
  const values = valuesOf(kind, name);
  for (const family of new Set(targets.map((target) => target.family)))
    allow(family, grants, values.Arn ?? "*");
  if (use.wants.Scaling === undefined) return;
  for (const family of new Set(targets.map((target) => target.family)))
    scale(kind, name, family, { data: use.wants.Scaling, path: [...use.path, "Scaling"] }, scope);
}

/** `Scaling` under `Services`: as many tasks as the work that waits in the resource asks for. */
function scale(
  kind: XResource,
  name: string,
  family: Family,
  { data, path }: { readonly data: Data; readonly path: Path },
  { report }: Scope,
): void {
  const metric = kind.waiting?.(idOf(kind, name));
  if (metric === undefined) {
    const message = `nothing waits in ${kind.key}, so services cannot scale on it`;
    report.error({ code: "unknown-key", path, message });
    return;
  }
  const {
    Steps = [],
    ScaleInCooldown = 60,
    ScaleOutCooldown = 60,
  } = readSteps(data, path, report) ?? {};
  const steps = Steps.map(({ LowerBound = 0, Count = 0 }) => ({ lower: LowerBound, count: Count }));
  if (steps.length === 0) return;
  family.steps.push({
    name,
    metric,
    steps: steps.toSorted((a, b) => a.lower - b.lower),
    scaleIn: ScaleInCooldown,
    scaleOut: ScaleOutCooldown,
    path,
  });
}

function variablesOf(
  kind: XResource,
  name: string,
  { wants, path }: Use,
  { report }: Scope,
): readonly (readonly [string, Value])[] {
  const values = valuesOf(kind, name);
  const known = Object.keys(values);
  const [first = ""] = known;
  const asked = Object.entries(wants.ReturnValues ?? {}).flatMap(([key, variable]) => {
    const value = Object.hasOwn(values, key) ? values[key] : undefined;
    if (value !== undefined) return [[variable, value] as const];
    const at = [...path, "ReturnValues", key];
    const message = `${kind.key} has no value ${key}`;
    report.error({ code: "unknown-value", path: at, message, help: suggestion(key, known) });
    return [];
  });
  return [[variableName(name), values[first] ?? ""], ...asked];
}

/** `date-jobs` → `DATE_JOBS`. */
const variableName = (name: string): string =>
  name
    .toUpperCase()
    .replaceAll("-", "_")
    .replaceAll(/[^A-Z0-9_]/g, "");

function inject(
  variable: string,
  value: Value,
  path: Path,
  member: Member,
  { report }: Scope,
): void {
  const other = member.environment.get(variable);
  if (other !== undefined && JSON.stringify(other.value) !== JSON.stringify(value)) {
    const message = `gives ${member.name} a variable ${variable}, and so does ${other.path.join(".")}`;
    report.error({ code: "same-name", path, message, help: "Rename one of the two." });
    return;
  }
  member.environment.set(variable, { value, path });
}

function grantsOf(kind: XResource, { wants, path }: Use, { report }: Scope): readonly Grant[] {
  if (wants.Access === undefined) return [];
  const known = Object.keys(kind.access);
  const grants = Object.hasOwn(kind.access, wants.Access) ? kind.access[wants.Access] : undefined;
  if (grants !== undefined) return grants;
  const message = `${kind.key} has no access ${wants.Access}`;
  const help = suggestion(wants.Access, known);
  report.error({ code: "unknown-access", path: [...path, "Access"], message, help });
  return [];
}

/** Access is by the role's own policy, never by a policy of the resource (design-aws 5). */
function allow(family: Family, grants: readonly Grant[], arn: Value): void {
  for (const { actions, on, condition } of grants) {
    family.taskStatements.push({
      Effect: "Allow",
      Action: [...actions].sort(),
      Resource: on?.(arn) ?? [arn],
      ...(condition === undefined ? {} : { Condition: condition }),
    });
  }
}
