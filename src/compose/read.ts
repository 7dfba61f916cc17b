import { limits } from "./limits.ts";
import { type ReadOptions, type ReadTree, readTree } from "./read-tree.ts";
import type { Report } from "./report.ts";
import { positionAt, type Source } from "./tree.ts";
import { type Broken, yamlEvents } from "./yaml-events.ts";

/**
 * The YAML documents of one file, positions kept; undefined where the text is no YAML. Knows
 * nothing of Compose but its two tags, `!reset` and `!override`.
 */
export function readDocuments(
  source: Source,
  report: Report,
  options: ReadOptions,
): readonly ReadTree[] | undefined {
  const events = unreadable(source) ?? yamlEvents(source.text);
  if ("message" in events) {
    report.error(positionAt(source, events.offset), [], { code: "yaml", ...events });
    return undefined;
  }
  const reading = { source, report, events, options };
  const documents: ReadTree[] = [];
  let sound = true;
  while (events.peek() !== undefined) {
    const document = readTree(reading);
    if (document === undefined) sound = false;
    else documents.push(document);
  }
  return sound ? documents : undefined;
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
  const message = `a control character (0x${code}) cannot stand in YAML`;
  return { offset: control, message, help: "" };
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is looked for.
const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffe\uffff]/;
