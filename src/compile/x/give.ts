import type { Data } from "../../compose/project.ts";
import { shown } from "../../compose/shown.ts";
import type { Value } from "../../model/template.ts";
import { allowing, type Statement } from "../iam.ts";
import { keyRights } from "../key-rights.ts";
import { suggestion } from "../nearest.ts";
import {
  asIs,
  asMapping,
  isMapping,
  mapOf,
  noAccess,
  object,
  type Read,
  type Reader,
  text,
  textOr,
} from "../read.ts";
import type { Path } from "../report.ts";
import type { Scope } from "../scope.ts";
import { type Family, membersNamed } from "../services/family.ts";
import { inject } from "../services/inject.ts";
import { readSteps, stepsOf } from "../services/steps.ts";
import { refuseUnknown } from "../services/unknown-service.ts";
import { renamed } from "./named-services.ts";
import type { Values } from "./top-level-key.ts";
import type { Definition, Given, Grant, XResource } from "./x-resource.ts";

const readUse = (kind: XResource) =>
  object({
    Access: Object.keys(kind.access).length === 0 ? noAccess : textOr(mapOf(text)),
    ReturnValues: mapOf(variable),
    Scaling: asIs,
    ...Object.fromEntries((kind.uses ?? []).map((key) => [key, asIs])),
  });

/** The variable, or as files from before ComposeX 0.18 have it, `{EnvVarName: …}`. */
const variable: Reader<string> = (data, path, report) =>
  isMapping(data)
    ? object({ EnvVarName: text }, ["EnvVarName"])(data, path, report)?.EnvVarName
    : text(data, path, report);

type Wants = Read<ReturnType<typeof readUse>>;

/** `Services` of a resource: service or family → what it is given. */
export const readUses =
  (kind: XResource): Reader<Readonly<Record<string, Wants>>> =>
  (data, path, report) =>
    mapOf((use, at, to) => readUse(kind)(renamed(use, at, to), at, to))(data, path, report);

/** A resource, as far as services that use it are concerned. */
interface Offer {
  readonly kind: XResource;
  readonly name: string;
  readonly definition: Definition;
  readonly values: Values;
  readonly key: Value | undefined;
}

interface Use {
  readonly service: string;
  readonly wants: Wants;
  readonly path: Path;
}

/** Gives a service, or every container of a family, what its entry under `Services` says. */
export function give(offer: Offer, use: Use, scope: Scope): void {
  const targets = membersNamed(use.service, scope.families);
  if (targets.length === 0) refuseUnknown(use.service, use.path, scope);
  const variables = variablesOf(offer, use, scope);
  const { definition, kind } = offer;
  const { path } = use;
  const families = new Set(targets.map(({ family }) => family));
  const members = targets.map(({ member }) => member);
  const help = "Rename one of the two.";
  for (const member of members)
    for (const [name, value] of variables)
      inject({ name, value, path, help }, member, "environment", scope.report);
  kind.connect?.({ definition, wants: use.wants as Given, members, families, path }, scope);
  const grants = grantsOf(kind, use, scope);
  const Condition = kind.condition?.(asMapping(use.wants.Access));
  for (const family of families) {
    allow(family, grants, offer, Condition === undefined ? {} : { Condition });
    if (use.wants.Scaling !== undefined) scale(offer, family, use.wants.Scaling, use, scope);
  }
}

function variablesOf(
  { kind, name, values }: Offer,
  { wants, path }: Use,
  { report }: Scope,
): readonly (readonly [string, Value])[] {
  const known = Object.keys(values);
  const [first = ""] = known;
  const asked = Object.entries(wants.ReturnValues ?? {}).flatMap(([key, variable]) => {
    const value = Object.hasOwn(values, key) ? values[key] : undefined;
    if (value !== undefined) return [[variable, value] as const];
    const at = [...path, "ReturnValues", key];
    const message = `${kind.key}::${name} has no value ${shown(key)}`;
    report.error({ code: "unknown-value", path: at, message, help: suggestion(key, known) });
    return [];
  });
  const usual = [variableName(name), values[first] ?? ""] as const;
  // Who asks for that very name says what it holds, and who asks for that value what it is called.
  const isAsked = asked.some(
    ([variable, value]) =>
      variable === usual[0] || JSON.stringify(value) === JSON.stringify(usual[1]),
  );
  return isAsked ? asked : [usual, ...asked];
}

/** `date-jobs` → `DATE_JOBS`. */
const variableName = (name: string): string =>
  name
    .toUpperCase()
    .replaceAll("-", "_")
    .replaceAll(/[^A-Z0-9_]/g, "");

function grantsOf(kind: XResource, { wants, path }: Use, { report }: Scope): readonly Grant[] {
  if (wants.Access === undefined) return [];
  const levels =
    typeof wants.Access === "string"
      ? [wants.Access]
      : Object.entries(wants.Access).map(([scope, level]) => `${scope}.${level}`);
  return levels.flatMap((level) => {
    const grants = Object.hasOwn(kind.access, level) ? kind.access[level] : undefined;
    if (grants !== undefined) return grants;
    const message = `${kind.key} has no access ${shown(level.replace(".", ": "))}`;
    const help = suggestion(level, Object.keys(kind.access));
    report.error({ code: "unknown-access", path: [...path, "Access"], message, help });
    return [];
  });
}

/** What using something that a key encrypts takes, both to read and to write. */
const useKey = ["kms:Decrypt", "kms:GenerateDataKey"];

/** Access is by the role's own policy, never by a policy of the resource (design-aws 5). */
function allow(
  family: Family,
  grants: readonly Grant[],
  { values, key }: Offer,
  only: Pick<Statement, "Condition">,
): void {
  const arn = values.Arn ?? "*";
  for (const { actions, on } of grants)
    family.taskStatements.push({ ...allowing([...actions].sort(), on?.(arn) ?? [arn]), ...only });
  if (grants.length > 0) family.taskStatements.push(...keyRights(key, useKey));
}

/** `Scaling` under `Services`: as many tasks as the work that waits in the resource asks for. */
function scale(
  { kind, name, values }: Offer,
  family: Family,
  data: Data,
  use: Use,
  { report }: Scope,
): void {
  const path = [...use.path, "Scaling"];
  const metric = kind.waiting?.(values);
  if (metric === undefined) {
    const message = `Scaling does nothing: nothing waits in ${kind.key} that services could scale on`;
    report.warn({ code: "no-effect", path, message });
    return;
  }
  const scaling = stepsOf(readSteps(data, path, report) ?? {}, path, report);
  if (scaling.steps.length > 0) family.steps.push({ name, metric, ...scaling, path });
}
