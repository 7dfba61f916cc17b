import { type Data, dataAt } from "../../compose/project.ts";
import { distinct } from "../../model/same.ts";
import { join, type Properties, pseudo, type Value } from "../../model/template.ts";
import { asList, asMapping, isMapping } from "../read.ts";
import type { Path } from "../report.ts";
import { definitionOf, definitionsOf, propertiesIn, type Scope } from "../scope.ts";
import { isEncryptedByKms, ownBucketOfArn } from "./elbv2/access-logs.ts";
import type { Definition } from "./x-resource.ts";

/** A bucket of the file into which S3 writes what it finds out about another one. */
export interface Delivery {
  /** The names under `x-s3` of the bucket that is looked at, and that of the one it is written to. */
  readonly of: string;
  readonly into: string;
  readonly prefix: string;
  readonly path: Path;
}

/**
 * Lets S3 write inventories and analyses of the application's buckets into one of them (docs:
 * "Granting permissions for S3 Inventory and S3 analytics"). Replication goes by a role, and
 * metrics to no bucket.
 */
export function allowDeliveries(bucket: string, arn: Value, scope: Scope): readonly Properties[] {
  const buckets = definitionsOf("x-s3", scope);
  const statements = Object.entries(buckets).flatMap(([of, given]) =>
    deliveriesOf(of, given)
      .filter(({ into }) => into === bucket)
      .flatMap((delivery) => statementsFor(delivery, arn, byS3, scope)),
  );
  // An inventory and an analysis under one prefix need one statement.
  return distinct(statements);
}

/** Which part of S3 writes, and what else is asked of what it writes. */
interface Writer {
  readonly service: string;
  readonly more: Properties;
}

const byS3: Writer = {
  service: "s3.amazonaws.com",
  more: { "s3:x-amz-acl": "bucket-owner-full-control" },
};

/** Lets S3 write into a bucket on behalf of the one that it looks at. */
export function statementsFor(
  { of, path, prefix }: Delivery,
  arn: Value,
  { service, more }: Writer,
  scope: Scope,
): readonly Properties[] {
  const source = scope.resolve({ kind: "x-s3", name: of, returned: "Arn" }, path);
  if (source === undefined) return [];
  const statement = {
    Effect: "Allow",
    Principal: { Service: service },
    Action: "s3:PutObject",
    Resource: join([arn, `/${prefix}*`]),
    Condition: {
      ArnLike: { "aws:SourceArn": source },
      StringEquals: { "aws:SourceAccount": pseudo.account, ...more },
    },
  };
  return [statement];
}

/** Says of a bucket that S3 reports on where no report would come. */
export function checkDeliveries({ given, name }: Definition, scope: Scope): void {
  for (const { into, path } of deliveriesOf(name, given)) {
    const target = definitionOf("x-s3", into, scope);
    if (!isMapping(target)) continue;
    const warn = (message: string, help: string): void =>
      scope.report.warn({ code: "by-hand", path, message, help });
    if (target.Lookup !== undefined)
      warn(
        `nothing lets S3 write into ${into}, which is looked up and stays as it is`,
        "The bucket's own policy has to let s3.amazonaws.com s3:PutObject.",
      );
    else if (isEncryptedByKms(target) && !isKeyOpen(target, scope))
      warn(
        `nothing lets S3 use the key of ${into}: until its policy does, nothing arrives`,
        "Let s3.amazonaws.com kms:GenerateDataKey, or take a bucket without BucketEncryption.",
      );
  }
}

/** Whether the bucket's key is the file's, with a policy that the file writes. */
function isKeyOpen(bucket: Data, scope: Scope): boolean {
  const text = JSON.stringify(propertiesIn(bucket).BucketEncryption ?? null);
  const [, key = ""] = /"x-kms::([^":]+)/.exec(text) ?? [];
  return propertiesIn(definitionOf("x-kms", key, scope)).KeyPolicy !== undefined;
}

/** What buckets of the file one of them has S3 write to: most have none. */
function deliveriesOf(of: string, definition: Data): readonly Delivery[] {
  const { InventoryConfigurations: inventories, AnalyticsConfigurations: analyses } =
    propertiesIn(definition);
  if (inventories === undefined && analyses === undefined) return [];
  if (asMapping(definition).Lookup !== undefined) return [];
  const at = ["x-s3", of, "Properties"];
  const found = (list: Data | undefined, key: string, within: readonly string[]) =>
    asList(list).flatMap((item, index) => {
      const keys = [...within, "Destination"];
      return deliveryTo(of, dataAt(item, keys), [...at, key, index, ...keys]);
    });
  return [
    ...found(inventories, "InventoryConfigurations", []),
    ...found(analyses, "AnalyticsConfigurations", ["StorageClassAnalysis", "DataExport"]),
  ];
}

function deliveryTo(of: string, destination: Data | undefined, path: Path): readonly Delivery[] {
  const { BucketArn, Prefix } = asMapping(destination);
  const into = ownBucketOfArn(String(BucketArn));
  return into === undefined ? [] : [{ of, into, prefix: String(Prefix ?? ""), path }];
}
