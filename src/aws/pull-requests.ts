import { sha256 } from "../model/digest.ts";
import type { PullRequests } from "../ports/pull-requests.ts";
import { everyItem, isNamed, unless } from "./answers.ts";
import type { Call, Operations } from "./call.ts";

type PullRequest = NonNullable<Operations["codecommit:GetPullRequest"][1]["pullRequest"]>;

/** CodeCommit's pull requests, and the templates of approval rules that apply to them. */
export const pullRequestsOf = (call: Call): PullRequests => ({
  async isGuarded(repositoryName, branch) {
    const names = await everyItem(async (nextToken) => {
      const page = await call("codecommit:ListAssociatedApprovalRuleTemplatesForRepository", {
        repositoryName,
        ...(nextToken === undefined ? {} : { nextToken }),
      });
      return { items: page.approvalRuleTemplateNames, next: page.nextToken };
    });
    for (const approvalRuleTemplateName of names) {
      const found = await call("codecommit:GetApprovalRuleTemplate", { approvalRuleTemplateName });
      const content = found.approvalRuleTemplate?.approvalRuleTemplateContent ?? "{}";
      if (isOf(content, `refs/heads/${branch}`)) return true;
    }
    return false;
  },

  async find(repositoryName, branch, prefix) {
    const ids = await everyItem(async (nextToken) => {
      const page = await call("codecommit:ListPullRequests", {
        repositoryName,
        pullRequestStatus: "OPEN",
        ...(nextToken === undefined ? {} : { nextToken }),
      });
      return { items: page.pullRequestIds, next: page.nextToken };
    });
    for (const pullRequestId of ids.toSorted((a, b) => Number(a) - Number(b))) {
      const { pullRequest } = await call("codecommit:GetPullRequest", { pullRequestId });
      const [target] = pullRequest?.pullRequestTargets ?? [];
      const source = target?.sourceReference?.replace(/^refs\/heads\//, "") ?? "";
      if (!source.startsWith(prefix) || target?.destinationReference !== `refs/heads/${branch}`)
        continue;
      const { description = "", title = "" } = pullRequest ?? {};
      return { id: pullRequestId, source, title, description };
    }
    return undefined;
  },

  async state(pullRequestId) {
    const { pullRequest } = await call("codecommit:GetPullRequest", { pullRequestId });
    if (pullRequest?.pullRequestStatus === "OPEN") return "open";
    return isMerged(pullRequest) ? "merged" : "closed";
  },

  async branch(repositoryName, branchName, commitId) {
    const made = call("codecommit:CreateBranch", { repositoryName, branchName, commitId });
    await unless(made, (error) => isNamed(error, "BranchNameExistsException"));
  },

  async create(repositoryName, { description, destination, source, title }) {
    const { pullRequest } = await call("codecommit:CreatePullRequest", {
      title,
      description,
      targets: [{ repositoryName, sourceReference: source, destinationReference: destination }],
      clientRequestToken: sha256(`${repositoryName} ${source}`),
    });
    const { pullRequestId } = pullRequest ?? {};
    if (pullRequestId === undefined) throw new Error(`${repositoryName} gave no pull request id.`);
    return pullRequestId;
  },

  async describe(pullRequestId, { description, title }) {
    await call("codecommit:UpdatePullRequestTitle", { pullRequestId, title });
    await call("codecommit:UpdatePullRequestDescription", { pullRequestId, description });
  },

  async close(pullRequestId) {
    const pullRequestStatus = "CLOSED";
    await call("codecommit:UpdatePullRequestStatus", { pullRequestId, pullRequestStatus });
  },
});

const isMerged = (pullRequest: PullRequest | undefined): boolean =>
  pullRequest?.pullRequestTargets?.some(({ mergeMetadata }) => mergeMetadata?.isMerged) ?? false;

/** A template that names no branches is of all of them. */
function isOf(content: string, reference: string): boolean {
  const { DestinationReferences: references }: { readonly DestinationReferences?: unknown } =
    JSON.parse(content);
  return !Array.isArray(references) || references.includes(reference);
}
