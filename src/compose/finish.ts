import { put } from "../model/own.ts";
import { sortKeys } from "../model/sort-keys.ts";
import type { Data } from "./project.ts";
import type { Report } from "./report.ts";
import { sprint } from "./scalar.ts";
import type { Form, ObjectShape, Shape } from "./schema/shape.ts";
import {
  type Dict,
  dict,
  type GrowingData,
  type Leaf,
  type List,
  type Tree,
  toData,
} from "./tree.ts";
import { canonicalDuration, float32, parseBytes } from "./units.ts";

interface Finish {
  readonly report: Report;
  readonly path: (string | number)[];
  /** Set where a text, or a key that compose does not know, has two braces in a row. */
  hasBraces: boolean;
}

/**
 * The finished model as plain data: sizes, durations and numbers in one spelling, the keys of every
 * mapping in order, and nothing that says no more than its absence would.
 */
export function finish(tree: Tree, shape: Shape, work: Finish): Data {
  if (tree.kind === "leaf") return finishLeaf(tree, shape, work);
  if (tree.kind === "list") return finishList(tree, shape.list?.of ?? anything, work);
  return shape.dict?.kind === "object"
    ? finishObject(tree, shape.dict, work)
    : finishMap(tree, shape.dict?.of ?? anything, work);
}

/** What compose does not know, an extension for one, is as it is. */
const anything: Shape = {};

function finishBelow(tree: Tree, part: string | number, shape: Shape, work: Finish): Data {
  if (tree.kind === "leaf") return finishLeaf(tree, shape, work, part);
  work.path.push(part);
  const data = finish(tree, shape, work);
  work.path.pop();
  return data;
}

function finishLeaf(tree: Leaf, shape: Shape, work: Finish, part?: string | number): Data {
  const data = leafData(tree, shape, work, part);
  if (typeof data === "string") lookForBraces(data, work);
  return data;
}

function lookForBraces(text: string, work: Finish): void {
  if (text.includes("{{")) work.hasBraces = true;
}

function leafData(
  tree: Leaf,
  { leaf }: Shape,
  { path, report }: Finish,
  part?: string | number,
): Data {
  if (leaf === undefined) return toData(tree);
  // Where text may be left out, that is an empty text.
  if (tree.value === null) return leaf.form === "text" && leaf.kinds.includes("null") ? "" : null;
  const data = forms[leaf.form](tree);
  if (data !== undefined) return data;
  report.error(tree, part === undefined ? path : [...path, part], {
    code: "invalid-value",
    message: `${JSON.stringify(String(tree.value))} is no ${formNames[leaf.form]}`,
    help: formHelp[leaf.form] ?? "",
  });
  return null;
}

const finishList = (tree: List, of: Shape, work: Finish): Data =>
  tree.items.map((item, i) => finishBelow(item, i, of, work));

function finishMap(tree: Dict, of: Shape, work: Finish): Data {
  const data: GrowingData = {};
  for (const key of keysInOrder(tree)) {
    lookForBraces(key, work);
    put(data, key, finishBelow(tree.entries.get(key) as Tree, key, of, work));
  }
  return data;
}

function finishObject(tree: Dict, { always, fields }: ObjectShape, work: Finish): Data {
  const data: GrowingData = {};
  for (const key of keysInOrder(tree, always)) {
    const value = tree.entries.get(key);
    const field = fields.get(key);
    if (field === undefined) lookForBraces(key, work);
    const finished = value && finishBelow(value, key, field ?? anything, work);
    if (finished !== undefined && (field === undefined || !isAbsence(finished, field)))
      put(data, key, finished);
    else if (always?.includes(key)) data[key] = nothingOf(field, tree, work);
  }
  return data;
}

/** Keys in the one order there is, with those that are always there: that of the file means nothing. */
function keysInOrder({ entries }: Dict, always?: readonly string[]): readonly string[] {
  const keys = [...entries.keys()];
  if (always !== undefined) keys.push(...always.filter((key) => !entries.has(key)));
  sortKeys(keys);
  return keys;
}

/** What is always there, where nobody wrote it. */
const nothingOf = (shape: Shape | undefined, at: Dict, work: Finish): Data =>
  shape?.dict?.kind === "object" ? finishObject(dict(at, new Map()), shape.dict, work) : null;

/** Whether a value says no more than if it were not there. */
function isAbsence(data: Data, { dict, keep, leaf }: Shape): boolean {
  if (data === null) return true;
  if (keep === true) return false;
  if (typeof data === "string") return data === "" || (data === "0" && leaf?.form === "bytes");
  if (typeof data !== "object") return data === false || data === 0;
  return Array.isArray(data)
    ? data.length === 0
    : dict?.kind === "map" && Object.keys(data).length === 0;
}

const forms: Readonly<Record<Form, (tree: Leaf) => Data | undefined>> = {
  "as-is": toData,
  text: sprint,
  switch: ({ value }) => (typeof value === "boolean" ? value : asSwitch(String(value))),
  whole: ({ value }) => asWhole(value),
  float32: ({ value }) => {
    const number = typeof value === "string" && value.trim() === "" ? Number.NaN : Number(value);
    return Number.isNaN(number) ? undefined : float32(number);
  },
  duration: ({ value }) => canonicalDuration(String(value)),
  bytes: ({ value }) => {
    const size = typeof value === "string" ? parseBytes(value) : value;
    return size === undefined ? undefined : String(size);
  },
  octal: ({ value }) => {
    if (typeof value !== "string") return `0${Number(value).toString(8)}`;
    return /^[0-7]+$/.test(value) ? `0${Number.parseInt(value, 8).toString(8)}` : undefined;
  },
  count: ({ value }) =>
    typeof value === "string" && value.toLowerCase() === "all" ? -1 : asWhole(value),
};

const asSwitch = (text: string): boolean | undefined => {
  if (/^(true|y|yes|on|1|t)$/i.test(text)) return true;
  return /^(false|n|no|off|0|f)$/i.test(text) ? false : undefined;
};

const asWhole = (value: Leaf["value"]): number | undefined =>
  typeof value === "string" && !/^[+-]?\d+$/.test(value) ? undefined : Math.trunc(Number(value));

const formNames: Readonly<Record<Form, string>> = {
  "as-is": "value",
  text: "text",
  switch: "true or false",
  whole: "whole number",
  float32: "number",
  duration: "duration",
  bytes: "size",
  octal: "file mode",
  count: 'number of devices, nor "all"',
};

const formHelp: Readonly<Partial<Record<Form, string>>> = {
  duration: "write a number with its unit: 30s, 1m30s",
  bytes: "write a number with its unit: 512m, 2g",
  octal: 'write it in octal: "0440"',
};
