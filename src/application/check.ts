import { isMap, isScalar, isSeq, type Pair, type ParsedNode } from "yaml";
import { nearest } from "../model/nearest.ts";
import type { Format, ObjectShape, Shape } from "./shape.ts";
import { type Child, childrenOf, type Path, type Place, resolved } from "./tree.ts";

/** One thing that is not as its shape says: where, what, and what to do about it. */
export interface Finding {
  readonly node: ParsedNode;
  readonly path: Path;
  readonly code: string;
  readonly message: string;
  readonly help: string;
}

type Findings = readonly Finding[];

/** All in which what stands at a place differs from its shape. */
export function check(shape: Shape, from: Place): Findings {
  const place = resolved(from);
  const { node } = place;
  switch (shape.kind) {
    case "text":
      return checkText(shape.format, place);
    case "choice":
      return checkChoice(shape.values, place);
    case "integer":
      return checkInteger(shape, place);
    case "flag":
      return isScalar(node) && typeof node.value === "boolean"
        ? []
        : mistyped(place, "true or false");
    case "list":
      if (!isSeq(node)) return mistyped(place, "a list");
      return [
        ...checkLeast(shape, place),
        ...childrenOf(place).flatMap((child) => check(shape.of, child.place)),
      ];
    case "map":
      return checkMap(shape, place);
    case "object":
      return checkObject(shape, place);
    case "either": {
      const form = shape.forms.find((candidate) => fits(candidate, node)) ?? shape.forms.at(-1);
      return form === undefined ? [] : check(form, place);
    }
  }
}

function checkText({ what, pattern, help }: Format, place: Place): Findings {
  const { node, path } = place;
  if (!isScalar(node) || typeof node.value !== "string") return mistyped(place, what, help);
  if (!pattern.test(node.value)) {
    const message = `\`${cut(node.value)}\` is not ${what}`;
    return [{ node, path, code: "malformed", message, help }];
  }
  if (!/\$\{/.test(node.value) || path[2] === "verify") return [];
  const message = `\`${cut(node.value)}\` is kept as it is written: this file is not interpolated`;
  const instead = "write the value itself, or use the variable in a compose file";
  return [{ node, path, code: "not-interpolated", message, help: instead }];
}

function checkChoice(values: readonly string[], place: Place): Findings {
  const { node, path } = place;
  const wanted = `one of ${values.join(", ")}`;
  const written = isScalar(node) ? node.value : undefined;
  if (typeof written !== "string") return mistyped(place, wanted);
  if (values.includes(written)) return [];
  const message = `\`${cut(written)}\` is not ${wanted}`;
  return [{ node, path, code: "malformed", message, help: suggestion(written, values) }];
}

function checkInteger(
  { least, most }: { readonly least: number; readonly most: number },
  place: Place,
): Findings {
  const value = isScalar(place.node) ? place.node.value : undefined;
  const fine = typeof value === "number" && Number.isInteger(value);
  if (fine && least <= value && value <= most) return [];
  return mistyped(place, `a whole number from ${least} to ${most}`);
}

function checkMap(shape: Extract<Shape, { readonly kind: "map" }>, place: Place): Findings {
  if (!isMap(place.node)) return mistyped(place, "a mapping");
  const { names } = shape;
  const children = childrenOf(place);
  return [
    ...checkLeast(shape, place),
    ...checkDistinct(place, children),
    ...children
      .filter(({ name }) => !names.pattern.test(String(name)))
      .map(({ name, key, place: { path: here } }) => ({
        node: key,
        path: here,
        code: "malformed",
        message: `\`${cut(String(name))}\` is not ${names.what}`,
        help: names.help,
      })),
    ...children.flatMap((child) => check(shape.of, child.place)),
  ];
}

/** Whether there is as much in a list or a mapping as there has to be. */
function checkLeast({ least }: { readonly least: number }, { node, path }: Place): Findings {
  if (!(isMap(node) || isSeq(node)) || node.items.length >= least) return [];
  return [{ node, path, code: "missing", message: "is empty", help: "name at least one" }];
}

function checkObject(shape: ObjectShape, place: Place): Findings {
  const known = Object.keys(shape.keys);
  if (!isMap(place.node)) return mistyped(place, "a mapping", `its keys are ${known.join(", ")}`);
  const children = childrenOf(place);
  return [
    ...checkDistinct(place, children),
    ...checkKeys(shape, place),
    ...children.flatMap(({ name, key, place: below }) => {
      const of = known.includes(String(name)) ? shape.keys[name] : undefined;
      if (of !== undefined) return check(of, below);
      const message = `\`${cut(String(name))}\` is not a key here`;
      const help = suggestion(String(name), known);
      return [{ node: key, path: below.path, code: "unknown-key", message, help }];
    }),
  ];
}

/** The rules between the keys of one mapping. */
function checkKeys({ required, exactlyOne, alone }: ObjectShape, place: Place): Findings {
  const { node, path } = place;
  const written = childrenOf(place).map(({ name }) => String(name));
  const missing = required
    .filter((name) => !written.includes(name))
    .map((name) => ({ message: `\`${name}\` is missing`, help: `add \`${name}:\`` }))
    .map((said) => ({ node, path, code: "missing", ...said }));

  const chosen = exactlyOne.filter((name) => written.includes(name)).length;
  const choice = {
    node,
    path,
    code: chosen === 0 ? "missing" : "ambiguous",
    message: `has ${chosen === 0 ? "none" : chosen} of ${exactlyOne.join(", ")}`,
    help: `write exactly one of ${exactlyOne.join(", ")}`,
  };
  const accompanied = {
    node,
    path,
    code: "ambiguous",
    message: `\`${alone}\` stands beside other keys`,
    help: `write either \`${alone}\` or the others`,
  };
  return [
    ...missing,
    ...(exactlyOne.length > 0 && chosen !== 1 ? [choice] : []),
    ...(alone !== undefined && written.includes(alone) && written.length > 1 ? [accompanied] : []),
  ];
}

/** Keys that are not text, and those that are there twice. */
function checkDistinct({ node, path }: Place, children: readonly Child[]): Findings {
  const keys = isMap(node) ? (node.items as Pair<ParsedNode>[]).map(({ key }) => key) : [];
  const strange = keys.filter((key) => !isScalar(key) || typeof key.value !== "string");
  const first = new Map([...children].reverse().map(({ name, key }) => [name, key]));
  return [
    ...strange.map((key) => ({
      node: key,
      path,
      code: "wrong-type",
      message: "has a key that is not text",
      help: "write the key as a plain word, or in quotes",
    })),
    ...children
      .filter(({ name, key }) => first.get(name) !== key)
      .map(({ name, key, place }) => ({
        node: key,
        path: place.path,
        code: "duplicate-key",
        message: `\`${cut(String(name))}\` is written twice`,
        help: "keep one of the two",
      })),
  ];
}

function mistyped(place: Place, wanted: string, help = `write ${wanted}`): Findings {
  const { node, path } = place;
  const message = `is ${described(node)}, not ${wanted}`;
  const bare = isScalar(node) && node.value !== null && typeof node.value !== "string";
  const quoted = bare && !/^a (?:mapping|list|whole number)/.test(wanted);
  const inQuotes = `write it in quotes: "${bare ? cut(node.source ?? "") : ""}"`;
  return [{ node, path, code: "wrong-type", message, help: quoted ? inQuotes : help }];
}

function described(node: ParsedNode): string {
  if (isMap(node)) return "a mapping";
  if (isSeq(node)) return "a list";
  if (!isScalar(node)) return "an alias of nothing";
  if (node.value === null) return "empty";
  const kind = typeof node.value === "string" ? "text" : typeof node.value;
  return `the ${kind} \`${cut(node.source ?? "")}\``;
}

/** Whether a node is of the YAML kind that a shape asks for, whatever is inside. */
function fits(shape: Shape, node: ParsedNode): boolean {
  switch (shape.kind) {
    case "text":
    case "choice":
    case "flag":
    case "integer":
      return isScalar(node);
    case "list":
      return isSeq(node);
    case "map":
    case "object":
      return isMap(node);
    case "either":
      return shape.forms.some((form) => fits(form, node));
  }
}

function suggestion(word: string, known: readonly string[]): string {
  const near = nearest(word, known);
  return near === undefined ? `known here: ${known.join(", ")}` : `did you mean \`${near}\`?`;
}

/** Enough of a text to know it again, on one line. */
const cut = (written: string): string => {
  const line = written.replace(/\p{Cc}/gu, "?");
  return line.length <= 60 ? line : `${line.slice(0, 60)}…`;
};
