import { describe, expect, test } from "vitest";
import type { Operation } from "../../src/aws/call.ts";
import {
  begin,
  branchOf,
  commitOn,
  fileAt,
  history,
  type PullRequest,
  pullRequests,
  registry,
  settings,
} from "./repository.ts";
import { writesAfter } from "./three-uses.ts";
import { type Fate, type TestWorld, testWorld } from "./world.ts";

const compose = `services:
  web:
    image: ${registry}/web:1.0.0
    x-image-policy: { semver: ^1 }
  worker:
    image: ${registry}/worker:1.0.0
    x-image-policy: { semver: ^1 }
`;

/** The repository with its images pinned, so that pull requests come of new ones only. */
async function began(scene: TestWorld = testWorld(), writeBack = "pull-request") {
  await begin(scene, { "trueup.yaml": settings("myapps"), "compose.yml": compose });
  const yaml = settings("myapps", `images: { writeBack: ${writeBack} }\n`);
  await scene.push({ "trueup.yaml": yaml });
  await scene.settle();
  return scene;
}

const only = async (scene: TestWorld): Promise<PullRequest> => {
  const [one, ...others] = await pullRequests(scene);
  expect(others).toEqual([]);
  if (one === undefined) throw new Error("There is no pull request.");
  return one;
};

const composeOf = async (scene: TestWorld, one: PullRequest) =>
  fileAt(scene, branchOf(one), "compose.yml");

const close = (scene: TestWorld, pullRequestId: string) =>
  scene.ask("codecommit:UpdatePullRequestStatus", { pullRequestId, pullRequestStatus: "CLOSED" });

const merge = (scene: TestWorld, pullRequestId: string) =>
  scene.ask("codecommit:MergePullRequestByFastForward", {
    pullRequestId,
    repositoryName: "myapps",
  });

const guard = async (scene: TestWorld, content: object) => {
  const approvalRuleTemplateName = "two-pairs-of-eyes";
  await scene.ask("codecommit:CreateApprovalRuleTemplate", {
    approvalRuleTemplateName,
    approvalRuleTemplateContent: JSON.stringify({ Statements: [], ...content }),
  });
  await scene.ask("codecommit:AssociateApprovalRuleTemplateWithRepository", {
    approvalRuleTemplateName,
    repositoryName: "myapps",
  });
};

describe("write-back by pull request", () => {
  test("opens one, keeps it up to date, and comes to rest", async () => {
    const scene = await began();
    const before = await history(scene);
    await scene.pushImage("web", "1.0.1");
    await scene.settle();
    const first = await only(scene);
    expect(first.title).toBe("Update web to 1.0.1");
    expect(first.description).toContain("web: web 1.0.0 → 1.0.1");
    expect(await composeOf(scene, first)).toContain("web:1.0.1@");
    expect((await scene.applicationStatus()).images[0]).toMatchObject({
      state: "waiting",
      message: `1.0.0 → 1.0.1, in pull request ${first.pullRequestId}`,
    });
    expect(await writesAfter(scene)).toBe(0);

    await scene.pushImage("worker", "1.0.1");
    await scene.settle();
    const second = await only(scene);
    expect(second.title).toBe("Update the images of web, worker");
    expect(await composeOf(scene, second)).toMatch(/web:1\.0\.1@[\s\S]*worker:1\.0\.1@/);
    expect(await history(scene)).toEqual(before);
    expect(await writesAfter(scene)).toBe(0);
  });

  test("goes on from what was merged with another one", async () => {
    const scene = await began();
    await scene.pushImage("web", "1.0.1");
    await scene.settle();
    await merge(scene, (await only(scene)).pullRequestId);
    await scene.settle();
    expect(await scene.read("compose.yml")).toContain("web:1.0.1@");
    expect((await scene.applicationStatus()).images[0]).toMatchObject({ state: "current" });
    expect(await writesAfter(scene)).toBe(0);

    await scene.pushImage("web", "1.0.2");
    await scene.settle();
    const all = await pullRequests(scene);
    expect(all.map(({ pullRequestStatus }) => pullRequestStatus)).toEqual(["CLOSED", "OPEN"]);
    expect(all[1]?.title).toBe("Update web to 1.0.2");
  });
});

describe("a pull request", () => {
  test("that is closed is taken for an answer, until there is something else to ask for", async () => {
    const scene = await began();
    await scene.pushImage("web", "1.0.1");
    await scene.settle();
    const { pullRequestId } = await only(scene);
    await close(scene, pullRequestId);
    await scene.push({ "README.md": "Something else.\n" });
    await scene.settle();
    await scene.driver.settle({ at: scene.world.now + 3_600_000 });
    await only(scene);
    expect((await scene.applicationStatus()).images[0]).toMatchObject({
      state: "unchanged",
      message: `1.0.0 → 1.0.1, pull request ${pullRequestId} was closed without it`,
    });
    await scene.pushImage("web", "1.0.2");
    await scene.settle();
    expect((await pullRequests(scene)).map(({ title }) => title)).toEqual([
      "Update web to 1.0.1",
      "Update web to 1.0.2",
    ]);
  });

  test("that is closed is an answer the second time too, though it was merged before", async () => {
    const scene = await began();
    const pinned = await scene.read("compose.yml");
    await scene.pushImage("web", "1.0.1");
    await scene.settle();
    await merge(scene, (await only(scene)).pullRequestId);
    await scene.settle();
    await scene.push({ "compose.yml": pinned }, "Go back");
    await scene.settle();
    const [, second, ...more] = await pullRequests(scene);
    expect([second?.pullRequestStatus, more]).toEqual(["OPEN", []]);
    await close(scene, second?.pullRequestId ?? "");
    await scene.driver.settle({ at: scene.world.now + 3_600_000 });
    expect(await pullRequests(scene)).toHaveLength(2);
    expect(await writesAfter(scene)).toBe(0);
  });

  test("whose branch somebody deletes is closed with it, and that is an answer as well", async () => {
    const scene = await began();
    await scene.pushImage("web", "1.0.1");
    await scene.settle();
    const branchName = branchOf(await only(scene));
    await scene.ask("codecommit:DeleteBranch", { repositoryName: "myapps", branchName });
    await scene.settle();
    expect(await only(scene)).toMatchObject({ pullRequestStatus: "CLOSED" });
    expect((await scene.applicationStatus()).images[0]).toMatchObject({ state: "unchanged" });
    await scene.pushImage("web", "1.0.2");
    await scene.settle();
    expect((await pullRequests(scene))[1]?.title).toBe("Update web to 1.0.2");
  });

  test("keeps what people commit to its branch", async () => {
    const scene = await began();
    await scene.pushImage("web", "1.0.1");
    await scene.settle();
    const one = await only(scene);
    const text = `${await composeOf(scene, one)}    restart: always # by hand\n`;
    await commitOn(scene, branchOf(one), { "compose.yml": text });
    await scene.pushImage("web", "1.0.2");
    await scene.settle();
    expect(await composeOf(scene, await only(scene))).toMatch(
      /web:1\.0\.2@[\s\S]*restart: always # by hand\n$/,
    );
  });
});

describe("a pull request that was closed", () => {
  test("is an answer to all that it brought", async () => {
    const scene = await began();
    for (const tag of ["1.0.1", "1.0.2"]) {
      await scene.pushImage("web", tag);
      await scene.settle();
    }
    expect((await only(scene)).title).toBe("Update web to 1.0.2");
    await close(scene, (await only(scene)).pullRequestId);
    await scene.push({ "README.md": "Something else.\n" });
    await scene.settle();
    expect(await only(scene)).toMatchObject({ pullRequestStatus: "CLOSED" });
    expect((await scene.applicationStatus()).images[0]).toMatchObject({ state: "unchanged" });
    expect(await writesAfter(scene)).toBe(0);
  });

  test("since its image was gone, is followed by another one when the image is back", async () => {
    const scene = await began();
    await scene.pushImage("web", "1.0.1");
    await scene.settle();
    const imageIds = [{ imageTag: "1.0.1" }];
    const states = async () =>
      (await pullRequests(scene)).map(({ pullRequestStatus }) => pullRequestStatus);
    for (const there of [
      ["CLOSED", "OPEN"],
      ["CLOSED", "CLOSED", "OPEN"],
    ]) {
      await scene.ask("ecr:BatchDeleteImage", { repositoryName: "web", imageIds });
      await scene.driver.settle({ at: scene.world.now + 3_600_000 });
      await scene.pushImage("web", "1.0.1");
      await scene.settle();
      expect(await states()).toEqual(there);
    }
    expect(await writesAfter(scene)).toBe(0);
  });

  test("by the controller itself is nobody's answer", async () => {
    const scene = await began();
    const pinned = await scene.read("compose.yml");
    await scene.pushImage("web", "1.0.1");
    await scene.settle();
    await scene.push({ "compose.yml": await composeOf(scene, await only(scene)) });
    await scene.settle();
    await scene.push({ "compose.yml": pinned }, "Go back");
    await scene.settle();
    const states = async () =>
      (await pullRequests(scene)).map(({ pullRequestStatus }) => pullRequestStatus);
    expect(await states()).toEqual(["CLOSED", "OPEN"]);
    expect(await writesAfter(scene)).toBe(0);
  });
});

describe("a pull request that is there no more for anything", () => {
  test.for([
    ["pull-request", "pull-request"],
    ["an approval rule", "commit"],
  ])("is closed where the branch has it by another way: by %s", async ([, way]) => {
    const scene = await began(testWorld(), way);
    if (way === "commit") await guard(scene, {});
    await scene.pushImage("web", "1.0.1");
    await scene.settle();
    await scene.push({ "compose.yml": await composeOf(scene, await only(scene)) });
    await scene.settle();
    expect(await only(scene)).toMatchObject({ pullRequestStatus: "CLOSED" });
    expect(await writesAfter(scene)).toBe(0);
  });

  test("is closed where images are committed instead from now on", async () => {
    const scene = await began();
    await scene.pushImage("web", "1.0.1");
    await scene.settle();
    await scene.push({ "trueup.yaml": settings("myapps") });
    await scene.settle();
    expect(await scene.read("compose.yml")).toContain("web:1.0.1@");
    expect(await only(scene)).toMatchObject({ pullRequestStatus: "CLOSED" });
    expect(await writesAfter(scene)).toBe(0);
  });
});

describe("a branch with approval rules", () => {
  test.for([
    ["of its own", { DestinationReferences: ["refs/heads/main"] }, 1],
    ["of all branches", {}, 1],
    ["of another branch", { DestinationReferences: ["refs/heads/prod"] }, 0],
  ] as const)("%s", async ([, content, proposed]) => {
    const scene = await began(testWorld(), "commit");
    await guard(scene, content);
    const before = (await history(scene)).length;
    await scene.pushImage("web", "1.0.1");
    await scene.settle();
    expect(await pullRequests(scene)).toHaveLength(proposed);
    expect(await history(scene)).toHaveLength(before + 1 - proposed);
  });
});

describe("wherever its process dies, there is one pull request, as it should be", async () => {
  const run = async (fate?: (count: number) => Fate) => {
    let from = Number.POSITIVE_INFINITY;
    const scene = testWorld({ fate: (count) => fate?.(count - from) ?? "lives" });
    await began(scene);
    from = scene.calls.length;
    await scene.pushImage("web", "1.0.1");
    await scene.settle();
    return { scene, calls: scene.calls.slice(from) };
  };
  const outcome = async (scene: TestWorld) => {
    const { description, pullRequestStatus, title, ...one } = await only(scene);
    const text = await composeOf(scene, one as PullRequest);
    return { description, pullRequestStatus, title, text, commits: (await history(scene)).length };
  };
  const calm = await run();
  const expected = await outcome(calm.scene);
  // What the environment's own pass does has its test elsewhere.
  const mine = (operation: Operation) => /^(codecommit|ecr|s3):/.test(operation);
  const points = calm.calls
    .map((operation, at) => ({ operation, at }))
    .filter(({ operation }) => mine(operation));

  test("makes the calls that it should", () => {
    expect(calm.calls).toContain("codecommit:CreatePullRequest");
  });

  for (const end of ["dies before", "dies after"] as const)
    test.for(points)(`$operation, call $at, ${end}`, async ({ at }) => {
      const { scene } = await run((count) => (count === at ? end : "lives"));
      expect(await outcome(scene)).toEqual(expected);
      expect(await writesAfter(scene)).toBe(0);
    });
});
