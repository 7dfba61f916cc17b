import { stackClassOf, stackStatuses } from "../model/phases.ts";
import type { Remains } from "../ports/leases.ts";
import { everyItem, isNamed, unless } from "./answers.ts";
import type { Call, Operations } from "./call.ts";
import { resourcesOf } from "./services.ts";

type Statuses = NonNullable<
  NonNullable<Operations["cloudformation:ListStacks"][0]>["StackStatusFilter"]
>;

/** Those of stacks that are there: without a filter come those too that were deleted since ninety days. */
const there = stackStatuses.filter((status) => stackClassOf(status) !== "absent") as Statuses;

/** What is left of environments in one account and region, and how it is deleted. */
export const remainsOf = (call: Call): Remains => ({
  async stacks(prefix) {
    const all = await everyItem(async (token) => {
      const page = await call("cloudformation:ListStacks", {
        StackStatusFilter: there,
        ...(token === undefined ? {} : { NextToken: token }),
      });
      return { items: page.StackSummaries, next: page.NextToken };
    });
    return all.flatMap(({ StackId: id, StackName: name, StackStatus: status }) =>
      id === undefined || name === undefined || status === undefined || !name.startsWith(prefix)
        ? []
        : [{ id, name, status }],
    );
  },

  async resources(id) {
    const found = await resourcesOf(id, call);
    return found.map((resource) => ({
      logicalId: resource.LogicalResourceId ?? "",
      type: resource.ResourceType ?? "",
      physicalId: resource.PhysicalResourceId ?? "",
      status: resource.ResourceStatus ?? "",
    }));
  },

  async deleteStack(id, retain) {
    await call("cloudformation:DeleteStack", {
      StackName: id,
      ...(retain.length === 0 ? {} : { RetainResources: [...retain] }),
    });
  },

  async empty(bucket, mayGoOn) {
    let more = true;
    while (more && mayGoOn()) {
      const listed = call("s3:ListObjectVersions", { Bucket: bucket, MaxKeys: mostAtOnce });
      const page = await unless(listed, (error) => isNamed(error, "NoSuchBucket"));
      const all = [...(page?.Versions ?? []), ...(page?.DeleteMarkers ?? [])];
      const objects = all.flatMap(({ Key, VersionId }) =>
        Key === undefined ? [] : [{ Key, ...(VersionId === undefined ? {} : { VersionId }) }],
      );
      if (objects.length === 0) return;
      // What was listed is gone next time: always the first page is the next one.
      const { Errors: errors = [] } = await call("s3:DeleteObjects", {
        Bucket: bucket,
        Delete: { Objects: objects, Quiet: true },
      });
      const [wrong] = errors;
      if (wrong !== undefined) throw new Error(`${bucket} is not emptied: ${wrong.Code}.`);
      more = page?.IsTruncated === true;
    }
  },
});

const mostAtOnce = 1000;
