import { refuseOthers } from "../inputs.ts";
import { AwsError, type Context } from "../world.ts";
import { type ImageId, required } from "./images.ts";
import { childrenOf } from "./put-image.ts";
import {
  type InRepository,
  invalid,
  type Repository,
  repositoryOf,
  type StoredImage,
} from "./repositories.ts";
import { beginScan, duration, findingsOf } from "./scanning.ts";

export interface ScanInput extends InRepository {
  readonly imageId: ImageId;
}

export interface FindingsInput extends ScanInput {
  readonly maxResults?: number;
  readonly nextToken?: string;
}

/** Has an image scanned now. What is found in it is what its manifest's annotations say. */
export function startImageScan(input: ScanInput, context: Context): unknown {
  const { image, repository } = imageOf(input, context);
  if (childrenOf(image).length > 0) {
    throw new AwsError(
      "UnsupportedImageTypeException",
      `The image with digest '${image.digest}' is not of a type that can be scanned`,
    );
  }
  beginScan(repository, image, context);
  return {
    ...shownId(repository, input.imageId, image),
    imageScanStatus: status(repository, image, context),
  };
}

/** Counts of what was found; the findings themselves are not made up. */
export function describeImageScanFindings(input: FindingsInput, context: Context): unknown {
  const { maxResults, nextToken } = input;
  if (nextToken !== undefined) throw invalid("nextToken", "Invalid token");
  if (maxResults !== undefined && (maxResults < 1 || maxResults > 1000)) {
    throw invalid("maxResults", "Member must have value between 1 and 1000");
  }
  const { image, repository } = imageOf(input, context);
  const begun = repository.scans?.[image.digest];
  if (begun === undefined) {
    throw new AwsError(
      "ScanNotFoundException",
      `Image scan does not exist for the image with '${image.digest}' in the repository with name '${repository.name}' in the registry with id '${repository.registryId}'`,
    );
  }
  const imageScanStatus = status(repository, image, context);
  const shown = { ...shownId(repository, input.imageId, image), imageScanStatus };
  if (imageScanStatus.status !== "COMPLETE") return shown;
  return {
    ...shown,
    imageScanFindings: {
      findings: [],
      imageScanCompletedAt: new Date(begun + duration),
      findingSeverityCounts: findingsOf(image),
    },
  };
}

export function putImageScanningConfiguration(
  input: InRepository & { readonly imageScanningConfiguration?: { readonly scanOnPush?: boolean } },
  context: Context,
): unknown {
  const repository = repositoryOf(input, context);
  const { imageScanningConfiguration: configuration = {} } = input;
  refuseOthers(configuration, new Set(["scanOnPush"]));
  repository.scanOnPush = configuration.scanOnPush === true;
  return {
    registryId: repository.registryId,
    repositoryName: repository.name,
    imageScanningConfiguration: { scanOnPush: repository.scanOnPush },
  };
}

function imageOf(input: ScanInput, context: Context) {
  const repository = repositoryOf(input, context);
  const { digest } = required(repository, input.imageId);
  return { repository, image: repository.images[digest] as StoredImage };
}

const shownId = (repository: Repository, id: ImageId, { digest }: StoredImage) => ({
  registryId: repository.registryId,
  repositoryName: repository.name,
  imageId: { ...id, imageDigest: digest },
});

function status({ scans = {} }: Repository, { digest }: StoredImage, { world }: Context) {
  const isDone = world.now >= (scans[digest] ?? 0) + duration;
  return isDone
    ? { status: "COMPLETE", description: "The scan was completed successfully." }
    : { status: "IN_PROGRESS" };
}
