import type { Properties, Value } from "../../model/template.ts";
import { isMapping } from "../read.ts";
import type { Path } from "../report.ts";
import type { Members, Scalar, Shape } from "./shapes.ts";

/** One thing that CloudFormation would not take, and where in the properties it stands. */
export type Misfit = { readonly path: Path } & (
  | { readonly kind: "unknown"; readonly known: readonly string[] }
  | { readonly kind: "missing" }
  /** A tag whose key another has before it. */
  | { readonly kind: "twice"; readonly key: string }
  | { readonly kind: "shape"; readonly expected: string }
  | { readonly kind: "value"; readonly value: Value; readonly allowed: readonly string[] }
);

/** What of `given` CloudFormation would not take. What a function makes is taken for what is wanted. */
export function misfitsIn({ required, shapes }: Members, given: Properties): readonly Misfit[] {
  const found: Misfit[] = [];
  for (const name of required)
    if (isNothing(given[name])) found.push({ kind: "missing", path: [name] });
  for (const name of Object.keys(given)) {
    const shape = shapes.get(name);
    if (shape === undefined)
      found.push({ kind: "unknown", path: [name], known: [...shapes.keys()] });
    else found.push(...below(name, misfitsOf(shape, given[name] ?? "")));
  }
  return found;
}

/** The same of one value: what it is, and what is in it. */
export function misfitsOf(shape: Shape, value: Value): readonly Misfit[] {
  if (isFunction(value)) return none;
  switch (shape.kind) {
    case "any":
      return none;
    case "list":
      return Array.isArray(value) ? misfitsInList(shape.of, value) : misshapen("a list");
    case "map":
      if (!isObject(value)) return misshapen("a mapping");
      return Object.entries(value).flatMap(([key, item]) => below(key, misfitsOf(shape.of, item)));
    case "members":
      return isObject(value) ? misfitsIn(shape.of(), value) : misshapen("a mapping");
    case "tag":
      return isTag(value) ? none : misshapen("a mapping with Key and Value");
    case "one":
      return misfitsAmong(shape.values, value);
    case "scalar":
      return isWritten(shape.of, value) ? none : misshapen(shape.of);
  }
}

function misfitsInList(of: Shape, items: readonly Value[]): readonly Misfit[] {
  const own = items.flatMap((item, at) => below(at, misfitsOf(of, item)));
  return of.kind === "tag" ? [...own, ...repeated(items)] : own;
}

/** Most values fit, and then nobody asks where they stand. */
const none: readonly Misfit[] = [];

const below = (key: string | number, misfits: readonly Misfit[]): readonly Misfit[] =>
  misfits.length === 0
    ? misfits
    : misfits.map((misfit) => ({ ...misfit, path: [key, ...misfit.path] }));

function misfitsAmong(allowed: readonly string[], value: Value): readonly Misfit[] {
  const isAllowed = typeof value !== "object" && allowed.includes(String(value));
  return isAllowed ? none : [{ kind: "value", path: [], value, allowed }];
}

function repeated(tags: readonly Value[]): readonly Misfit[] {
  const keys = tags.map((tag) => (isObject(tag) ? tag.Key : undefined));
  return keys.flatMap((key, at): readonly Misfit[] =>
    typeof key === "string" && keys.indexOf(key) < at ? [{ kind: "twice", path: [at], key }] : none,
  );
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

const misshapen = (expected: string): readonly Misfit[] => [{ kind: "shape", path: [], expected }];

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
