import { dialects } from "./dialect.ts";
import type { Data } from "./project.ts";
import { readDocuments } from "./read.ts";
import { createReport } from "./report.ts";
import { toData } from "./tree.ts";

/** One YAML document as plain data, read as compose files are; undefined: the text is not that. */
export function yamlData(text: string): { readonly data: Data } | undefined {
  const documents = readDocuments({ file: "", text }, createReport(), dialects.compose);
  const [document, ...more] = documents ?? [];
  return document === undefined || more.length > 0 ? undefined : { data: toData(document.tree) };
}
