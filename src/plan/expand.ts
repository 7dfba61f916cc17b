import { apart, parameterOf, together } from "../link/packs.ts";
import { isSameJson } from "../model/same.ts";
import type { Output, Parameter, Resource, Template, Value } from "../model/template.ts";
import { isList } from "./diff-values.ts";

/**
 * The template to apply first where a provider's desired one would take away what deployed
 * consumers still import: all that is desired, and beside it those resources and outputs as they
 * are deployed, with whatever they in turn refer to and what refers to them. Nothing to keep: undefined.
 *
 * A resource that is replaced under its own logical id is not kept: one id has room for one
 * resource. What crosses a cut has its create-only properties in its id for that reason.
 * Parameters that only the kept resources use are declared again; they need their deployed values.
 */
export function expand(
  desired: Template,
  deployed: Template,
  stillImported: ReadonlySet<string>,
): Template | undefined {
  const imported = [...apart(deployed.Outputs)].filter(([name]) =>
    stillImported.has(parameterOf(name)),
  );
  const kept = missing(
    desired,
    deployed,
    imported.flatMap(([, { Value }]) => references(Value)),
  );
  if (kept.size === 0) return undefined;

  const resources = entries<Resource>(deployed.Resources).filter(([id]) => kept.has(id));
  const outputs = imported.filter(([, { Value }]) => references(Value).some((id) => kept.has(id)));
  const used = new Set(resources.flatMap(([, resource]) => mentioned(resource)));
  const parameters = entries<Parameter>(deployed.Parameters).filter(([name]) => used.has(name));
  return {
    ...desired,
    ...(parameters.length > 0 && { Parameters: beside(parameters, desired.Parameters) }),
    Resources: beside(resources, desired.Resources),
    Outputs: together(new Map<string, Output>([...outputs, ...apart(desired.Outputs)])),
  };
}

/**
 * The deployed resources that `roots` need, directly or not, and that are not desired; and those
 * that need them: a database is no use without its instances, nor a volume without mount targets.
 */
function missing(
  desired: Template,
  deployed: Template,
  roots: readonly string[],
): ReadonlySet<string> {
  const gone = new Map(
    entries<Resource>(deployed.Resources)
      .filter(([id]) => !Object.hasOwn(desired.Resources, id))
      .map(([id, resource]) => [id, mentioned(resource)] as const),
  );
  const stays = stayingIn(desired, deployed);
  const found = new Set<string>();
  const queue = [...roots];
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    const needs = gone.get(id);
    if (needs === undefined || found.has(id)) continue;
    found.add(id);
    const needed = id;
    const hanging = [...gone].filter(
      ([, names]) => names.includes(needed) && names.every((name) => stays(name)),
    );
    queue.push(...needs, ...hanging.map(([name]) => name));
  }
  return found;
}

/**
 * Whether a resource is what it was, or is kept as it was. Between what is kept and what is replaced
 * under its own id nothing can hang: a subnet and a route table would be in two networks.
 */
function stayingIn(desired: Template, deployed: Template): (id: string) => boolean {
  const before = new Map(entries<Resource>(deployed.Resources));
  const now = new Map(entries<Resource>(desired.Resources));
  const known = new Map<string, boolean>();
  const stays = (id: string): boolean => {
    const [old, wanted] = [before.get(id), now.get(id)];
    if (old === undefined || wanted === undefined) return true;
    const found = known.get(id) ?? (isSameJson(old, wanted) && mentioned(wanted).every(stays));
    known.set(id, found);
    return found;
  };
  return stays;
}

// Stryker disable next-line ArrayDeclaration: no resource has such a name
const mentioned = ({ DependsOn = [], Properties = {} }: Resource): readonly string[] => [
  ...[DependsOn].flat(),
  ...references(Properties),
];

/** Every name that a value refers to, by `Ref`, `Fn::GetAtt` or `Fn::Sub`, used or not. */
export function references(value: Value): readonly string[] {
  if (typeof value !== "object") return [];
  return Object.entries(value).flatMap(([key, item]) => {
    if (key === "Ref") return [String(item)];
    if (key === "Fn::GetAtt") return [isList(item) ? String(item[0]) : beforeDot(String(item))];
    if (key !== "Fn::Sub") return references(item);
    const [text, variables = {}] = isList(item) ? item : [item];
    return [...placeholders(String(text)), ...references(variables)];
  });
}

/** `${Queue.Arn}` is the queue's; `${!Literal}` is nobody's. */
const placeholders = (text: string): readonly string[] =>
  [...text.matchAll(/(?<=\$\{)[^!}.][^}.]*/g)].map(([name]) => name);

const beforeDot = (text: string): string => text.replace(/\..*/, "");

const entries = <T>(record: Readonly<Record<string, T>> | undefined): readonly [string, T][] =>
  Object.entries(record ?? {});

/** What is desired, and after it what is kept and not among it. */
const beside = <T>(
  kept: readonly (readonly [string, T])[],
  desired: Readonly<Record<string, T>> | undefined,
): Readonly<Record<string, T>> => ({ ...desired, ...Object.fromEntries(kept), ...desired });
