import { describe, expect, test } from "vitest";
import { pullRequestsOf } from "../../src/aws/pull-requests.ts";
import { awsError, recorder } from "./recorder.ts";

const pull = (source: string, more: object = {}) => ({
  pullRequest: {
    title: "Move it",
    description: "Now",
    pullRequestTargets: [
      { sourceReference: `refs/heads/${source}`, destinationReference: "refs/heads/main" },
    ],
    ...more,
  },
});

describe("the open pull request of a kind", () => {
  test("is looked for on every page, the oldest first", async () => {
    const elsewhere = [
      { sourceReference: "refs/heads/bot/1", destinationReference: "refs/heads/x" },
    ];
    const { call, requests } = recorder({
      "codecommit:ListPullRequests": [
        { pullRequestIds: ["12", "9"], nextToken: "2" },
        { pullRequestIds: ["10"] },
      ],
      "codecommit:GetPullRequest": [
        pull("", { pullRequestTargets: elsewhere }),
        pull("feature"),
        pull("bot/2"),
      ],
    });
    expect(await pullRequestsOf(call).find("myapps", "main", "bot/")).toEqual({
      id: "12",
      source: "bot/2",
      title: "Move it",
      description: "Now",
    });
    const asked = { repositoryName: "myapps", pullRequestStatus: "OPEN" };
    expect(requests.map(({ input }) => input)).toEqual([
      asked,
      { ...asked, nextToken: "2" },
      { pullRequestId: "9" },
      { pullRequestId: "10" },
      { pullRequestId: "12" },
    ]);
  });

  test("may be none", async () => {
    const { call } = recorder({ "codecommit:ListPullRequests": [{ pullRequestIds: [] }] });
    expect(await pullRequestsOf(call).find("myapps", "main", "bot/")).toBeUndefined();
  });
});

test.for([
  ["OPEN", false, "open"],
  ["CLOSED", true, "merged"],
  ["CLOSED", false, "closed"],
] as const)("a pull request that is %s, merged: %s, is %s", async ([status, isMerged, state]) => {
  const targets = [{ mergeMetadata: { isMerged } }];
  const { call } = recorder({
    "codecommit:GetPullRequest": [
      pull("a", { pullRequestStatus: status, pullRequestTargets: targets }),
    ],
  });
  expect(await pullRequestsOf(call).state("7")).toBe(state);
});

test.for([
  [{ DestinationReferences: ["refs/heads/main"] }, true],
  [{ DestinationReferences: ["refs/heads/mainline"] }, false],
  [{}, true],
] as const)("a template of %j guards main: %s", async ([content, expected]) => {
  const approvalRuleTemplateContent = JSON.stringify(content);
  const { call } = recorder({
    "codecommit:ListAssociatedApprovalRuleTemplatesForRepository": [
      { approvalRuleTemplateNames: [], nextToken: "2" },
      { approvalRuleTemplateNames: ["eyes"] },
    ],
    "codecommit:GetApprovalRuleTemplate": [
      { approvalRuleTemplate: { approvalRuleTemplateContent } },
    ],
  });
  expect(await pullRequestsOf(call).isGuarded("myapps", "main")).toBe(expected);
});

test("a branch that is there already is as good as made", async () => {
  const { call } = recorder({
    "codecommit:CreateBranch": [{}, awsError("BranchNameExistsException"), awsError("Other")],
  });
  const make = () => pullRequestsOf(call).branch("myapps", "bot/1", "c1");
  await make();
  await make();
  await expect(make()).rejects.toThrow("Other");
});

test("a pull request is made once, however often it is asked for", async () => {
  const made = { pullRequest: { pullRequestId: "7" } };
  const { call, requests } = recorder({ "codecommit:CreatePullRequest": [made, made] });
  const request = { title: "t", description: "d", source: "bot/1", destination: "main" };
  const { create } = pullRequestsOf(call);
  expect([await create("myapps", request), await create("myapps", request)]).toEqual(["7", "7"]);
  expect(requests[0]).toEqual(requests[1]);
  expect(requests[0]?.input).toMatchObject({
    targets: [{ repositoryName: "myapps", sourceReference: "bot/1", destinationReference: "main" }],
    clientRequestToken: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
});
