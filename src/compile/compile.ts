import type { Data, Project } from "../compose/project.ts";
import { shown } from "../compose/shown.ts";
import { isError } from "../model/diagnostic.ts";
import type { OpenLookup } from "../model/lookup.ts";
import { nearest } from "../model/nearest.ts";
import type { Value } from "../model/template.ts";
import { boundary } from "./boundary.ts";
import { refuseDynamicReferences } from "./dynamic-references.ts";
import { ephemeral } from "./ephemeral.ts";
import { orderMeshes } from "./extensions/connect.ts";
import { applyExtensions } from "./extensions/registry.ts";
import type { Compiled, Graph, NamedOutput } from "./graph.ts";
import { refuseLeftOver } from "./left-over.ts";
import { lookupsIn, refuseUnanswered } from "./lookups.ts";
import { isForeignKind, sayUnread } from "./meant.ts";
import { checkName, checkUnique, fixedNames } from "./names.ts";
import { suggestion } from "./nearest.ts";
import { propertyOrigins } from "./provenance.ts";
import { isMapping } from "./read.ts";
import { originOf, type Path, type Report, reportOn } from "./report.ts";
import { checkConformance } from "./schema/conformance.ts";
import {
  adder,
  type Claimed,
  type CompileSettings,
  type Ground,
  type NewNode,
  type Reference,
  type Scope,
} from "./scope.ts";
import { familiesOf } from "./services/families.ts";
import { siteOf } from "./services/family.ts";
import { checkNestedKeys } from "./services/nested-keys.ts";
import { checkObjects } from "./services/objects.ts";
import { checkKeys } from "./services/table.ts";
import { emitFamily } from "./services/task.ts";
import { warnUnreached } from "./services/unreached.ts";
import { pseudoParameters } from "./values.ts";
import { clusterOf } from "./x/cluster.ts";
import { emitFileSystems } from "./x/efs.ts";
import { addOutputsForOthers } from "./x/for-others.ts";
import { emitReceiverPolicies } from "./x/receivers.ts";
import { elsewhereFirst, gone, later, topLevelKeys } from "./x/registry.ts";
import { checkTagCounts, tagsOf } from "./x/tags.ts";
import type { Values } from "./x/top-level-key.ts";
import { networkOf } from "./x/vpc.ts";

/**
 * A compose model as the resources it asks for. Everything that is wrong with it is said at once.
 *
 * Modules add to families and to the graph in turn; families are made last, when all that others
 * give them is known.
 */
export function compile(project: Project, settings: CompileSettings): Compiled {
  const { report, graph, lookups } = compileAll(project, settings);
  refuseUnanswered(lookups, report);
  const { diagnostics } = report;
  const names = fixedNames(graph.nodes.values());
  const isCompiled = !diagnostics.some(isError);
  const told = (isCompiled ? lookups.asked : lookups.unanswered).map(
    ({ lookup, path }): OpenLookup => ({ lookup, origin: originOf(project, path) }),
  );
  return isCompiled
    ? { kind: "compiled", graph, lookups: told, names, warnings: diagnostics }
    : { kind: "failed", diagnostics, lookups: told, names };
}

function compileAll(project: Project, settings: CompileSettings) {
  const report = reportOn(project);
  const nodes = new Map<string, Claimed>();
  const outputs: NamedOutput[] = [];
  const scope = scopeOf(project, settings, { report, nodes, outputs });

  checkTopLevel(project, report);
  refuseDynamicReferences(project, report);
  checkServices(scope);
  checkObjects(scope);
  checkNestedKeys(scope);
  for (const family of scope.families.values()) {
    for (const member of family.members) applyExtensions(member, family, scope);
  }
  for (const { key, compile: make } of topLevelKeys) {
    const data = project.extensions[key];
    if (data !== undefined) make(data, scope);
  }
  addOutputsForOthers(scope);
  emitReceiverPolicies(scope);
  orderMeshes(scope);
  emitFileSystems(scope);
  warnUnreached(scope.families, report);
  for (const family of scope.families.values()) emitFamily(family, scope);
  checkConformance(project, nodes.values(), report);
  checkUnique(nodes.values(), { project, report });
  refuseLeftOver(project, nodes.values(), report);
  const tags = tagsOf(project, report);
  checkTagCounts(nodes.values(), tags, report);

  const order: Graph["order"] = new Map(
    [...scope.families.values()].map(({ name, after }) => [name, [...after.keys()]]),
  );
  const graph: Graph = {
    nodes,
    outputs,
    order,
    tags,
    originOf: propertyOrigins(project, nodes),
  };
  return { report, graph, lookups: scope.lookups };
}

/** A service of several families is judged once for each kind of place that it runs in. */
function checkServices({ families, project, report }: Scope): void {
  const sites = Map.groupBy(
    [...families.values()].flatMap((family) =>
      family.members.map(({ name }) => ({ site: siteOf(family), name })),
    ),
    ({ name }) => name,
  );
  for (const [name, service] of Object.entries(project.services)) {
    const all = new Set(sites.get(name)?.map(({ site }) => site) ?? ["fargate" as const]);
    for (const site of all) checkKeys({ service, path: ["services", name] }, site, { report });
  }
}

interface Drafts {
  readonly report: Report;
  readonly nodes: Map<string, Claimed>;
  readonly outputs: NamedOutput[];
}

function scopeOf(
  project: Project,
  settings: CompileSettings,
  { report, nodes, outputs }: Drafts,
): Scope {
  const ground: Ground = {
    project,
    settings,
    report,
    lookups: lookupsIn(settings.lookups),
    receivers: new Map(),
    secrets: new Map(),
    add: madeFor(settings, { project, report }, adder(project, report, nodes)),
    addOutput: (output) => {
      outputs.push(output);
    },
    network: once(() => networkOf(ground)),
    cluster: once(() => clusterOf(ground)),
    resolve: (reference, path) => find(reference, values(), path, report),
  };
  const scope: Scope = { ...ground, families: familiesOf(ground) };
  const values = once(() => declaredValues(scope));
  return scope;
}

/** What an environment says of every resource, whatever module makes it. */
function madeFor(
  settings: CompileSettings,
  ground: Pick<Ground, "project" | "report">,
  add: (node: NewNode) => void,
): (node: NewNode) => void {
  const bound = boundary(settings, ground.report);
  const transient = ephemeral(settings);
  return (node) => {
    const made = transient(bound(node));
    checkName(made, settings, ground);
    add(made);
  };
}

const once = <T>(make: () => T): (() => T) => {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
};

/** `x-kind::name` → the values that others may learn of it. */
const declaredValues = (scope: Scope): ReadonlyMap<string, Values> =>
  new Map(
    topLevelKeys.flatMap(({ key, values }) => {
      const data = scope.project.extensions[key];
      if (values === undefined || !isMapping(data)) return [];
      return Object.entries(data).map(
        ([name, definition]: [string, Data]) =>
          [`${key}::${name}`, values(name, definition, scope)] as const,
      );
    }),
  );

function find(
  { kind, name, returned }: Reference,
  values: ReadonlyMap<string, Values>,
  path: Path,
  report: Report,
): Value | undefined {
  const found = values.get(`${kind}::${name}`);
  if (found !== undefined) {
    const wanted = returned ?? ("Arn" in found ? "Arn" : (Object.keys(found)[0] ?? ""));
    if (Object.hasOwn(found, wanted)) return found[wanted];
    const message = `${kind}::${name} has no value ${shown(wanted)}`;
    const help = suggestion(wanted, Object.keys(found));
    report.error({ code: "unknown-value", path, message, help });
    return undefined;
  }
  // A kind that is not built has been named.
  if (Object.keys(later).some((key) => key === kind || key.startsWith(`${kind}_`)))
    return undefined;
  if (kind === "x-aws") {
    const message = `x-aws::${name} has no value ${returned}`;
    const help = suggestion(String(returned), pseudoParameters);
    report.error({ code: "unknown-value", path, message, help });
    return undefined;
  }
  if (!topLevelKeys.some(({ key }) => key === kind)) {
    refuseKind(kind, path, report);
    return undefined;
  }
  const names = [...values.keys()]
    .filter((key) => key.startsWith(`${kind}::`))
    .map((key) => key.slice(kind.length + 2));
  const message = `there is no ${shown(name)} in ${kind}`;
  report.error({ code: "unknown-resource", path, message, help: suggestion(name, names) });
  return undefined;
}

function checkTopLevel(project: Project, report: Report): void {
  const known = topLevelKeys.map(({ key }) => key as string);
  for (const [key, data] of Object.entries(project.extensions)) {
    if (known.includes(key)) continue;
    // Meant for the rest of the file, by its anchors.
    if (project.fragments.includes(key)) continue;
    const ended = gone[key];
    if (ended !== undefined) {
      report.warn({ code: "no-effect", path: [key], message: ended });
      continue;
    }
    const meanwhile = later[key];
    if (meanwhile !== undefined) {
      const message = `${key} is not supported yet`;
      report.error({ code: "not-supported-yet", path: [key], message, help: meanwhile });
      continue;
    }
    const all = [...known, ...Object.keys(later)];
    if (isForeignKind(key, data, all)) refuseKind(key, [key], report);
    else sayUnread(data, [key], all, report);
  }
}

function refuseKind(kind: string, path: Path, report: Report): void {
  const message = `${shown(kind)} is no kind of resource here`;
  const kinds = topLevelKeys.map(({ key }) => key as string);
  const near = nearest(kind, kinds);
  const help = near === undefined ? elsewhereFirst : `Did you mean ${near}?`;
  report.error({ code: "not-supported-yet", path, message, help });
}
