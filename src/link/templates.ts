import type { NamedOutput, Node } from "../compile/graph.ts";
import {
  getAtt,
  type Output,
  type Resource,
  ref,
  type Template,
  type Value,
} from "../model/template.ts";
import { inPack, together } from "./packs.ts";
import { type Reference, symbolOf } from "./references.ts";

/** One unit while its references are resolved. */
export interface Draft {
  readonly unit: string;
  readonly nodes: Node[];
  readonly resources: Record<string, Resource>;
  /** Parameter → the output of another unit that feeds it. */
  readonly imports: Map<string, Import>;
  /** What others take, by the name that their parameters have for it. */
  readonly exports: Map<string, Value>;
  readonly outputs: NamedOutput[];
}

/** What a unit takes from another: an output, or an item of one. */
type Import = readonly [unit: string, output: string];

export const draftOf = (unit: string): Draft => ({
  unit,
  nodes: [],
  resources: {},
  imports: new Map(),
  exports: new Map(),
  outputs: [],
});

/** Lets one unit take a value of a resource of another; answers the parameter that holds it. */
export function carry(reference: Reference, provider: Node, from: Draft, to: Draft): Value {
  const { attribute, id } = reference;
  const symbol = symbolOf(reference);
  if (!to.imports.has(symbol)) {
    const isGroup = provider.type === "AWS::EC2::SecurityGroup" && attribute === undefined;
    const output = isGroup ? inPack(symbol) : symbol;
    to.imports.set(symbol, [from.unit, output]);
    from.exports.set(output, attribute === undefined ? ref(id) : getAtt(id, attribute));
  }
  return ref(symbol);
}

/** A unit as a template: it declares what it uses and puts out what others use, no more. */
export function templateOf(draft: Draft, description: string): Template {
  const parameters = [...draft.imports.keys()].sort().map((symbol) => [symbol, parameter] as const);
  const outputs = outputsOf(draft);
  return {
    AWSTemplateFormatVersion: "2010-09-09",
    Description: description,
    ...(parameters.length > 0 ? { Parameters: Object.fromEntries(parameters) } : {}),
    Resources: draft.resources,
    ...(Object.keys(outputs).length > 0 ? { Outputs: outputs } : {}),
  };
}

const parameter = { Type: "String" } as const;

/** `isOwn`: what is in another stack is there before this one by the order of stacks. */
export function resourceOf(
  node: Node,
  properties: Node["properties"],
  isOwn: (id: string) => boolean,
): Resource {
  const dependsOn = node.dependsOn?.filter(isOwn) ?? [];
  return {
    Type: node.type,
    ...(dependsOn.length > 0 ? { DependsOn: dependsOn } : {}),
    ...(node.deletionPolicy === undefined ? {} : { DeletionPolicy: node.deletionPolicy }),
    ...(node.updateReplacePolicy === undefined
      ? {}
      : { UpdateReplacePolicy: node.updateReplacePolicy }),
    ...(Object.keys(properties).length > 0 ? { Properties: properties } : {}),
  };
}

const outputsOf = ({ exports, outputs }: Draft): Readonly<Record<string, Output>> =>
  together([
    ...[...exports].map(([name, Value]) => [name, { Value }] as const),
    ...outputs.map(
      ({ name, value, description }) => [name, { Description: description, Value: value }] as const,
    ),
  ]);
