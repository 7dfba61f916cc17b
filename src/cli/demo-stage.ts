import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import type { EnvironmentStatus } from "../model/status.ts";
import type { Ports } from "../ports/ports.ts";
import { connect } from "./connection.ts";
import { narrator } from "./demo-narrator.ts";
import { type LocalAws, startLocalAws } from "./local-aws.ts";
import { register } from "./register.ts";
import { createRepository, exampleDirectory, seedImages } from "./seed.ts";
import type { Io } from "./verb.ts";

/** Where a scenario is played: the sandbox, a working copy, and who tells of it. */
export interface Stage {
  readonly local: LocalAws;
  readonly show: ReturnType<typeof narrator>;
  /** As a shell that has evaluated `trueup dev env`. */
  readonly io: Io;
  /** The working copy. */
  readonly copy: string;
  /** State of the sandbox: bare repositories are in `git/` there. */
  readonly directory: string;
}

/** Accounts beside the controller's own. */
export const otherAccounts = { development: "222222222222", production: "333333333333" } as const;

/** Plays on a sandbox of its own, which is gone afterwards. */
export async function onStage(io: Io, play: (stage: Stage) => Promise<void>): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), "trueup-"));
  const directory = join(home, "aws");
  const show = narrator(io);
  let isOver = false;
  const local = await startLocalAws({
    accounts: Object.values(otherAccounts),
    directory,
    port: 0,
    // What is cut off at the end is no failure.
    log: (message, fields) => (isOver ? undefined : show.log(message, fields)),
    onCall: show.call,
    onEvent: show.event,
  });
  const env = { ...io.env, ...local.environment };
  try {
    await play({ local, show, directory, copy: join(home, "myapps"), io: { ...io, env } });
  } finally {
    isOver = true;
    await local.close();
    rmSync(home, { recursive: true, force: true });
  }
}

/** Pushes the example, with other files in the place of its own, and registers it. */
export async function pushExample(
  stage: Stage,
  change: (copy: string) => void = () => undefined,
  ceiling: readonly string[] = [],
): Promise<void> {
  const { copy, directory, io, local, show } = stage;
  seedImages(local);
  createRepository(local, "myapps");
  cpSync(exampleDirectory, copy, { recursive: true });
  change(copy);
  git(stage, "init", "--quiet", "--initial-branch=main");
  git(stage, "remote", "add", "origin", join(directory, "git", "myapps.git"));
  push(stage, "Begin with the example");
  const said = ["myapps", "--repository", "myapps", ...ceiling, "--start"];
  show.command(`trueup register ${said.join(" ")}`);
  await register.run(said, quiet(io));
}

export interface ShownStack {
  readonly StackName: string;
  readonly StackStatus: string;
  readonly RoleARN?: string;
}

/** The stacks of an account and region; those of the controller's own, unless said. */
export function stacksIn(
  { local }: Stage,
  account = "123456789012",
  region = "eu-west-1",
): readonly ShownStack[] {
  const root = { account, region, arn: `arn:aws:iam::${account}:root` };
  const { Stacks } = local.world.call("cloudformation:DescribeStacks", {}, root) as {
    readonly Stacks: readonly ShownStack[];
  };
  return Stacks;
}

/** Commits all of the working copy and pushes it. */
export function push(stage: Stage, message: string): string {
  git(stage, "add", ".");
  git(stage, "commit", "--quiet", "--message", message);
  stage.show.command(`git commit -m "${message}" && git push origin main`);
  git(stage, "push", "--quiet", "origin", "main");
  return head(stage);
}

export const head = (stage: Stage): string => git(stage, "rev-parse", "HEAD").trim();

/** Pulls until somebody else has committed. */
export async function pulled(stage: Stage): Promise<void> {
  const before = head(stage);
  do {
    await setTimeout(200);
    git(stage, "pull", "--quiet", "--ff-only", "origin", "main");
  } while (head(stage) === before);
}

/** The commit at the head, as git shows it. */
export function showCommit(stage: Stage): void {
  const { io, show } = stage;
  show.command("git pull && git show");
  show.text(git(stage, "show", "--unified=1", io.color ? "--color=always" : "--color=never"));
}

export async function portsOf({ io }: Stage): Promise<Ports> {
  return (await connect(quiet(io))).ports;
}

/** Waits until an environment's status is as wanted. */
export async function until(
  stage: Stage,
  environment: string,
  wanted: (status: EnvironmentStatus) => boolean,
): Promise<EnvironmentStatus> {
  const { statuses } = await portsOf(stage);
  for (let waited = 0; waited < longest; waited += beat) {
    const status = await statuses.readEnvironment("myapps", environment);
    if (status !== undefined && wanted(status)) return status;
    await setTimeout(beat);
  }
  throw new Error(`myapps/${environment} did not get there.`);
}

const beat = 200;
const longest = 300_000;

/** Hears and says nothing. */
const quiet = (own: Io): Io => ({ ...own, out: () => undefined, err: () => undefined });

const git = ({ copy }: Stage, ...args: readonly string[]): string =>
  execFileSync("git", ["-c", "user.name=You", "-c", "user.email=you@example.com", ...args], {
    cwd: copy,
    encoding: "utf8",
  });
