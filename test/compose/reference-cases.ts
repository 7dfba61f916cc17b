import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { config } from "../../src/cli/config.ts";
import { UsageError } from "../../src/cli/usage.ts";
import type { ExitStatus, Io } from "../../src/cli/verb.ts";
import { canonicalJson } from "../../src/model/digest.ts";

/** One input of `docker compose config` and what the reference made of it. */
export interface ReferenceCase {
  readonly id: string;
  readonly directory: string;
  readonly expect: "valid" | "error";
  readonly errorClass: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
}

export type Outcome =
  | { readonly same: true }
  | { readonly same: false; readonly expected: unknown; readonly actual: unknown };

/** The cases of a directory, sorted by id; none where it is absent. */
export function readCases(directory: string): readonly ReferenceCase[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory)
    .sort()
    .map((id) => readCase(join(directory, id)));
}

/** Runs `trueup config` as the case says, in this process, and compares. */
export async function runCase(one: ReferenceCase): Promise<Outcome> {
  const out: string[] = [];
  const err: string[] = [];
  const status = await statusOf(one, {
    cwd: one.cwd,
    env: one.env,
    color: false,
    out: (text) => out.push(text),
    err: (text) => err.push(text),
  });
  if (one.expect === "error") {
    if (status === 2) return { same: true };
    const expected = readFileSync(join(one.directory, "error.txt"), "utf8");
    return { same: false, expected, actual: `accepted (status ${status})` };
  }
  if (status !== 0) return { same: false, expected: "accepted", actual: err };
  return compare(one, out.join("\n"));
}

/** As the command line has it: a file that is not there is a wrong call. */
async function statusOf({ args }: ReferenceCase, io: Io): Promise<ExitStatus> {
  try {
    return await config.run(args, io);
  } catch (error) {
    if (error instanceof UsageError) return 2;
    throw error;
  }
}

function readCase(directory: string): ReferenceCase {
  const told = JSON.parse(readFileSync(join(directory, "case.json"), "utf8"));
  const input = resolve(directory, "input");
  const placed = (text: string): string =>
    text.replaceAll(/\$\{DIR\}/g, () => input).replaceAll(/\$\{PARENT\}/g, () => dirname(input));
  const flag = (name: string, values: readonly string[]): readonly string[] =>
    values.flatMap((value) => [name, placed(value)]);
  const named = (name: string, value: string | null): readonly string[] =>
    value === null || value === undefined ? [] : [name, placed(value)];
  return {
    id: told.id,
    directory,
    expect: told.expect,
    errorClass: told.errorClass ?? "",
    args: [
      ...flag("--file", told.files ?? []),
      ...named("--project-name", told.projectName),
      ...named("--project-directory", told.projectDirectory),
      ...flag("--env-file", told.envFiles ?? []),
      ...flag("--profile", told.profiles ?? []),
      ...(told.args ?? []),
      ...(told.services ?? []),
    ],
    env: Object.fromEntries(
      Object.entries<string>(told.env).map(([key, value]) => [key, placed(value)]),
    ),
    cwd: resolve(input, told.cwd ?? "."),
  };
}

function compare({ directory }: ReferenceCase, printed: string): Outcome {
  const input = resolve(directory, "input");
  const undone = (text: string): string =>
    text
      .replaceAll(/\$\{DIR\}/g, () => input)
      .replaceAll(/\$\{PARENT\}/g, () => dirname(input))
      .replaceAll("$$", () => "$");
  const lines = join(directory, "expected.txt");
  if (existsSync(lines)) {
    const expected = undone(readFileSync(lines, "utf8")).trimEnd();
    const actual = printed.split("\n").sort().join("\n").trimEnd();
    return expected === actual ? { same: true } : { same: false, expected, actual };
  }
  const expected = JSON.parse(undone(readFileSync(join(directory, "expected.json"), "utf8")));
  const actual = JSON.parse(undone(printed));
  return canonicalJson(expected) === canonicalJson(actual)
    ? { same: true }
    : { same: false, expected, actual };
}
