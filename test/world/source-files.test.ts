import { beforeEach, describe, expect, test } from "vitest";
import { noticeReferences } from "../../src/sandbox/codecommit/references.ts";
import { type File, filesOf, readCommit, writeFiles } from "../../src/sandbox/git/files.ts";
import { encodeCommit } from "../../src/sandbox/git/objects.ts";
import { type TestWorld, testWorld } from "./world.ts";

let scene: TestWorld;
let good: string;

beforeEach(async () => {
  scene = testWorld();
  await scene.pushExample();
  await scene.register();
  await scene.settle();
  good = await scene.read("docker-compose.yml");
});

/** A push by git, which lets through what the API does not: modes, and files of any size. */
async function push(path: string, data: Uint8Array, mode = "100644"): Promise<void> {
  const { world } = scene;
  const store = world.git("myapps");
  const ref = "refs/heads/main";
  const parent = store.refs().get(ref) ?? "";
  const files = new Map<string, File>(filesOf(store, readCommit(store, parent).tree));
  files.set(path, { id: store.write({ type: "blob", data }), mode });
  const tree = writeFiles(store, files);
  const { author, committer } = readCommit(store, parent);
  const commit = { tree, parents: [parent], author, committer, message: "By git" };
  store.update(ref, store.write(encodeCommit(commit)), parent);
  noticeReferences(
    { account: "123456789012", region: "eu-west-1", principal: "", world },
    "myapps",
  );
  await scene.settle();
}

const bytes = (text: string) => new TextEncoder().encode(text);

const stalled = async (status: () => ReturnType<TestWorld["status" | "applicationStatus"]>) =>
  (await status()).conditions.find(({ type }) => type === "Stalled")?.message;

describe("a file that is none that can be read", () => {
  test("is named where it is larger than CodeCommit hands out, and is not asked for again and again", async () => {
    await push("docker-compose.yml", bytes(`${good}\n# ${"x".repeat(6_400_000)}`));
    const told =
      "docker-compose.yml:1:1  is larger than the 6 MB that CodeCommit hands out  make it smaller";
    expect(await stalled(scene.status)).toBe(told);
    expect(await stalled(scene.applicationStatus)).toBe(told);
    await scene.push({ "docker-compose.yml": good });
    await scene.settle();
    expect(await stalled(scene.status)).toBeUndefined();
    expect(await stalled(scene.applicationStatus)).toBeUndefined();
  });

  test("is named where it is no text", async () => {
    await push("docker-compose.yml", new Uint8Array([...bytes(good), 0x23, 0xe9, 0x0a]));
    expect(await stalled(scene.status)).toBe(
      "docker-compose.yml:118:1  is not UTF-8 text  save it as UTF-8",
    );
  });

  test("is named where it is a symbolic link, and what that points at is not taken for its text", async () => {
    await scene.push({
      "shared.env": "GREETING=hello\n",
      "docker-compose.yml": good.replace("  worker:\n", "  worker:\n    env_file: [worker.env]\n"),
    });
    await push("worker.env", bytes("shared.env"), "120000");
    expect(await stalled(scene.status)).toBe(
      "worker.env:1:1  is a symbolic link, which is not followed  put the file itself in its place",
    );
  });
});

describe("a repository", () => {
  test("that is no more is said to be missing, deletes nothing, and is followed again once it is back", async () => {
    const made = scene.mutations().length;
    const files = Object.fromEntries(
      await Promise.all(
        ["docker-compose.yml", "trueup.yaml", "envs/dev.yml"].map(
          async (path) => [path, await scene.read(path)] as const,
        ),
      ),
    );
    await scene.ask("codecommit:DeleteRepository", { repositoryName: "myapps" });
    await scene.driver.settle({ at: scene.world.now + 3_600_000 });
    const missing = (await scene.applicationStatus()).conditions[0];
    expect(missing).toMatchObject({ status: "False", reason: "RepositoryMissing" });
    expect(scene.mutations().length).toBe(made);

    await scene.ask("codecommit:CreateRepository", { repositoryName: "myapps" });
    await scene.push(files);
    await scene.settle();
    for (const status of [scene.status, scene.applicationStatus])
      expect((await status()).conditions[0]?.status).toBe("True");
    expect(scene.mutations().length).toBe(made);
  });
});

describe("an application whose repository cannot be read for now", () => {
  let refused: boolean;

  beforeEach(() => {
    refused = false;
    scene = testWorld({
      fate: (_, operation) =>
        refused && operation.startsWith("codecommit:G")
          ? { error: "AccessDeniedException", when: "before" }
          : "lives",
    });
  });

  const conditions = async () =>
    (await scene.applicationStatus()).conditions.map(
      ({ message, status, type }) => `${type}=${status} ${message}`,
    );

  test("says so though it never was", async () => {
    refused = true;
    await scene.pushExample();
    await scene.register();
    await scene.driver.settle({ at: scene.world.now + 600_000 });
    expect(await conditions()).toContain(
      "Ready=False AccessDeniedException: Something is in the way.",
    );
  });

  test("does not stay Ready, says why, and is Ready again when it can", async () => {
    await scene.pushExample();
    await scene.register();
    await scene.settle();
    refused = true;
    await scene.driver.settle({ at: scene.world.now + 1_800_000 });
    expect(await conditions()).toEqual([
      "Ready=False AccessDeniedException: Something is in the way.",
      "Reconciling=True AccessDeniedException: Something is in the way.",
    ]);
    refused = false;
    await scene.settle();
    expect(await conditions()).toEqual([
      "Ready=True The repository is read and its images are followed.",
    ]);
  });
});
