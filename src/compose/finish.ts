import type { Data } from "./project.ts";
import type { Report } from "./report.ts";
import { sprint } from "./scalar.ts";
import { chosen, fieldOf } from "./schema/check.ts";
import type { Form, ObjectShape, ScalarShape, Shape } from "./schema/shape.ts";
import { type Dict, dict, isNull, type Leaf, type List, type Tree, toData } from "./tree.ts";
import { durationText, float32, parseBytes, parseDuration } from "./units.ts";

interface Finish {
  readonly report: Report;
  readonly path: (string | number)[];
}

/**
 * The finished model as plain data: sizes, durations and numbers in one spelling, and nothing
 * that says no more than its absence would.
 */
export function finish(tree: Tree, shape: Shape, work: Finish): Data {
  if (isNull(tree)) return nullOf(shape);
  if (shape.kind === "either") {
    const choice = chosen(tree, shape.shapes);
    return choice === undefined ? toData(tree) : finish(tree, choice, work);
  }
  if (tree.kind === "leaf")
    return shape.kind === "scalar" ? finishScalar(tree, shape, work) : toData(tree);
  if (tree.kind === "list")
    return shape.kind === "list" ? finishList(tree, shape.of, work) : toData(tree);
  if (shape.kind === "map") return finishMap(tree, shape.of, work);
  return shape.kind === "object" ? finishObject(tree, shape, work) : toData(tree);
}

/** Where text may be left out, that is an empty text. */
const nullOf = (shape: Shape): Data =>
  shape.kind === "scalar" && shape.form === "text" && shape.kinds.includes("null") ? "" : null;

const finishList = (tree: List, of: Shape, work: Finish): Data =>
  tree.items.map((item, i) => within(work, i, () => finish(item, of, work)));

const finishMap = (tree: Dict, of: Shape, work: Finish): Data =>
  Object.fromEntries(
    Array.from(tree.entries, ([key, value]) => [
      key,
      within(work, key, () => finish(value, of, work)),
    ]),
  );

function finishObject(tree: Dict, shape: ObjectShape, work: Finish): Data {
  const entries = new Map<string, Data>();
  for (const [key, value] of tree.entries) {
    const field = fieldOf(shape, key);
    const data =
      field === undefined ? toData(value) : within(work, key, () => finish(value, field, work));
    if (field === undefined || !isAbsence(data, field)) entries.set(key, data);
  }
  for (const key of shape.always ?? []) {
    const field = fieldOf(shape, key);
    const absent =
      field?.kind === "object" ? finishObject(dict(tree, new Map()), field, work) : null;
    if (!entries.has(key)) entries.set(key, absent);
  }
  return Object.fromEntries(entries);
}

/** Whether a value says no more than if it were not there. */
function isAbsence(data: Data, shape: Shape): boolean {
  if (data === null) return true;
  if (shape.keep === true) return false;
  if (data === "0") return shape.kind === "scalar" && shape.form === "bytes";
  if (typeof data !== "object") return data === false || data === 0 || data === "";
  return Array.isArray(data)
    ? data.length === 0
    : isCollection(shape) && Object.keys(data).length === 0;
}

const isCollection = (shape: Shape): boolean =>
  shape.kind === "map" ||
  (shape.kind === "either" && shape.shapes.some((one) => one.kind === "map"));

function finishScalar(tree: Leaf, shape: ScalarShape, work: Finish): Data {
  const data = forms[shape.form](tree);
  if (data !== undefined) return data;
  work.report.error(tree, work.path, {
    code: "invalid-value",
    message: `${JSON.stringify(String(tree.value))} is no ${formNames[shape.form]}`,
    help: formHelp[shape.form] ?? "",
  });
  return null;
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
  duration: ({ value }) => {
    const nanos = parseDuration(String(value));
    return nanos === undefined ? undefined : durationText(nanos);
  },
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

function within<T>(work: Finish, part: string | number, run: () => T): T {
  work.path.push(part);
  const result = run();
  work.path.pop();
  return result;
}
