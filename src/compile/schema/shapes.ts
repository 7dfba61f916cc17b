import data from "../data/properties.json" with { type: "json" };

/** What a property may be, as CloudFormation's registry has it. */
export type Shape =
  | { readonly kind: "any" | "tag" }
  | { readonly kind: "scalar"; readonly of: Scalar }
  | { readonly kind: "one"; readonly values: readonly string[] }
  | { readonly kind: "list" | "map"; readonly of: Shape }
  | { readonly kind: "members"; readonly of: () => Members };

/** Values without parts, in the words of messages. */
export type Scalar = "a number" | "a whole number" | "text" | "true or false";

/** The properties of a resource type, or the members of one property. */
export interface Members {
  /** Names of those that must be there. */
  readonly required: readonly string[];
  /** By name. */
  readonly shapes: ReadonlyMap<string, Shape>;
}

/** The properties of a resource type; undefined: Trueup makes none of that type. */
export function propertiesOfType(type: string): Members | undefined {
  const text = Object.hasOwn(data.types, type)
    ? data.types[type as keyof typeof data.types]
    : undefined;
  return text === undefined ? undefined : parsed(text);
}

/** Most types are asked for by nobody in one run. */
const known = new Map<string, Members>();

function parsed(text: string): Members {
  const before = known.get(text);
  if (before !== undefined) return before;
  const required: string[] = [];
  const shapes = new Map<string, Shape>();
  for (const item of text.split(" ")) {
    const [, name, mark, type = ""] = /^(\w+)([:!])(.+)$/.exec(item) ?? [];
    if (name === undefined) continue;
    if (mark === "!") required.push(name);
    shapes.set(name, shapeOf(type));
  }
  const members: Members = { required, shapes };
  known.set(text, members);
  return members;
}

/** `[s`: a list of text; `{12`: a map of what definition 12 says; `s3`: one of the third values. */
function shapeOf(type: string): Shape {
  const [first = "", rest] = [type[0], type.slice(1)];
  switch (first) {
    case "[":
      return { kind: "list", of: shapeOf(rest) };
    case "{":
      return { kind: "map", of: shapeOf(rest) };
    case "j":
      return { kind: "any" };
    case "t":
      return { kind: "tag" };
    default:
      return scalarOf(first, rest) ?? definitionOf(Number(type));
  }
}

function scalarOf(first: string, values: string): Shape | undefined {
  const of = scalars[first];
  if (of === undefined) return undefined;
  return values === ""
    ? { kind: "scalar", of }
    : { kind: "one", values: (data.values[Number(values)] ?? "").split(" ") };
}

const scalars: Readonly<Record<string, Scalar>> = {
  b: "true or false",
  i: "a whole number",
  n: "a number",
  s: "text",
};

function definitionOf(index: number): Shape {
  const text = data.definitions[index] ?? "";
  return { kind: "members", of: () => parsed(text) };
}
