import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { seedManifest } from "../sandbox/ecr/repositories.ts";
import type { Sandbox } from "../sandbox/sandbox.ts";
import { region } from "./local-aws.ts";

/** Where the example application lies. */
export const exampleDirectory = fileURLToPath(new URL("../../examples/myapps/", import.meta.url));

const person = { account: "123456789012", region, arn: "arn:aws:iam::123456789012:user/you" };

/** An image push as `aws ecr put-image` makes it, with a manifest that follows from its name. */
export function pushImage(
  { world }: Pick<Sandbox, "world">,
  repository: string,
  tag: string,
): void {
  const input = {
    repositoryName: repository,
    imageTag: tag,
    imageManifest: seedManifest(repository, tag),
  };
  world.call("ecr:PutImage", input, person);
}

/** The ECR repositories with the images that the example names. */
export function seedImages(sandbox: Pick<Sandbox, "world">): void {
  const text = readFileSync(join(exampleDirectory, "docker-compose.yml"), "utf8");
  for (const [, repositoryName = "", tag = ""] of text.matchAll(
    /amazonaws\.com\/([\w/.-]+):([\w.-]+)/g,
  )) {
    sandbox.world.call("ecr:CreateRepository", { repositoryName }, person);
    pushImage(sandbox, repositoryName, tag);
  }
}

/** An empty compose repository. */
export const createRepository = (
  { world }: Pick<Sandbox, "world">,
  repositoryName: string,
): unknown => world.call("codecommit:CreateRepository", { repositoryName }, person);

/** The example application, whole: images, repository, registration. */
export function seedExample(sandbox: Pick<Sandbox, "world">): void {
  const { world } = sandbox;
  seedImages(sandbox);
  createRepository(sandbox, "myapps");
  const putFiles = globSync("**/*", { cwd: exampleDirectory, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(exampleDirectory.length))
    .sort()
    .map((filePath) => ({ filePath, fileContent: readFileSync(join(exampleDirectory, filePath)) }));
  const commit = {
    repositoryName: "myapps",
    branchName: "main",
    authorName: "You",
    email: "you@example.com",
    commitMessage: "Begin with the example",
    putFiles,
  };
  world.call("codecommit:CreateCommit", commit, person);
  const registration = {
    repository: "myapps",
    branch: "main",
    file: "trueup.yaml",
    environments: { "*": { accounts: [person.account], regions: [region], roles: [] } },
    ssm: [],
  };
  const parameter = {
    Name: "/trueup/myapps/registration",
    Value: JSON.stringify(registration),
    Type: "String",
  };
  world.call("ssm:PutParameter", parameter, person);
}
