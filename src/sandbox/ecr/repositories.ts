import { createHash } from "node:crypto";
import { AwsError, type Context, notEmulated } from "../world.ts";

export interface StoredImage {
  /** `sha256:` of the manifest's bytes as they were received. */
  readonly digest: string;
  readonly manifest: string;
  readonly mediaType: string;
  readonly artifactMediaType: string | undefined;
  readonly size: number;
  readonly pushed: number;
}

export type Mutability =
  | "IMMUTABLE"
  | "IMMUTABLE_WITH_EXCLUSION"
  | "MUTABLE"
  | "MUTABLE_WITH_EXCLUSION";

export interface ExclusionFilter {
  readonly filterType: string;
  readonly filter: string;
}

export interface Repository {
  readonly name: string;
  readonly registryId: string;
  readonly region: string;
  readonly created: number;
  mutability: Mutability;
  exclusions: readonly ExclusionFilter[];
  readonly tags: Readonly<Record<string, string>>;
  /** JSON; without one, nobody of another account is let in. */
  policy?: string;
  scanOnPush?: boolean;
  /** Digest → when its scan was begun. */
  scans?: Readonly<Record<string, number>>;
  /** By digest. */
  readonly images: Record<string, StoredImage>;
  /** Tag → digest. */
  readonly imageTags: Record<string, string>;
}

type Scope = Pick<Context, "account" | "region" | "world">;

export const repositoriesOf = (scope: Scope): Record<string, Repository> =>
  scope.world.stateOf("ecr", scope, () => ({}));

/** What every operation on one repository is given. */
export interface InRepository {
  readonly registryId?: string;
  readonly repositoryName: string;
}

/** A repository of the caller's own registry. */
export function ownRepositoryOf(input: InRepository, context: Context): Repository {
  const { registryId = context.account } = input;
  if (registryId === context.account) return repositoryOf(input, context);
  throw notEmulated("the policy of a repository of another account");
}

/** A repository of whatever registry is named; it is for the caller to be let in. */
export function repositoryOf(
  { registryId, repositoryName }: InRepository,
  { account, region, world }: Context,
): Repository {
  const registry = registryId ?? account;
  const repository = repositoriesOf({ account: registry, region, world })[repositoryName];
  if (repository !== undefined) return repository;
  throw new AwsError(
    "RepositoryNotFoundException",
    `The repository with name '${repositoryName}' does not exist in the registry with id '${registry}'`,
  );
}

/** The tags of an image in the order of the alphabet. */
export const tagsOf = ({ imageTags }: Repository, digest: string): readonly string[] =>
  Object.keys(imageTags)
    .filter((tag) => imageTags[tag] === digest)
    .sort();

/** An image by tag or digest, for services that pull. */
export function findImage(
  { region, world }: Pick<Context, "region" | "world">,
  registryId: string,
  repository: string,
  tagOrDigest: string,
): StoredImage | undefined {
  const found = repositoriesOf({ account: registryId, region, world })[repository];
  return found?.images[found.imageTags[tagOrDigest] ?? tagOrDigest];
}

export const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

/** The manifest of an image that nobody built: the same for the same repository and tag. */
export const seedManifest = (repository: string, tag: string): string =>
  JSON.stringify({
    schemaVersion: 2,
    mediaType: "application/vnd.oci.image.manifest.v1+json",
    config: {
      mediaType: "application/vnd.oci.image.config.v1+json",
      digest: `sha256:${sha256(`config ${repository}:${tag}`)}`,
      size: 2,
    },
    layers: [],
  });

/** The way ECR words a parameter that breaks a rule. */
export const invalid = (member: string, constraint: string): AwsError =>
  new AwsError(
    "InvalidParameterException",
    `Invalid parameter at '${member}' failed to satisfy constraint: '${constraint}'`,
  );

export const arnOf = ({ name, region, registryId }: Repository): string =>
  `arn:aws:ecr:${region}:${registryId}:repository/${name}`;
