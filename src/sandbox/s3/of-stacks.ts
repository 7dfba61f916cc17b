import type { Properties } from "../cloudformation/state.ts";
import type { Context } from "../world.ts";
import { bucketsOf, isEmpty } from "./buckets.ts";

interface Made {
  readonly type: string;
  readonly physicalId: string;
  readonly properties: Properties;
}

/** Makes the bucket that CloudFormation made, with versions where its properties ask for them. */
export function registerBucket(
  { account, region, world }: Context,
  { physicalId: name, properties, type }: Made,
): void {
  const buckets = bucketsOf(world);
  if (type !== "AWS::S3::Bucket" || buckets[name] !== undefined) return;
  const { VersioningConfiguration: versioning } = properties;
  const isVersioned = JSON.stringify(versioning ?? {}).includes('"Enabled"');
  const versions = isVersioned ? { versions: {} } : {};
  buckets[name] = { name, account, region, created: world.now, objects: {}, ...versions };
}

/** Takes a bucket away that CloudFormation deleted. */
export function forgetBucket({ world }: Context, { physicalId, type }: Omit<Made, "properties">) {
  if (type === "AWS::S3::Bucket") delete bucketsOf(world)[physicalId];
}

/** Why S3 does not let CloudFormation delete a bucket. */
export function notEmpty(
  { world }: Context,
  { physicalId, type }: Omit<Made, "properties">,
): string | undefined {
  const bucket = type === "AWS::S3::Bucket" ? bucketsOf(world)[physicalId] : undefined;
  if (bucket === undefined || isEmpty(bucket)) return undefined;
  return `Resource handler returned message: "The bucket you tried to delete is not empty. You must delete all versions in the bucket. (Service: S3, Status Code: 409, Request ID: ${world.text(16, "0123456789ABCDEF")})" (RequestToken: ${world.uuid()}, HandlerErrorCode: GeneralServiceException)`;
}
