import { createHash } from "node:crypto";
import { commitIdOf, readCommit } from "../git/files.ts";
import type { GitStore } from "../git/store.ts";
import type { Answer, Context } from "../world.ts";
import { rulesFor } from "./approval-rules.ts";
import { announce, type PullRequest, pullRequestsOf, state } from "./pull-request-state.ts";
import { noticeReferences } from "./references.ts";
import { branchRef, opened, owned, paged, refusal } from "./repository.ts";

interface Target {
  readonly repositoryName?: string;
  readonly sourceReference?: string;
  readonly destinationReference?: string;
}

interface Creation {
  readonly title?: string;
  readonly description?: string;
  readonly clientRequestToken?: string;
  readonly targets?: readonly Target[];
}

interface One {
  readonly pullRequestId?: string;
}

/** Pull requests made, listed, looked at, changed, and merged where nothing has to be mixed. */
export const pullRequestOperations: Readonly<Record<string, Answer>> = {
  CreatePullRequest: createPullRequest,

  GetPullRequest: (input: One, context) => ({ pullRequest: shown(found(input, context), context) }),

  ListPullRequests: (
    input: {
      readonly repositoryName?: string;
      readonly pullRequestStatus?: string;
      readonly authorArn?: string;
      readonly maxResults?: number;
      readonly nextToken?: string;
    },
    context,
  ) => {
    const { repository } = opened(input, context);
    const ids = pullRequestsOf(context)
      .filter((one) => one.repository === repository.name)
      .filter(({ status }) => (input.pullRequestStatus ?? status) === status)
      .filter(({ author }) => (input.authorArn ?? author) === author)
      .map(({ id }) => id);
    const { next, page } = paged(ids, input.nextToken, input.maxResults ?? 100);
    return { pullRequestIds: page, nextToken: next };
  },

  UpdatePullRequestTitle: (input: One & { readonly title?: string }, context) => {
    if (!input.title) throw refusal("TitleRequired", "A title is required");
    return changed(input, { title: input.title }, context);
  },

  UpdatePullRequestDescription: (input: One & { readonly description?: string }, context) =>
    changed(input, { description: input.description ?? "" }, context),

  UpdatePullRequestStatus: (input: One & { readonly pullRequestStatus?: string }, context) => {
    if (input.pullRequestStatus !== "CLOSED") {
      throw refusal("InvalidPullRequestStatusUpdate", "A pull request can only be closed");
    }
    const answer = changed(input, { status: "CLOSED" }, context);
    announce("pullRequestStatusChanged", found(input, context), context);
    return answer;
  },

  MergePullRequestByFastForward: merge,
};

function createPullRequest(input: Creation, context: Context): unknown {
  const { clientRequestToken: token, description = "", targets = [], title } = input;
  const [target, ...more] = targets;
  if (!title) throw refusal("TitleRequired", "A title is required");
  if (target === undefined) throw refusal("TargetsRequired", "A target is required");
  if (more.length > 0) throw refusal("MultipleRepositoriesInPullRequest", "One target is allowed");
  const { repository, store } = opened(target, context);
  const source = reference(target.sourceReference, store);
  const destination = reference(target.destinationReference ?? repository.defaultBranch, store);
  if (source === destination) {
    throw refusal(
      "SourceAndDestinationAreSame",
      "The source and destination branches are the same",
    );
  }
  const known = pullRequestsOf(context).find((one) => token !== undefined && one.token === token);
  if (known !== undefined) {
    if (known.title !== title || known.source !== source || known.destination !== destination) {
      const message = "The client request token was used with other parameters";
      throw refusal("IdempotencyParameterMismatch", message);
    }
    return { pullRequest: shown(known, context) };
  }
  const id = String(pullRequestsOf(context).length + 1);
  const { now } = context.world;
  const made: PullRequest = {
    id,
    repository: repository.name,
    title,
    description,
    source,
    destination,
    author: context.principal,
    token,
    created: now,
    active: now,
    status: "OPEN",
    merged: undefined,
    sourceCommit: commitAt(store, source),
    destinationCommit: commitAt(store, destination),
  };
  state(context)[id] = made;
  announce("pullRequestCreated", made, context);
  return { pullRequest: shown(made, context) };
}

function reference(name: string | undefined, store: GitStore): string {
  const ref = branchRef(name?.replace(/^refs\/heads\//, ""));
  if (!store.refs().has(ref)) throw refusal("ReferenceDoesNotExist", `${ref} does not exist`);
  return ref;
}

const commitAt = (store: GitStore, ref: string): string =>
  commitIdOf(store, store.refs().get(ref) ?? "") ?? "";

function found({ pullRequestId }: One, context: Context): PullRequest {
  if (!pullRequestId) throw refusal("PullRequestIdRequired", "A pull request ID is required");
  const one = state(context)[pullRequestId];
  if (one !== undefined && owned(one.repository, context) !== undefined) return one;
  throw refusal("PullRequestDoesNotExist", `Pull request ${pullRequestId} does not exist`);
}

function changed(input: One, change: Partial<PullRequest>, context: Context): unknown {
  const before = found(input, context);
  if (before.status === "CLOSED") {
    throw refusal("PullRequestAlreadyClosed", `Pull request ${before.id} is closed`);
  }
  const after = { ...before, ...atTips(before, context), ...change, active: context.world.now };
  state(context)[before.id] = after;
  return { pullRequest: shown(after, context) };
}

/** An open pull request follows its branches. */
function atTips(
  { destination, repository, source, status, ...one }: PullRequest,
  context: Context,
) {
  const { destinationCommit, sourceCommit } = one;
  if (status === "CLOSED") return { destinationCommit, sourceCommit };
  const store = context.world.git(repository);
  return {
    destinationCommit: commitAt(store, destination) || destinationCommit,
    sourceCommit: commitAt(store, source) || sourceCommit,
  };
}

function merge(input: One & { readonly repositoryName?: string }, context: Context): unknown {
  const one = found(input, context);
  const { repository, store } = opened(input, context);
  if (one.status === "CLOSED") {
    throw refusal("PullRequestAlreadyClosed", `Pull request ${one.id} is closed`);
  }
  if (rulesFor(repository, one.destination, context).length > 0) {
    const message = "Approval rules of the pull request are not satisfied";
    throw refusal("PullRequestApprovalRulesNotSatisfied", message);
  }
  const { destinationCommit, sourceCommit } = atTips(one, context);
  if (!isAncestor(store, destinationCommit, sourceCommit)) {
    throw refusal("ManualMergeRequired", "The branches cannot be merged by fast-forward");
  }
  store.update(one.destination, sourceCommit, destinationCommit);
  const merged = { status: "CLOSED", merged: sourceCommit, sourceCommit } as const;
  state(context)[one.id] = { ...one, ...merged, destinationCommit, active: context.world.now };
  announce("pullRequestMergeStatusUpdated", found(input, context), context);
  noticeReferences(context, repository.name);
  return { pullRequest: shown(found(input, context), context) };
}

function isAncestor(store: GitStore, ancestor: string, of: string): boolean {
  const open = [of];
  const seen = new Set<string>();
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (id === ancestor) return true;
    if (!seen.has(id)) open.push(...readCommit(store, id).parents);
    seen.add(id);
  }
  return false;
}

function shown(one: PullRequest, context: Context): unknown {
  const { destinationCommit, sourceCommit } = atTips(one, context);
  return {
    pullRequestId: one.id,
    title: one.title,
    description: one.description,
    lastActivityDate: new Date(one.active),
    creationDate: new Date(one.created),
    pullRequestStatus: one.status,
    authorArn: one.author,
    pullRequestTargets: [
      {
        repositoryName: one.repository,
        sourceReference: one.source,
        destinationReference: one.destination,
        destinationCommit,
        sourceCommit,
        mergeMetadata:
          one.merged === undefined
            ? { isMerged: false }
            : {
                isMerged: true,
                mergeCommitId: one.merged,
                mergeOption: "FAST_FORWARD_MERGE",
              },
      },
    ],
    clientRequestToken: one.token,
    revisionId: createHash("sha256").update(`${one.id} ${sourceCommit}`).digest("hex"),
    approvalRules: [],
  };
}
