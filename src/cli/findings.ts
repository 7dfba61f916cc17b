import type { Origin } from "../model/bundle.ts";
import { type Diagnostic, isError, renderDiagnostic } from "../model/diagnostic.ts";
import type { Io } from "./verb.ts";

/** What came of one look: `not seen` where whoever asks may not look, or nobody can. */
export interface Finding {
  readonly outcome: "ok" | "failed" | "not seen";
  /** What was looked at, in a word or two. */
  readonly check: string;
  /** Whose it is: an environment, a queue, a role. */
  readonly about: string;
  /** The compose line to blame, where there is one. */
  readonly at?: Origin | undefined;
  readonly message: string;
  /** What to do. */
  readonly help?: string | undefined;
}

/** One finding in one line, where it stands first: `failed  dev  image  file:line:column  path  what  what to do`. */
export function renderFinding(
  { about, at, check, help = "", message, outcome }: Finding,
  { color }: Pick<Io, "color">,
): string {
  const code = { ok: 32, failed: 31, "not seen": 33 }[outcome];
  const word = outcome.padEnd("not seen".length);
  const said =
    at === undefined
      ? [message, help].filter((part) => part !== "").join("  ")
      : renderDiagnostic({ ...at, severity: "error", code: "", message, help });
  return [color ? `\u001b[${code}m${word}\u001b[0m` : word, about, check, said].join("  ");
}

/** What was found wrong with files, each at its line; what they are only warned of left out. */
export const failuresFrom = (
  { about, check }: Pick<Finding, "about" | "check">,
  diagnostics: readonly Diagnostic[],
): readonly Finding[] =>
  diagnostics.filter(isError).map(({ column, file, help, line, message, path }) => ({
    outcome: "failed",
    check,
    about,
    at: { file, line, column, path },
    message,
    help,
  }));

/** As `--json` prints it: every key is there. */
export const printable = ({ at, help = "", ...finding }: Finding) => ({
  ...finding,
  at: at === undefined ? null : { file: at.file, line: at.line, column: at.column, path: at.path },
  help,
});

export const hasFailed = ({ outcome }: Finding): boolean => outcome === "failed";
