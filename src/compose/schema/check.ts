import { canonicalJson } from "../../model/digest.ts";
import { nearest } from "../../model/nearest.ts";
import type { Report } from "../report.ts";
import { shown } from "../shown.ts";
import { type Dict, keyPosition, type Leaf, type List, type Tree, toData } from "../tree.ts";
import type { Bounds, Kind, ListShape, MapShape, ObjectShape, Shape } from "./shape.ts";

interface Check {
  readonly report: Report;
  readonly path: (string | number)[];
}

/** Reports whatever in a tree is not of its shape, and goes on to the rest of it. */
export function checkShape(tree: Tree, shape: Shape, check: Check): void {
  if (tree.kind === "leaf") checkLeaf(tree, shape, check);
  else if (tree.kind === "list" && shape.list !== undefined) checkList(tree, shape.list, check);
  else if (tree.kind === "dict" && shape.dict?.kind === "map") checkMap(tree, shape.dict, check);
  else if (tree.kind === "dict" && shape.dict?.kind === "object")
    checkObject(tree, shape.dict, check);
  else if (shape.any !== true) wrongType(tree, shape, check);
}

function checkLeaf(tree: Leaf, shape: Shape, check: Check): void {
  if (shape.any === true || (shape.nullable === true && tree.value === null)) return;
  const { leaf } = shape;
  const kind = kindOf(tree);
  if (kind === undefined || leaf?.kinds.includes(kind) !== true) wrongType(tree, shape, check);
  else if (leaf.bounds !== undefined) checkBounds(tree, leaf.bounds, check);
}

/** Undefined: a date, which is text to people only. */
function kindOf({ value, as }: Leaf): Kind | undefined {
  switch (typeof value) {
    case "string":
      return as === "date" ? undefined : "text";
    case "boolean":
      return "switch";
    case "bigint":
      return "whole";
    case "number":
      return Number.isInteger(value) ? "whole" : "number";
    default:
      return "null";
  }
}

function checkBounds(tree: Leaf, bounds: Bounds, { path, report }: Check): void {
  const message = wrongValue(tree, bounds);
  if (message !== undefined) report.error(tree, path, { code: "invalid-value", message });
}

function wrongValue({ value }: Leaf, { among, pattern, range }: Bounds): string | undefined {
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
  tree.items.forEach((item, i) => {
    check.path.push(i);
    checkShape(item, shape.of, check);
    check.path.pop();
  });
  if (shape.unique && tree.items.length > 1) checkUnique(tree, check);
}

function checkUnique(tree: List, { path, report }: Check): void {
  const seen = new Set<string>();
  tree.items.forEach((item, i) => {
    const key =
      item.kind === "leaf" ? `${typeof item.value}${item.value}` : canonicalJson(toData(item));
    if (seen.has(key))
      report.error(item, [...path, i], { code: "invalid-value", message: "is there twice" });
    seen.add(key);
  });
}

function checkMap(tree: Dict, { keys, of, otherKeys }: MapShape, check: Check): void {
  tree.entries.forEach((value, key) => {
    check.path.push(key);
    if (keys === undefined || keys.test(key)) checkShape(value, of, check);
    else if (otherKeys === "refused")
      check.report.error(keyPosition(value), check.path, {
        code: "invalid-name",
        message: `${JSON.stringify(key)} cannot be a name`,
        help: "use letters, digits, dots, dashes and underscores",
      });
    check.path.pop();
  });
}

function checkObject(tree: Dict, shape: ObjectShape, check: Check): void {
  tree.entries.forEach((value, key) => {
    const field = shape.fields.get(key);
    check.path.push(key);
    if (field !== undefined) checkShape(value, field, check);
    else if (shape.open !== true && (shape.closed === true || !key.startsWith("x-")))
      unknownKey(value, key, shape, check);
    check.path.pop();
  });
  for (const key of shape.required)
    if (!tree.entries.has(key))
      check.report.error(tree, check.path, {
        code: "missing-key",
        message: `${key} is missing`,
        help: `add ${key}`,
      });
}

function unknownKey(value: Tree, key: string, { fields }: ObjectShape, check: Check): void {
  const near = nearest(key, [...fields.keys()]);
  check.report.error(keyPosition(value), check.path, {
    code: "unknown-key",
    message: `the key ${shown(key)} is not known here`,
    help: near === undefined ? "remove it, or start it with x-" : `did you mean ${near}?`,
  });
}

function wrongType(tree: Tree, shape: Shape, { report, path }: Check): void {
  const kinds = shape.leaf?.kinds ?? [];
  const named = kinds.filter((kind) => kind !== "whole" || !kinds.includes("number"));
  const wanted = [
    ...named.map((kind) => kindNames[kind]),
    ...(shape.list === undefined ? [] : ["a list"]),
    ...(shape.dict === undefined ? [] : ["a mapping"]),
  ];
  const value = tree.kind === "leaf" ? tree.value : null;
  const help = value !== null && kinds.includes("text") ? `write "${value}" in quotes` : "";
  report.error(tree, path, {
    code: "wrong-type",
    message: `must be ${wanted.join(" or ")}`,
    help,
  });
}

const kindNames: Readonly<Record<Kind, string>> = {
  text: "text",
  whole: "a whole number",
  number: "a number",
  switch: "true or false",
  null: "nothing",
};
