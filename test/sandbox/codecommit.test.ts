import { beforeEach, describe, expect, test } from "vitest";
import { codecommit } from "../../src/sandbox/codecommit/codecommit.ts";
import { noticePushes } from "../../src/sandbox/codecommit/references.ts";
import { readCommit, writeFiles } from "../../src/sandbox/git/files.ts";
import { memoryGit } from "../../src/sandbox/git/memory.ts";
import { encodeCommit } from "../../src/sandbox/git/objects.ts";
import { type BusEvent, World } from "../../src/sandbox/world.ts";

const ann = {
  account: "123456789012",
  region: "eu-west-1",
  arn: "arn:aws:iam::123456789012:user/ann",
};
const start = Date.UTC(2026, 0, 2, 3, 4, 5);

let world: World;
let events: BusEvent[];
beforeEach(() => {
  events = [];
  world = new World({
    services: [codecommit],
    git: memoryGit(),
    start,
    seed: 1,
    onEvent: (event) => events.push(event),
  });
  call("CreateRepository", { repositoryName: "apps" });
});

// biome-ignore lint/suspicious/noExplicitAny: every operation answers with a shape of its own.
const call = (operation: string, input: object, as = ann): any =>
  world.call(`codecommit:${operation}`, { ...input }, as);

const put = (filePath: string, text: string, fileMode?: string) => ({
  filePath,
  fileContent: Buffer.from(text),
  ...(fileMode && { fileMode }),
});

const apps = { repositoryName: "apps" };
const main = { ...apps, branchName: "main" };
const commit = (input: object) => call("CreateCommit", { ...main, ...input });
const errorOf = (act: () => unknown): string | undefined => {
  try {
    act();
    return undefined;
  } catch (error) {
    return (error as { code?: string }).code;
  }
};

describe("repositories", () => {
  test("are described as AWS describes them", () => {
    const { repositoryMetadata } = call("GetRepository", apps);
    expect(repositoryMetadata).toMatchObject({
      accountId: "123456789012",
      repositoryName: "apps",
      Arn: "arn:aws:codecommit:eu-west-1:123456789012:apps",
      cloneUrlHttp: "https://git-codecommit.eu-west-1.amazonaws.com/v1/repos/apps",
      creationDate: new Date(start),
    });
    expect(repositoryMetadata.defaultBranch).toBeUndefined();
  });

  test("belong to one account and region", () => {
    const other = { ...ann, region: "eu-west-2" };
    expect(call("ListRepositories", {}, other).repositories).toEqual([]);
    expect(errorOf(() => call("GetRepository", apps, other))).toBe(
      "RepositoryDoesNotExistException",
    );
    expect(errorOf(() => call("CreateRepository", apps, other))).toBe("NotImplemented");
  });

  test("have one name each, of the characters that are allowed", () => {
    expect(errorOf(() => call("CreateRepository", apps))).toBe("RepositoryNameExistsException");
    for (const repositoryName of ["a b", "a.git", "..", "a".repeat(101)]) {
      expect(errorOf(() => call("CreateRepository", { repositoryName }))).toBe(
        "InvalidRepositoryNameException",
      );
    }
  });

  test("are listed by name or by time, either way round", () => {
    world.advanceTo(start + 1000);
    call("CreateRepository", { repositoryName: "aaa" });
    const listed = (input: object) =>
      call("ListRepositories", input).repositories.map(
        ({ repositoryName }: { repositoryName: string }) => repositoryName,
      );
    expect(listed({})).toEqual(["aaa", "apps"]);
    expect(listed({ order: "descending" })).toEqual(["apps", "aaa"]);
    expect(listed({ sortBy: "lastModifiedDate" })).toEqual(["apps", "aaa"]);
    expect(errorOf(() => listed({ sortBy: "x" }))).toBe("InvalidSortByException");
    expect(errorOf(() => listed({ order: "x" }))).toBe("InvalidOrderException");
  });

  test("are gone after DeleteRepository, which answers nothing the second time", () => {
    expect(call("DeleteRepository", apps).repositoryId).toMatch(/^[0-9a-f-]{36}$/);
    expect(call("DeleteRepository", apps)).toEqual({});
    expect(call("ListRepositories", {}).repositories).toEqual([]);
  });
});

describe("a commit", () => {
  test("has the id that git would give it", () => {
    const files = { putFiles: [put("/a/b.txt", "hi\n"), put("run", "x", "EXECUTABLE")] };
    const by = { authorName: "Ann", email: "ann@example.com", commitMessage: "First" };
    const made = commit({ ...files, ...by });
    // As `git commit-tree` says.
    expect(made).toEqual({
      commitId: "cb5931befade1de4d8764527fb07e9d8f29d2cbd",
      treeId: "0be198675e1fbefab2572fe35a1e9f07b79fb53c",
      filesAdded: [
        {
          absolutePath: "a/b.txt",
          blobId: "45b983be36b73c0788dc9cbcb76cbb80fc7bb057",
          fileMode: "NORMAL",
        },
        {
          absolutePath: "run",
          blobId: "c1b0730e0133447badcfd47fd144e254807b06e1",
          fileMode: "EXECUTABLE",
        },
      ],
      filesUpdated: [],
      filesDeleted: [],
    });
  });

  test("reads back as it was made", () => {
    const by = { authorName: "Ann", email: "ann@example.com", commitMessage: "First" };
    const { commitId, treeId } = commit({ putFiles: [put("a", "1")], ...by });
    const who = { name: "Ann", email: "ann@example.com", date: `${start / 1000} +0000` };
    const read = {
      commitId,
      treeId,
      parents: [],
      message: "First",
      author: who,
      committer: who,
      additionalData: "",
    };
    expect(call("GetCommit", { ...apps, commitId })).toEqual({ commit: read });
    const missing = "0".repeat(40);
    const { commits, errors } = call("BatchGetCommits", {
      ...apps,
      commitIds: [commitId, missing, "x"],
    });
    expect(commits).toEqual([read]);
    expect(errors.map(({ errorCode }: { errorCode: string }) => errorCode)).toEqual([
      "CommitIdDoesNotExistException",
      "InvalidCommitIdException",
    ]);
  });

  test("goes on top of the branch's tip or not at all", () => {
    const { commitId: first } = commit({ putFiles: [put("a", "1")] });
    const { commitId: second } = commit({ parentCommitId: first, putFiles: [put("a", "2")] });
    const third = { putFiles: [put("a", "3")] };
    const refusals: Record<string, object> = {
      ParentCommitIdRequiredException: {},
      ParentCommitIdOutdatedException: { parentCommitId: first },
      ParentCommitDoesNotExistException: { parentCommitId: "0".repeat(40) },
      InvalidParentCommitIdException: { parentCommitId: "main" },
      BranchDoesNotExistException: { parentCommitId: second, branchName: "other" },
    };
    for (const [code, input] of Object.entries(refusals)) {
      expect(errorOf(() => commit({ ...third, ...input }))).toBe(code);
    }
    expect(call("GetBranch", main).branch).toEqual({ branchName: "main", commitId: second });
  });

  test("that changes nothing is refused, and moves nothing", () => {
    const { commitId } = commit({ putFiles: [put("a", "1")] });
    const same = { parentCommitId: commitId, putFiles: [put("a", "1")] };
    expect(errorOf(() => commit(same))).toBe("NoChangeException");
    expect(call("GetBranch", main).branch.commitId).toBe(commitId);
  });
});

describe("a commit that cannot be made", () => {
  const wrong: Record<string, object> = {
    FileEntryRequiredException: {},
    MaximumFileEntriesExceededException: {
      putFiles: Array.from({ length: 101 }, (_, n) => put(`f${n}`, "x")),
    },
    PutFileEntryConflictException: { putFiles: [put("x", "1"), put("/x", "2")] },
    SamePathRequestException: { putFiles: [put("a", "1")], deleteFiles: [{ filePath: "a" }] },
    FileDoesNotExistException: { deleteFiles: [{ filePath: "nothing" }] },
    InvalidPathException: { putFiles: [put("../x", "1")] },
    PathRequiredException: { putFiles: [put("", "1")] },
    InvalidFileModeException: { putFiles: [put("x", "1", "0644")] },
    FileModeRequiredException: { setFileModes: [{ filePath: "a" }] },
    DirectoryNameConflictsWithFileNameException: { putFiles: [put("a/x", "1")] },
    FileNameConflictsWithDirectoryNameException: { putFiles: [put("d", "1")] },
    FileContentSizeLimitExceededException: { putFiles: [put("x", "1".repeat(6 * 2 ** 20 + 1))] },
    SourceFileOrContentRequiredException: { putFiles: [{ filePath: "x" }] },
    FileContentAndSourceFileSpecifiedException: {
      putFiles: [{ ...put("x", "1"), sourceFile: { filePath: "a" } }],
    },
    InvalidEmailException: { putFiles: [put("x", "1")], email: "a <b>" },
  };
  test.for(Object.entries(wrong))("is refused with %s", ([code, input]) => {
    const { commitId } = commit({ putFiles: [put("a", "1"), put("d/e", "1")] });
    expect(errorOf(() => commit({ parentCommitId: commitId, ...input }))).toBe(code);
  });
});

describe("one commit", () => {
  test("does not reach into a submodule, nor onto a tag", () => {
    const store = world.git("apps");
    const { commitId } = commit({ putFiles: [put("a", "1")] });
    const tree = writeFiles(store, new Map([["sub", { id: commitId, mode: "160000" }]]));
    const { author, committer } = readCommit(store, commitId);
    const tip = store.write(
      encodeCommit({ tree, parents: [], author, committer, message: "Submodule" }),
    );
    store.update("refs/heads/main", tip, commitId);
    const into = { parentCommitId: tip, putFiles: [put("sub/x", "1")] };
    expect(errorOf(() => commit(into))).toBe("FilePathConflictsWithSubmodulePathException");
    expect(call("GetFolder", { ...apps, folderPath: "" }).subModules).toEqual([
      { commitId, absolutePath: "sub", relativePath: "sub" },
    ]);

    store.update("refs/tags/v1", tip, undefined);
    const onTag = { branchName: "v1", parentCommitId: tip, putFiles: [put("x", "1")] };
    expect(errorOf(() => commit(onTag))).toBe("BranchNameIsTagNameException");
  });

  test("puts, deletes, moves and changes modes at once", () => {
    const names = ["a", "b", "c", "d/e"];
    const { commitId } = commit({ putFiles: names.map((name) => put(name, name)) });
    const made = commit({
      parentCommitId: commitId,
      putFiles: [{ filePath: "moved", sourceFile: { filePath: "a", isMove: true } }],
      deleteFiles: [{ filePath: "d/e" }],
      setFileModes: [{ filePath: "c", fileMode: "EXECUTABLE" }],
      keepEmptyFolders: true,
    });
    const paths = (list: { absolutePath: string }[]) =>
      list.map(({ absolutePath }) => absolutePath);
    expect(paths(made.filesAdded)).toEqual(["d/.gitkeep", "moved"]);
    expect(made.filesUpdated).toMatchObject([{ absolutePath: "c", fileMode: "EXECUTABLE" }]);
    expect(paths(made.filesDeleted)).toEqual(["a", "d/e"]);
  });
});

describe("single files", () => {
  test("are put and deleted on top of the tip", () => {
    const first = call("PutFile", { ...main, ...put("a", "1") });
    expect(Object.keys(first)).toEqual(["commitId", "blobId", "treeId"]);
    const again = { ...main, parentCommitId: first.commitId, ...put("a", "1") };
    expect(errorOf(() => call("PutFile", again))).toBe("SameFileContentException");
    const gone = { ...main, parentCommitId: first.commitId, filePath: "a" };
    expect(call("DeleteFile", gone)).toMatchObject({ blobId: first.blobId, filePath: "a" });
    expect(errorOf(() => call("GetFile", { ...apps, filePath: "a" }))).toBe(
      "FileDoesNotExistException",
    );
  });
});

const someFiles = (): string => {
  const putFiles = [put("a.txt", "A"), put("d/e.txt", "E"), put("d/f/g.txt", "G")];
  return commit({ putFiles: [...putFiles, put("link", "a.txt", "SYMLINK")] }).commitId;
};

describe("files and folders", () => {
  let commitId: string;
  beforeEach(() => {
    commitId = someFiles();
  });

  test.for([undefined, "main", "refs/heads/main", "HEAD", "id"])("are found at %s", (at) => {
    const commitSpecifier = at === "id" ? commitId : at;
    const file = call("GetFile", { ...apps, filePath: "/d/e.txt", commitSpecifier });
    expect(file).toMatchObject({ commitId, filePath: "d/e.txt", fileMode: "NORMAL", fileSize: 1 });
    expect(Buffer.from(file.fileContent).toString()).toBe("E");
    const blob = call("GetBlob", { ...apps, blobId: file.blobId });
    expect(Buffer.from(blob.content).toString()).toBe("E");
  });

  test("are not found where there is none", () => {
    const at = (input: object) => errorOf(() => call("GetFile", { ...apps, ...input }));
    expect(at({ filePath: "nothing" })).toBe("FileDoesNotExistException");
    expect(at({ filePath: "d" })).toBe("FileDoesNotExistException");
    expect(at({ filePath: "a.txt", commitSpecifier: "other" })).toBe("CommitDoesNotExistException");
    expect(at({ filePath: "a.txt", commitSpecifier: "a b" })).toBe("InvalidCommitException");
    const folder = { ...apps, folderPath: "a.txt" };
    expect(errorOf(() => call("GetFolder", folder))).toBe("FolderDoesNotExistException");
    call("CreateRepository", { repositoryName: "empty" });
    const empty = { repositoryName: "empty", filePath: "a" };
    expect(errorOf(() => call("GetFile", empty))).toBe("CommitDoesNotExistException");
  });

  test("are found at a tag that has a message of its own", () => {
    const store = world.git("apps");
    const text = `object ${commitId}\ntype commit\ntag v1\ntagger A <a> 0 +0000\n\nOne\n`;
    const tag = store.write({ type: "tag", data: Buffer.from(text) });
    store.update("refs/tags/v1", tag, undefined);
    const at = { ...apps, filePath: "a.txt", commitSpecifier: "v1" };
    expect(call("GetFile", at)).toMatchObject({ commitId });
    events = [];
    noticePushes(world);
    expect(events.map(({ detail }) => detail)).toMatchObject([{ commitId, referenceType: "tag" }]);
  });

  test("of more than 6 MB are not handed over, nor more than 100 commits", () => {
    const data = new Uint8Array(6 * 2 ** 20 + 1);
    const blobId = world.git("apps").write({ type: "blob", data });
    expect(errorOf(() => call("GetBlob", { ...apps, blobId }))).toBe("FileTooLargeException");
    const commitIds = Array.from({ length: 101 }, () => commitId);
    expect(errorOf(() => call("BatchGetCommits", { ...apps, commitIds }))).toBe(
      "CommitIdsLimitExceededException",
    );
  });

  test("are listed one level at a time", () => {
    const root = call("GetFolder", { ...apps, folderPath: "/" });
    expect(root).toMatchObject({
      commitId,
      folderPath: "",
      subFolders: [{ absolutePath: "d", relativePath: "d" }],
      files: [{ absolutePath: "a.txt", relativePath: "a.txt", fileMode: "NORMAL" }],
      symbolicLinks: [{ absolutePath: "link", fileMode: "SYMLINK" }],
      subModules: [],
    });
    const below = call("GetFolder", { ...apps, folderPath: "d/" });
    expect(below.files).toMatchObject([{ absolutePath: "d/e.txt", relativePath: "e.txt" }]);
    expect(below.subFolders).toMatchObject([{ absolutePath: "d/f", relativePath: "f" }]);
  });
});

describe("differences", () => {
  test("are all files without a commit to compare with, page by page", () => {
    someFiles();
    const paths: string[] = [];
    let NextToken: string | undefined;
    do {
      const answer = call("GetDifferences", {
        ...apps,
        afterCommitSpecifier: "main",
        MaxResults: 3,
        NextToken,
      });
      for (const { afterBlob, changeType } of answer.differences) {
        paths.push(`${changeType} ${afterBlob.mode} ${afterBlob.path}`);
      }
      NextToken = answer.NextToken;
    } while (NextToken !== undefined);
    expect(paths).toEqual([
      "A 100644 a.txt",
      "A 100644 d/e.txt",
      "A 100644 d/f/g.txt",
      "A 120000 link",
    ]);
  });

  test("between commits are what was added, modified and deleted", () => {
    const commitId = someFiles();
    const putFiles = [put("a.txt", "A2"), put("d/new", "N")];
    const next = commit({
      parentCommitId: commitId,
      putFiles,
      deleteFiles: [{ filePath: "d/f/g.txt" }],
    });
    const between = {
      ...apps,
      beforeCommitSpecifier: commitId,
      afterCommitSpecifier: next.commitId,
    };
    const kinds = (input: object) =>
      call("GetDifferences", { ...between, ...input }).differences.map(
        ({ afterBlob, beforeBlob, changeType }: Record<string, { path: string }>) =>
          `${changeType} ${beforeBlob?.path ?? ""} ${afterBlob?.path ?? ""}`,
      );
    expect(kinds({})).toEqual(["M a.txt a.txt", "D d/f/g.txt ", "A  d/new"]);
    expect(kinds({ beforePath: "d", afterPath: "d" })).toEqual(["D d/f/g.txt ", "A  d/new"]);
    expect(errorOf(() => kinds({ beforePath: "x" }))).toBe("PathDoesNotExistException");
    expect(errorOf(() => kinds({ MaxResults: 0 }))).toBe("InvalidMaxResultsException");
    expect(errorOf(() => kinds({ NextToken: "x" }))).toBe("InvalidContinuationTokenException");
  });
});

describe("branches", () => {
  test("are made, listed and deleted, but never the default one", () => {
    const { commitId } = commit({ putFiles: [put("a", "1")] });
    const feature = { ...apps, branchName: "feature/x" };
    call("CreateBranch", { ...feature, commitId });
    expect(errorOf(() => call("CreateBranch", { ...feature, commitId }))).toBe(
      "BranchNameExistsException",
    );
    expect(call("ListBranches", apps).branches).toEqual(["feature/x", "main"]);
    expect(errorOf(() => call("DeleteBranch", main))).toBe("DefaultBranchCannotBeDeletedException");

    call("UpdateDefaultBranch", { ...apps, defaultBranchName: "feature/x" });
    expect(call("GetRepository", apps).repositoryMetadata.defaultBranch).toBe("feature/x");
    expect(call("DeleteBranch", main)).toEqual({ deletedBranch: { branchName: "main", commitId } });
    expect(call("DeleteBranch", main)).toEqual({});
    expect(errorOf(() => call("GetBranch", main))).toBe("BranchDoesNotExistException");
  });

  test("point at commits that exist", () => {
    commit({ putFiles: [put("a", "1")] });
    const x = { ...apps, branchName: "x", commitId: "0".repeat(40) };
    expect(errorOf(() => call("CreateBranch", x))).toBe("CommitDoesNotExistException");
    const other = { ...apps, defaultBranchName: "x" };
    expect(errorOf(() => call("UpdateDefaultBranch", other))).toBe("BranchDoesNotExistException");
  });

  test.for(["a b", "/a", "a..b", "a.lock", "-a", "@"])("are not called %s", (branchName) => {
    expect(errorOf(() => call("GetBranch", { ...apps, branchName }))).toBe(
      "InvalidBranchNameException",
    );
  });
});

describe("events", () => {
  test("tell of a branch that was made, moved and deleted, with AWS's fields", () => {
    const { commitId: first } = commit({ putFiles: [put("a", "1")] });
    const { commitId: second } = commit({ parentCommitId: first, putFiles: [put("a", "2")] });
    call("CreateBranch", { ...apps, branchName: "x/y", commitId: first });
    call("DeleteBranch", { ...apps, branchName: "x/y" });
    const { repositoryId } = call("GetRepository", apps).repositoryMetadata;

    expect(events[1]).toEqual({
      "detail-type": "CodeCommit Repository State Change",
      source: "aws.codecommit",
      account: "123456789012",
      region: "eu-west-1",
      resources: ["arn:aws:codecommit:eu-west-1:123456789012:apps"],
      detail: {
        callerUserArn: "arn:aws:iam::123456789012:user/ann",
        commitId: second,
        event: "referenceUpdated",
        oldCommitId: first,
        referenceFullName: "refs/heads/main",
        referenceName: "main",
        referenceType: "branch",
        repositoryId,
        repositoryName: "apps",
      },
    });
    const [created, , other, deleted] = events.map(({ detail }) => detail);
    expect(created).not.toHaveProperty("oldCommitId");
    expect(created).toMatchObject({ event: "referenceCreated", commitId: first });
    expect(other).toMatchObject({ event: "referenceCreated", referenceName: "x/y" });
    expect(deleted).toMatchObject({ event: "referenceDeleted", oldCommitId: first });
    expect(deleted).not.toHaveProperty("commitId");
    expect(events).toHaveLength(4);
  });

  test("tell once of what was pushed past the API", () => {
    const { commitId } = commit({ putFiles: [put("a", "1")] });
    events = [];
    world.git("apps").update("refs/tags/v1", commitId, undefined);
    world.git("apps").update("refs/notes/x", commitId, undefined);
    expect(noticePushes(world)).toBe(true);
    expect(noticePushes(world)).toBe(false);
    expect(events.map(({ detail }) => detail)).toMatchObject([
      { event: "referenceCreated", referenceType: "tag", referenceName: "v1" },
    ]);
  });

  test("tell of no deletion where the whole repository is out of sight", () => {
    commit({ putFiles: [put("a", "1")] });
    events = [];
    world.git("apps").delete();
    expect(noticePushes(world)).toBe(false);
    expect(events).toEqual([]);
  });
});
