import type { DriftedResource } from "../model/drift.ts";
import type { DriftReport } from "../ports/ports.ts";
import { everyItem, isNamed, unless } from "./answers.ts";
import type { Call, Operations } from "./call.ts";

type Drift = NonNullable<
  Operations["cloudformation:DescribeStackResourceDrifts"][1]["StackResourceDrifts"]
>[number];

/** Undefined: CloudFormation is at it already, at somebody's request. */
export async function detectDrift(id: string, call: Call): Promise<string | undefined> {
  const asked = call("cloudformation:DetectStackDrift", { StackName: id });
  return (await unless(asked, isAtIt))?.StackDriftDetectionId;
}

/** There is no error code for it, only the words. */
const isAtIt = (error: unknown): boolean =>
  isNamed(error, "ValidationError") && /already in progress/.test((error as Error).message);

/** Undefined: it is not over yet. What failed for some resources is told for the others. */
export async function driftOf(
  StackName: string,
  detection: string,
  call: Call,
): Promise<DriftReport | undefined> {
  const asked = call("cloudformation:DescribeStackDriftDetectionStatus", {
    StackDriftDetectionId: detection,
  });
  const seen = await unless(asked, (error) => isNamed(error, "ValidationError"));
  if (seen === undefined) {
    return { resources: [], incomplete: "CloudFormation does not remember the detection." };
  }
  const { DetectionStatus: status, DetectionStatusReason: reason } = seen;
  if (status === "DETECTION_IN_PROGRESS") return undefined;
  const incomplete = status === "DETECTION_COMPLETE" ? undefined : (reason ?? String(status));
  if (seen.StackDriftStatus === "IN_SYNC") return { resources: [], incomplete };

  const drifts = await everyItem(async (token) => {
    const page = await call("cloudformation:DescribeStackResourceDrifts", {
      StackName,
      StackResourceDriftStatusFilters: ["MODIFIED", "DELETED"],
      ...(token === undefined ? {} : { NextToken: token }),
    });
    return { items: page.StackResourceDrifts, next: page.NextToken };
  });
  return { resources: drifts.map(resourceOf), incomplete };
}

const resourceOf = (drift: Drift): DriftedResource => ({
  logicalId: drift.LogicalResourceId ?? "",
  type: drift.ResourceType ?? "",
  deleted: drift.StackResourceDriftStatus === "DELETED",
  paths: (drift.PropertyDifferences ?? []).map(({ PropertyPath = "" }) => PropertyPath),
});
