import type { Properties, Value } from "../../model/template.ts";
import { isMapping } from "../read.ts";
import type { Path } from "../report.ts";
import type { Members, Scalar, Shape } from "./shapes.ts";

/** One thing that CloudFormation would not take, and where in the properties it stands. */
export type Misfit = { readonly path: Path } & (
  | { readonly kind: "unknown"; readonly known: readonly string[] }
  | { readonly kind: "missing" }
  | { readonly kind: "shape"; readonly expected: string }
  | { readonly kind: "value"; readonly value: Value; readonly allowed: readonly string[] }
);

/** What of `given` CloudFormation would not take. What a function makes is taken for what is wanted. */
export function misfitsIn(members: Members, given: Properties, path: Path = []): readonly Misfit[] {
  const found: Misfit[] = [];
  for (const [name, { isRequired }] of members)
    if (isRequired && isNothing(given[name]))
      found.push({ kind: "missing", path: [...path, name] });
  for (const name of Object.keys(given)) {
    const at = [...path, name];
    const member = members.get(name);
    if (member === undefined) found.push({ kind: "unknown", path: at, known: [...members.keys()] });
    else found.push(...misfitsOf(member.shape, given[name] ?? "", at));
  }
  return found;
}

/** The same of one value: what it is, and what is in it. */
export function misfitsOf(shape: Shape, value: Value, path: Path = []): readonly Misfit[] {
  if (isFunction(value)) return [];
  switch (shape.kind) {
    case "any":
      return [];
    case "list":
      if (!Array.isArray(value)) return misshapen("a list", path);
      return value.flatMap((item: Value, at) => misfitsOf(shape.of, item, [...path, at]));
    case "map":
      if (!isObject(value)) return misshapen("a mapping", path);
      return Object.entries(value).flatMap(([key, item]) =>
        misfitsOf(shape.of, item, [...path, key]),
      );
    case "members":
      return isObject(value) ? misfitsIn(shape.of(), value, path) : misshapen("a mapping", path);
    case "tag":
      return isTag(value) ? [] : misshapen("a mapping with Key and Value", path);
    case "one":
      return misfitsAmong(shape.values, value, path);
    case "scalar":
      return isWritten(shape.of, value) ? [] : misshapen(shape.of, path);
  }
}

function misfitsAmong(allowed: readonly string[], value: Value, path: Path): readonly Misfit[] {
  const isAllowed = typeof value !== "object" && allowed.includes(String(value));
  return isAllowed ? [] : [{ kind: "value", path, value, allowed }];
}

const isTag = (value: Value): boolean => isObject(value) && "Key" in value && "Value" in value;

const isWritten = (as: Scalar, value: Value): boolean =>
  typeof value !== "object" && written[as].test(String(value));

/** As CloudFormation does: text is taken for numbers and `true`, and those for text. */
const written: Readonly<Record<Scalar, RegExp>> = {
  "true or false": /^(?:true|false)$/,
  "a whole number": /^-?\d+$/,
  "a number": /^-?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/,
  text: /^/,
};

const misshapen = (expected: string, path: Path): readonly Misfit[] => [
  { kind: "shape", path, expected },
];

const isNothing = (value: Value | undefined): boolean =>
  value === undefined || (isObject(value) && value.Ref === "AWS::NoValue");

const isObject = (value: Value): value is Properties => isMapping(value as never);

/** Also what a dynamic reference stands for. */
function isFunction(value: Value): boolean {
  if (typeof value === "string") return value.startsWith("{{resolve:");
  if (!isObject(value)) return false;
  const [name = "", ...more] = Object.keys(value);
  return more.length === 0 && (name === "Ref" || name.startsWith("Fn::"));
}
