import { describe, expect, test } from "vitest";
import { sourcesOf } from "../../src/aws/sources.ts";
import { ConflictError } from "../../src/model/errors.ts";
import { awsError, recorder } from "./recorder.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

describe("a branch", () => {
  test("points at a commit", async () => {
    const { call, requests } = recorder({
      "codecommit:GetBranch": [{ branch: { branchName: "main", commitId: "c1" } }],
    });
    expect(await sourcesOf(call).tip("myapps", "main")).toBe("c1");
    expect(requests[0]?.input).toEqual({ repositoryName: "myapps", branchName: "main" });
  });

  test("that is not there has no tip", async () => {
    const { call } = recorder({
      "codecommit:GetBranch": [awsError("BranchDoesNotExistException")],
    });
    expect(await sourcesOf(call).tip("myapps", "main")).toBeUndefined();
  });

  test("that points at nothing is an error", async () => {
    const { call } = recorder({ "codecommit:GetBranch": [{}, { branch: {} }] });
    const sources = sourcesOf(call);
    for (const branch of ["main", "next"])
      await expect(sources.tip("myapps", branch)).rejects.toThrow("no commit id");
  });

  test("of a missing repository is an error, not absence", async () => {
    const { call } = recorder({
      "codecommit:GetBranch": [awsError("RepositoryDoesNotExistException")],
    });
    await expect(sourcesOf(call).tip("myapps", "main")).rejects.toMatchObject({
      reason: "RepositoryMissing",
    });
  });

  test("of a repository that does not answer may be there with the next look", async () => {
    const { call } = recorder({ "codecommit:GetBranch": [awsError("ServiceUnavailable")] });
    await expect(sourcesOf(call).tip("myapps", "main")).rejects.toMatchObject({
      name: "ServiceUnavailable",
    });
  });
});

test("a tree is every file of a commit, on every page, links without what they hold, but for submodules", async () => {
  const file = (path: string, blobId: string, mode = "100644") => ({
    changeType: "A",
    afterBlob: { path, blobId, mode },
  });
  const gone = [{}, { afterBlob: { path: "b" } }, { afterBlob: { blobId: "3" } }];
  const { call, requests } = recorder({
    "codecommit:GetDifferences": [
      { differences: [file("a.yml", "1"), file("vendor", "9", "160000"), ...gone], NextToken: "2" },
      { differences: [file("envs/b.yml", "2"), file("link.yml", "3", "120000")] },
    ],
  });
  const tree = await sourcesOf(call).tree("myapps", "c1");
  expect([...tree]).toEqual([
    ["a.yml", "1"],
    ["envs/b.yml", "2"],
    ["link.yml", undefined],
  ]);
  expect(requests.map(({ input }) => input)).toStrictEqual([
    { repositoryName: "myapps", afterCommitSpecifier: "c1" },
    { repositoryName: "myapps", afterCommitSpecifier: "c1", NextToken: "2" },
  ]);
});

test("a tree is asked for once, since a commit never changes", async () => {
  const { call, requests } = recorder({ "codecommit:GetDifferences": [{ differences: [] }, {}] });
  const sources = sourcesOf(call);
  for (const commit of ["c1", "c1", "c2"]) await sources.tree("myapps", commit);
  expect(requests).toHaveLength(2);
});

test.for(["CommitDoesNotExistException", "InvalidCommitException"])(
  "a commit that is not there is for people to mend: %s",
  async (name) => {
    const { call } = recorder({ "codecommit:GetDifferences": [awsError(name)] });
    const tree = sourcesOf(call).tree("myapps", "c1");
    await expect(tree).rejects.toMatchObject({ reason: "RevisionMissing" });
  },
);

test("a tree that cannot be read is no commit that is missing", async () => {
  const { call } = recorder({ "codecommit:GetDifferences": [awsError("Throttled")] });
  const tree = sourcesOf(call).tree("myapps", "c1");
  await expect(tree).rejects.toThrow("Throttled");
  await expect(tree).rejects.not.toHaveProperty("reason");
});

describe("a blob", () => {
  test("is asked for once, since its id says what it holds", async () => {
    const { call, requests } = recorder({
      "codecommit:GetBlob": [{ content: bytes("services: {}\n") }],
    });
    const sources = sourcesOf(call);
    expect(await sources.blob("myapps", "1", "a.yml")).toBe("services: {}\n");
    expect(await sources.blob("myapps", "1", "a.yml")).toBe("services: {}\n");
    expect(requests).toHaveLength(1);
  });

  test("is asked for again when much else was read since", async () => {
    const large = { content: bytes("x".repeat(6 * 1024 * 1024)) };
    const { call, requests } = recorder({ "codecommit:GetBlob": [large, large, large, large] });
    const sources = sourcesOf(call);
    for (const id of ["1", "2", "3", "3", "2", "1"]) await sources.blob("myapps", id, "a.yml");
    expect(requests.map(({ input }) => (input as { blobId: string }).blobId)).toEqual([
      "1",
      "2",
      "3",
      "1",
    ]);
  });

  test("keeps its byte order mark", async () => {
    const { call } = recorder({
      "codecommit:GetBlob": [{ content: new Uint8Array([0xef, 0xbb, 0xbf, 0x61]) }],
    });
    expect(await sourcesOf(call).blob("myapps", "1", "a.yml")).toBe("\ufeffa");
  });

  test("that is not text is the source's fault", async () => {
    const { call } = recorder({ "codecommit:GetBlob": [{ content: new Uint8Array([0xff]) }] });
    await expect(sourcesOf(call).blob("myapps", "1", "a.yml")).rejects.toMatchObject({
      reason: "SourceInvalid",
      message: "a.yml:1:1  is not UTF-8 text  save it as UTF-8",
    });
  });

  test("that CodeCommit does not hand out is the source's fault too", async () => {
    const { call } = recorder({ "codecommit:GetBlob": [awsError("FileTooLargeException")] });
    await expect(sourcesOf(call).blob("myapps", "1", "a.yml")).rejects.toMatchObject({
      reason: "SourceInvalid",
    });
  });
});

test("a commit's message is read with its first parent", async () => {
  const { call, requests } = recorder({
    "codecommit:GetCommit": [
      { commit: { message: "Move it\n", parents: ["c1", "c0"] } },
      { commit: { message: "Begin\n", parents: [] } },
      { commit: {} },
      {},
    ],
  });
  const sources = sourcesOf(call);
  expect(await sources.message("myapps", "c2")).toEqual({ text: "Move it\n", parent: "c1" });
  expect(await sources.message("myapps", "c1")).toEqual({ text: "Begin\n", parent: undefined });
  for (const commit of ["c3", "c4"])
    expect(await sources.message("myapps", commit)).toEqual({ text: "", parent: undefined });
  expect(requests[0]?.input).toEqual({ repositoryName: "myapps", commitId: "c2" });
});

describe("a commit", () => {
  const change = {
    parent: "c1",
    files: new Map([["docker-compose.yml", "services: {}\n"]]),
    author: { name: "Trueup", email: "trueup@example.com" },
    message: "Use blog-app-02:1.0.1",
  };

  test("is made on top of what was read", async () => {
    const { call, requests } = recorder({ "codecommit:CreateCommit": [{ commitId: "c2" }] });
    expect(await sourcesOf(call).commit("myapps", "main", change)).toBe("c2");
    expect(requests[0]?.input).toEqual({
      repositoryName: "myapps",
      branchName: "main",
      parentCommitId: "c1",
      authorName: "Trueup",
      email: "trueup@example.com",
      commitMessage: "Use blog-app-02:1.0.1",
      putFiles: [{ filePath: "docker-compose.yml", fileContent: bytes("services: {}\n") }],
    });
  });

  test("on a branch that moved on is a conflict", async () => {
    const { call } = recorder({
      "codecommit:CreateCommit": [awsError("ParentCommitIdOutdatedException")],
    });
    const made = sourcesOf(call).commit("myapps", "main", change);
    await expect(made).rejects.toBeInstanceOf(ConflictError);
  });

  test("that is refused for another reason is no conflict", async () => {
    const { call } = recorder({ "codecommit:CreateCommit": [awsError("BranchNameRequired")] });
    const made = sourcesOf(call).commit("myapps", "main", change);
    await expect(made).rejects.toThrow("BranchNameRequired");
    await expect(made).rejects.not.toBeInstanceOf(ConflictError);
  });

  test("that would change nothing is none", async () => {
    const { call } = recorder({ "codecommit:CreateCommit": [awsError("NoChangeException")] });
    expect(await sourcesOf(call).commit("myapps", "main", change)).toBeUndefined();
  });
});

describe("dates of commits", () => {
  const committed = (commitId: string, date?: string) => ({
    commitId,
    ...(date === undefined ? {} : { committer: { date } }),
  });

  test("are asked for a hundred at a time, each commit once", async () => {
    const ids = Array.from({ length: 101 }, (_, index) => `c${index}`);
    const { call, requests } = recorder({
      "codecommit:BatchGetCommits": [
        { commits: [committed("c0", "1767225600 +0000")] },
        { commits: [committed("c100", "1767225601 -0130")] },
      ],
    });
    const dates = await sourcesOf(call).dates("myapps", [...ids, "c0"]);
    expect([...dates]).toEqual([
      ["c0", 1_767_225_600],
      ["c100", 1_767_225_601],
    ]);
    expect(requests.map(({ input }) => input)).toEqual([
      { repositoryName: "myapps", commitIds: ids.slice(0, 100) },
      { repositoryName: "myapps", commitIds: ["c100"] },
    ]);
    await sourcesOf(call).dates("myapps", []);
    expect(requests).toHaveLength(2);
  });

  test("of exactly a hundred are asked for at once", async () => {
    const ids = Array.from({ length: 100 }, (_, index) => `c${index}`);
    const { call, requests } = recorder({ "codecommit:BatchGetCommits": [{}] });
    expect((await sourcesOf(call).dates("myapps", ids)).size).toBe(0);
    expect(requests).toHaveLength(1);
  });

  test.for([
    undefined,
    "",
    "x1767225600 +0000",
    "1767225600 +0000x",
    "yesterday +0000",
    "1767225600 0000",
    "1767225600 +00",
    "1767225600 +zzzz",
  ])("that are none are left out: %s", async (date) => {
    const { call } = recorder({
      "codecommit:BatchGetCommits": [
        { commits: [committed("c1", date), { commitId: "c2", committer: {} }] },
      ],
    });
    expect((await sourcesOf(call).dates("myapps", ["c1"])).size).toBe(0);
  });

  test("are of commits that are named", async () => {
    const commits = [{ committer: { date: "1767225600 +0000" } }];
    const { call } = recorder({ "codecommit:BatchGetCommits": [{ commits }] });
    expect((await sourcesOf(call).dates("myapps", ["c1"])).size).toBe(0);
  });
});
