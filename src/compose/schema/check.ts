import { canonicalJson } from "../../model/digest.ts";
import { nearest } from "../../model/nearest.ts";
import type { Report } from "../report.ts";
import {
  type Dict,
  isNull,
  keyPosition,
  type Leaf,
  type List,
  type Scalar,
  type Tree,
  toData,
} from "../tree.ts";
import type { Kind, ListShape, MapShape, ObjectShape, ScalarShape, Shape } from "./shape.ts";

interface Check {
  readonly report: Report;
  readonly path: (string | number)[];
}

/** Reports whatever in a tree is not of its shape, and goes on to the rest of it. */
export function checkShape(tree: Tree, shape: Shape, check: Check): void {
  if (shape.kind === "any" || (shape.nullable === true && isNull(tree))) return;
  const fitting = shape.kind === "either" ? chosen(tree, shape.shapes) : shape;
  if (fitting?.kind === "either") checkShape(tree, fitting, check);
  else if (tree.kind === "leaf" && fitting?.kind === "scalar") checkScalar(tree, fitting, check);
  else if (tree.kind === "list" && fitting?.kind === "list") checkList(tree, fitting, check);
  else if (tree.kind === "dict" && fitting !== undefined) checkDict(tree, fitting, check);
  else wrongType(tree, expected(shape), check);
}

function checkDict(tree: Dict, shape: Shape, check: Check): void {
  if (shape.kind === "map") checkMap(tree, shape, check);
  else if (shape.kind === "object") checkObject(tree, shape, check);
  else wrongType(tree, expected(shape), check);
}

/** What an object's key may hold; undefined for a key it does not name. */
export const fieldOf = (shape: ObjectShape, key: string): Shape | undefined =>
  Object.hasOwn(shape.fields, key) ? shape.fields[key] : undefined;

/** The one of several shapes that a value is meant to have, by its kind. */
export const chosen = (tree: Tree, shapes: readonly Shape[]): Shape | undefined =>
  shapes.find((shape) => {
    if (tree.kind === "list") return shape.kind === "list";
    if (tree.kind === "dict") return shape.kind === "object" || shape.kind === "map";
    return shape.kind === "scalar" && shape.kinds.some((kind) => isOfKind(tree, kind));
  });

function isOfKind({ value, as }: Leaf, kind: Kind): boolean {
  switch (kind) {
    case "text":
      return typeof value === "string" && as !== "date";
    case "switch":
      return typeof value === "boolean";
    case "null":
      return value === null;
    case "number":
      return typeof value === "number" || typeof value === "bigint";
    case "whole":
      return typeof value === "bigint" || Number.isInteger(value);
  }
}

function checkScalar(tree: Leaf, shape: ScalarShape, check: Check): void {
  if (!shape.kinds.some((kind) => isOfKind(tree, kind))) wrongType(tree, expected(shape), check);
  else {
    const message = wrongValue(tree.value, shape);
    if (message !== undefined) invalid(tree, message, check);
  }
}

function wrongValue(value: Scalar, { among, pattern, range }: ScalarShape): string | undefined {
  if (among !== undefined && !among.includes(String(value)))
    return `must be one of ${among.join(", ")}`;
  if (pattern !== undefined && typeof value === "string" && !pattern.test(value))
    return `${JSON.stringify(value)} is not allowed here`;
  if (range === undefined || typeof value !== "number") return undefined;
  const [min, max] = range;
  if (value >= min && value <= max) return undefined;
  return Number.isFinite(max) ? `must be from ${min} to ${max}` : `must be ${min} or more`;
}

function checkList(tree: List, shape: ListShape, check: Check): void {
  const seen = new Set<string>();
  for (const [i, item] of tree.items.entries()) {
    within(check, i, () => checkShape(item, shape.of, check));
    if (!shape.unique) continue;
    const key =
      item.kind === "leaf" ? `${typeof item.value}${item.value}` : canonicalJson(toData(item));
    if (seen.has(key)) within(check, i, () => invalid(item, "is there twice", check));
    seen.add(key);
  }
}

function checkMap(tree: Dict, shape: MapShape, check: Check): void {
  for (const [key, value] of tree.entries) {
    if (shape.keys === undefined || shape.keys.test(key))
      within(check, key, () => checkShape(value, shape.of, check));
    else if (shape.otherKeys === "refused")
      within(check, key, () =>
        check.report.error(keyPosition(value), check.path, {
          code: "invalid-name",
          message: `${JSON.stringify(key)} cannot be a name`,
          help: "use letters, digits, dots, dashes and underscores",
        }),
      );
  }
}

function checkObject(tree: Dict, shape: ObjectShape, check: Check): void {
  for (const [key, value] of tree.entries) {
    const field = fieldOf(shape, key);
    if (field !== undefined) within(check, key, () => checkShape(value, field, check));
    else if (shape.open !== true && (shape.closed === true || !key.startsWith("x-")))
      within(check, key, () => unknownKey(value, key, shape, check));
  }
  for (const choice of shape.required) {
    if (choice.some((key) => tree.entries.has(key))) continue;
    const wanted = choice.join(" or ");
    check.report.error(tree, check.path, {
      code: "missing-key",
      message: `${wanted} is missing`,
      help: `add ${wanted}`,
    });
  }
}

function unknownKey(value: Tree, key: string, shape: ObjectShape, check: Check): void {
  const near = nearest(key, Object.keys(shape.fields));
  check.report.error(keyPosition(value), check.path, {
    code: "unknown-key",
    message: `the key ${key} is not known here`,
    help: near === undefined ? "remove it, or start it with x-" : `did you mean ${near}?`,
  });
}

function wrongType(tree: Tree, wanted: readonly string[], { report, path }: Check): void {
  const what = [...new Set(wanted)].join(" or ");
  const value = tree.kind === "leaf" ? tree.value : undefined;
  const help =
    value !== undefined && value !== null && wanted.includes("text")
      ? `write "${value}" in quotes`
      : "";
  report.error(tree, path, { code: "wrong-type", message: `must be ${what}`, help });
}

function expected(shape: Shape): readonly string[] {
  switch (shape.kind) {
    case "any":
      return [];
    case "either":
      return shape.shapes.flatMap(expected);
    case "scalar":
      return shape.kinds.map((kind) => kindNames[kind]);
    case "list":
      return ["a list"];
    case "map":
    case "object":
      return ["a mapping"];
  }
}

const kindNames: Readonly<Record<Kind, string>> = {
  text: "text",
  whole: "a whole number",
  number: "a number",
  switch: "true or false",
  null: "nothing",
};

function invalid(tree: Tree, message: string, { report, path }: Check): void {
  report.error(tree, path, { code: "invalid-value", message });
}

function within(check: Check, part: string | number, run: () => void): void {
  check.path.push(part);
  run();
  check.path.pop();
}
