import type { Diagnostic, Position } from "../model/diagnostic.ts";
import { pathText } from "./project.ts";
import { type Path, type Place, positionOf } from "./tree.ts";

/** What is found wrong on the way, in one list: loading goes on as far as it makes sense. */
export interface Report {
  readonly diagnostics: readonly Diagnostic[];
  readonly failed: boolean;
  error(at: Place | Position, path: Path, finding: Finding): void;
  warning(at: Place | Position, path: Path, finding: Finding): void;
}

interface Finding {
  readonly code: string;
  readonly message: string;
  readonly help?: string;
}

export function createReport(): Report {
  // The merged model is checked after each file: the same finding must not be told twice.
  const found = new Map<string, Diagnostic>();
  const add = (severity: Diagnostic["severity"], at: Place | Position, path: Path, f: Finding) => {
    const { file, line, column } = "source" in at ? positionOf(at) : at;
    const where = pathText(path);
    const key = `${file}:${line}:${column} ${f.code} ${f.message}`;
    const { code, message, help = "" } = f;
    if (!found.has(key))
      found.set(key, { severity, code, file, line, column, path: where, message, help });
  };
  return {
    get diagnostics() {
      return [...found.values()];
    },
    get failed() {
      return [...found.values()].some(({ severity }) => severity === "error");
    },
    error: (at, path, finding) => add("error", at, path, finding),
    warning: (at, path, finding) => add("warning", at, path, finding),
  };
}
