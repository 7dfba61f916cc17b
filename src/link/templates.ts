import type { NamedOutput, Node } from "../compile/graph.ts";
import {
  getAtt,
  type Output,
  type Resource,
  ref,
  type Template,
  type Value,
} from "../model/template.ts";
import { rememberText } from "./digests.ts";
import { inPack, together } from "./packs.ts";
import { type Reference, resolved, symbolOf } from "./references.ts";

/** One unit while its references are resolved. */
export interface Draft {
  readonly unit: string;
  readonly nodes: Map<string, Node>;
  /** The canonical text of each resource, its references resolved, until there is that of them all. */
  readonly texts: Map<string, string>;
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
  nodes: new Map(),
  texts: new Map(),
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

/**
 * A unit as a template: it declares what it uses and puts out what others use, no more. Its text is
 * known first, and often all that is asked for: resources are made when somebody reads them.
 */
export function templateOf(draft: Draft, description: string): Template {
  const symbols = [...draft.imports.keys()].sort();
  const parameters = Object.fromEntries(symbols.map((symbol) => [symbol, parameter]));
  const outputs = outputsOf(draft);
  let resources: Template["Resources"] | undefined;
  const template: Template = {
    AWSTemplateFormatVersion: "2010-09-09",
    Description: description,
    ...(symbols.length > 0 ? { Parameters: parameters } : {}),
    get Resources() {
      resources ??= resourcesOf(draft);
      return resources;
    },
    ...(Object.keys(outputs).length > 0 ? { Outputs: outputs } : {}),
  };
  rememberText(template, draft.texts);
  draft.texts.clear();
  return template;
}

const parameter = { Type: "String" } as const;

const resourcesOf = (draft: Draft): Template["Resources"] =>
  Object.fromEntries(
    [...draft.nodes.values()].map((node) => [
      node.id,
      resolved(resourceOf(node, draft), (reference) =>
        draft.nodes.has(reference.id) ? undefined : ref(symbolOf(reference)),
      ),
    ]),
  );

/** With the references that the graph has. */
export function resourceOf(node: Node, { nodes }: Draft): Resource {
  const { deletionPolicy, metadata, properties, type, updateReplacePolicy } = node;
  // What is in another stack is there before this one by the order of stacks.
  const dependsOn = node.dependsOn?.filter((id) => nodes.has(id)) ?? [];
  return {
    Type: type,
    ...(dependsOn.length > 0 ? { DependsOn: dependsOn } : {}),
    ...(metadata === undefined ? {} : { Metadata: metadata }),
    ...(deletionPolicy === undefined ? {} : { DeletionPolicy: deletionPolicy }),
    ...(updateReplacePolicy === undefined ? {} : { UpdateReplacePolicy: updateReplacePolicy }),
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
