import type { TestWorld } from "./world.ts";

interface Commit {
  readonly message: string;
  readonly parents: readonly string[];
  readonly author: { readonly name: string };
}

/** The messages of a branch's commits, newest first. */
export async function history(scene: TestWorld, branchName = "main"): Promise<readonly string[]> {
  const { branch } = (await scene.ask("codecommit:GetBranch", {
    repositoryName: "myapps",
    branchName,
  })) as { readonly branch: { readonly commitId: string } };
  const messages: string[] = [];
  for (let id: string | undefined = branch.commitId; id !== undefined; ) {
    const asked = { repositoryName: "myapps", commitId: id };
    const { commit } = (await scene.ask("codecommit:GetCommit", asked)) as {
      readonly commit: Commit;
    };
    messages.push(commit.message);
    id = commit.parents[0];
  }
  return messages;
}

export const registry = "123456789012.dkr.ecr.eu-west-1.amazonaws.com";

/** `trueup.yaml` of an application whose one environment is suspended: images move, nothing deploys. */
export const settings = (application: string, more = ""): string =>
  `application: ${application}\n${more}environments:\n  dev: { on: { branch: main } }\n`;

/** Makes the repository with these files, its registries, and registers applications by their files. */
export async function begin(
  scene: TestWorld,
  files: Readonly<Record<string, string>>,
  applications: Readonly<Record<string, string>> = { myapps: "trueup.yaml" },
): Promise<void> {
  await scene.ask("codecommit:CreateRepository", { repositoryName: "myapps" });
  for (const repositoryName of ["web", "worker"]) {
    await scene.ask("ecr:CreateRepository", { repositoryName });
    await scene.pushImage(repositoryName, "1.0.0");
  }
  await scene.push(files, "Begin");
  for (const [application, file] of Object.entries(applications)) {
    await scene.ask("ssm:PutParameter", {
      Name: `/trueup/${application}/dev/suspended`,
      Value: JSON.stringify({ reason: "images only" }),
      Type: "String",
    });
    const registration = {
      repository: "myapps",
      branch: "main",
      file,
      environments: { "*": { accounts: ["123456789012"], regions: ["eu-west-1"], roles: [] } },
      ssm: [],
    };
    await scene.ask("ssm:PutParameter", {
      Name: `/trueup/${application}/registration`,
      Value: JSON.stringify(registration),
      Type: "String",
    });
  }
  await scene.settle();
}
