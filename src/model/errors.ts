import { type Diagnostic, isError, renderDiagnostic } from "./diagnostic.ts";

/** A failure that only a new revision, or a person, can mend. Anything else thrown is retried. */
export class TerminalError extends Error {
  override readonly name = "TerminalError";
  /** A CamelCase word for the condition's reason. */
  readonly reason: string;
  readonly diagnostics: readonly Diagnostic[];
  /** The commit that is wrong, where one is. */
  revision: string | undefined;

  constructor(reason: string, message: string, diagnostics: readonly Diagnostic[] = []) {
    super(message);
    this.reason = reason;
    this.diagnostics = diagnostics;
  }
}

/** All that is wrong with a source, in one error; what it is only warned of is not why. */
export const invalid = (reason: string, diagnostics: readonly Diagnostic[]): TerminalError => {
  const [first, ...others] = diagnostics.filter(isError);
  const more = others.length > 0 ? ` (and ${others.length} more)` : "";
  const message = first === undefined ? reason : `${renderDiagnostic(first)}${more}`;
  return new TerminalError(reason, message, diagnostics);
};

/** A file of a source that is none that can be read. */
export const unreadable = (
  file: string,
  message: string,
  help: string,
  line = 1,
): TerminalError => {
  const whole = {
    severity: "error",
    code: "unreadable-file",
    line,
    column: 1,
    path: "",
  } as const;
  return invalid("SourceInvalid", [{ ...whole, file, message, help }]);
};

/** A file of a source that is somewhere else: what it points at is not taken for its text. */
export const linked = (file: string): TerminalError =>
  unreadable(file, "is a symbolic link, which is not followed", "put the file itself in its place");

/** Another writer was here first: read again and start over. */
export class ConflictError extends Error {
  override readonly name = "ConflictError";
}

/** Something else has to be ready first, as it may be with the next look: nothing is wrong. */
export class NotYetError extends Error {
  override readonly name = "NotYetError";
  readonly reason = "NeedsUnmet";
  /** The commit that waits, where one does. */
  revision: string | undefined;
}
