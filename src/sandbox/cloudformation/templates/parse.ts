import { isAlias, isMap, isScalar, isSeq, type Node, parseDocument } from "yaml";
import { invalid } from "../errors.ts";
import type { Value } from "../state.ts";

/** The value that a template's text stands for: JSON, or YAML with the short forms of intrinsics. */
export function parseTemplate(text: string): Value {
  return text.trimStart().startsWith("{") ? parseJson(text) : parseYaml(text);
}

function parseJson(text: string): Value {
  try {
    return JSON.parse(text);
  } catch (error) {
    const lines = text.split("\n");
    const end = ["", lines.length, (lines.at(-1) ?? "").length];
    const [, line, column] = /line (\d+) column (\d+)/.exec(String(error)) ?? end;
    throw invalid(`Template format error: JSON not well-formed. (line ${line}, column ${column})`);
  }
}

function parseYaml(text: string): Value {
  const document = parseDocument(text, { logLevel: "silent" });
  const [problem] = document.errors;
  if (problem !== undefined) {
    const { line = 1, col = 1 } = problem.linePos?.[0] ?? {};
    throw invalid(`Template format error: YAML not well-formed. (line ${line}, column ${col})`);
  }
  const valueIn = (node: unknown): Value => {
    if (isAlias(node)) return valueIn(node.resolve(document));
    return tagged(node as Node | null, untagged(node, valueIn));
  };
  return valueIn(document.contents);
}

function untagged(node: unknown, valueIn: (node: unknown) => Value): Value {
  if (isMap(node)) {
    return Object.fromEntries(
      node.items.map(({ key, value }) => [String(valueIn(key)), valueIn(value)]),
    );
  }
  if (isSeq(node)) return node.items.map(valueIn);
  return isScalar(node) ? (node.value as Value) : null;
}

/** `!GetAtt a.b` is `Fn::GetAtt: [a, b]`; `!Ref` and `!Condition` keep their names. */
function tagged(node: Node | null, value: Value): Value {
  const tag = node?.tag;
  if (tag === undefined || !tag.startsWith("!")) return value;
  const name = tag.slice(1);
  if (name === "Ref" || name === "Condition") return { [name]: value };
  if (!shortForms.has(name)) throw invalid(`Template format error: Unrecognized tag ${tag}`);
  return { [`Fn::${name}`]: name === "GetAtt" ? attributeOf(value) : value };
}

/** `a.b.c` → `[a, b.c]`. */
export function attributeOf(value: Value): Value {
  if (typeof value !== "string") return value;
  const [resource = "", ...attribute] = value.split(".");
  return [resource, attribute.join(".")];
}

const shortForms: ReadonlySet<string> = new Set([
  "And",
  "Base64",
  "Cidr",
  "Equals",
  "FindInMap",
  "ForEach",
  "GetAtt",
  "GetAZs",
  "If",
  "ImportValue",
  "Join",
  "Length",
  "Not",
  "Or",
  "Select",
  "Split",
  "Sub",
  "ToJsonString",
  "Transform",
]);
