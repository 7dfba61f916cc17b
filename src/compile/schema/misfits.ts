import type { Properties, Value } from "../../model/template.ts";
import { isMapping } from "../read.ts";
import type { Path } from "../report.ts";
import { isFunction } from "./literal.ts";
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
export const misfitsOf = (shape: Shape, value: Value): readonly Misfit[] =>
  isFunction(value) ? misfitsOfFunction(shape, value) : misfitsOfWritten(shape, value);

/** What has parts is no text, whatever the text is. */
const misfitsOfFunction = ({ kind }: Shape, value: Value): readonly Misfit[] =>
  kind in structures && makesText(value)
    ? misshapen(structures[kind as keyof typeof structures])
    : none;

function misfitsOfWritten(shape: Shape, value: Value): readonly Misfit[] {
  switch (shape.kind) {
    case "any":
      return unless(isDocument(value), "a mapping");
    case "list":
      return Array.isArray(value) ? misfitsInList(shape.of, value) : misshapen(structures.list);
    case "map":
      return isObject(value) ? misfitsInMap(shape.of, value) : misshapen(structures.map);
    case "members":
      return isObject(value) ? misfitsIn(shape.of(), value) : misshapen(structures.members);
    case "tag":
      return unless(isTag(value), structures.tag);
    case "one":
      return misfitsAmong(shape.values, value);
    case "scalar":
      return unless(isWritten(shape.of, value), shape.of);
  }
}

const structures = {
  list: "a list",
  map: "a mapping",
  members: "a mapping",
  tag: "a mapping with Key and Value",
} as const;

/** A document, or its JSON. */
const isDocument = (value: Value): boolean =>
  typeof value === "string" ? /^\s*\{/.test(value) : isObject(value);

const misfitsInMap = (of: Shape, items: Properties): readonly Misfit[] =>
  Object.entries(items).flatMap(([key, item]) => below(key, misfitsOf(of, item)));

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

const isTag = (value: Value): boolean =>
  isObject(value) && [value.Key, value.Value].every((part) => part !== undefined && isOne(part));

/** One value, written or worked out. */
const isOne = (value: Value): boolean => typeof value !== "object" || isFunction(value);

const isWritten = (as: Scalar, value: Value): boolean =>
  typeof value !== "object" && written[as].test(String(value));

/** As CloudFormation does: text is taken for numbers and `true`, and those for text. */
const written: Readonly<Record<Scalar, RegExp>> = {
  "true or false": /^(?:true|false)$/i,
  "a whole number": /^-?\d+$/,
  "a number": /^-?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/,
  text: /^/,
};

const unless = (fits: boolean, expected: string): readonly Misfit[] =>
  fits ? none : misshapen(expected);

const misshapen = (expected: string): readonly Misfit[] => [{ kind: "shape", path: [], expected }];

const isNothing = (value: Value | undefined): boolean =>
  value === undefined || (isObject(value) && value.Ref === "AWS::NoValue");

const isObject = (value: Value): value is Properties => isMapping(value as never);

const texts: ReadonlySet<string> = new Set(["Fn::Base64", "Fn::Join", "Fn::Sub", "Ref"]);

/** Whether what a function comes to is text for sure: of what `Ref` gives one is a list, and one nothing. */
function makesText(value: Value): boolean {
  if (!isObject(value)) return true;
  const [name = ""] = Object.keys(value);
  return texts.has(name) && !["AWS::NoValue", "AWS::NotificationARNs"].includes(String(value.Ref));
}
