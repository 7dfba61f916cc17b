import type { GitStore } from "../git/store.ts";
import { AwsError, type Context, type World } from "../world.ts";

/** What is known of a repository besides its git objects. */
export interface Repository {
  readonly id: string;
  readonly name: string;
  readonly account: string;
  readonly region: string;
  readonly description?: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly created: number;
  modified: number;
  defaultBranch?: string;
  /** References as they were when the last event told of them. */
  seen: Readonly<Record<string, string>>;
}

/** An exception as CodeCommit names it, the word Exception left out. */
export const refusal = (code: string, message: string): AwsError =>
  new AwsError(`${code}Exception`, message);

/**
 * Repositories by name. One namespace for all accounts and regions, since each is a directory that
 * people push to.
 */
export const repositories = (world: World): Record<string, Repository> =>
  world.stateOf("codecommit", { account: "*", region: "*" }, () => ({}));

export const arnOf = ({ account, name, region }: Repository): string =>
  `arn:aws:codecommit:${region}:${account}:${name}`;

/** The repository that a call names, and its objects. */
export function opened(
  { repositoryName }: { readonly repositoryName?: string },
  context: Context,
): { readonly repository: Repository; readonly store: GitStore } {
  const repository = owned(named(repositoryName), context);
  if (repository === undefined) {
    throw refusal("RepositoryDoesNotExist", `${repositoryName} does not exist`);
  }
  return { repository, store: context.world.git(repository.name) };
}

/** Undefined where the name belongs to nobody, or to another account or region. */
export function owned(name: string, { account, region, world }: Context): Repository | undefined {
  const repository = repositories(world)[name];
  return repository?.account === account && repository.region === region ? repository : undefined;
}

export function named(name: string | undefined): string {
  if (!name) throw refusal("RepositoryNameRequired", "A repository name is required");
  if (!/^[\w.-]{1,100}$/.test(name) || name.endsWith(".git") || /^\.+$/.test(name)) {
    throw refusal("InvalidRepositoryName", `${name} is not a valid repository name`);
  }
  return name;
}

/** The full reference of a branch name, which must be one that git would take. */
export function branchRef(name: string | undefined): string {
  if (!name) throw refusal("BranchNameRequired", "A branch name is required");
  if (!isReferenceName(name)) {
    throw refusal("InvalidBranchName", `${name} is not a valid branch name`);
  }
  return `refs/heads/${name}`;
}

export const isReferenceName = (name: string): boolean =>
  name.length <= 256 &&
  // biome-ignore lint/suspicious/noControlCharactersInRegex: git refuses exactly these.
  !/[\u0000- \u007f~^:?*[\\]|\.\.|@\{|\/\/|^\/|\/$|\.$|^-|^@$/.test(name) &&
  name.split("/").every((part) => !part.startsWith(".") && !part.endsWith(".lock"));

export const isObjectId = (text: string): boolean => /^[0-9a-f]{40}$/.test(text);

/** A path as git has it: without a slash before or after. */
export function pathOf(path: string | undefined): string {
  if (!path) throw refusal("PathRequired", "A path is required");
  const plain = path.replace(/^\/|\/$/g, "");
  const wrong = (part: string): boolean =>
    part === "" || part === "." || part === ".." || part.toLowerCase() === ".git";
  if (path.length > 4096 || path.includes("\0") || (plain !== "" && plain.split("/").some(wrong))) {
    throw refusal("InvalidPath", `${path} is not a valid path`);
  }
  return plain;
}

/** One page of a list, and the token of the next. */
export function paged<T>(
  items: readonly T[],
  token: string | undefined,
  size: number,
): { readonly page: readonly T[]; readonly next: string | undefined } {
  const text = token === undefined ? "0" : Buffer.from(token, "base64url").toString();
  const start = Number(text);
  if (!/^\d+$/.test(text) || start > items.length) {
    throw refusal("InvalidContinuationToken", "The continuation token is not valid");
  }
  const end = start + size;
  const next = end < items.length ? Buffer.from(String(end)).toString("base64url") : undefined;
  return { page: items.slice(start, end), next };
}
