import { apart, parameterOf, together } from "../link/packs.ts";
import { isSameJson } from "../model/same.ts";
import type { Output, Parameter, Resource, Template, Value } from "../model/template.ts";
import { isList } from "./diff-values.ts";

/**
 * The template to apply first where a provider's desired one would take away what deployed
 * consumers still import: all that is desired, and beside it those resources and outputs as they
 * are deployed, with whatever they in turn refer to. Where a consumer is to import something else,
 * all that is given up around what it imports now stays too: a subnet may be wanted still, and the
 * route out of it not. Nothing to keep: undefined.
 *
 * A resource that is replaced under its own logical id is not kept: one id has room for one
 * resource. What crosses a cut has its create-only properties in its id for that reason.
 * Nor is what another stack is to have (`isTaken`) and nobody imports: there is no room for both.
 * Parameters that only what is kept uses are declared again; they need their deployed values.
 */
export function expand(
  desired: Template,
  deployed: Template,
  stillImported: ReadonlySet<string>,
  isTaken: (resource: Resource) => boolean = () => false,
): Template | undefined {
  const imported = [...apart(deployed.Outputs)].filter(([name]) =>
    stillImported.has(parameterOf(name)),
  );
  const kept = missing(desired, deployed, { imported, isTaken });
  if (kept.size === 0) return undefined;

  const resources = entries<Resource>(deployed.Resources).filter(([id]) => kept.has(id));
  const wanted = apart(desired.Outputs);
  // Those too that tell of what stays anyway: by them the next push sees who has yet to move.
  const outputs = imported.filter(([name]) => !wanted.has(name));
  const used = new Set([
    ...resources.flatMap(([, resource]) => mentioned(resource)),
    ...outputs.flatMap(([, { Value }]) => references(Value)),
  ]);
  const parameters = entries<Parameter>(deployed.Parameters).filter(([name]) => used.has(name));
  return {
    ...desired,
    ...(parameters.length > 0 && { Parameters: beside(parameters, desired.Parameters) }),
    Resources: beside(resources, desired.Resources),
    Outputs: together([...outputs, ...wanted]),
  };
}

/** What other stacks have of this one, and what of it they are to have themselves. */
interface Others {
  readonly imported: readonly (readonly [string, Output])[];
  readonly isTaken: (resource: Resource) => boolean;
}

/**
 * The deployed resources that are not desired, and that imported outputs need, directly or not; and
 * those around what consumers are to leave, whichever refers to which: a database is no use without
 * its instances, nor a subnet without the route of the table that it is associated with.
 */
function missing(
  desired: Template,
  deployed: Template,
  { imported, isTaken }: Others,
): ReadonlySet<string> {
  const names = new Map(
    entries<Resource>(deployed.Resources).map(([id, resource]) => [id, mentioned(resource)]),
  );
  const gone = [...names.keys()].filter((id) => !Object.hasOwn(desired.Resources, id));
  const isGone = new Set(gone);
  const needed = (roots: readonly string[]): ReadonlySet<string> => {
    const all = reached(roots, (id) => (isGone.has(id) ? names.get(id) : []));
    return new Set(gone.filter((id) => all.has(id)));
  };
  const roots = needed(imported.flatMap(([, { Value }]) => references(Value)));
  const wanted = apart(desired.Outputs);
  const left = imported.filter(([name, { Value }]) => !isSameJson(wanted.get(name)?.Value, Value));
  if (gone.length === 0 || left.length === 0) return roots;

  const hanging = Map.groupBy(
    [...names].flatMap(([id, all]) => all.map((name) => [name, id] as const)),
    ([name]) => name,
  );
  const around = reached(
    left.flatMap(([, { Value }]) => references(Value)),
    (id) => [...(names.get(id) ?? []), ...(hanging.get(id) ?? []).map(([, user]) => user)],
  );
  const stays = stayingIn(desired, deployed, { isTaken, kept: roots });
  return needed([...roots, ...gone.filter((id) => around.has(id) && stays(id))]);
}

/** Where one comes to from `roots`, these among it. */
function reached(
  roots: readonly string[],
  next: (id: string) => readonly string[] | undefined,
): ReadonlySet<string> {
  const found = new Set<string>();
  const queue = [...roots];
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    if (found.has(id)) continue;
    found.add(id);
    queue.push(...(next(id) ?? []));
  }
  return found;
}

/**
 * Whether a resource is what it was, or can be kept as it was. Between what is kept and what is
 * replaced under its own id nothing can hang: a subnet and a route table would be in two networks.
 */
function stayingIn(
  desired: Template,
  deployed: Template,
  { isTaken, kept }: Pick<Others, "isTaken"> & { readonly kept: ReadonlySet<string> },
): (id: string) => boolean {
  const before = new Map(entries<Resource>(deployed.Resources));
  const now = new Map(entries<Resource>(desired.Resources));
  const known = new Map<string, boolean>();
  const stays = (id: string): boolean => {
    const old = before.get(id);
    if (old === undefined || kept.has(id)) return true;
    const wanted = now.get(id);
    const found =
      known.get(id) ??
      ((wanted === undefined ? !isTaken(old) : isSameJson(old, wanted)) &&
        mentioned(old).every((name) => stays(name)));
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
