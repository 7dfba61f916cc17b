import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Call, Caller, Operation } from "../../src/aws/call.ts";
import { kindOf } from "../../src/aws/call.ts";
import { installationFrom } from "../../src/aws/installation.ts";
import { awsPorts } from "../../src/aws/ports.ts";
import { assuming } from "../../src/aws/sessions.ts";
import { exampleDirectory, seedImages } from "../../src/cli/seed.ts";
import { functions } from "../../src/functions.ts";
import type { ApplicationStatus, EnvironmentStatus } from "../../src/model/status.ts";
import { createDriver, type Driver, type Handler } from "../../src/sandbox/driver.ts";
import { seedManifest } from "../../src/sandbox/ecr/repositories.ts";
import { failTasks } from "../../src/sandbox/ecs/images.ts";
import { memoryGit } from "../../src/sandbox/git/memory.ts";
import { answerOf, answerTo, callsOf } from "../../src/sandbox/in-process.ts";
import { install } from "../../src/sandbox/install.ts";
import { type LambdaFunction, workOf } from "../../src/sandbox/lambda/work.ts";
import { services } from "../../src/sandbox/services.ts";
import { type BusEvent, World, type WorldOptions } from "../../src/sandbox/world.ts";

const template = readFileSync(new URL("../../template.yaml", import.meta.url), "utf8");
const account = "123456789012";
const region = "eu-west-1";
/** An image that is there, and whose tasks end as soon as they run: of another registry than ECR. */
export const crashing = "registry.example.com/crashes:1.0.0";
const person = { account, region, arn: `arn:aws:iam::${account}:user/ann` };

/** A function calls as its role. */
const principalOf = ({ name, role }: Pick<LambdaFunction, "name" | "role">): string =>
  `arn:aws:sts::${account}:assumed-role/${role.split("/").at(-1)}/${name}`;

/**
 * What becomes of one call of the controller: its process dies before it or after its effect, or an
 * error is all that it hears, before the call or after its effect.
 */
export type Fate =
  | "lives"
  | "dies before"
  | "dies after"
  | { readonly error: string; readonly when: "before" | "after" };

export interface Options {
  readonly seed?: number;
  /** Asked at every call of the controller, counted from 0. */
  readonly fate?: (count: number, operation: Operation) => Fate | Promise<Fate>;
  /** Functions that are no more: whatever wakes them is lost. */
  readonly halted?: (functionName: string) => boolean;
  /** By how many milliseconds the controller's clock is ahead of AWS's. */
  readonly skew?: () => number;
  /** How events travel: a delay for each copy that arrives. */
  readonly deliver?: (event: BusEvent, count: number) => readonly number[];
  /** Told of every call that reaches the world, whoever makes it. */
  readonly onCall?: WorldOptions["onCall"];
  /** Other accounts that are deployed to. */
  readonly targets?: readonly string[];
  /** Told of every event, lost or not. */
  readonly onEvent?: WorldOptions["onEvent"];
}

/** The product's own functions on the sandbox's state machines, in one process, on one clock. */
export interface TestWorld {
  readonly world: World;
  readonly driver: Driver;
  readonly calls: Operation[];
  readonly log: string[];
  /** As a person, through the API. */
  ask(operation: string, input: object): Promise<unknown>;
  /** Commits files on main, as a push does. */
  push(files: Readonly<Record<string, string>>, message?: string): Promise<string>;
  pushExample(): Promise<string>;
  read(path: string): Promise<string>;
  pushImage(repository: string, tag: string): Promise<void>;
  /** `more`: what its ceiling says besides account and region. */
  register(more?: object): Promise<void>;
  /** As somebody else than ann. */
  as(arn: string): TestWorld["ask"];
  /** Lets the clock run until nothing is left to do but to come again; a day at most. */
  settle(): Promise<void>;
  status(): Promise<EnvironmentStatus>;
  applicationStatus(): Promise<ApplicationStatus>;
  /** Somebody deletes what the controller remembers of `dev`. */
  loseRecord(): Promise<void>;
  /** Mutating calls made so far. */
  mutations(): readonly Operation[];
}

export function testWorld({
  deliver,
  fate,
  halted = () => false,
  onCall,
  onEvent,
  seed = 1,
  skew = () => 0,
  targets = [],
}: Options = {}): TestWorld {
  const calls: Operation[] = [];
  const log: string[] = [];
  const world = new World({
    services,
    git: memoryGit(),
    start: Date.parse("2026-01-01T00:00:00Z"),
    seed,
    ...(deliver === undefined ? {} : { delivery: deliver }),
    ...(onCall === undefined ? {} : { onCall }),
    ...(onEvent === undefined ? {} : { onEvent }),
  });
  install(world, template, { parameters: { TargetAccounts: targets.join(",") } });
  failTasks({ ...person, principal: person.arn, world }, crashing);
  const mortal = mortality(fate, calls);
  const callerOf = (arn: string): Caller =>
    assuming(
      ({ credentials, region: place }) =>
        mortal.call((async (operation, input) =>
          credentials === undefined
            ? answerOf(world, { account, region: place, arn }, operation, input)
            : answerTo(world, { ...credentials, region: place }, operation, input)) as Call),
      region,
    );
  const handlers = Object.values(workOf(world).functions).map((found) => {
    const { environment, handler, name } = found;
    const caller = callerOf(principalOf(found));
    const installation = installationFrom({ ...environment, AWS_REGION: region });
    const ports = awsPorts(caller, installation, (message, fields) => {
      log.push(`${message} ${JSON.stringify(fields)}`);
    });
    const clock = {
      now: () => new Date(world.now + skew()).toISOString(),
      sleep: async (ms: number) => world.advanceTo(world.now + ms),
    };
    const made = functions({ ...ports, clock });
    const code = made[handler.split(".")[1] as keyof typeof made] as unknown as Handler;
    const living = mortal.life(code);
    const handle: Handler = async (event, context) =>
      halted(name) ? undefined : living(event, context);
    return [name, handle] as const;
  });
  const driver = createDriver(world, Object.fromEntries(handlers));
  return scene({ calls, driver, log, world });
}

/** A process that dies makes no more calls; the next invocation is another process. */
function mortality(fate: Options["fate"], calls: Operation[]) {
  let dead = false;
  const die = (operation: string): never => {
    dead = true;
    throw new Error(`The process died at ${operation}.`);
  };
  const suffer = (end: Fate, when: "before" | "after", operation: Operation): void => {
    if (end === `dies ${when}`) die(operation);
    if (typeof end === "object" && end.when === when) throw failure(end.error);
  };
  const call =
    (answer: Call): Call =>
    async (operation, input) => {
      if (dead) return die(operation);
      calls.push(operation);
      const end = (await fate?.(calls.length - 1, operation)) ?? "lives";
      suffer(end, "before", operation);
      const result = await answer(operation, input);
      suffer(end, "after", operation);
      return result;
    };
  const life =
    (code: Handler): Handler =>
    async (event, context) => {
      dead = false;
      const result = await code(event, context);
      if (dead) throw new Error("The process is no more.");
      return result;
    };
  return { call, life };
}

/** As the SDK throws what is no answer of the service's own. */
const failure = (name: string): Error =>
  Object.assign(new Error("Something is in the way."), { name });

type Parts = Pick<TestWorld, "calls" | "driver" | "log" | "world">;

function scene(parts: Parts): TestWorld {
  const { calls, driver, world } = parts;
  const ask = callsOf(world, person);
  const parameter = async <T>(name: string): Promise<T> => {
    const { Parameter } = (await ask("ssm:GetParameter", { Name: name })) as {
      readonly Parameter: { readonly Value: string };
    };
    return JSON.parse(Parameter.Value) as T;
  };
  const tip = async (): Promise<string | undefined> => {
    const wanted = { repositoryName: "myapps", branchName: "main" };
    const found = (await ask("codecommit:GetBranch", wanted).catch(() => undefined)) as
      | { readonly branch: { readonly commitId: string } }
      | undefined;
    return found?.branch.commitId;
  };
  const push: TestWorld["push"] = async (files, message = "Change it") => {
    const parentCommitId = await tip();
    const { commitId } = (await ask("codecommit:CreateCommit", {
      repositoryName: "myapps",
      branchName: "main",
      ...(parentCommitId === undefined ? {} : { parentCommitId }),
      commitMessage: message,
      putFiles: Object.entries(files).map(([filePath, text]) => ({
        filePath,
        fileContent: new TextEncoder().encode(text),
      })),
    })) as { readonly commitId: string };
    return commitId;
  };
  return {
    ...parts,
    ask,
    push,
    pushExample: async () => {
      seedImages({ world });
      await ask("codecommit:CreateRepository", { repositoryName: "myapps" });
      return push(exampleFiles());
    },
    read: async (filePath) => {
      const { fileContent } = (await ask("codecommit:GetFile", {
        repositoryName: "myapps",
        filePath,
        commitSpecifier: "main",
      })) as { readonly fileContent: Uint8Array };
      return new TextDecoder().decode(fileContent);
    },
    pushImage: async (repositoryName, imageTag) => {
      const imageManifest = seedManifest(repositoryName, imageTag);
      await ask("ecr:PutImage", { repositoryName, imageTag, imageManifest });
    },
    as: (arn) => callsOf(world, { account, region, arn }),
    register: async (more = {}) => {
      const ceiling = { accounts: [account], regions: [region], roles: [], ...more };
      const follows = { repository: "myapps", branch: "main", file: "trueup.yaml" };
      const Value = JSON.stringify({ ...follows, environments: { "*": ceiling }, ssm: [] });
      await ask("ssm:PutParameter", { Name: "/trueup/myapps/registration", Value, Type: "String" });
    },
    settle: async () => {
      const rested = await driver.settle({ idle: true, limitMs: 86_400_000 });
      if (!rested) throw new Error(`No rest within a day:\n${parts.log.slice(-20).join("\n")}`);
    },
    status: () => parameter("/trueup/myapps/dev/status"),
    applicationStatus: () => parameter("/trueup/myapps/status"),
    loseRecord: async () => {
      const [{ environment = {} } = {}] = Object.values(workOf(world).functions);
      const { TRUEUP_BUCKET: Bucket } = environment;
      await ask("s3:DeleteObject", { Bucket, Key: "records/myapps/dev.json" });
    },
    mutations: () => calls.filter((operation) => kindOf(operation) === "mutating"),
  };
}

/** Path → text of the example repository. */
const exampleFiles = (): Readonly<Record<string, string>> =>
  Object.fromEntries(
    globSync("**/*", { cwd: exampleDirectory, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
      .map((path) => [path.slice(exampleDirectory.length), readFileSync(path, "utf8")]),
  );
