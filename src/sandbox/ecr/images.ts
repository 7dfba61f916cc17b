import { byKey, pageOf, refuseOthers } from "../inputs.ts";
import { AwsError, type Context, notEmulated } from "../world.ts";
import { announce, childrenOf } from "./put-image.ts";
import {
  type InRepository,
  invalid,
  type Repository,
  repositoryOf,
  type StoredImage,
  tagsOf,
} from "./repositories.ts";

export interface ImageId {
  readonly imageDigest?: string;
  readonly imageTag?: string;
}

interface Paging {
  readonly maxResults?: number;
  readonly nextToken?: string;
}

interface Filter {
  readonly tagStatus?: string;
  readonly imageStatus?: string;
}

export interface DescribeImagesInput extends InRepository, Paging {
  readonly imageIds?: readonly ImageId[];
  readonly filter?: Filter;
}

export interface ListImagesInput extends InRepository, Paging {
  readonly filter?: Filter;
}

export interface BatchInput extends InRepository {
  readonly imageIds: readonly ImageId[];
  readonly acceptedMediaTypes?: readonly string[];
}

/** One image that is not there fails the whole call. */
export function describeImages(input: DescribeImagesInput, context: Context): unknown {
  const repository = repositoryOf(input, context);
  if (input.imageIds !== undefined) {
    if (input.maxResults !== undefined || input.nextToken !== undefined) {
      throw invalid("maxResults", "must not be given together with imageIds");
    }
    checkCount(input.imageIds);
    const digests = input.imageIds.map((id) => required(repository, id).digest);
    const images = [...new Set(digests)].map((digest) => repository.images[digest] as StoredImage);
    return { imageDetails: images.map((image) => detail(repository, image)) };
  }
  const tagged = new Set(Object.values(repository.imageTags));
  const images = Object.values(repository.images)
    .filter(({ digest }) => passes(input.filter, tagged.has(digest)))
    .sort(byKey(({ digest }) => digest));
  const { items, next } = page(images, ({ digest }) => digest, input);
  return { imageDetails: items.map((image) => detail(repository, image)), ...next };
}

/** One row a tag, and one for each image without any. */
export function listImages(input: ListImagesInput, context: Context): unknown {
  const repository = repositoryOf(input, context);
  const rows = Object.keys(repository.images)
    .filter((digest) => passes(input.filter, tagsOf(repository, digest).length > 0))
    .flatMap((digest) => rowsOf(repository, digest))
    .sort(byKey(rowKey));
  const { items, next } = page(rows, rowKey, input);
  return { imageIds: items, ...next };
}

/** What is not there is told per image, beside what is. */
export function batchGetImage(input: BatchInput, context: Context): unknown {
  const repository = repositoryOf(input, context);
  checkCount(input.imageIds);
  const found = input.imageIds.map((id) => ({ id, ...lookUp(repository, id) }));
  return {
    images: found.flatMap(({ id, image }) => {
      if (image === undefined) return [];
      if (input.acceptedMediaTypes?.includes(image.mediaType) === false) {
        throw notEmulated("the conversion of a manifest to another media type");
      }
      return {
        registryId: repository.registryId,
        repositoryName: repository.name,
        imageId: { imageDigest: image.digest, ...(id.imageTag && { imageTag: id.imageTag }) },
        imageManifest: image.manifest,
        imageManifestMediaType: image.mediaType,
      };
    }),
    failures: found.flatMap(({ failure, id }) => (failure ? [{ imageId: id, ...failure }] : [])),
  };
}

/** By tag, the tag goes, and with its last tag the image; by digest, the image and all its tags. */
export function batchDeleteImage(input: BatchInput, context: Context): unknown {
  const repository = repositoryOf(input, context);
  checkCount(input.imageIds);
  const imageIds: ImageId[] = [];
  const failures: unknown[] = [];
  for (const id of input.imageIds) {
    const { failure = undefined, image } = deletable(repository, id);
    if (image === undefined) failures.push({ imageId: id, ...failure });
    else imageIds.push(...remove(repository, { id, image }, context));
  }
  return { imageIds, failures };
}

interface Failure {
  readonly failureCode: string;
  readonly failureReason: string;
}

type Found =
  | { readonly image: StoredImage; readonly failure?: undefined }
  | { readonly image?: undefined; readonly failure: Failure };

const failed = (failureCode: string, failureReason: string): Found => ({
  failure: { failureCode, failureReason },
});

function lookUp(repository: Repository, { imageDigest, imageTag }: ImageId): Found {
  if (imageDigest === undefined && imageTag === undefined) {
    return failed(
      "MissingDigestAndTag",
      "Invalid request parameters: both tag and digest cannot be null",
    );
  }
  if (imageDigest !== undefined && !/^[a-zA-Z0-9\-_+.]+:[a-fA-F0-9]+$/.test(imageDigest)) {
    return failed(
      "InvalidImageDigest",
      "Invalid request parameters: image digest should satisfy the regex '[a-zA-Z0-9-_+.]+:[a-fA-F0-9]+'",
    );
  }
  const tagged = imageTag === undefined ? undefined : repository.imageTags[imageTag];
  const image = repository.images[imageDigest ?? tagged ?? ""];
  if (image === undefined || (imageTag !== undefined && tagged === undefined)) {
    return failed("ImageNotFound", "Requested image not found");
  }
  return imageTag !== undefined && tagged !== image.digest
    ? failed("ImageTagDoesNotMatchDigest", "Requested tag does not match requested digest")
    : { image };
}

export function required(repository: Repository, id: ImageId): StoredImage {
  const { failure, image } = lookUp(repository, id);
  if (image !== undefined) return image;
  if (failure.failureCode.startsWith("Missing") || failure.failureCode.startsWith("Invalid")) {
    throw new AwsError("InvalidParameterException", failure.failureReason);
  }
  const quoted = (text: string | undefined) => `'${text ?? "null"}'`;
  throw new AwsError(
    "ImageNotFoundException",
    `The image with imageId {imageDigest:${quoted(id.imageDigest)}, imageTag:${quoted(id.imageTag)}} does not exist within the repository with name '${repository.name}' in the registry with id '${repository.registryId}'`,
  );
}

function deletable(repository: Repository, id: ImageId): Found {
  const found = lookUp(repository, id);
  if (found.image === undefined || (id.imageTag !== undefined && manyTags(repository, found.image)))
    return found;
  const { digest } = found.image;
  const parents = Object.values(repository.images).filter((other) =>
    childrenOf(other).includes(digest),
  );
  return parents.length === 0
    ? found
    : failed(
        "ImageReferencedByManifestList",
        `Requested image referenced by manifest list: [${parents.map((parent) => parent.digest).join(", ")}]`,
      );
}

const manyTags = (repository: Repository, { digest }: StoredImage): boolean =>
  tagsOf(repository, digest).length > 1;

function remove(
  repository: Repository,
  { id, image }: { readonly id: ImageId; readonly image: StoredImage },
  context: Context,
): readonly ImageId[] {
  const { digest } = image;
  const only = id.imageTag !== undefined && manyTags(repository, image);
  const gone = only ? [{ imageDigest: digest, ...id }] : rowsOf(repository, digest);
  for (const { imageTag } of gone) {
    if (imageTag !== undefined) delete repository.imageTags[imageTag];
    announce("DELETE", { repository, digest, tag: imageTag }, context);
  }
  if (!only) delete repository.images[digest];
  return gone;
}

function rowsOf(repository: Repository, digest: string): readonly ImageId[] {
  const tags = tagsOf(repository, digest);
  if (tags.length === 0) return [{ imageDigest: digest }];
  return tags.map((imageTag) => ({ imageDigest: digest, imageTag }));
}

const rowKey = ({ imageDigest, imageTag = "" }: ImageId): string => `${imageDigest} ${imageTag}`;

const detail = (repository: Repository, image: StoredImage) => {
  const imageTags = tagsOf(repository, image.digest);
  return {
    registryId: repository.registryId,
    repositoryName: repository.name,
    imageDigest: image.digest,
    ...(imageTags.length === 0 ? {} : { imageTags }),
    imageSizeInBytes: image.size,
    imagePushedAt: new Date(image.pushed),
    imageManifestMediaType: image.mediaType,
    ...(image.artifactMediaType === undefined
      ? {}
      : { artifactMediaType: image.artifactMediaType }),
    imageStatus: "ACTIVE",
  };
};

const filterMembers: ReadonlySet<string> = new Set(["imageStatus", "tagStatus"]);

/** Every image here is active: nothing archives any. */
function passes(filter: Filter = {}, isTagged: boolean): boolean {
  refuseOthers(filter, filterMembers);
  const { imageStatus = "ANY", tagStatus = "ANY" } = filter;
  if (imageStatus !== "ANY" && imageStatus !== "ACTIVE") return false;
  return tagStatus === "ANY" || (tagStatus === "TAGGED") === isTagged;
}

function checkCount(ids: readonly ImageId[]): void {
  if (ids.length === 0 || ids.length > 100) {
    throw invalid("imageIds", "Member must have length between 1 and 100");
  }
}

function page<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  { maxResults, nextToken }: Paging,
) {
  if (maxResults !== undefined && (maxResults < 1 || maxResults > 1000)) {
    throw invalid("maxResults", "Member must have value between 1 and 1000");
  }
  const cut = pageOf(items, keyOf, { size: maxResults ?? 100, token: nextToken });
  if (cut === undefined) throw invalid("nextToken", "Invalid token");
  return { items: cut.items, next: cut.next === undefined ? {} : { nextToken: cut.next } };
}
