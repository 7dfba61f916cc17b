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

export interface PullRequest {
  readonly pullRequestId: string;
  readonly title: string;
  readonly description: string;
  readonly pullRequestStatus: string;
  readonly pullRequestTargets: readonly [
    { readonly sourceReference: string; readonly destinationReference: string },
  ];
}

/** All pull requests, the oldest first. */
export async function pullRequests(scene: TestWorld): Promise<readonly PullRequest[]> {
  const { pullRequestIds } = (await scene.ask("codecommit:ListPullRequests", {
    repositoryName: "myapps",
  })) as { readonly pullRequestIds: readonly string[] };
  return Promise.all(
    pullRequestIds.map(async (pullRequestId) => {
      const found = await scene.ask("codecommit:GetPullRequest", { pullRequestId });
      return (found as { readonly pullRequest: PullRequest }).pullRequest;
    }),
  );
}

/** The branch that a pull request brings. */
export const branchOf = ({ pullRequestTargets: [target] }: PullRequest): string =>
  target.sourceReference.replace("refs/heads/", "");

/** A file as a branch has it. */
export async function fileAt(
  scene: TestWorld,
  commitSpecifier: string,
  filePath: string,
): Promise<string> {
  const asked = { repositoryName: "myapps", commitSpecifier, filePath };
  const { fileContent } = (await scene.ask("codecommit:GetFile", asked)) as {
    readonly fileContent: Uint8Array;
  };
  return new TextDecoder().decode(fileContent);
}

/** A person's commit on any branch. */
export async function commitOn(
  scene: TestWorld,
  branchName: string,
  files: Readonly<Record<string, string>>,
): Promise<void> {
  const at = { repositoryName: "myapps", branchName };
  const { branch } = (await scene.ask("codecommit:GetBranch", at)) as {
    readonly branch: { readonly commitId: string };
  };
  await scene.ask("codecommit:CreateCommit", {
    ...at,
    parentCommitId: branch.commitId,
    commitMessage: "By hand",
    putFiles: Object.entries(files).map(([filePath, text]) => ({
      filePath,
      fileContent: new TextEncoder().encode(text),
    })),
  });
}
