import { readEnvFile } from "../compose/dotenv.ts";
import { limits } from "../compose/limits.ts";
import type { Tree } from "../compose/tree.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import type { Variables } from "./form.ts";
import { type Page, readPages } from "./page.ts";

/** A file whose documents have been read. */
export interface ReadFile {
  readonly path: string;
  readonly text: string;
  readonly pages: readonly Page[];
}

/** What has been fetched so far; undefined: looked for, and not there. */
export type Contents = ReadonlyMap<string, string | undefined>;

/** The files that images are looked for in, each read once. */
export interface Library {
  /** Before each project: how often files are opened is counted for each by itself. */
  begin(): void;
  /** Undefined: not there, or to be fetched first. */
  open(path: string): ReadFile | undefined;
  /** The variables of an env file, whose own text may refer to `known` ones. */
  variables(path: string, known: Variables): Variables;
  /** Files to be fetched before anything is certain. */
  readonly needs: ReadonlySet<string>;
  readonly files: ReadonlyMap<string, ReadFile>;
  /** Files that could not be read. */
  readonly problems: readonly Diagnostic[];
}

export function openLibrary(contents: Contents): Library {
  const needs = new Set<string>();
  const files = new Map<string, ReadFile>();
  const problems: Diagnostic[] = [];
  const told = new Set<string>();
  let opened = 0;
  const textOf = (path: string): string | undefined => {
    if (!contents.has(path)) needs.add(path);
    return contents.get(path);
  };
  const tell = (problem: Diagnostic): void => {
    if (!told.has(problem.file)) problems.push(problem);
    told.add(problem.file);
  };
  return {
    needs,
    files,
    problems,

    begin() {
      opened = 0;
    },

    open(path) {
      // Files that include each other without end, or twice each, are opened for ever.
      opened += 1;
      if (opened > limits.files) {
        const reason = `more than ${limits.files} files are included or extended`;
        tell(problemAt({ path, text: "" }, 0, reason));
        return undefined;
      }
      const known = files.get(path);
      const text = known === undefined ? textOf(path) : undefined;
      if (text === undefined) return known;
      const pages = readPages(text);
      if (pages.kind === "refused") tell(problemAt({ path, text }, 0, pages.reason));
      const file = { path, text, pages: pages.kind === "pages" ? pages.pages : [] };
      files.set(path, file);
      return file;
    },

    variables(path, known) {
      const text = textOf(path);
      if (text === undefined) return {};
      const read = readEnvFile(
        { file: path, text },
        (name) => (Object.hasOwn(known, name) ? known[name] : undefined),
        () => undefined,
      );
      if (read.kind === "read") return Object.fromEntries(textsIn(read.values));
      tell({ ...trouble(read.message), ...read.at });
      return {};
    },
  };
}

const textsIn = (values: ReadonlyMap<string, Tree>): readonly (readonly [string, string])[] =>
  [...values].flatMap(([name, value]) =>
    value.kind === "leaf" && value.value !== null ? [[name, String(value.value)]] : [],
  );

/** What is wrong at a place of a file, that keeps images from being moved. */
export function problemAt(
  { path, text }: { readonly path: string; readonly text: string },
  offset: number,
  reason: string,
): Diagnostic {
  const before = text.slice(0, offset).split(/\r\n|[\r\n]/);
  const column = (before.at(-1)?.length ?? 0) + 1;
  return { ...trouble(reason), file: path, line: before.length, column };
}

const trouble = (message: string) =>
  ({
    severity: "error",
    code: "image-policy",
    path: "",
    message,
    help: "no image is moved because of it",
  }) as const;
