import { commitIdOf } from "../git/files.ts";
import type { GitStore } from "../git/store.ts";
import type { Context, World } from "../world.ts";
import { closeWithout } from "./pull-request-state.ts";
import {
  arnOf,
  isObjectId,
  isReferenceName,
  type Repository,
  refusal,
  repositories,
} from "./repository.ts";

/**
 * Compares a repository's branches and tags with those last seen and sends one event for each
 * difference. Pushes made with git and calls of the API are told of alike. True: there was one.
 */
export function noticeReferences(context: Context, name: string): boolean {
  const repository = repositories(context.world)[name];
  const store = context.world.git(name);
  // A repository whose directory is gone says nothing: absence is not a deletion.
  if (repository === undefined || !store.exists()) return false;

  const now = Object.fromEntries(
    [...store.refs()].filter(([ref]) => /^refs\/(heads|tags)\//.test(ref)),
  );
  const before = repository.seen;
  const changed = [...new Set([...Object.keys(before), ...Object.keys(now)])]
    .filter((ref) => before[ref] !== now[ref])
    .sort();
  if (changed.length === 0) return false;

  repository.seen = now;
  repository.modified = context.world.now;
  chooseDefault(repository, store);
  for (const ref of changed) {
    if (now[ref] === undefined) closeWithout(ref, name, context);
    tell(context, repository, {
      ref,
      old: peeled(store, before[ref]),
      now: peeled(store, now[ref]),
    });
  }
  return true;
}

/** Looks at every repository, for what was pushed past the API. True: something was. */
export function noticePushes(world: World): boolean {
  let any = false;
  for (const { account, name, region } of Object.values(repositories(world))) {
    const principal = `arn:aws:iam::${account}:root`;
    any = noticeReferences({ world, account, region, principal }, name) || any;
  }
  return any;
}

/** The commit that a branch, a tag, a full reference or a full id names; without one, the head. */
export function resolved(
  { repository, store }: { readonly repository: Repository; readonly store: GitStore },
  specifier: string | undefined,
): string {
  const name = specifier ?? repository.defaultBranch ?? "HEAD";
  if (!isReferenceName(name)) throw refusal("InvalidCommit", `${name} is not a valid commit`);
  const refs = store.refs();
  const id =
    (name.startsWith("refs/") ? refs.get(name) : undefined) ??
    refs.get(`refs/heads/${name === "HEAD" ? repository.defaultBranch : name}`) ??
    refs.get(`refs/tags/${name}`) ??
    (isObjectId(name) ? name : undefined);
  const commit = id === undefined ? undefined : commitIdOf(store, id);
  if (commit === undefined) {
    throw refusal("CommitDoesNotExist", `The commit ${name} does not exist in ${repository.name}`);
  }
  return commit;
}

/** The first branch of a repository becomes its default. */
function chooseDefault(repository: Repository, store: GitStore): void {
  const { defaultBranch, seen } = repository;
  if (defaultBranch !== undefined && `refs/heads/${defaultBranch}` in seen) return;
  const branches = Object.keys(seen).filter((ref) => ref.startsWith("refs/heads/"));
  const ref = branches.find((branch) => branch === "refs/heads/main") ?? branches[0];
  if (ref === undefined) return;
  repository.defaultBranch = ref.slice("refs/heads/".length);
  store.setHead(ref);
}

interface Change {
  readonly ref: string;
  readonly old: string | undefined;
  readonly now: string | undefined;
}

function tell(context: Context, repository: Repository, { now, old, ref }: Change): void {
  const created = now === undefined ? "referenceDeleted" : "referenceCreated";
  context.world.emit({
    "detail-type": "CodeCommit Repository State Change",
    source: "aws.codecommit",
    account: repository.account,
    region: repository.region,
    resources: [arnOf(repository)],
    detail: {
      callerUserArn: context.principal,
      ...(now === undefined ? {} : { commitId: now }),
      event: now !== undefined && old !== undefined ? "referenceUpdated" : created,
      ...(old === undefined ? {} : { oldCommitId: old }),
      referenceFullName: ref,
      referenceName: ref.split("/").slice(2).join("/"),
      referenceType: ref.startsWith("refs/tags/") ? "tag" : "branch",
      repositoryId: repository.id,
      repositoryName: repository.name,
    },
  });
}

const peeled = (store: GitStore, id: string | undefined): string | undefined =>
  id === undefined ? undefined : (commitIdOf(store, id) ?? id);
