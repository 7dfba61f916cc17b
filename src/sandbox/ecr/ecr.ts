import { byKey, pageOf, refuseOthers, takes } from "../inputs.ts";
import { type Answer, AwsError, type Context, notEmulated, type Service } from "../world.ts";
import {
  type BatchInput,
  batchDeleteImage,
  batchGetImage,
  type DescribeImagesInput,
  describeImages,
  type ListImagesInput,
  listImages,
} from "./images.ts";
import { type PutImageInput, putImage } from "./put-image.ts";
import {
  arnOf,
  type ExclusionFilter,
  type InRepository,
  invalid,
  type Mutability,
  type Repository,
  repositoriesOf,
  repositoryOf,
} from "./repositories.ts";
import {
  admit,
  getRepositoryPolicy,
  type PolicyInput,
  setRepositoryPolicy,
} from "./repository-policy.ts";
import { scanDone } from "./scanning.ts";
import {
  describeImageScanFindings,
  type FindingsInput,
  putImageScanningConfiguration,
  type ScanInput,
  startImageScan,
} from "./scans.ts";

const operations: Service["operations"] = {
  CreateRepository: takes<CreateInput>(
    [
      "encryptionConfiguration",
      "imageScanningConfiguration",
      "imageTagMutability",
      "imageTagMutabilityExclusionFilters",
      "registryId",
      "repositoryName",
      "tags",
    ],
    createRepository,
  ),
  DescribeRepositories: takes<DescribeInput>(
    ["maxResults", "nextToken", "registryId", "repositoryNames"],
    describeRepositories,
  ),
  DeleteRepository: takes<InRepository & { readonly force?: boolean }>(
    ["force", "registryId", "repositoryName"],
    deleteRepository,
  ),
  PutImageTagMutability: takes<MutabilityInput & InRepository>(
    ["imageTagMutability", "imageTagMutabilityExclusionFilters", "registryId", "repositoryName"],
    putImageTagMutability,
  ),
  ListTagsForResource: takes<{ readonly resourceArn: string }>(
    ["resourceArn"],
    listTagsForResource,
  ),
  PutImage: takes<PutImageInput>(
    [
      "imageDigest",
      "imageManifest",
      "imageManifestMediaType",
      "imageTag",
      "registryId",
      "repositoryName",
    ],
    putImage,
  ),
  DescribeImages: takes<DescribeImagesInput>(
    ["filter", "imageIds", "maxResults", "nextToken", "registryId", "repositoryName"],
    describeImages,
  ),
  ListImages: takes<ListImagesInput>(
    ["filter", "maxResults", "nextToken", "registryId", "repositoryName"],
    listImages,
  ),
  BatchGetImage: takes<BatchInput>(
    ["acceptedMediaTypes", "imageIds", "registryId", "repositoryName"],
    batchGetImage,
  ),
  BatchDeleteImage: takes<BatchInput>(
    ["imageIds", "registryId", "repositoryName"],
    batchDeleteImage,
  ),
  StartImageScan: takes<ScanInput>(["imageId", "registryId", "repositoryName"], startImageScan),
  DescribeImageScanFindings: takes<FindingsInput>(
    ["imageId", "maxResults", "nextToken", "registryId", "repositoryName"],
    describeImageScanFindings,
  ),
  PutImageScanningConfiguration: takes(
    ["imageScanningConfiguration", "registryId", "repositoryName"],
    putImageScanningConfiguration,
  ),
  SetRepositoryPolicy: takes<PolicyInput>(
    ["force", "policyText", "registryId", "repositoryName"],
    setRepositoryPolicy,
  ),
  GetRepositoryPolicy: takes<InRepository>(["registryId", "repositoryName"], getRepositoryPolicy),
};

/** Elastic Container Registry: repositories, manifests, tags and scans. No layers. */
export const ecr: Service = {
  name: "ecr",
  tasks: { ScanDone: scanDone },
  operations: Object.fromEntries(
    Object.entries(operations).map(([name, answer]) => [name, toForeigners(name, answer)]),
  ),
};

/** The same for a caller of another account, if the repository's policy lets it in. */
function toForeigners(name: string, answer: Answer): Answer {
  return (input: Partial<InRepository>, context) => {
    const { registryId, repositoryName } = input ?? {};
    if (repositoryName !== undefined && (registryId ?? context.account) !== context.account)
      admit(repositoryOf({ repositoryName, ...input }, context), `ecr:${name}`, context);
    return answer(input, context);
  };
}

interface MutabilityInput {
  readonly imageTagMutability?: string;
  readonly imageTagMutabilityExclusionFilters?: readonly ExclusionFilter[];
}

interface CreateInput extends InRepository, MutabilityInput {
  readonly encryptionConfiguration?: { readonly encryptionType?: string };
  readonly imageScanningConfiguration?: { readonly scanOnPush?: boolean };
  readonly tags?: readonly { readonly Key: string; readonly Value: string }[];
}

interface DescribeInput {
  readonly registryId?: string;
  readonly repositoryNames?: readonly string[];
  readonly maxResults?: number;
  readonly nextToken?: string;
}

const namePattern = "(?:[a-z0-9]+(?:[._-][a-z0-9]+)*/)*[a-z0-9]+(?:[._-][a-z0-9]+)*";

function createRepository(input: CreateInput, context: Context): unknown {
  const { account, region, world } = context;
  const { repositoryName: name, tags = [] } = input;
  checkCreate(input, context);
  const repositories = repositoriesOf(context);
  if (repositories[name] !== undefined) {
    throw new AwsError(
      "RepositoryAlreadyExistsException",
      `The repository with name '${name}' already exists in the registry with id '${account}'`,
    );
  }
  const repository: Repository = {
    name,
    registryId: account,
    region,
    created: world.now,
    ...mutabilityOf(input),
    ...(input.imageScanningConfiguration?.scanOnPush === true ? { scanOnPush: true } : {}),
    tags: Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value])),
    images: {},
    imageTags: {},
  };
  repositories[name] = repository;
  return { repository: shown(repository) };
}

function checkCreate(input: CreateInput, { account }: Context): void {
  const { encryptionConfiguration, imageScanningConfiguration, registryId, repositoryName } = input;
  const { length } = repositoryName;
  if (length < 2 || length > 256 || !new RegExp(`^${namePattern}$`).test(repositoryName)) {
    throw invalid("repositoryName", `must satisfy regular expression '${namePattern}'`);
  }
  if (registryId !== undefined && registryId !== account) {
    throw notEmulated("repositories in the registry of another account");
  }
  refuseOthers(encryptionConfiguration ?? {}, new Set(["encryptionType"]));
  if ((encryptionConfiguration?.encryptionType ?? "AES256") !== "AES256") {
    throw notEmulated(`encryption by ${encryptionConfiguration?.encryptionType}`);
  }
  refuseOthers(imageScanningConfiguration ?? {}, new Set(["scanOnPush"]));
}

function mutabilityOf(input: MutabilityInput): Pick<Repository, "exclusions" | "mutability"> {
  const { imageTagMutability = "MUTABLE", imageTagMutabilityExclusionFilters: filters = [] } =
    input;
  const known = ["MUTABLE", "IMMUTABLE", "MUTABLE_WITH_EXCLUSION", "IMMUTABLE_WITH_EXCLUSION"];
  if (!known.includes(imageTagMutability)) {
    throw invalid(
      "imageTagMutability",
      `Member must satisfy enum value set: [${known.join(", ")}]`,
    );
  }
  if (imageTagMutability.endsWith("_WITH_EXCLUSION") !== filters.length > 0) {
    throw invalid(
      "imageTagMutabilityExclusionFilters",
      "must be given with a mutability that has exclusions, and only then",
    );
  }
  for (const { filter, filterType } of filters) {
    if (filterType !== "WILDCARD" || !/^[0-9a-zA-Z._*-]{1,128}$/.test(filter)) {
      throw invalid("imageTagMutabilityExclusionFilters", "must be WILDCARD filters of tags");
    }
  }
  return { mutability: imageTagMutability as Mutability, exclusions: filters };
}

function describeRepositories(input: DescribeInput, context: Context): unknown {
  const { maxResults, nextToken, registryId, repositoryNames } = input;
  if (registryId !== undefined && registryId !== context.account) {
    throw notEmulated("the repositories of another account");
  }
  if (repositoryNames !== undefined) {
    const named = repositoryNames.map((repositoryName) =>
      repositoryOf({ repositoryName }, context),
    );
    return { repositories: named.map(shown) };
  }
  const page = pageOf(
    Object.values(repositoriesOf(context)).sort(byKey(({ name }) => name)),
    ({ name }) => name,
    {
      size: maxResults ?? 100,
      token: nextToken,
    },
  );
  if (page === undefined) throw invalid("nextToken", "Invalid token");
  return {
    repositories: page.items.map(shown),
    ...(page.next === undefined ? {} : { nextToken: page.next }),
  };
}

function deleteRepository(
  input: InRepository & { readonly force?: boolean },
  context: Context,
): unknown {
  const repository = repositoryOf(input, context);
  if (input.force !== true && Object.keys(repository.images).length > 0) {
    throw new AwsError(
      "RepositoryNotEmptyException",
      `The repository with name '${repository.name}' in registry with id '${repository.registryId}' cannot be deleted because it still contains images`,
    );
  }
  delete repositoriesOf(context)[repository.name];
  return { repository: shown(repository) };
}

function putImageTagMutability(input: MutabilityInput & InRepository, context: Context): unknown {
  const repository = repositoryOf(input, context);
  Object.assign(repository, mutabilityOf(input));
  return {
    registryId: repository.registryId,
    repositoryName: repository.name,
    ...shownMutability(repository),
  };
}

function listTagsForResource(
  { resourceArn }: { readonly resourceArn: string },
  context: Context,
): unknown {
  const repositoryName = resourceArn.split(":repository/")[1] ?? "";
  const { tags } = repositoryOf({ repositoryName }, context);
  return { tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) };
}

const shown = (repository: Repository) => ({
  repositoryArn: arnOf(repository),
  registryId: repository.registryId,
  repositoryName: repository.name,
  repositoryUri: `${repository.registryId}.dkr.ecr.${repository.region}.amazonaws.com/${repository.name}`,
  createdAt: new Date(repository.created),
  ...shownMutability(repository),
  imageScanningConfiguration: { scanOnPush: repository.scanOnPush === true },
  encryptionConfiguration: { encryptionType: "AES256" },
});

const shownMutability = ({ exclusions, mutability }: Repository) => ({
  imageTagMutability: mutability,
  ...(exclusions.length === 0 ? {} : { imageTagMutabilityExclusionFilters: exclusions }),
});
