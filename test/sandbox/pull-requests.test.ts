import { beforeEach, describe, expect, test } from "vitest";
import { codecommit } from "../../src/sandbox/codecommit/codecommit.ts";
import { memoryGit } from "../../src/sandbox/git/memory.ts";
import { AwsError, type BusEvent, World } from "../../src/sandbox/world.ts";

const ann = {
  account: "123456789012",
  region: "eu-west-1",
  arn: "arn:aws:iam::123456789012:user/ann",
};
const apps = { repositoryName: "apps" };

let world: World;
let events: BusEvent[];
let tip: string;
beforeEach(() => {
  events = [];
  world = new World({
    services: [codecommit],
    git: memoryGit(),
    start: Date.UTC(2026, 0, 2),
    seed: 1,
    onEvent: (event) => events.push(event),
  });
  call("CreateRepository", apps);
  tip = commit("main", "one");
  call("CreateBranch", { ...apps, branchName: "more", commitId: tip });
});

// biome-ignore lint/suspicious/noExplicitAny: every operation answers with a shape of its own.
const call = (operation: string, input: object, as = ann): any =>
  world.call(`codecommit:${operation}`, { ...input }, as);

const commit = (branchName: string, text: string, parentCommitId?: string): string =>
  call("CreateCommit", {
    ...apps,
    branchName,
    parentCommitId,
    putFiles: [{ filePath: "a", fileContent: Buffer.from(text) }],
  }).commitId;

const create = (more: object = {}) =>
  call("CreatePullRequest", {
    title: "More",
    clientRequestToken: "t",
    targets: [{ ...apps, sourceReference: "more", destinationReference: "main" }],
    ...more,
  }).pullRequest;

const get = (pullRequestId: string) => call("GetPullRequest", { pullRequestId }).pullRequest;

const refused = (operation: string, input: object, as = ann): string => {
  try {
    call(operation, input, as);
  } catch (error) {
    if (error instanceof AwsError) return error.code;
    throw error;
  }
  return "accepted";
};

describe("a pull request", () => {
  test("is open, follows its branch, and its token makes it once", () => {
    const { pullRequestId } = create();
    expect(create().pullRequestId).toBe(pullRequestId);
    expect(() => create({ title: "Other" })).toThrow(/other parameters/);
    const later = commit("more", "two", tip);
    expect(get(pullRequestId)).toMatchObject({
      title: "More",
      pullRequestStatus: "OPEN",
      authorArn: ann.arn,
      pullRequestTargets: [
        {
          sourceReference: "refs/heads/more",
          destinationReference: "refs/heads/main",
          sourceCommit: later,
          destinationCommit: tip,
          mergeMetadata: { isMerged: false },
        },
      ],
    });
    expect(call("ListPullRequests", { ...apps, pullRequestStatus: "OPEN" })).toMatchObject({
      pullRequestIds: [pullRequestId],
    });
  });

  test("can be described anew and closed, and then no more", () => {
    const { pullRequestId } = create();
    call("UpdatePullRequestTitle", { pullRequestId, title: "Most" });
    call("UpdatePullRequestDescription", { pullRequestId, description: "All" });
    call("UpdatePullRequestStatus", { pullRequestId, pullRequestStatus: "CLOSED" });
    expect(get(pullRequestId)).toMatchObject({
      title: "Most",
      description: "All",
      pullRequestStatus: "CLOSED",
    });
    for (const operation of ["UpdatePullRequestTitle", "MergePullRequestByFastForward"])
      expect(refused(operation, { ...apps, pullRequestId, title: "x" })).toBe(
        "PullRequestAlreadyClosedException",
      );
    expect(refused("UpdatePullRequestStatus", { pullRequestId, pullRequestStatus: "OPEN" })).toBe(
      "InvalidPullRequestStatusUpdateException",
    );
  });
});

describe("the merge of a pull request", () => {
  test("is by fast-forward, and is told of twice", () => {
    const { pullRequestId } = create();
    const later = commit("more", "two", tip);
    events = [];
    call("MergePullRequestByFastForward", { ...apps, pullRequestId });
    expect(call("GetBranch", { ...apps, branchName: "main" }).branch.commitId).toBe(later);
    expect(get(pullRequestId)).toMatchObject({
      pullRequestStatus: "CLOSED",
      pullRequestTargets: [{ mergeMetadata: { isMerged: true, mergeCommitId: later } }],
    });
    expect(events.map(({ detail }) => (detail as { readonly event: string }).event)).toEqual([
      "pullRequestMergeStatusUpdated",
      "referenceUpdated",
    ]);
  });

  test("is not merged where the branches went apart, or rules ask for approvals", () => {
    const { pullRequestId } = create();
    const approvalRuleTemplateName = "eyes";
    call("CreateApprovalRuleTemplate", {
      approvalRuleTemplateName,
      approvalRuleTemplateContent: '{"DestinationReferences":["refs/heads/main"],"Statements":[]}',
    });
    const merge = () => refused("MergePullRequestByFastForward", { ...apps, pullRequestId });
    commit("more", "two", tip);
    call("AssociateApprovalRuleTemplateWithRepository", { ...apps, approvalRuleTemplateName });
    expect(call("ListAssociatedApprovalRuleTemplatesForRepository", apps)).toEqual({
      approvalRuleTemplateNames: ["eyes"],
    });
    expect(merge()).toBe("PullRequestApprovalRulesNotSatisfiedException");

    call("CreateBranch", { ...apps, branchName: "side", commitId: tip });
    const target = { ...apps, sourceReference: "more", destinationReference: "side" };
    const side = create({ clientRequestToken: "s", targets: [target] }).pullRequestId;
    commit("side", "three", tip);
    expect(refused("MergePullRequestByFastForward", { ...apps, pullRequestId: side })).toBe(
      "ManualMergeRequiredException",
    );
  });
});

describe("no pull request", () => {
  test("is made without a title, of one branch only, or of a branch that is not there", () => {
    const targets = (sourceReference: string) => ({
      clientRequestToken: "x",
      title: "x",
      targets: [{ ...apps, sourceReference, destinationReference: "main" }],
    });
    expect(refused("CreatePullRequest", { ...targets("more"), title: "" })).toBe(
      "TitleRequiredException",
    );
    expect(refused("CreatePullRequest", targets("main"))).toBe(
      "SourceAndDestinationAreSameException",
    );
    expect(refused("CreatePullRequest", targets("none"))).toBe("ReferenceDoesNotExistException");
    expect(refused("GetPullRequest", { pullRequestId: "9" })).toBe(
      "PullRequestDoesNotExistException",
    );
    const { pullRequestId } = create();
    const other = { ...ann, account: "210987654321" };
    expect(refused("GetPullRequest", { pullRequestId }, other)).toBe(
      "PullRequestDoesNotExistException",
    );
  });
});

test("templates of approval rules are told apart, and have to be ones", () => {
  const approvalRuleTemplateName = "eyes";
  const approvalRuleTemplateContent = '{"Statements":[]}';
  const make = { approvalRuleTemplateName, approvalRuleTemplateContent };
  expect(refused("GetApprovalRuleTemplate", make)).toBe(
    "ApprovalRuleTemplateDoesNotExistException",
  );
  expect(
    refused("CreateApprovalRuleTemplate", { ...make, approvalRuleTemplateContent: "{}" }),
  ).toBe("InvalidApprovalRuleTemplateContentException");
  call("CreateApprovalRuleTemplate", make);
  expect(call("GetApprovalRuleTemplate", make).approvalRuleTemplate).toMatchObject(make);
  expect(refused("CreateApprovalRuleTemplate", make)).toBe(
    "ApprovalRuleTemplateNameAlreadyExistsException",
  );
});
