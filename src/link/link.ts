import type { Graph, Node } from "../compile/graph.ts";
import type { Bundle, DesiredStack, Origin, Target } from "../model/bundle.ts";
import { type Diagnostic, isError } from "../model/diagnostic.ts";
import { circular } from "./circles.ts";
import { bundleDigest } from "./digests.ts";
import { type Excess, excesses } from "./limits.ts";
import { type Reference, resolvedText } from "./references.ts";
import { sorted } from "./sorted.ts";
import { stackName } from "./stack-name.ts";
import { tooBig } from "./task-size.ts";
import { carry, type Draft, draftOf, resourceOf, templateOf } from "./templates.ts";
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
  const { diagnostics, stacks } = cut(graph, settings);
  if (diagnostics.some(isError)) return { kind: "failed", diagnostics };
  const { target } = settings;
  const bundle = { digest: bundleDigest(stacks, target), target, stacks };
  return { kind: "linked", bundle, warnings: diagnostics };
}

/** The stacks of a graph, each after those it depends on, and what is wrong with them. */
export function cut(graph: Graph, settings: LinkSettings) {
  const diagnostics: Diagnostic[] = [];
  const drafts = draftsOf(graph, settings.layout, diagnostics);
  const stacks = drafts.map((draft) => stackOf(draft, graph, settings));
  for (const excess of excesses(stacks)) diagnostics.push(tooMuch(excess, stacks));
  return { diagnostics, stacks: sorted(stacks) };
}

function draftsOf(graph: Graph, layout: Layout, diagnostics: Diagnostic[]): readonly Draft[] {
  const drafts = new Map(unitsOf(graph, layout).map((unit) => [unit, draftOf(unit)]));
  const draftFor = ({ layer }: Pick<Node, "layer">): Draft =>
    drafts.get(unitOf(layer, layout)) as Draft;
  for (const node of graph.nodes.values()) draftFor(node).nodes.set(node.id, node);
  // Within a stack: from one to another there is only one direction.
  const needs = new Map<string, string[]>();
  for (const node of graph.nodes.values()) {
    const draft = draftFor(node);
    const needed: string[] = [...(node.dependsOn ?? [])];
    const resolve = (reference: Reference) => {
      const provider = graph.nodes.get(reference.id);
      if (provider === undefined) {
        diagnostics.push(toNothing(node, reference));
        return undefined;
      }
      // Judged in both layouts alike: what one accepts the other does too.
      if (!mayRefer(node.layer, provider.layer)) diagnostics.push(toTheRight(node, provider));
      if (draft.nodes.has(reference.id)) {
        needed.push(reference.id);
        return undefined;
      }
      return carry(reference, provider, draftFor(provider), draft);
    };
    const text = resolvedText(resourceOf(node, draft), resolve);
    draft.texts.set(node.id, text);
    diagnostics.push(...tooBig(node, text));
    if (needed.length > 0) needs.set(node.id, needed);
  }
  for (const id of circular(needs)) diagnostics.push(needsItself(graph.nodes.get(id) as Node));
  for (const output of graph.outputs)
    drafts.get(unitOf(output.layer, layout))?.outputs.push(output);
  return [...drafts.values()];
}

function stackOf(draft: Draft, graph: Graph, settings: LinkSettings): DesiredStack {
  const { prefix, application, environment, stem, layout } = settings;
  const { unit } = draft;
  const nodes = [...draft.nodes.values()];
  const imports = [...draft.imports].sort(byKey);
  return {
    name: stackName(prefix, application, environment, unit, stem),
    unit,
    template: templateOf(draft, `${application} ${environment}: ${unit}`),
    parameters: Object.fromEntries(imports.map(([symbol, output]) => [symbol, { output }])),
    tags: {
      ...graph.tags,
      "trueup:application": application,
      "trueup:environment": environment,
      "trueup:unit": unit,
    },
    capabilities: capabilitiesOf(nodes),
    dependsOn: [
      ...new Set([...imports.map(([, [home]]) => home), ...afterOf(unit, graph, layout)]),
    ].sort(),
    origins: Object.fromEntries(nodes.map(({ id, origin }) => [id, origin])),
    ...(graph.originOf === undefined ? {} : { originOf: graph.originOf }),
  };
}

const byKey = (a: readonly [string, unknown], b: readonly [string, unknown]): number =>
  a[0] < b[0] ? -1 : 1;

/** Units that `depends_on` puts before this one. */
const afterOf = (unit: string, { order }: Graph, layout: Layout): readonly string[] =>
  layout === "single" || !unit.startsWith("s-")
    ? []
    : (order.get(unit.slice(2)) ?? []).map((family) => unitOf({ layer: "family", family }, layout));

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

const needsItself = ({ id, origin }: Node): Diagnostic => ({
  ...origin,
  severity: "error",
  code: "circular",
  message: `${id} needs what needs it, and CloudFormation makes neither`,
  help: "Take one of the references out, or name what it is to by hand.",
});

/** What refers is checked where it is read; names that people choose may look like it. */
const toNothing = (node: Node, { id }: Reference): Diagnostic => ({
  ...node.origin,
  severity: "error",
  code: "unknown-resource",
  message: `refers to ${id}, which nothing makes`,
  help: "A mapping of one key that is Ref or begins with Fn:: is CloudFormation's own: call the key something else.",
});

const toTheRight = (node: Node, provider: Node): Diagnostic => ({
  ...node.origin,
  severity: "error",
  code: "refers-to-the-right",
  message: `${node.id} needs ${provider.id} of ${provider.origin.path} (${provider.origin.file}:${provider.origin.line}), which is deployed after it`,
  help: "What services share cannot refer to one service.",
});

function tooMuch({ help, message, unit }: Excess, stacks: readonly DesiredStack[]): Diagnostic {
  const stack = stacks.find((one) => unit === undefined || one.unit === unit);
  const [first = nowhere] = Object.values(stack?.origins ?? {});
  return { ...first, severity: "error", code: "stack-too-big", path: "", message, help };
}

const nowhere: Origin = { file: "", line: 1, column: 1, path: "" };
