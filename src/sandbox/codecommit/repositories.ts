import { type Answer, type Context, notEmulated } from "../world.ts";
import {
  arnOf,
  branchRef,
  named,
  opened,
  owned,
  paged,
  type Repository,
  refusal,
  repositories,
} from "./repository.ts";

interface Named {
  readonly repositoryName?: string;
}

interface Listing {
  readonly nextToken?: string;
  readonly sortBy?: "repositoryName" | "lastModifiedDate";
  readonly order?: "ascending" | "descending";
}

/** Repositories made, listed, looked at and deleted. */
export const repositoryOperations: Readonly<Record<string, Answer>> = {
  CreateRepository: createRepository,

  GetRepository: (input: Named, context) => ({
    repositoryMetadata: metadata(opened(input, context).repository),
  }),

  ListRepositories: (input: Listing, context) => {
    const { next, page } = paged(sorted(input, context), input.nextToken, 1000);
    return {
      repositories: page.map(({ id, name }) => ({ repositoryName: name, repositoryId: id })),
      nextToken: next,
    };
  },

  DeleteRepository: ({ repositoryName }: Named, context) => {
    const repository = owned(named(repositoryName), context);
    if (repository === undefined) return {};
    context.world.git(repository.name).delete();
    delete repositories(context.world)[repository.name];
    return { repositoryId: repository.id };
  },

  UpdateDefaultBranch: (input: Named & { readonly defaultBranchName?: string }, context) => {
    const { repository, store } = opened(input, context);
    const ref = branchRef(input.defaultBranchName);
    if (!store.refs().has(ref)) {
      throw refusal("BranchDoesNotExist", `Branch ${input.defaultBranchName} does not exist`);
    }
    repository.defaultBranch = ref.slice("refs/heads/".length);
    repository.modified = context.world.now;
    store.setHead(ref);
    return {};
  },

  ListTagsForResource: ({ resourceArn = "" }: { readonly resourceArn?: string }, context) => ({
    tags: opened({ repositoryName: resourceArn.split(":")[5] ?? "" }, context).repository.tags,
  }),
};

interface Creation extends Named {
  readonly repositoryDescription?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly kmsKeyId?: string;
}

function createRepository(input: Creation, context: Context): unknown {
  const { account, region, world } = context;
  const name = named(input.repositoryName);
  if (input.kmsKeyId !== undefined) throw notEmulated("codecommit:CreateRepository kmsKeyId");
  if (owned(name, context) !== undefined) {
    throw refusal("RepositoryNameExists", `Repository named ${name} already exists`);
  }
  if (Object.hasOwn(repositories(world), name)) {
    throw notEmulated(`a second repository named ${name} in another account or region`);
  }
  const { repositoryDescription: description = "", tags = {} } = input;
  if (description.length > 1000) {
    throw refusal("InvalidRepositoryDescription", "The description has more than 1000 characters");
  }

  world.git(name).create();
  const repository: Repository = {
    id: world.uuid(),
    name,
    account,
    region,
    ...(description === "" ? {} : { description }),
    tags,
    created: world.now,
    modified: world.now,
    seen: {},
  };
  repositories(world)[name] = repository;
  return { repositoryMetadata: metadata(repository) };
}

function sorted({ order, sortBy }: Listing, { account, region, world }: Context): Repository[] {
  if (sortBy !== undefined && sortBy !== "repositoryName" && sortBy !== "lastModifiedDate") {
    throw refusal("InvalidSortBy", "sortBy must be repositoryName or lastModifiedDate");
  }
  if (order !== undefined && order !== "ascending" && order !== "descending") {
    throw refusal("InvalidOrder", "order must be ascending or descending");
  }
  const byName = (a: Repository, b: Repository): number => (a.name < b.name ? -1 : 1);
  const byTime = (a: Repository, b: Repository): number => a.modified - b.modified || byName(a, b);
  const list = Object.values(repositories(world))
    .filter((repository) => repository.account === account && repository.region === region)
    .sort(sortBy === "lastModifiedDate" ? byTime : byName);
  return order === "descending" ? list.reverse() : list;
}

function metadata(repository: Repository): unknown {
  const { account, created, defaultBranch, description, id, modified, name, region } = repository;
  const host = `git-codecommit.${region}.amazonaws.com/v1/repos/${name}`;
  return {
    accountId: account,
    repositoryId: id,
    repositoryName: name,
    repositoryDescription: description,
    defaultBranch,
    lastModifiedDate: new Date(modified),
    creationDate: new Date(created),
    cloneUrlHttp: `https://${host}`,
    cloneUrlSsh: `ssh://${host}`,
    Arn: arnOf(repository),
  };
}
