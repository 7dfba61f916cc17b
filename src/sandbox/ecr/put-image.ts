import { AwsError, type Context, notEmulated } from "../world.ts";
import {
  type InRepository,
  invalid,
  type Repository,
  repositoryOf,
  type StoredImage,
  sha256,
} from "./repositories.ts";
import { beginScan } from "./scanning.ts";

export interface PutImageInput extends InRepository {
  readonly imageManifest: string;
  readonly imageManifestMediaType?: string;
  readonly imageTag?: string;
  readonly imageDigest?: string;
}

/** Stores a manifest and moves a tag to it. Layers need not have been uploaded. */
export function putImage(input: PutImageInput, context: Context): unknown {
  const repository = repositoryOf(input, context);
  const { imageTag: tag } = input;
  const image = imageOf(input, repository, context.world.now);
  const { digest } = image;
  checkTag(repository, image, tag);
  repository.images[digest] ??= image;
  if (tag !== undefined) repository.imageTags[tag] = digest;
  announce("PUSH", { repository, digest, tag }, context);
  if (repository.scanOnPush === true && childrenOf(image).length === 0)
    beginScan(repository, image, context);
  return {
    image: {
      registryId: repository.registryId,
      repositoryName: repository.name,
      imageId: { imageDigest: digest, ...(tag === undefined ? {} : { imageTag: tag }) },
      imageManifest: image.manifest,
      imageManifestMediaType: image.mediaType,
    },
  };
}

/** Tells the bus: one event per tag, and one without where there is none. */
export function announce(
  action: "DELETE" | "PUSH",
  {
    digest,
    repository,
    tag,
  }: {
    readonly digest: string;
    readonly repository: Repository;
    readonly tag: string | undefined;
  },
  { account, region, world }: Context,
): void {
  world.emit({
    "detail-type": "ECR Image Action",
    source: "aws.ecr",
    account,
    region,
    resources: [],
    detail: {
      result: "SUCCESS",
      "repository-name": repository.name,
      "image-digest": digest,
      "action-type": action,
      ...(tag === undefined ? {} : { "image-tag": tag }),
    },
  });
}

/** The digests of the images that an index is made of; of a single image, none. */
export const childrenOf = ({ manifest }: StoredImage): readonly string[] =>
  ((JSON.parse(manifest) as Manifest).manifests ?? []).map(({ digest }) => digest);

interface Sized {
  readonly digest: string;
  readonly size?: number;
}

interface Manifest {
  readonly mediaType?: string;
  readonly artifactType?: string;
  readonly config?: Sized & { readonly mediaType?: string };
  readonly layers?: readonly Sized[];
  readonly manifests?: readonly Sized[];
}

const mediaTypes: ReadonlySet<string> = new Set([
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.docker.distribution.manifest.v2+json",
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.oci.image.manifest.v1+json",
]);

function imageOf(input: PutImageInput, repository: Repository, now: number): StoredImage {
  const manifest = parse(input.imageManifest);
  const mediaType = manifest.mediaType ?? input.imageManifestMediaType;
  if ((input.imageManifestMediaType ?? mediaType) !== mediaType) {
    throw invalid("imageManifestMediaType", "must be the manifest's own mediaType");
  }
  if (mediaType === undefined) {
    throw invalid("imageManifestMediaType", "must be given if the manifest has no mediaType");
  }
  if (!mediaTypes.has(mediaType)) throw notEmulated(`images of media type ${mediaType}`);
  const digest = `sha256:${sha256(input.imageManifest)}`;
  if (input.imageDigest !== undefined && input.imageDigest !== digest) {
    throw new AwsError(
      "ImageDigestDoesNotMatchException",
      `The image digest '${input.imageDigest}' does not match the digest '${digest}' of the manifest`,
    );
  }
  const image: StoredImage = {
    digest,
    manifest: input.imageManifest,
    mediaType,
    artifactMediaType: manifest.artifactType ?? manifest.config?.mediaType,
    size: [manifest.config, ...(manifest.layers ?? [])].reduce(
      (sum, part) => sum + (part?.size ?? 0),
      0,
    ),
    pushed: now,
  };
  const missing = childrenOf(image).filter((child) => repository.images[child] === undefined);
  if (missing.length > 0) {
    throw new AwsError(
      "ReferencedImagesNotFoundException",
      `Images with digests '[${missing.join(", ")}]' required for pushing image into repository with name '${repository.name}' in the registry with id '${repository.registryId}' do not exist`,
    );
  }
  return image;
}

function parse(text: string): Manifest {
  const fault = invalid("imageManifest", "Invalid JSON syntax");
  try {
    const manifest: unknown = JSON.parse(text);
    if (typeof manifest !== "object" || manifest === null) throw fault;
    return manifest as Manifest;
  } catch {
    throw fault;
  }
}

function checkTag(repository: Repository, { digest }: StoredImage, tag: string | undefined): void {
  const where = `in the repository with name '${repository.name}' in registry with id '${repository.registryId}'`;
  if (tag === undefined) {
    if (repository.images[digest] === undefined) return;
    throw new AwsError(
      "ImageAlreadyExistsException",
      `Image with digest '${digest}' already exists ${where}`,
    );
  }
  if (!/^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,299}$/.test(tag)) {
    throw invalid("imageTag", "must satisfy regular expression '[a-zA-Z0-9_][a-zA-Z0-9-_.]*'");
  }
  const present = repository.imageTags[tag];
  if (present === digest) {
    throw new AwsError(
      "ImageAlreadyExistsException",
      `Image with digest '${digest}' and tag '${tag}' already exists ${where}`,
    );
  }
  if (present !== undefined && isImmutable(repository, tag)) {
    throw new AwsError(
      "ImageTagAlreadyExistsException",
      `The image tag '${tag}' already exists in the '${repository.name}' repository and cannot be overwritten because the tag is immutable.`,
    );
  }
}

function isImmutable({ exclusions, mutability }: Repository, tag: string): boolean {
  const excluded = exclusions.some(({ filter }) =>
    new RegExp(`^${filter.replaceAll(".", "\\.").replaceAll("*", ".*")}$`).test(tag),
  );
  switch (mutability) {
    case "IMMUTABLE":
      return true;
    case "IMMUTABLE_WITH_EXCLUSION":
      return !excluded;
    case "MUTABLE":
      return false;
    case "MUTABLE_WITH_EXCLUSION":
      return excluded;
  }
}
