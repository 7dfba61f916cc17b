import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import process from "node:process";
import { seedManifest } from "../sandbox/ecr/repositories.ts";
import { startLocalAws } from "./local-aws.ts";
import { seedExample } from "./seed.ts";
import { readArguments, refuseMore, refuseUnlike, UsageError } from "./usage.ts";
import type { ExitStatus, Io, Verb } from "./verb.ts";

/** Where the sandbox keeps what it has, unless `--dir` says otherwise. */
const home = ".trueup";

/** The embedded default: AWS on loopback, with a controller in it. */
export const dev: Verb = {
  name: "dev",
  summary: "run the sandbox with a controller in it",
  usage:
    "trueup dev [--dir D] [--port N] [--accounts ID,…] [--empty]  |  trueup dev env [--dir D] [--account ID]  |  trueup dev push REPOSITORY:TAG [--dir D]",

  async run(args, io) {
    const { positionals, values } = readArguments(args, {
      account: { type: "string" },
      accounts: { type: "string", default: "" },
      dir: { type: "string" },
      empty: { type: "boolean" },
      json: { type: "boolean" },
      port: { type: "string", default: "4566" },
    });
    const { empty = false, json = false } = values;
    const [word, ...rest] = positionals;
    const running = values.dir === undefined ? nearest(io.cwd) : resolve(io.cwd, values.dir);
    if (word === "env") {
      refuseMore(rest, 0);
      printEnvironment(environmentIn(running, values.account), json, io);
      return 0;
    }
    if (word === "push") return push(rest, running, { io, json });
    if (word !== undefined) throw new UsageError(`dev env or dev push, not "dev ${word}".`);
    const directory = resolve(io.cwd, values.dir ?? home);
    const accounts = values.accounts.split(",").filter((id) => id !== "");
    refuseUnlike("account", accounts, "--accounts");
    const where = [undefined, home].includes(values.dir) ? "" : ` --dir ${values.dir}`;
    return serve({ accounts, directory, where, port: readPort(values.port), empty, json }, io);
  },
};

function readPort(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new UsageError(`--port ${text} is no port.`);
}

interface Settings {
  /** Other accounts that are deployed to. */
  readonly accounts: readonly string[];
  readonly directory: string;
  /** How another command is told of the directory, with a blank before it; empty: it need not be. */
  readonly where: string;
  readonly port: number;
  readonly empty: boolean;
  readonly json: boolean;
}

async function serve(settings: Settings, io: Io): Promise<ExitStatus> {
  const { accounts, directory, empty, json, port } = settings;
  const local = await startLocalAws({
    accounts,
    directory,
    port,
    log: (message, fields) => io.err(`${message} ${JSON.stringify(fields)}`),
    ...(empty ? {} : { setUp: async (sandbox) => seedExample(sandbox) }),
  });
  writeFileSync(environmentFile(directory), JSON.stringify(local.environment));
  if (json) io.out(JSON.stringify({ directory, url: local.url }));
  else for (const line of introduction(settings, local.url)) io.out(line);
  await interrupted();
  await local.close();
  return 0;
}

const introduction = ({ accounts, directory, where }: Settings, url: string): readonly string[] => [
  `AWS at ${url}, kept in ${directory}`,
  `  eval "$(npx trueup dev env${where})"     # then: aws cloudformation describe-stacks, npx trueup get`,
  ...(accounts.length === 0 ? ["210987654321"] : accounts).map(
    (id) =>
      `  eval "$(npx trueup dev env${where} --account ${id})"   # as the root of another account`,
  ),
  existsSync(join(directory, "git", "myapps.git"))
    ? `  git clone ${join(directory, "git", "myapps.git")}`
    : `  aws codecommit create-repository --repository-name NAME     # then push to ${join(directory, "git", "NAME.git")}`,
  "  Ctrl-C ends it; what was there is there again next time.",
];

const interrupted = (): Promise<void> =>
  new Promise((done) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => done());
  });

const environmentFile = (directory: string): string => join(directory, "environment.json");

type Environment = Readonly<Record<string, string>>;

/** The sandbox of this directory, or of the nearest above it: a clone lies below where it was started. */
function nearest(from: string): string {
  const parents = [from];
  for (let at = from; dirname(at) !== at; at = dirname(at)) parents.push(dirname(at));
  const homes = parents.map((parent) => join(parent, home));
  return homes.find((one) => existsSync(environmentFile(one))) ?? join(from, home);
}

function readEnvironment(directory: string): Environment {
  const file = environmentFile(directory);
  if (existsSync(file)) return JSON.parse(readFileSync(file, "utf8"));
  throw new UsageError(
    `No sandbox has run in ${directory} yet: trueup dev, or say with --dir where it runs.`,
  );
}

/** What a shell is told; of another account, whose root has its number for an access key. */
function environmentIn(directory: string, account: string | undefined): Environment {
  const environment = readEnvironment(directory);
  if (account === undefined) return environment;
  refuseUnlike("account", account);
  return { ...environment, AWS_ACCESS_KEY_ID: account, AWS_SECRET_ACCESS_KEY: account };
}

/** Lines for a shell to evaluate. */
function printEnvironment(environment: Environment, json: boolean, { out }: Io): void {
  if (json) out(JSON.stringify(environment));
  else for (const [name, value] of Object.entries(environment)) out(`export ${name}=${value}`);
}

interface PutImageAnswer {
  readonly image: { readonly imageId: { readonly imageDigest: string } };
}

/** An image push without layers, as `aws ecr put-image` makes it. */
async function push(
  words: readonly string[],
  directory: string,
  { io, json }: { readonly io: Io; readonly json: boolean },
): Promise<ExitStatus> {
  const [, repositoryName, imageTag] = /^([a-z0-9][\w/.-]*):([\w.-]+)$/.exec(words.join(" ")) ?? [];
  if (repositoryName === undefined || imageTag === undefined) {
    throw new UsageError("Name one image as REPOSITORY:TAG.");
  }
  const { AWS_ACCESS_KEY_ID, AWS_ENDPOINT_URL = "", AWS_REGION } = readEnvironment(directory);
  const scope = `${AWS_ACCESS_KEY_ID}/20260101/${AWS_REGION}/ecr/aws4_request`;
  const answer = await fetch(AWS_ENDPOINT_URL, {
    method: "POST",
    headers: {
      authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=none`,
      "content-type": "application/x-amz-json-1.1",
      "x-amz-target": "AmazonEC2ContainerRegistry_V20150921.PutImage",
    },
    body: JSON.stringify({
      repositoryName,
      imageTag,
      imageManifest: seedManifest(repositoryName, imageTag),
    }),
  });
  if (answer.ok) {
    const { image } = (await answer.json()) as PutImageAnswer;
    const { imageDigest: digest } = image.imageId;
    const said = { repository: repositoryName, tag: imageTag, digest };
    io.out(json ? JSON.stringify(said) : `${repositoryName}:${imageTag} is pushed: ${digest}`);
    return 0;
  }
  const { __type: name, message } = (await answer.json()) as Readonly<Record<string, string>>;
  throw Object.assign(new Error(message), { name });
}
