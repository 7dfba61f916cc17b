import { type Project, pathText } from "../../compose/project.ts";
import { shown } from "../../compose/shown.ts";
import { isError } from "../../model/diagnostic.ts";
import { nearest } from "../../model/nearest.ts";
import type { Properties } from "../../model/template.ts";
import { pathOf } from "../provenance.ts";
import type { Path, Report } from "../report.ts";
import type { Claimed } from "../scope.ts";
import { type Misfit, misfitsIn, misfitsOf } from "./misfits.ts";
import { outOfBounds } from "./out-of-bounds.ts";
import { brokenRules } from "./rules.ts";
import { propertiesOfType } from "./shapes.ts";

/**
 * Refuses what CloudFormation would refuse of the resources that files describe in its own words:
 * unknown properties, missing ones, values of another shape. What Trueup makes of services is its
 * own, and tested where it is made; but for values, which come from files there, too.
 */
export function checkConformance(project: Project, nodes: Iterable<Claimed>, report: Report): void {
  const found = report.diagnostics.filter(isError).map(({ path }) => path);
  const said = new Set<string>();
  for (const node of nodes) {
    for (const remark of remarksOn(node, project)) {
      const where = pathText(remark.path);
      const key = `${where} ${remark.message}`;
      // Several resources may be made of one text, and a mistake found before may have left a hole.
      if (said.has(key) || found.some((other) => isWithin(other, where))) continue;
      said.add(key);
      report.error(remark);
    }
  }
}

/** The same of one property that a service's own key passes on; `path` is where it is written. */
export function checkProperty(
  [type, name]: readonly [type: string, name: string],
  value: Properties,
  path: Path,
  report: Report,
): void {
  const shape = propertiesOfType(type)?.shapes.get(name);
  if (shape === undefined) return;
  for (const misfit of misfitsOf(shape, value)) {
    const { kind, path: at } = misfit;
    const whole = { ...misfit, path: [name, ...at] };
    const where = [...path, ...(kind === "missing" ? at.slice(0, -1) : at)];
    report.error({ ...worded(whole, type), path: where });
  }
}

const isDescribed = ([first]: Path): boolean =>
  first === "volumes" || String(first).startsWith("x-");

/** What the registry's schema does not take, and what the API behind it does not. */
function remarksOn(node: Claimed, project: Project) {
  const { properties, type } = node;
  const misfits = isDescribed(node.path) ? misfitsOfNode(node) : [];
  const outside = outOfBounds(type, properties);
  // What is misspelt may be what the others lack.
  const broken = misfits.length > 0 ? [] : brokenRules(type, properties);
  // Most are as they should be.
  if (misfits.length + outside.length + broken.length === 0) return [];
  return [
    ...misfits.map((misfit) => ({
      ...worded(misfit, type),
      path: placeOf(misfit, node, project),
    })),
    ...[...outside, ...broken].map(({ path, ...said }) => ({
      code: "out-of-bounds",
      ...said,
      path: pathOf(project, node, path) ?? node.path,
    })),
  ];
}

function misfitsOfNode({ properties, type }: Claimed): readonly Misfit[] {
  const members = propertiesOfType(type);
  return members === undefined ? [] : misfitsIn(members, properties);
}

/** What is missing is missing from something that is there. */
function placeOf({ kind, path }: Misfit, node: Claimed, project: Project): Path {
  const at = kind === "missing" ? path.slice(0, -1) : path;
  return pathOf(project, node, at) ?? node.path;
}

const isWithin = (path: string, whole: string): boolean =>
  path === whole || path.startsWith(`${whole}.`) || path.startsWith(`${whole}[`);

function worded(misfit: Misfit, type: string) {
  const property = pathText(misfit.path);
  switch (misfit.kind) {
    case "unknown": {
      const help = hint(String(misfit.path.at(-1)), misfit.known);
      return {
        code: "unknown-property",
        message: `${type} has no property ${shown(property)}`,
        help,
      };
    }
    case "missing":
      return { code: "missing-property", message: `${type} needs ${property}` };
    case "twice": {
      const help = "Lists of several files are put one after the other: keep one of the two.";
      return { code: "same-name", message: `the tag ${misfit.key} is there twice`, help };
    }
    case "shape":
      return { code: "wrong-type", message: `${property} of ${type} must be ${misfit.expected}` };
    case "value": {
      const message = `${property} of ${type} cannot be ${JSON.stringify(misfit.value)}`;
      return { code: "unknown-value", message, help: hint(String(misfit.value), misfit.allowed) };
    }
  }
}

/** Some types have a hundred properties: a list of all of them helps nobody. */
function hint(word: string, known: readonly string[]): string {
  const near = nearest(word, known);
  if (near !== undefined) return `Did you mean ${near}?`;
  return known.length > 20 ? "" : `Known: ${known.join(", ")}.`;
}
