import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { type ParseArgsConfig, parseArgs } from "node:util";
import { targetFormats } from "../application/target.ts";

/** The words of the command line are wrong: said in one line, without a stack trace. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

type Options = NonNullable<ParseArgsConfig["options"]>;

/** Flags and positional words of one verb; anything it does not know is a UsageError. */
export function readArguments<const O extends Options>(args: readonly string[], options: O) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** Throws where there are more words than a verb takes: what it leaves out would seem to be done. */
export function refuseMore(words: readonly string[], most: number): void {
  const more = words[most];
  if (more !== undefined) throw new UsageError(`"${more}" is a word too many.`);
}

/** Throws where an option says what `target:` of `trueup.yaml` would not take under that key. */
export function refuseUnlike(
  key: "account" | "region" | "role",
  said: string | readonly string[] | undefined,
  option = `--${key}`,
): void {
  const { pattern, what } = targetFormats[key];
  const wrong = [said ?? []].flat().find((text) => !pattern.test(text));
  if (wrong !== undefined) throw new UsageError(`${option} ${wrong} is not ${what}.`);
}

/** The text of a file that was named; a UsageError where there is none. */
export function readText(path: string, named: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    throw new UsageError(`There is no file ${named}.`);
  }
}

/** Throws where one of the files that the command line names is not there. */
export function refuseMissing(named: readonly string[], directory: string): void {
  const missing = named.find((file) => !existsSync(resolve(directory, file)));
  if (missing !== undefined) throw new UsageError(`There is no file ${missing}.`);
}

export interface Place {
  readonly application: string;
  readonly environment: string;
}

/** `APP/ENV`, the way every verb names an environment. */
export function readPlace(words: readonly string[]): Place {
  const [place = "", ...more] = words;
  const [application, environment, ...rest] = place.split("/");
  if (!application || !environment || rest.length > 0 || more.length > 0) {
    throw new UsageError(`Name one environment as APP/ENV, not "${words.join(" ")}".`);
  }
  return { application, environment };
}

/** `90s`, `5m`, `2h`: milliseconds. */
export function readDuration(text: string): number {
  const match = /^(\d+)(ms|s|m|h)$/.exec(text);
  const unit = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }[match?.[2] ?? ""];
  if (match?.[1] === undefined || unit === undefined) {
    throw new UsageError(`"${text}" is no duration: write 90s, 5m or 2h.`);
  }
  return Number(match[1]) * unit;
}
