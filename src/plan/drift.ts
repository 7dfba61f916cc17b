import type { DriftedResource } from "../model/drift.ts";
import type { DriftDetection } from "../model/record.ts";
import type { Properties, Template, Value } from "../model/template.ts";
import { diff } from "./diff.ts";
import { isIntrinsic, isList } from "./diff-values.ts";
import { isOwnedElsewhere } from "./owned.ts";
import type { Unit } from "./units.ts";

/** What somebody changed of a deployed stack's resources, behind its back. */
export interface UnitDrift {
  /** CloudFormation's id of the detection that found it. */
  readonly detection: string;
  /** In words. Names only, since values may be secret. */
  readonly message: string;
  /** Why it cannot be put back by itself. */
  readonly refusal: string | undefined;
  /** The template that would make the stack's resources what they are, but for the values. */
  readonly template: Template;
}

/** By unit; of what others changed wholly, their templates, nothing. */
export function driftsIn(
  units: readonly Unit[],
  detections: Readonly<Record<string, DriftDetection>>,
  { foreign, ignore }: { foreign: ReadonlyMap<string, unknown>; ignore: readonly string[] },
): ReadonlyMap<string, UnitDrift> {
  return new Map(
    units.flatMap((unit) => {
      const { unit: name } = unit.goal;
      const detection = detections[name];
      if (detection === undefined || foreign.has(name)) return [];
      const drift = driftOf(unit, detection, ignore);
      return drift === undefined ? [] : [[name, drift] as const];
    }),
  );
}

function driftOf(
  unit: Unit,
  { found = [], id }: DriftDetection,
  ignore: readonly string[],
): UnitDrift | undefined {
  const { applied, desired, goal } = unit;
  if (applied?.deployed !== true || desired !== goal) return undefined;
  const isIgnored = ({ logicalId }: DriftedResource, path: readonly string[]): boolean =>
    namesOf(unit, logicalId, path).some((name) =>
      ignore.some((one) => name === one || name?.startsWith(`${one}.`)),
    );
  const isLeft = (resource: DriftedResource, path: string): boolean =>
    isOwnedElsewhere(goal.template, resource.logicalId, path) || isIgnored(resource, partsOf(path));
  const ours = found.flatMap((resource) => {
    // Stryker disable next-line ArrayDeclaration: nothing of a resource goes without all of it
    if (resource.deleted) return isIgnored(resource, []) ? [] : [resource];
    const paths = resource.paths.filter((path) => !isLeft(resource, path));
    return paths.length === 0 ? [] : [{ ...resource, paths }];
  });
  if (ours.length === 0) return undefined;
  const left = found.flatMap((resource) =>
    resource.paths
      .filter((path) => isLeft(resource, path))
      .map((path) => `${resource.logicalId}${path}`),
  );
  const template = asItIs(goal.template, ours);
  return {
    detection: id,
    message: ours.map((resource) => told(unit, resource)).join(" "),
    refusal: replacing(unit, applied.parameters, template) ?? puttingBack(left),
    template,
  };
}

/** What a revert would take with it of what a resource holds. */
function replacing(
  { desired, stack }: Unit,
  parameters: Readonly<Record<string, string>>,
  template: Template,
): string | undefined {
  const deployed = stack && { ...stack, template, origins: desired.origins };
  const replaced = diff(desired, parameters, deployed)
    .filter(({ risk }) => risk !== "none")
    .map(({ logicalId }) => logicalId);
  return replaced.length > 0 ? `That would replace ${replaced.join(", ")}.` : undefined;
}

/** What a revert would take with it of what is somebody else's. */
const puttingBack = (left: readonly string[]): string | undefined =>
  left.length > 0
    ? `That would also put back ${left.join(", ")}, which is to be left alone.`
    : undefined;

function told({ goal }: Unit, { deleted, logicalId, paths, type }: DriftedResource): string {
  const name = goal.origins[logicalId]?.path;
  const what = name === undefined ? logicalId : `${name} (${logicalId})`;
  if (deleted) return `Somebody deleted ${what}, ${type}.`;
  const properties = new Set(paths.map((path) => partsOf(path)[0]));
  return `Somebody changed ${[...properties].join(", ")} of ${what}.`;
}

/** As compose files have it: `x-sqs.jobs.VisibilityTimeout`, and with what stands between. */
function namesOf({ goal }: Unit, logicalId: string, path: readonly string[]) {
  const resource = goal.origins[logicalId]?.path ?? logicalId;
  // Where things come from is known without the indexes of lists.
  const named = path.filter((part) => !/^\d+$/.test(part));
  return [[resource, ...path].join("."), goal.originOf?.(logicalId, named)?.path];
}

/** Of a JSON pointer. */
const partsOf = (pointer: string): readonly string[] => pointer.split("/").slice(1);

function asItIs(template: Template, resources: readonly DriftedResource[]): Template {
  const changes = new Map(resources.map((resource) => [resource.logicalId, resource]));
  const kept = Object.entries(template.Resources).flatMap(([id, resource]) => {
    const change = changes.get(id);
    if (change === undefined) return [[id, resource] as const];
    if (change.deleted) return [];
    const Properties = change.paths.reduce<Value>(
      (before, path) => marked(before, partsOf(path)),
      resource.Properties ?? {},
    );
    return [[id, { ...resource, Properties: Properties as Properties }] as const];
  });
  return { ...template, Resources: Object.fromEntries(kept) };
}

/** Another value than any that a template has. */
const changed = "changed by somebody";

/** A value with the one at a path changed, or the nearest above it that a function makes. */
function marked(before: Value | undefined, [first, ...rest]: readonly string[]): Value {
  if (first === undefined || typeof before !== "object") return changed;
  if (isList(before)) {
    const at = Number(first);
    return before.toSpliced(at, 1, marked(before[at], rest));
  }
  return isIntrinsic(before) ? changed : { ...before, [first]: marked(before[first], rest) };
}

/** The condition `Drifted` of resources; undefined: nothing is known to differ. */
export interface Drifted {
  readonly status: "True" | "Unknown";
  readonly reason: "ForeignTemplate" | "ResourceDrift" | "LookupChanged" | "DetectionIncomplete";
  readonly message: string;
}

/**
 * What is said of drift: a template that somebody changed, then resources, then what is looked up, then
 * what nobody could look at.
 */
export function driftedCondition(seen: {
  readonly foreign: ReadonlyMap<string, string>;
  readonly drifts: ReadonlyMap<string, UnitDrift>;
  readonly detections: Readonly<Record<string, DriftDetection>>;
  /** What is found otherwise than it was, each in a sentence. */
  readonly lookups: readonly string[];
  readonly reverts: boolean;
}): Drifted | undefined {
  const { detections, drifts, foreign, lookups, reverts } = seen;
  if (foreign.size > 0) {
    const said = [...foreign].map(([unit, what]) => `${unit}: somebody else changed ${what}.`);
    return { status: "True", reason: "ForeignTemplate", message: said.join(" ") };
  }
  if (drifts.size > 0) {
    const said = [...drifts].map(([unit, { message, refusal }]) =>
      [`${unit}: ${message}`, ...(reverts && refusal !== undefined ? [refusal] : [])].join(" "),
    );
    return { status: "True", reason: "ResourceDrift", message: said.join(" ") };
  }
  if (lookups.length > 0) {
    const message = `Looked up anew, ${lookups.join(" ")} trueup reconcile --refresh takes what is there now.`;
    return { status: "True", reason: "LookupChanged", message };
  }
  const said = Object.entries(detections).flatMap(([unit, { incomplete }]) =>
    incomplete === undefined ? [] : [`${unit}: ${incomplete}`],
  );
  return said.length === 0
    ? undefined
    : { status: "Unknown", reason: "DetectionIncomplete", message: said.join(" ") };
}
