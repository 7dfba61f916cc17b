import { ConflictError } from "../model/errors.ts";
import type { Lease } from "../model/lease.ts";
import type { Leases } from "../ports/leases.ts";
import { isNamed, unless } from "./answers.ts";
import type { Call } from "./call.ts";
import { namesBelow } from "./objects.ts";

/** Leases of instances: one object each, compared and swapped by its ETag. */
export const leasesIn = (bucket: string, call: Call): Leases => {
  const read: Leases["read"] = async (key) => {
    const got = call("s3:GetObject", { Bucket: bucket, Key: pathOf(key) });
    const object = await unless(got, (error) => isNamed(error, "NoSuchKey"));
    if (object === undefined) return undefined;
    return { lease: leaseFrom(object.text, key), version: object.ETag };
  };
  return {
    read,

    async list(application) {
      const below = application === undefined ? root : `${root}${application}/`;
      const names = await namesBelow(below, bucket, call);
      return names.map((name) => name.slice(root.length).replace(/\.json$/, ""));
    },

    async write(key, lease, version) {
      try {
        await call("s3:PutObject", {
          Bucket: bucket,
          Key: pathOf(key),
          Body: JSON.stringify(lease),
          ContentType: "application/json",
          ...(version === undefined ? { IfNoneMatch: "*" } : { IfMatch: version }),
        });
      } catch (error) {
        if (!isNamed(error, ...overtaken)) throw error;
        throw new ConflictError(`The lease of ${key} was written by somebody else.`);
      }
    },

    async remove(key) {
      await call("s3:DeleteObject", { Bucket: bucket, Key: pathOf(key) });
    },
  };
};

const root = "leases/";

const pathOf = (key: string): string => `${root}${key}.json`;

/** Another version is there, another write is under way, or the version we know is gone. */
const overtaken = ["PreconditionFailed", "ConditionalRequestConflict", "NoSuchKey"];

/** All that is known of what has to be deleted: one that cannot be read is nothing to go on with. */
function leaseFrom(text: string, key: string): Lease {
  const parsed: Partial<Lease> | null = JSON.parse(text);
  if (parsed?.v !== 1 || parsed.target === undefined || parsed.ends === undefined) {
    throw new Error(`The lease of ${key} cannot be read.`);
  }
  return parsed as Lease;
}
