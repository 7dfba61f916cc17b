import { lstatSync, statSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { stringify } from "yaml";
import { defaultComposeFiles } from "../application/inputs.ts";
import { trueupSchema } from "../application/json-schema.ts";
import { readApplication } from "../application/read.ts";
import { invalid } from "../model/errors.ts";
import { git } from "./git.ts";
import { applicationName } from "./names.ts";
import { overrides } from "./overrides.ts";
import { readArguments, UsageError } from "./usage.ts";
import type { Io, Verb } from "./verb.ts";

/** Begins: the smallest trueup.yaml, made of what the repository says of itself. Asks nobody. */
export const init: Verb = {
  name: "init",
  summary: "write the smallest trueup.yaml",
  usage: "trueup init [--json]  |  trueup init --schema",

  async run(args, io) {
    const { positionals, values } = readArguments(args, {
      json: { type: "boolean" },
      schema: { type: "boolean" },
    });
    if (positionals.length > 0) throw new UsageError("init works where it is said: name nothing.");
    if (values.schema === true) {
      io.out(JSON.stringify(trueupSchema, undefined, 2));
      return 0;
    }
    const begun = begin(io);
    if (values.json === true) io.out(JSON.stringify(begun));
    else for (const line of told(begun)) io.out(line);
    return 0;
  },
};

interface Begun {
  readonly file: "trueup.yaml";
  readonly application: string;
  readonly environment: "dev";
  /** What the environment follows. */
  readonly branch: string;
  /** The compose file that will be read. */
  readonly compose: string;
  /** As the remote is called; null: there is none. */
  readonly repository: string | null;
}

const file = "trueup.yaml";

function begin(io: Io): Begun {
  const { cwd } = io;
  const isFile = (name: string) =>
    statSync(join(cwd, name), { throwIfNoEntry: false })?.isFile() === true;
  refuseBelow(cwd);
  if (lstatSync(join(cwd, file), { throwIfNoEntry: false }) !== undefined)
    throw new UsageError(`There is a ${file} here already, and it stays as it is.`);
  const compose = defaultComposeFiles.find(isFile);
  if (compose === undefined)
    throw new UsageError(
      `There is none of ${defaultComposeFiles.join(", ")} here: write one, or run init where it lies.`,
    );
  for (const other of overrides.filter(isFile))
    io.err(`${other} is read by docker compose and not by Trueup, unless \`compose:\` names both.`);

  const repository = remoteIn(cwd) ?? null;
  const application = applicationName(repository ?? basename(cwd));
  const branch = branchIn(cwd, io);
  const text = written({ application, branch }, isFile(schemaFile));
  const read = readApplication(file, text);
  // A branch may be called what no environment may follow.
  if (read.kind === "failed") throw invalid("ApplicationFileInvalid", read.diagnostics);
  // Whoever made one meanwhile keeps it.
  writeFileSync(join(cwd, file), text, { flag: "wx" });
  return { file, application, environment: "dev", branch, compose, repository };
}

/** Where `trueup init --schema` is to be kept for editors to find it. */
const schemaFile = "trueup.schema.json";

const written = (
  { application, branch }: Pick<Begun, "application" | "branch">,
  hasSchema: boolean,
): string =>
  [
    ...(hasSchema ? [`# yaml-language-server: $schema=${schemaFile}\n`] : []),
    stringify({ application, environments: { dev: { on: { branch } } } }),
  ].join("");

/** The controller reads the file, and all that it names, from the root of the repository. */
function refuseBelow(directory: string): void {
  const prefix = git(directory, ["rev-parse", "--show-prefix"])?.trimEnd() ?? "";
  if (prefix === "") return;
  const top = git(directory, ["rev-parse", "--show-toplevel"])?.trimEnd() ?? "";
  throw new UsageError(`${file} belongs at the root of the repository: run init in ${top}.`);
}

/** What a repository is called where it was cloned from. */
function remoteIn(directory: string): string | undefined {
  const url = git(directory, ["remote", "get-url", "origin"])?.trimEnd();
  return url
    ?.split(/[/:@]/)
    .findLast((part) => part !== "")
    ?.replace(/\.git$/, "");
}

function branchIn(directory: string, io: Io): string {
  if (git(directory, ["rev-parse", "--git-dir"]) === undefined) {
    io.err("There is no git repository here yet: dev follows main.");
    return "main";
  }
  const branch = git(directory, ["symbolic-ref", "--quiet", "--short", "HEAD"])?.trimEnd();
  if (branch !== undefined) return branch;
  throw new UsageError("No branch is checked out for dev to follow: git switch BRANCH.");
}

function told({ application, branch, compose, repository }: Begun): readonly string[] {
  const where = branch === "main" ? "" : ` --branch ${branch}`;
  return [
    `${file} says that ${application}/dev is what ${compose} says on ${branch}.`,
    "Look at what it makes: trueup render",
    `Then commit and push it, and: trueup register ${application} --repository ${repository ?? "NAME"}${where}`,
  ];
}
