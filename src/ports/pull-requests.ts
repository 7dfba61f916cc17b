export interface PullRequests {
  /** Whether rules say that a branch changes by approved pull requests. */
  isGuarded(repository: string, branch: string): Promise<boolean>;
  /** The open one to a branch, from a branch whose name begins like this; the oldest of several. */
  find(repository: string, branch: string, prefix: string): Promise<OpenPullRequest | undefined>;
  state(id: string): Promise<"open" | "merged" | "closed">;
  /** Makes a branch at a commit; that it is there already is as good. */
  branch(repository: string, name: string, commit: string): Promise<void>;
  /** Answers its id. `source` asked for twice is one pull request. */
  create(repository: string, request: PullRequestText & PullRequestBranches): Promise<string>;
  describe(id: string, text: PullRequestText): Promise<void>;
  close(id: string): Promise<void>;
}

interface PullRequestText {
  readonly title: string;
  readonly description: string;
}

interface PullRequestBranches {
  readonly source: string;
  readonly destination: string;
}

interface OpenPullRequest extends PullRequestText {
  readonly id: string;
  /** The name of its branch. */
  readonly source: string;
}
