import type { Context } from "../world.ts";
import { isSame } from "./desired.ts";
import { findStack } from "./directory.ts";
import { lasting, pace } from "./durations.ts";
import { invalid, noStack } from "./errors.ts";
import { emit } from "./events.ts";
import { pageOf } from "./pages.ts";
import { date, type Named, optional } from "./shown.ts";
import {
  type Detection,
  type Difference,
  type Properties,
  type Resource,
  type ResourceDrift,
  type Stack,
  stateOf,
  type Value,
} from "./state.ts";
import { isObject } from "./templates/references.ts";

const detectable: ReadonlySet<string> = new Set([
  "CREATE_COMPLETE",
  "UPDATE_COMPLETE",
  "UPDATE_ROLLBACK_COMPLETE",
  "UPDATE_ROLLBACK_FAILED",
]);

/** Begins to compare a stack's resources with what they were declared as; one at a time. */
export function detectStackDrift({ StackName = "" }: Named, context: Context) {
  const stack = findStack(context, StackName);
  if (stack === undefined) throw noStack(StackName);
  if (!detectable.has(stack.status)) {
    throw invalid(`Drift detection is not supported on stack [${stack.id}] in ${stack.status}.`);
  }
  const all = detectionsOf(context);
  const isUnderWay = Object.values(all).some(
    ({ stackId, status }) => stackId === stack.id && status === "DETECTION_IN_PROGRESS",
  );
  if (isUnderWay)
    throw invalid(`Drift detection is already in progress for stack [${stack.name}].`);
  const id = context.world.uuid();
  all[id] = {
    id,
    stackId: stack.id,
    at: context.world.now,
    status: "DETECTION_IN_PROGRESS",
  };
  tell(all[id], context);
  context.world.later(
    lasting(pace.driftDetects, context),
    "cloudformation",
    "detect",
    { id },
    context,
  );
  return { StackDriftDetectionId: id };
}

function detectionsOf(context: Context): Record<string, Detection> {
  const state = stateOf(context);
  state.detections ??= {};
  return state.detections;
}

/** The end of a detection: what each resource turned out to be. */
export function detect({ id }: { readonly id: string }, context: Context): void {
  const detection = detectionsOf(context)[id];
  if (detection === undefined) return;
  const stack = findStack(context, detection.stackId);
  if (stack === undefined || !detectable.has(stack.status)) {
    Object.assign(detection, { status: "DETECTION_FAILED", reason: "The stack has moved on." });
    tell(detection, context);
    return;
  }
  for (const [logicalId, resource] of Object.entries(stack.resources)) {
    stack.resources[logicalId] = { ...resource, drift: driftIn(resource, context) };
  }
  stack.driftCheckedAt = context.world.now;
  Object.assign(detection, { status: "DETECTION_COMPLETE", drifted: driftedIn(stack).length });
  tell(detection, context);
}

function driftIn({ live, properties }: Resource, { world }: Context): ResourceDrift {
  const at = world.now;
  if (live === "gone") return { status: "DELETED", at, differences: [] };
  const differences = live === undefined ? [] : differencesOf(properties, live, "");
  return { status: differences.length > 0 ? "MODIFIED" : "IN_SYNC", at, differences };
}

/** Only what was declared is compared; of a list, what came to it too. */
function differencesOf(expected: Value, actual: Value | undefined, path: string): Difference[] {
  if (actual === undefined) return [{ path, expected, type: "REMOVE" }];
  if (isSame(expected, actual)) return [];
  if (Array.isArray(expected) && Array.isArray(actual)) {
    const [wanted, found]: [readonly Value[], readonly Value[]] = [expected, actual];
    const more = found.slice(wanted.length).map(
      (item, at): Difference => ({
        path: `${path}/${wanted.length + at}`,
        actual: item,
        type: "ADD",
      }),
    );
    return [
      ...wanted.flatMap((item, at) => differencesOf(item, found[at], `${path}/${at}`)),
      ...more,
    ];
  }
  if (isObject(expected) && isObject(actual)) {
    return Object.entries(expected).flatMap(([key, item]) =>
      differencesOf(item, (actual as Properties)[key], `${path}/${key}`),
    );
  }
  return [{ path, expected, actual, type: "NOT_EQUAL" }];
}

const driftedIn = ({ resources }: Stack): readonly Resource[] =>
  Object.values(resources).filter(({ drift }) => drift !== undefined && drift.status !== "IN_SYNC");

/** `DriftInformation` of a stack. */
export const driftInformation = (stack: Stack) =>
  stack.driftCheckedAt === undefined
    ? { StackDriftStatus: "NOT_CHECKED" }
    : { StackDriftStatus: statusOf(stack), LastCheckTimestamp: date(stack.driftCheckedAt) };

const statusOf = (stack: Stack): string => (driftedIn(stack).length > 0 ? "DRIFTED" : "IN_SYNC");

/** `DriftInformation` of a resource. */
export const resourceDriftInformation = ({ drift }: Resource) =>
  drift === undefined
    ? { StackResourceDriftStatus: "NOT_CHECKED" }
    : { StackResourceDriftStatus: drift.status, LastCheckTimestamp: date(drift.at) };

/** How far a detection is. */
export function describeStackDriftDetectionStatus(
  { StackDriftDetectionId: id = "" }: { readonly StackDriftDetectionId?: string },
  context: Context,
) {
  const found = detectionsOf(context)[id];
  if (found === undefined) throw invalid(`Drift detection [${id}] does not exist`);
  const { at, drifted, reason, stackId, status } = found;
  return {
    StackId: stackId,
    StackDriftDetectionId: id,
    ...(drifted === undefined ? {} : { StackDriftStatus: drifted > 0 ? "DRIFTED" : "IN_SYNC" }),
    DetectionStatus: status,
    ...optional("DetectionStatusReason", reason),
    ...optional("DriftedStackResourceCount", drifted),
    Timestamp: date(at),
  };
}

interface DriftsInput extends Named {
  readonly StackResourceDriftStatusFilters?: readonly string[];
}

/** What the last detection found of each resource. */
export function describeStackResourceDrifts(
  { NextToken, StackName = "", StackResourceDriftStatusFilters: filters = [] }: DriftsInput,
  context: Context,
) {
  const stack = findStack(context, StackName);
  if (stack === undefined) throw noStack(StackName);
  const checked = Object.values(stack.resources).filter(
    ({ drift }) => drift !== undefined && (filters.length === 0 || filters.includes(drift.status)),
  );
  const { items, next } = pageOf(
    checked.toSorted((a, b) => (a.logicalId < b.logicalId ? -1 : 1)),
    NextToken,
  );
  return { StackResourceDrifts: items.map((resource) => shownDrift(resource, stack)), ...next };
}

function shownDrift(resource: Resource, stack: Stack) {
  const { drift, live, logicalId, physicalId, properties, type } = resource;
  return {
    StackId: stack.id,
    LogicalResourceId: logicalId,
    PhysicalResourceId: physicalId,
    ResourceType: type,
    ExpectedProperties: JSON.stringify(properties),
    ...(live === "gone" ? {} : { ActualProperties: JSON.stringify(live ?? properties) }),
    PropertyDifferences: (drift?.differences ?? []).map(
      ({ actual, expected, path, type: how }) => ({
        PropertyPath: path,
        ExpectedValue: shown(expected),
        ActualValue: shown(actual),
        DifferenceType: how,
      }),
    ),
    StackResourceDriftStatus: drift?.status ?? "NOT_CHECKED",
    Timestamp: date(drift?.at ?? 0),
  };
}

const shown = (value: Value | undefined): string =>
  value === undefined ? "null" : typeof value === "object" ? JSON.stringify(value) : String(value);

function tell({ drifted, id, stackId, status }: Detection, context: Context): void {
  const stack = findStack(context, stackId);
  if (stack === undefined) return;
  const found = drifted === undefined ? "UNKNOWN" : statusOf(stack);
  emit(
    "CloudFormation Drift Detection Status Change",
    stack,
    {
      "stack-drift-detection-id": id,
      "status-details": { "stack-drift-status": found, "detection-status": status },
      "drift-detection-details": { "drifted-stack-resource-count": drifted ?? -1 },
    },
    context,
  );
}
