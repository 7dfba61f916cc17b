import { Composer, type Document, type ParsedNode, Parser } from "yaml";
import { limits } from "./limits.ts";
import { type ReadTree, treeReader } from "./read-tree.ts";
import type { Report } from "./report.ts";
import { positionAt, type Source } from "./tree.ts";

/**
 * The YAML documents of one file, positions kept; undefined where the text is no YAML. Knows
 * nothing of Compose but its two tags, `!reset` and `!override`.
 */
export function readDocuments(
  source: Source,
  report: Report,
  options: { readonly integerKeysBelowExtensions: boolean },
): readonly ReadTree[] | undefined {
  const before = unreadable(source);
  if (before !== undefined) {
    report.error(positionAt(source, before.offset), [], { code: "yaml", ...before });
    return undefined;
  }
  const documents: ReadTree[] = [];
  let sound = true;
  for (const document of parse(source, report)) {
    const read = document === undefined ? undefined : treeReader(source, report, options)(document);
    if (read === undefined) sound = false;
    else documents.push(read);
  }
  return sound ? documents : undefined;
}

/** What is wrong with the text before any of it is parsed. */
function unreadable(source: Source) {
  if (source.text.length > limits.fileLength) {
    const message = `the file is longer than ${limits.fileLength} characters`;
    return { offset: 0, message, help: "split it with include" };
  }
  const control = source.text.search(forbidden);
  if (control < 0) return undefined;
  const code = source.text.charCodeAt(control).toString(16).padStart(2, "0");
  return { offset: control, message: `a control character (0x${code}) cannot stand in YAML` };
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is looked for.
const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffe\uffff]/;

/** The parser's documents; undefined for one that is no YAML, which is reported. */
function* parse(
  source: Source,
  report: Report,
): Generator<Document.Parsed<ParsedNode> | undefined> {
  // Tags and words get their meaning in read-tree; duplicate keys are looked for there, in one pass.
  const composer = new Composer({
    schema: "failsafe",
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: "silent",
  });
  const tokens = tokensOf(source.text);
  const deep = tokens?.find((token) => depthOf(token) > limits.depth);
  if (tokens === undefined || deep !== undefined) {
    report.error(positionAt(source, deep?.offset ?? 0), [], {
      code: "yaml",
      message: `mappings and lists are nested more than ${limits.depth} deep`,
    });
    yield undefined;
    return;
  }
  for (const document of composer.compose(tokens, false, source.text.length)) {
    // What comes after the first error is mostly its consequence.
    const [first] = document.errors;
    if (first !== undefined)
      report.error(positionAt(source, first.pos[0]), [], {
        code: "yaml",
        message: `not YAML: ${first.message.replace(/\s+/g, " ")}`,
        help: first.message.includes("Tabs") ? "indent with spaces" : "",
      });
    yield first === undefined ? document : undefined;
    if (first !== undefined) return;
  }
}

/** Undefined: nested so deep that the parser's own recursion gave up. */
function tokensOf(text: string) {
  try {
    return [...new Parser().parse(text)];
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

interface Nested {
  readonly value?: unknown;
  readonly key?: unknown;
  readonly items?: readonly unknown[];
}

/** Without recursion: what it guards against is a stack that is too small. */
function depthOf(token: object): number {
  let level: readonly object[] = [token];
  let depth = 0;
  while (level.length > 0 && depth <= 2 * limits.depth) {
    level = level.flatMap((parent) => {
      const { value, key, items = [] } = parent as Nested;
      return [value, key, ...items].filter((child) => typeof child === "object" && child !== null);
    }) as object[];
    depth += 1;
  }
  // A collection and its item are two levels of tokens.
  return depth / 2;
}
