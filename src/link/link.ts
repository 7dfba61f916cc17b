import type { Graph, Node } from "../compile/graph.ts";
import type { Bundle, DesiredStack, Origin, Target } from "../model/bundle.ts";
import { type Diagnostic, isError } from "../model/diagnostic.ts";
import { bundleDigest } from "./digests.ts";
import { excesses } from "./limits.ts";
import { mapReferences, type Reference, symbolOf } from "./references.ts";
import { sorted } from "./sorted.ts";
import { stackName } from "./stack-name.ts";
import { type Drafts, templateOf } from "./templates.ts";
import { type Layout, mayRefer, unitOf, unitsOf } from "./units.ts";

export interface LinkSettings {
  readonly prefix: string;
  readonly application: string;
  /** The environment, or one instance of it. */
  readonly environment: string;
  readonly layout: Layout;
  readonly target: Target;
  /** Stands for `<prefix>-<app>-<env>` in stack names. */
  readonly stem?: string | undefined;
}

export type Linked =
  | { readonly kind: "failed"; readonly diagnostics: readonly Diagnostic[] }
  | { readonly kind: "linked"; readonly bundle: Bundle; readonly warnings: readonly Diagnostic[] };

/**
 * Cuts a graph into units, each a stack. A reference that crosses a cut becomes an output there and
 * a parameter here, as a linker resolves symbols. Both layouts have the same logical ids.
 */
export function link(graph: Graph, settings: LinkSettings): Linked {
  const diagnostics: Diagnostic[] = [];
  const drafts = draftsOf(graph, settings.layout, diagnostics);
  const stacks = [...drafts].map(([unit, draft]) => stackOf(unit, draft, graph, settings));
  for (const { unit, message } of stacks.flatMap(excesses))
    diagnostics.push(tooMuch(unit, message, stacks));
  const circle = circleOf(graph);
  if (circle !== undefined) diagnostics.push(circular(circle, graph));
  const inOrder = sorted(stacks);
  if (diagnostics.some(isError) || inOrder.kind === "circle")
    return { kind: "failed", diagnostics };
  const { target } = settings;
  const bundle = { digest: bundleDigest(inOrder.items, target), target, stacks: inOrder.items };
  return { kind: "linked", bundle, warnings: diagnostics };
}

/** Families that `depends_on` has wait for each other. */
function circleOf({ order }: Graph): readonly string[] | undefined {
  const families = [...order].map(([unit, after]) => ({ unit, dependsOn: [...after.keys()] }));
  const result = sorted(families);
  return result.kind === "circle" ? result.units : undefined;
}

function draftsOf(graph: Graph, layout: Layout, diagnostics: Diagnostic[]): Drafts {
  const drafts: Drafts = new Map(
    unitsOf(graph, layout).map((unit) => [
      unit,
      { nodes: [], imports: new Map(), exports: new Map(), outputs: [] },
    ]),
  );
  for (const node of graph.nodes.values()) {
    const unit = unitOf(node.layer, layout);
    const resolve = (reference: Reference) => {
      const provider = graph.nodes.get(reference.id);
      if (provider === undefined)
        throw new Error(`${node.id} refers to ${reference.id}, which nothing makes`);
      // Judged in both layouts alike: what one accepts the other does too.
      if (!mayRefer(node.layer, provider.layer)) diagnostics.push(toTheRight(node, provider));
      const home = unitOf(provider.layer, layout);
      if (home === unit) return undefined;
      const symbol = symbolOf(reference);
      drafts.get(unit)?.imports.set(symbol, home);
      drafts.get(home)?.exports.set(symbol, reference);
      return { Ref: symbol };
    };
    const properties = mapReferences(node.properties, resolve) as Node["properties"];
    drafts.get(unit)?.nodes.push({ ...node, properties });
  }
  for (const output of graph.outputs)
    drafts.get(unitOf(output.layer, layout))?.outputs.push(output);
  return drafts;
}

function stackOf(
  unit: string,
  draft: Parameters<typeof templateOf>[0],
  graph: Graph,
  settings: LinkSettings,
): DesiredStack {
  const { prefix, application, environment, stem, layout } = settings;
  const imports = [...draft.imports].sort(byKey);
  return {
    name: stackName(prefix, application, environment, unit, stem),
    unit,
    template: templateOf(draft, `${application} ${environment}: ${unit}`),
    parameters: Object.fromEntries(
      imports.map(([symbol, home]) => [symbol, { output: [home, symbol] as const }]),
    ),
    tags: {
      ...graph.tags,
      "trueup:application": application,
      "trueup:environment": environment,
      "trueup:unit": unit,
    },
    capabilities: capabilitiesOf(draft.nodes),
    dependsOn: [
      ...new Set([...imports.map(([, home]) => home), ...afterOf(unit, graph, layout)]),
    ].sort(),
    origins: Object.fromEntries(draft.nodes.map(({ id, origin }) => [id, origin])),
  };
}

const byKey = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number =>
  a < b ? -1 : 1;

/** Units that `depends_on` puts before this one. */
const afterOf = (unit: string, { order }: Graph, layout: Layout): readonly string[] =>
  layout === "single" || !unit.startsWith("s-")
    ? []
    : [...(order.get(unit.slice(2))?.keys() ?? [])].map((family) =>
        unitOf({ layer: "family", family }, layout),
      );

function capabilitiesOf(nodes: readonly Node[]): readonly string[] {
  const identities = nodes.filter(({ type }) => type.startsWith("AWS::IAM::"));
  const named = identities.some(({ properties }) =>
    ["RoleName", "ManagedPolicyName", "UserName", "GroupName", "InstanceProfileName"].some(
      (key) => properties[key] !== undefined,
    ),
  );
  if (named) return ["CAPABILITY_NAMED_IAM"];
  return identities.length > 0 ? ["CAPABILITY_IAM"] : [];
}

const toTheRight = (node: Node, provider: Node): Diagnostic => ({
  ...node.origin,
  severity: "error",
  code: "refers-to-the-right",
  message: `${node.id} needs ${provider.id} of ${provider.origin.path} (${provider.origin.file}:${provider.origin.line}), which is deployed after it`,
  help: "What services share cannot refer to one service.",
});

function tooMuch(unit: string, message: string, stacks: readonly DesiredStack[]): Diagnostic {
  const origins = stacks.find((stack) => stack.unit === unit)?.origins ?? {};
  const [first = nowhere] = Object.values(origins);
  const help = "Move what can stand alone into an application of its own.";
  return { ...first, severity: "error", code: "stack-too-big", path: "", message, help };
}

const nowhere: Origin = { file: "", line: 1, column: 1, path: "" };

function circular(families: readonly string[], { order }: Graph): Diagnostic {
  const [first = "", second = ""] = families;
  const origin = order.get(first)?.get(second) ?? nowhere;
  const message = `depends_on goes in a circle: ${families.join(" → ")}`;
  const help = "Give the services one ecs.task.family, or drop one of the dependencies.";
  return { ...origin, severity: "error", code: "circle", message, help };
}
