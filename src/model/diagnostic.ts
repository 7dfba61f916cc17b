/** A place in a file a person edits. Line and column count from 1. */
export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** One thing wrong with the source: where, what, and what to do about it. */
export interface Diagnostic extends Position {
  readonly severity: "error" | "warning";
  /** A stable kebab-case word, e.g. `unknown-key`. */
  readonly code: string;
  /** Where in the model, e.g. `services.web.ports[0]`. */
  readonly path: string;
  readonly message: string;
  readonly help: string;
}

/** `file:line:column  path  what is wrong  what to do`, on one line. */
export const renderDiagnostic = (d: Diagnostic): string =>
  [`${d.file}:${d.line}:${d.column}`, d.path, d.message, d.help]
    .filter((part) => part !== "")
    .join("  ");

export const isError = ({ severity }: Diagnostic): boolean => severity === "error";

/** As somebody mends them: file by file, from the top. */
export const fromTheTop = (diagnostics: readonly Diagnostic[]): readonly Diagnostic[] =>
  diagnostics.toSorted(
    (a, b) =>
      (a.file === b.file ? 0 : a.file < b.file ? -1 : 1) || a.line - b.line || a.column - b.column,
  );
