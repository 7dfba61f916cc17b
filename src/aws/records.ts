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

/** Whether everything in it that must be a mapping or a list is one. */
const isWhole = ({ cancelled, failures, stacks }: EnvironmentRecord): boolean =>
  Array.isArray(cancelled) &&
  isMapping(failures) &&
  isMapping(stacks) &&
  Object.values(stacks).every((stack) => isMapping(stack) && typeof stack.name === "string");

const isMapping = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
