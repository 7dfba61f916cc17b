import type { NamedOutput, Node } from "../compile/graph.ts";
import { getAtt, type Output, type Resource, ref, type Template } from "../model/template.ts";
import type { Reference } from "./references.ts";

/** One unit while its references are resolved. */
export interface Draft {
  readonly nodes: Node[];
  /** Symbol → the unit that provides it. */
  readonly imports: Map<string, string>;
  readonly exports: Map<string, Reference>;
  readonly outputs: NamedOutput[];
}

export type Drafts = Map<string, Draft>;

/** A unit as a template: it declares what it uses and puts out what others use, no more. */
export function templateOf(draft: Draft, description: string): Template {
  const own = new Set(draft.nodes.map(({ id }) => id));
  const parameters = [...draft.imports.keys()].sort().map((symbol) => [symbol, parameter] as const);
  const outputs = outputsOf(draft);
  return {
    AWSTemplateFormatVersion: "2010-09-09",
    Description: description,
    ...(parameters.length > 0 ? { Parameters: Object.fromEntries(parameters) } : {}),
    Resources: Object.fromEntries(draft.nodes.map((node) => [node.id, resourceOf(node, own)])),
    ...(outputs.length > 0 ? { Outputs: Object.fromEntries(outputs) } : {}),
  };
}

const parameter = { Type: "String" } as const;

function resourceOf(node: Node, own: ReadonlySet<string>): Resource {
  // What is in another stack is there before this one by the order of stacks.
  const dependsOn = node.dependsOn?.filter((id) => own.has(id)) ?? [];
  return {
    Type: node.type,
    ...(dependsOn.length > 0 ? { DependsOn: dependsOn } : {}),
    ...(node.deletionPolicy === undefined ? {} : { DeletionPolicy: node.deletionPolicy }),
    ...(node.updateReplacePolicy === undefined
      ? {}
      : { UpdateReplacePolicy: node.updateReplacePolicy }),
    ...(Object.keys(node.properties).length > 0 ? { Properties: node.properties } : {}),
  };
}

const outputsOf = ({ exports, outputs }: Draft): readonly (readonly [string, Output])[] =>
  [
    ...[...exports].map(
      ([symbol, { id, attribute }]) =>
        [symbol, { Value: attribute === undefined ? ref(id) : getAtt(id, attribute) }] as const,
    ),
    ...outputs.map(
      ({ name, value, description }) => [name, { Description: description, Value: value }] as const,
    ),
  ].sort(([a], [b]) => (a < b ? -1 : 1));
