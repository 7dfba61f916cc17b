import type { Application } from "../application/application.ts";
import { type ApplicationRead, readApplication } from "../application/read.ts";
import type { PositionOf } from "../application/shaped.ts";
import { memoOf } from "../memo.ts";
import { invalid, linked, TerminalError } from "../model/errors.ts";
import type { Registration } from "../model/registration.ts";
import type { Ports, Tree } from "../ports/ports.ts";

/** Everything a branch held at one commit; file texts are read when they are asked for. */
export interface Source {
  readonly repository: string;
  readonly commit: string;
  readonly tree: Tree;
}

/** The tip of a branch with its tree. Absence is not desire: a missing branch is an error. */
export async function fetchTip(
  { repository }: Pick<Registration, "repository">,
  branch: string,
  { sources }: Ports,
): Promise<Source> {
  const commit = await sources.tip(repository, branch);
  if (commit === undefined) {
    throw new TerminalError("BranchMissing", `${repository} has no branch ${branch}.`);
  }
  return { repository, commit, tree: await sources.tree(repository, commit) };
}

/** A commit with its tree. */
export async function fetchCommit(
  { repository }: Pick<Registration, "repository">,
  commit: string,
  { sources }: Ports,
): Promise<Source> {
  return { repository, commit, tree: await sources.tree(repository, commit) };
}

/**
 * The text of one file at the source's commit; undefined: there is none. Throws a TerminalError where
 * it is none that can be read.
 */
export async function readText(
  { repository, tree }: Source,
  path: string,
  { sources }: Ports,
): Promise<string | undefined> {
  if (!tree.has(path)) return undefined;
  const blob = tree.get(path);
  if (blob !== undefined) return sources.blob(repository, blob, path);
  throw linked(path);
}

export interface FetchedApplication {
  readonly application: Application;
  readonly positionOf: PositionOf;
}

/** Some 15 KB each: a sweep goes through all that there are. */
const applications = memoOf<ApplicationRead>(5000);

/** `trueup.yaml` at a source. Throws a TerminalError with every diagnostic when it is broken. */
export async function fetchApplication(
  registration: Registration,
  source: Source,
  ports: Ports,
): Promise<FetchedApplication> {
  const { application, file } = registration;
  const text = await readText(source, file, ports);
  if (text === undefined) {
    const at = source.commit.slice(0, 8);
    const message = `${source.repository} has no ${file} at ${at}: the registration says where it is, for every commit.`;
    throw new TerminalError("ApplicationFileMissing", message);
  }
  const read = applications.of(`${file}\n${text}`, () => readApplication(file, text));
  if (read.kind === "failed") throw at(invalid("ApplicationFileInvalid", read.diagnostics), source);
  if (read.application.name !== application) {
    const said = read.application.name;
    throw new TerminalError("NotPermitted", `${file} is of ${said}; registered is ${application}.`);
  }
  return read;
}

const at = (error: TerminalError, { commit }: Source): TerminalError => {
  error.revision = commit;
  return error;
};
