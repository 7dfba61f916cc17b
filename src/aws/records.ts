import { ConflictError } from "../model/errors.ts";
import { type EnvironmentRecord, emptyRecord } from "../model/record.ts";
import type { Records } from "../ports/ports.ts";
import { isNamed, unless } from "./answers.ts";
import type { Call } from "./call.ts";
import { namesBelow } from "./objects.ts";

/** The controller's memory: one object an environment, compared and swapped by its ETag. */
export const recordsIn = (bucket: string, call: Call): Records => ({
  async read(key) {
    const got = call("s3:GetObject", { Bucket: bucket, Key: pathOf(key) });
    const object = await unless(got, (error) => isNamed(error, "NoSuchKey"));
    return { record: recordFrom(object?.text), version: object?.ETag };
  },

  async write(key, record, version) {
    try {
      const { ETag } = await call("s3:PutObject", {
        Bucket: bucket,
        Key: pathOf(key),
        Body: JSON.stringify(record),
        ContentType: "application/json",
        ...(version === undefined ? { IfNoneMatch: "*" } : { IfMatch: version }),
      });
      if (ETag === undefined) throw new Error("S3 answered no ETag.");
      return ETag;
    } catch (error) {
      if (isNamed(error, ...overtaken)) {
        throw new ConflictError(`The record of ${key} was written by another pass.`);
      }
      throw error;
    }
  },

  async keys(application) {
    const prefix = `records/${application}/`;
    const names = await namesBelow(prefix, bucket, call);
    return names.map((name) => name.slice("records/".length).replace(/\.json$/, ""));
  },

  async remove(key) {
    await call("s3:DeleteObject", { Bucket: bucket, Key: pathOf(key) });
  },
});

/** Another version is there, another write is under way, or the version we know is gone. */
const overtaken = ["PreconditionFailed", "ConditionalRequestConflict", "NoSuchKey"];

const pathOf = (key: string): string => `records/${key}.json`;

/** The record is memory, not authority: one that cannot be read is one that knows nothing. */
function recordFrom(text: string | undefined): EnvironmentRecord {
  // Stryker disable next-line ConditionalExpression: what is no text cannot be read either
  if (text === undefined) return emptyRecord;
  try {
    const parsed: Partial<EnvironmentRecord> = JSON.parse(text);
    const record = { ...emptyRecord, ...parsed };
    return parsed.v === 1 && isWhole(record) ? record : emptyRecord;
  } catch {
    return emptyRecord;
  }
}

/** A test of one value. */
type Is = (value: unknown) => boolean;

const isText: Is = (value) => typeof value === "string";

const isMapping = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const mapOf =
  (is: Is): Is =>
  (value) =>
    isMapping(value) && Object.values(value).every(is);

const listOf =
  (is: Is): Is =>
  (value) =>
    Array.isArray(value) && value.every(is);

const orNothing =
  (is: Is): Is =>
  (value) =>
    value === undefined || is(value);

const has =
  (parts: Readonly<Record<string, Is>>): Is =>
  (value) =>
    isMapping(value) && Object.entries(parts).every(([key, is]) => is(value[key]));

/** What is relied upon in each part, where it is there. */
const shapes: { readonly [K in keyof EnvironmentRecord]?: Is } = {
  approval: has({
    plan: isText,
    rollOut: isText,
    stamps: mapOf(listOf(isText)),
    risks: isMapping,
    votes: Array.isArray,
  }),
  began: has({ bundle: isText, at: isText }),
  cancelled: listOf(isText),
  deployed: has({ revision: isText, bundle: isText }),
  doomed: has({ digest: isText, stacks: mapOf(isText) }),
  drift: has({ due: isText, units: mapOf(isMapping) }),
  failures: mapOf(has({ revision: isText, message: isText })),
  intent: has({ revision: isText, bundle: isText }),
  listed: has({ digest: isText, at: isText }),
  offered: has({ digest: isText, at: isText }),
  settings: has({ target: has({ account: isText, region: isText }), windows: Array.isArray }),
  stacks: mapOf(
    has({ name: isText, holds: orNothing(listOf(isText)), steps: orNothing(mapOf(isText)) }),
  ),
  verdict: has({ revision: isText, bundle: isText, verdict: isText, since: isText, at: isText }),
  verification: has({ revision: isText, bundle: isText, began: isText, since: isText }),
  wanted: has({ revision: isText, since: isText }),
};

/** Whether everything in it is what it is taken for. */
const isWhole = (record: EnvironmentRecord): boolean =>
  Object.entries(shapes).every(([part, is]) =>
    orNothing(is)(record[part as keyof EnvironmentRecord]),
  );
