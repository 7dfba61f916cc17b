import { LineCounter, parseDocument } from "yaml";
import { pathText } from "../compose/project.ts";
import { type Diagnostic, isError, type Position } from "../model/diagnostic.ts";
import type { Finding } from "./check.ts";
import { type Path, type Place, placeAt } from "./tree.ts";

export type PositionOf = (path: Path) => Position;

/** A file that has the shape it should have, or all that is wrong with it. */
export type ShapedRead =
  | {
      readonly kind: "read";
      readonly root: Place;
      readonly warnings: readonly Diagnostic[];
      readonly positionOf: PositionOf;
    }
  | { readonly kind: "failed"; readonly diagnostics: readonly Diagnostic[] };

/** Codes of what is odd and can be read all the same. */
const warnings: ReadonlySet<string> = new Set([
  "never-ready",
  "never-verified",
  "not-interpolated",
]);

interface Expected {
  /** All in which it differs from its shape. */
  readonly findingsOf: (root: Place) => readonly Finding[];
  /** What to write into an empty file. */
  readonly wanted: string;
}

/** Reads a YAML file, or a JSON one, and checks it. */
export function readShaped(
  file: string,
  text: string,
  { findingsOf, wanted }: Expected,
): ShapedRead {
  const lines = new LineCounter();
  const at = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const parsed = parse(text, lines, wanted);
  if (parsed.kind === "failed")
    return {
      kind: "failed",
      diagnostics: parsed.problems.map(({ offset, ...problem }) => ({
        ...at(offset),
        severity: "error",
        path: "",
        ...problem,
      })),
    };

  const { root } = parsed;
  const diagnostics = findingsOf(root)
    .map(({ node, path, ...problem }): Diagnostic => {
      const severity = warnings.has(problem.code) ? "warning" : "error";
      return { ...at(node.range[0]), severity, path: pathText(path), ...problem };
    })
    .sort((a, b) => a.line - b.line || a.column - b.column);
  if (diagnostics.some(isError)) return { kind: "failed", diagnostics };

  return {
    kind: "read",
    root,
    warnings: diagnostics,
    positionOf: (path) => at(placeAt(root, path).node.range[0]),
  };
}

interface Problem {
  readonly offset: number;
  readonly code: string;
  readonly message: string;
  readonly help: string;
}

/** The tree, or what stops us from looking at it at all. */
function parse(
  text: string,
  lineCounter: LineCounter,
  wanted: string,
):
  | { readonly kind: "parsed"; readonly root: Place }
  | { readonly kind: "failed"; readonly problems: readonly Problem[] } {
  // Keys that are there twice are found with the rest, so that one fault does not hide another.
  const document = parseDocument(text, { lineCounter, uniqueKeys: false });
  const failed = (...problems: Problem[]) => ({ kind: "failed", problems }) as const;

  const wrong = [...document.errors, ...document.warnings].map(({ message, pos: [offset] }) => ({
    offset,
    code: "yaml",
    message: message.split(/ at line |\n/)[0] ?? message,
    help: "correct the YAML",
  }));
  if (wrong.length > 0) return failed(...wrong);

  const { contents: node } = document;
  if (node === null) {
    return failed({ offset: 0, code: "missing", message: "is empty", help: wanted });
  }
  try {
    document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    const message = `has aliases that cannot be followed: ${(error as Error).message}`;
    return failed({ offset: 0, code: "aliases", message, help: "write the values out" });
  }
  return { kind: "parsed", root: { document, node, path: [] } };
}
