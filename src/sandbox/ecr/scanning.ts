import { type Context, notEmulated } from "../world.ts";
import { arnOf, type Repository, repositoryOf, type StoredImage, tagsOf } from "./repositories.ts";

/** How long a scan takes. */
export const duration = 3_000;

/** Scans an image, and says so when it is done. */
export function beginScan(repository: Repository, image: StoredImage, context: Context): void {
  repository.scans = { ...repository.scans, [image.digest]: context.world.now };
  const done: ScanDone = { name: repository.name, digest: image.digest };
  context.world.later(duration, "ecr", "ScanDone", done, context);
}

interface ScanDone {
  readonly name: string;
  readonly digest: string;
}

/** The event of a scan that is done; of an image that is gone since, there is none. */
export function scanDone({ digest, name }: ScanDone, context: Context): void {
  const repository = repositoryOf({ repositoryName: name }, context);
  const image = repository.images[digest];
  if (image === undefined) return;
  context.world.emit({
    "detail-type": "ECR Image Scan",
    source: "aws.ecr",
    account: context.account,
    region: context.region,
    resources: [arnOf(repository)],
    detail: {
      "scan-status": "COMPLETE",
      "repository-name": name,
      "finding-severity-counts": findingsOf(image),
      "image-digest": digest,
      "image-tags": tagsOf(repository, digest),
    },
  });
}

const mark = "trueup.sandbox.findings.";

/** Of a manifest with the annotation `trueup.sandbox.findings.HIGH: "2"`: two that are HIGH. */
export function findingsOf({ manifest }: StoredImage): Readonly<Record<string, number>> {
  const { annotations = {} } = JSON.parse(manifest) as {
    readonly annotations?: Readonly<Record<string, string>>;
  };
  return Object.fromEntries(
    Object.entries(annotations)
      .filter(([name]) => name.startsWith(mark))
      .map(([name, count]) => {
        const number = Number(count);
        if (!Number.isInteger(number)) throw notEmulated(`the annotation ${name}: ${count}`);
        return [name.slice(mark.length), number];
      }),
  );
}
