import { type Arena, openArena, type Saved } from "../arena.ts";
import { commit } from "../commit.ts";
import { installed, platform, pushImage } from "../installed.ts";
import { account, crashingImage, region } from "../shop.ts";

// An application whose branches are each deployed to an instance of `preview` of their own.

/** What a branch asks for, as the few things about it that histories change. */
export interface Lane {
  /** What the service is told. */
  readonly note: string;
  /** Whether there is a second service, with a stack of its own. */
  readonly worker: boolean;
  /** Whether the tasks of the first end as soon as they run. */
  readonly breaks: boolean;
}

export const firstLane: Lane = { note: "a", worker: false, breaks: false };

/** Which branches the trunk's `trueup.yaml` means; `none`: it has no such environment. */
export type Pattern = "feature/*" | "topic/*" | "none";

/** Branches that histories make and remove. */
export const branches = ["feature/a", "feature/b", "topic/c"] as const;
export type Branch = (typeof branches)[number];

export const isMeant = (branch: Branch, pattern: Pattern): boolean =>
  pattern !== "none" && branch.startsWith(pattern.replace("*", ""));

const trunk = "main";
const repositoryName = "lanes";

const image = `${account}.dkr.ecr.${region}.amazonaws.com/web:1.0.0`;
const sizes = '    deploy: { resources: { limits: { cpus: "0.25", memory: 512M } } }';

const composeOf = ({ breaks, note, worker }: Lane): string =>
  [
    "services:",
    "  web:",
    `    image: ${breaks ? crashingImage : image}`,
    `    environment: { NOTE: ${note} }`,
    sizes,
    ...(worker ? ["  worker:", `    image: ${image}`, sizes] : []),
    "",
  ].join("\n");

const network =
  "{ VpcId: vpc-0123abcd, AppSubnets: subnet-1a2b3c4d, PublicSubnets: subnet-1a2b3c4e, StorageSubnets: subnet-1a2b3c4f, ClusterName: main }";

const trueupYamlOf = (pattern: Pattern): string => {
  const [name, branch] = pattern === "none" ? ["other", "nowhere/*"] : ["preview", pattern];
  return [
    "application: lanes",
    "compose: [docker-compose.yml]",
    "environments:",
    `  ${name}:`,
    `    on: { branch: "${branch}" }`,
    `    parameters: ${network}`,
    "",
  ].join("\n");
};

const refOf = (branch: string): string => `refs/heads/${branch}`;

/** The commit that a branch is at; undefined: there is no such branch. */
export const tipOf = ({ git }: Pick<Arena, "git">, branch: string): string | undefined =>
  git(repositoryName).refs().get(refOf(branch));

const push = (
  arena: Arena,
  branchName: string,
  files: Readonly<Record<string, string>>,
): string | undefined =>
  commit(arena, repositoryName, { branchName, files, parentCommitId: tipOf(arena, branchName) });

export const pushLane = (arena: Arena, branch: string, lane: Lane): string | undefined =>
  push(arena, branch, { "docker-compose.yml": composeOf(lane) });

export const pushPattern = (arena: Arena, pattern: Pattern): string | undefined =>
  push(arena, trunk, { "trueup.yaml": trueupYamlOf(pattern) });

/** A branch that begins where the trunk is. */
export function branchOff(arena: Arena, branchName: string): void {
  arena.ask("codecommit:CreateBranch", {
    repositoryName,
    branchName,
    commitId: tipOf(arena, trunk),
  });
}

export const removeBranch = (arena: Arena, branchName: string): unknown =>
  arena.ask("codecommit:DeleteBranch", { repositoryName, branchName });

let begun: Promise<Saved> | undefined;

/** Registered, with no branch that is meant; made once, then copied. */
export function registered(): Promise<Saved> {
  begun ??= begin();
  return begun;
}

async function begin(): Promise<Saved> {
  const arena = openArena({ seed: 1, from: installed() });
  arena.ask("ecr:CreateRepository", { repositoryName: "web" });
  pushImage(arena, "web", "1.0.0");
  arena.ask("cloudformation:CreateStack", { StackName: "platform", TemplateBody: platform });
  arena.ask("codecommit:CreateRepository", { repositoryName });
  pushLane(arena, trunk, firstLane);
  pushPattern(arena, "feature/*");
  const ceiling = { accounts: [account], regions: [region], roles: [] };
  arena.ask("ssm:PutParameter", {
    Name: "/trueup/lanes/registration",
    Value: JSON.stringify({
      repository: repositoryName,
      branch: trunk,
      file: "trueup.yaml",
      environments: { "*": ceiling },
      ssm: [],
    }),
    Type: "String",
  });
  await arena.driver.settle({ at: arena.world.now + 2 * 3_600_000 });
  return arena.save();
}
