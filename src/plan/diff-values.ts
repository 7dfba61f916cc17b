import type { ParameterValue } from "../model/bundle.ts";
import type { Output, Properties, Resource, Template, Value } from "../model/template.ts";

/** What a template's parameters are given; a missing one is as good as not yet known. */
export type Parameters = Readonly<Record<string, ParameterValue>>;

/** A value that only a deployment will tell: it stands where the parameter of that name is used. */
const unknown = (name: string): Properties => ({ [unknownKey]: name });

const unknownKey = "Trueup::Unknown";

/** Whether a value holds something that only a deployment will tell. */
export function isUnknown(value: Value | undefined): boolean {
  if (typeof value !== "object") return false;
  return unknownKey in value || Object.values(value).some(isUnknown);
}

/** The one member of a value that is made by a function of CloudFormation's, or not known yet. */
function intrinsicIn(value: Properties): readonly [name: string, argument: Value] | undefined {
  const [member, ...others] = Object.entries(value);
  if (member === undefined || others.length > 0) return undefined;
  const [name] = member;
  return name === "Ref" || name.startsWith("Fn::") || name === unknownKey ? member : undefined;
}

/** Not an object with parts of its own: a function of CloudFormation's, or a value not known yet. */
export const isIntrinsic = (value: Properties): boolean => intrinsicIn(value) !== undefined;

export const isList = (value: Value | undefined): value is readonly Value[] => Array.isArray(value);

/**
 * A resource's properties with everything computed that can be without AWS: parameters filled in,
 * text joined, `AWS::NoValue` left out. What is left of CloudFormation's functions has one
 * spelling, so that two values that are the same look the same.
 */
export function evaluated(
  resource: Resource,
  template: Template,
  parameters: Parameters,
): Properties {
  const scope: Scope = { declared: template.Parameters ?? {}, parameters };
  return mapped(resource.Properties ?? {}, scope);
}

/** An output's value, computed as far as it can be. */
export const evaluatedOutput = (
  output: Output | undefined,
  template: Template,
  parameters: Parameters,
): Value | undefined => {
  const scope: Scope = { declared: template.Parameters ?? {}, parameters };
  return output && evaluate(output.Value, scope);
};

interface Scope {
  readonly declared: Readonly<Record<string, unknown>>;
  readonly parameters: Parameters;
}

function evaluate(value: Value, scope: Scope): Value | undefined {
  if (typeof value !== "object") return value;
  if (isList(value)) return items(value, scope);
  const intrinsic = intrinsicIn(value);
  if (intrinsic === undefined) return mapped(value, scope);
  const [name, argument] = intrinsic;
  if (name === "Ref") return reference(String(argument), scope);
  return computed(name, argument, scope) ?? mapped(value, scope);
}

/** Undefined: only AWS can tell what a function comes to. */
function computed(name: string, argument: Value, scope: Scope): Value | undefined {
  switch (name) {
    case "Fn::GetAtt":
      return attribute(argument);
    case "Fn::Join":
      return joined(argument, scope);
    case "Fn::Sub":
      return substituted(argument, scope);
    case "Fn::Select":
      return selected(argument, scope);
    case "Fn::Split":
      return split(argument, scope);
    // Stryker disable next-line ConditionalExpression: to answer nothing is to answer undefined
    default:
      return undefined;
  }
}

const items = (values: readonly Value[], scope: Scope): readonly Value[] =>
  values.map((item) => evaluate(item, scope)).filter((item) => item !== undefined);

/** A function's arguments; some take one that stands alone. */
const partsOf = (argument: Value): readonly Value[] => [argument].flat() as readonly Value[];

/** What comes to nothing is as good as not there. */
const mapped = (value: Properties, scope: Scope): Properties =>
  Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, evaluate(item, scope)]),
  ) as Properties;

function reference(name: string, { declared, parameters }: Scope): Value | undefined {
  if (name === "AWS::NoValue") return undefined;
  if (!Object.hasOwn(declared, name)) return { Ref: name };
  const given = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
  return typeof given === "string" ? given : unknown(name);
}

function attribute(argument: Value): Value {
  if (typeof argument !== "string") return { "Fn::GetAtt": argument };
  const dot = argument.indexOf(".");
  return { "Fn::GetAtt": [argument.slice(0, dot), argument.slice(dot + 1)] };
}

function joined(argument: Value, scope: Scope): Value | undefined {
  const [separator, list] = items(partsOf(argument), scope);
  if (typeof separator !== "string" || !isList(list)) return undefined;
  return text(list.flatMap((part, index) => (index === 0 ? [part] : [separator, part])));
}

function substituted(argument: Value, scope: Scope): Value | undefined {
  const [template, variables = {}] = partsOf(argument);
  if (typeof template !== "string") return undefined;
  const pieces = template.split(/(\$\{[^}]+\})/);
  return text(
    pieces.map((piece, index) =>
      index % 2 === 0 ? piece : (placeholder(piece, variables as Properties, scope) ?? ""),
    ),
  );
}

function placeholder(piece: string, variables: Properties, scope: Scope): Value | undefined {
  const name = piece.slice(2, -1);
  if (name.startsWith("!")) return `\${${name.slice(1)}}`;
  const variable = Object.hasOwn(variables, name) ? variables[name] : undefined;
  if (variable !== undefined) return evaluate(variable, scope);
  return name.includes(".") ? attribute(name) : reference(name, scope);
}

/** Text and what is not known of it: literals side by side are one, and text within text is flat. */
function text(parts: readonly Value[]): Value {
  const merged: Value[] = [];
  for (const part of parts.flatMap(piecesOf)) {
    const last = merged.at(-1);
    if (typeof part === "object") merged.push(part);
    else if (typeof last === "string") merged[merged.length - 1] = `${last}${part}`;
    else if (part !== "") merged.push(String(part));
  }
  const [only = "", ...more] = merged;
  return more.length === 0 ? only : { "Fn::Join": ["", merged] };
}

function piecesOf(part: Value): readonly Value[] {
  const { "Fn::Join": join } = part as { readonly "Fn::Join"?: readonly Value[] };
  const pieces = join?.[1];
  return isList(pieces) ? pieces : [part];
}

function selected(argument: Value, scope: Scope): Value | undefined {
  const [index, list] = items(partsOf(argument), scope);
  return isList(list) ? list[Number(index)] : undefined;
}

function split(argument: Value, scope: Scope): Value | undefined {
  const [separator, source] = items(partsOf(argument), scope);
  return typeof separator === "string" && typeof source === "string"
    ? source.split(separator)
    : undefined;
}
