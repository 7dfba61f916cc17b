import { expect, test } from "vitest";
import { noticePushes } from "../../src/sandbox/codecommit/references.ts";
import { type TestWorld, testWorld } from "./world.ts";

const yaml = 'application: myapps\nenvironments: { dev: { on: { tag: "v*" } } }\n';

const began = async () => {
  const scene = testWorld();
  await scene.pushExample();
  const first = await scene.push({ "trueup.yaml": yaml });
  tag(scene, "v1.9.0", first);
  await scene.register();
  await scene.settle();
  return { scene, first };
};

/** As a push of a tag does. */
const tag = (scene: TestWorld, name: string, to: string, repository = "myapps"): void => {
  const store = scene.world.git(repository);
  store.update(`refs/tags/${name}`, to, store.refs().get(`refs/tags/${name}`));
  noticePushes(scene.world);
};

const edit = async (scene: TestWorld, seconds: number): Promise<string> => {
  const text = await scene.read("docker-compose.yml");
  return scene.push({
    "docker-compose.yml": text.replace(/VisibilityTimeout: \d+/, `VisibilityTimeout: ${seconds}`),
  });
};

const said = async (scene: TestWorld) => {
  const { conditions, revision } = await scene.status();
  const words = conditions.filter(({ type }) => type === "Ready" || type === "Stalled");
  return [revision.deployed, ...words.map(({ reason, type }) => `${type} ${reason}`)];
};

test("a push deploys nothing until a tag that is followed names it, by its event alone", async () => {
  const { first, scene } = await began();
  expect(await said(scene)).toEqual([first, "Ready Deployed"]);
  const second = await edit(scene, 61);
  await scene.settle();
  expect(await said(scene)).toEqual([first, "Ready Deployed"]);

  tag(scene, "other-2.0.0", second);
  await scene.settle();
  expect((await said(scene))[0]).toBe(first);

  tag(scene, "v1.10.0", second);
  await scene.settle();
  expect(await said(scene)).toEqual([second, "Ready Deployed"]);
});

test("a tag that moved stalls, and what is deployed stays; a new one goes on", async () => {
  const { first, scene } = await began();
  const second = await edit(scene, 61);
  tag(scene, "v1.9.0", second);
  const made = scene.mutations().length;
  await scene.settle();
  expect(await said(scene)).toEqual([first, "Ready TagMoved", "Stalled TagMoved"]);
  expect(scene.mutations().length).toBe(made);

  tag(scene, "v1.9.1", second);
  await scene.settle();
  expect(await said(scene)).toEqual([second, "Ready Deployed"]);
});

test("where no tag is a version, that of the newest commit is followed", async () => {
  const { scene } = await began();
  await scene.push({ "trueup.yaml": yaml.replace("v*", "ship-*") });
  await scene.settle();
  expect(await said(scene)).toContain("Stalled TagMissing");

  const older = await edit(scene, 61);
  await scene.driver.settle({ at: scene.world.now + 5_000 });
  const newer = await edit(scene, 62);
  tag(scene, "ship-a", newer);
  tag(scene, "ship-b", older);
  await scene.settle();
  expect(await said(scene)).toEqual([newer, "Ready Deployed"]);
});

test("a tag of another repository, which the application comes from now, did not move", async () => {
  const { scene } = await began();
  const repositoryName = "anew";
  await scene.ask("codecommit:CreateRepository", { repositoryName });
  const { commitId } = (await scene.ask("codecommit:CreateCommit", {
    repositoryName,
    branchName: "main",
    putFiles: await Promise.all(
      ["docker-compose.yml", "trueup.yaml"].map(async (filePath) => ({
        filePath,
        fileContent: new TextEncoder().encode(await scene.read(filePath)),
      })),
    ),
  })) as { readonly commitId: string };
  tag(scene, "v1.9.0", commitId, repositoryName);
  const Name = "/trueup/myapps/registration";
  const { Parameter } = (await scene.ask("ssm:GetParameter", { Name })) as {
    readonly Parameter: { readonly Value: string };
  };
  const Value = JSON.stringify({ ...JSON.parse(Parameter.Value), repository: repositoryName });
  await scene.ask("ssm:PutParameter", { Name, Value, Type: "String", Overwrite: true });
  await scene.settle();
  expect(await said(scene)).toEqual([commitId, "Ready Deployed"]);
});
