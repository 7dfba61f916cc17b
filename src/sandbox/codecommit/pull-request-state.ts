import type { Context } from "../world.ts";
import { arnOf, repositories } from "./repository.ts";

export interface PullRequest {
  readonly id: string;
  readonly repository: string;
  readonly title: string;
  readonly description: string;
  /** Full references. */
  readonly source: string;
  readonly destination: string;
  readonly author: string;
  readonly token: string | undefined;
  readonly created: number;
  readonly active: number;
  readonly status: "CLOSED" | "OPEN";
  /** The commit that a merge led to. */
  readonly merged: string | undefined;
  /** As they were when it was closed; an open one follows its branches. */
  readonly sourceCommit: string;
  readonly destinationCommit: string;
}

/** By id; like repositories, of all accounts and regions. */
export const state = ({ world }: Pick<Context, "world">): Record<string, PullRequest> =>
  world.stateOf("codecommit-pull-requests", { account: "*", region: "*" }, () => ({}));

export const pullRequestsOf = (context: Pick<Context, "world">): readonly PullRequest[] =>
  Object.values(state(context));

/** One whose branch, or the branch that it is to, is deleted is closed with it. */
export function closeWithout(ref: string, repository: string, context: Context): void {
  for (const one of pullRequestsOf(context)) {
    const isOf = one.repository === repository && [one.source, one.destination].includes(ref);
    if (!isOf || one.status === "CLOSED") continue;
    const closed: PullRequest = { ...one, status: "CLOSED", active: context.world.now };
    state(context)[one.id] = closed;
    announce("pullRequestStatusChanged", closed, context);
  }
}

/** Tells the bus what became of a pull request. */
export function announce(event: string, one: PullRequest, context: Context): void {
  const repository = repositories(context.world)[one.repository];
  if (repository === undefined) return;
  const time = (at: number) => new Date(at).toUTCString();
  context.world.emit({
    "detail-type": "CodeCommit Pull Request State Change",
    source: "aws.codecommit",
    account: repository.account,
    region: repository.region,
    resources: [arnOf(repository)],
    detail: {
      author: one.author,
      callerUserArn: context.principal,
      creationDate: time(one.created),
      description: one.description,
      destinationCommit: one.destinationCommit,
      destinationReference: one.destination,
      event,
      isMerged: one.merged === undefined ? "False" : "True",
      lastModifiedDate: time(one.active),
      pullRequestId: one.id,
      pullRequestStatus: one.status === "OPEN" ? "Open" : "Closed",
      repositoryNames: [one.repository],
      sourceCommit: one.sourceCommit,
      sourceReference: one.source,
      title: one.title,
    },
  });
}
