import { Composer, type Document, type ParsedNode, Parser, type YAMLParseError } from "yaml";
import { limits } from "./limits.ts";
import { type ReadTree, tooDeep, treeReader } from "./read-tree.ts";
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
  const parsed = unreadable(source) ?? parse(source);
  if ("message" in parsed) {
    report.error(positionAt(source, parsed.offset), [], { code: "yaml", ...parsed });
    return undefined;
  }
  const documents = parsed.flatMap(treeReader(source, report, options));
  return documents.length === parsed.length ? documents : undefined;
}

interface Broken {
  readonly offset: number;
  readonly message: string;
  readonly help: string;
}

/** What is wrong with the text before any of it is parsed. */
function unreadable(source: Source): Broken | undefined {
  if (source.text.length > limits.fileLength) {
    const message = `the file is longer than ${limits.fileLength} characters`;
    return { offset: 0, message, help: "split it with include" };
  }
  const control = source.text.search(forbidden);
  if (control < 0) return undefined;
  const code = source.text.charCodeAt(control).toString(16).padStart(2, "0");
  return {
    offset: control,
    message: `a control character (0x${code}) cannot stand in YAML`,
    help: "",
  };
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is looked for.
const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffe\uffff]/;

type Parsed = readonly Document.Parsed<ParsedNode>[];

/** The parser's documents, up to the first error: what comes after it is mostly its consequence. */
function parse(source: Source): Parsed | Broken {
  // Tags and words get their meaning in read-tree; duplicate keys are looked for there, in one pass.
  const composer = new Composer({
    schema: "failsafe",
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: "silent",
  });
  try {
    const tokens = new Parser().parse(source.text);
    const documents = [...composer.compose(tokens, false, source.text.length)];
    const [first] = documents.flatMap(({ errors }) => errors);
    if (first === undefined) return documents;
    return broken(first);
  } catch (error) {
    // The parser recurses: what is nested deep enough is beyond its stack, and our limit.
    if (!(error instanceof RangeError)) throw error;
    return { offset: 0, message: tooDeep, help: "" };
  }
}

function broken({ message, pos: [offset] }: YAMLParseError): Broken {
  if (message.includes("call stack")) return { offset, message: tooDeep, help: "" };
  const help = message.includes("Tabs") ? "indent with spaces" : "";
  return { offset, message: `not YAML: ${message.replace(/\s+/g, " ")}`, help };
}
