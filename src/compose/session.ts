import { type Dialect, dialects } from "./dialect.ts";
import { type EnvFile, readEnvFile } from "./dotenv.ts";
import type { LoadInputs } from "./inputs.ts";
import { limits } from "./limits.ts";
import { cleanPath, isAbsolute } from "./paths.ts";
import { readDocuments } from "./read.ts";
import type { ReadTree } from "./read-tree.ts";
import { createReport, type Report } from "./report.ts";
import { shown } from "./shown.ts";
import type { Path, Place, Source } from "./tree.ts";

/** One run of the loader: what it was given, what it found out, what it still has to be given. */
export interface Session {
  readonly inputs: LoadInputs;
  readonly dialect: Dialect;
  readonly report: Report;
  /** Files to be read before loading can go on. */
  readonly needs: Set<string>;
  /** Variables whose absence was told. */
  readonly unset: Set<string>;
  /** What stood between `${` and `}` and was left for CloudFormation. */
  readonly leftAlone: Set<string>;
  readonly documents: Map<string, readonly ReadTree[] | undefined>;
}

export const openSession = (inputs: LoadInputs): Session => ({
  inputs,
  dialect: dialects[inputs.dialect],
  report: createReport(),
  needs: new Set(),
  unset: new Set(),
  leftAlone: new Set(),
  documents: new Map(),
});

/** Keys at the top of its files under which something has an anchor. */
export const anchoredIn = ({ documents }: Session): readonly string[] =>
  [...documents.values()].flatMap((all) => all?.flatMap(({ anchored }) => [...anchored]) ?? []);

/** Whether text stays as it is written: it has no values yet. */
export const isRaw = ({ inputs }: Session): boolean => inputs.skip?.has("interpolation") === true;

/** Where a file is named, for the error when it is not there. */
export interface Mention {
  readonly at: Place | undefined;
  readonly path: Path;
}

/** A file's text; undefined when it is not there yet, or not there at all, which is reported. */
function fetchSource(
  session: Session,
  file: string,
  { at, path }: Mention,
  required = true,
): Source | undefined {
  const { contents, projectDirectory } = session.inputs;
  const place = at ?? { file, line: 1, column: 1 };
  const outside = isOutside(file, projectDirectory);
  // What lies around a repository is nobody's to read, so it is not even asked for.
  if (outside && !isAbsolute(projectDirectory)) {
    session.report.error(place, path, outsideProject(file));
    return undefined;
  }
  if (!contents.has(file)) {
    session.needs.add(file);
    return undefined;
  }
  const text = contents.get(file);
  if (text !== undefined) {
    if (outside && at !== undefined) session.report.warning(place, path, outsideProject(file));
    return { file, text };
  }
  const named = at === undefined ? session.inputs.namedAt?.get(file) : undefined;
  if (required)
    session.report.error(named?.at ?? place, named?.path ?? path, {
      code: "missing-file",
      message: `there is no file ${shown(file)}`,
      help: "check the path",
    });
  return undefined;
}

const isOutside = (file: string, directory: string): boolean =>
  isAbsolute(directory)
    ? !file.startsWith(`${cleanPath(directory)}/`.replace("//", "/"))
    : isAbsolute(file) || file === ".." || file.startsWith("../");

const outsideProject = (file: string) => ({
  code: "outside-project",
  message: `${file} is outside the project directory`,
  help: "keep what the project needs in it: only that is deployed",
});

/**
 * What was parsed for a caller that comes back with more files: the same map with the same text
 * gives the same documents, so this changes nothing but the time it takes.
 */
const parsed = new WeakMap<LoadInputs["contents"], Map<string, Parsed>>();

interface Parsed {
  readonly text: string;
  readonly dialect: Dialect;
  readonly documents: readonly ReadTree[];
}

/** The documents of a compose file; undefined when they cannot be had, which is reported. */
export function fetchDocuments(
  session: Session,
  file: string,
  mention: Mention,
): readonly ReadTree[] | undefined {
  if (session.documents.has(file)) return session.documents.get(file);
  const source = fetchSource(session, file, mention);
  if (source === undefined) return undefined;
  if (session.documents.size >= limits.files) {
    const message = `the project has more than ${limits.files} files`;
    session.report.error(mention.at ?? { file, line: 1, column: 1 }, mention.path, {
      code: "too-many-files",
      message,
    });
    return undefined;
  }
  const documents = parseOnce(session, source);
  session.documents.set(file, documents);
  return documents;
}

function parseOnce(session: Session, source: Source): readonly ReadTree[] | undefined {
  const { dialect, inputs, report } = session;
  const known = parsed.get(inputs.contents) ?? new Map<string, Parsed>();
  parsed.set(inputs.contents, known);
  const before = known.get(source.file);
  if (before?.text === source.text && before.dialect === dialect) return before.documents;
  const documents = readDocuments(source, report, dialect);
  // What has errors is read again, so that they are reported again.
  if (documents !== undefined) known.set(source.file, { text: source.text, dialect, documents });
  return documents;
}

/** A file's text as it is; undefined when it cannot be had, which is reported. */
export const fetchText = (session: Session, file: string, mention: Mention): string | undefined =>
  fetchSource(session, file, mention)?.text;

/** What an env file sets; undefined when it cannot be had, which is reported. */
export function fetchVariables(
  session: Session,
  file: string,
  mention: Mention,
  options: {
    readonly required: boolean;
    readonly surroundings: (name: string) => string | undefined;
    readonly reader?: typeof readEnvFile;
  },
): Extract<EnvFile, { kind: "read" }>["values"] | undefined {
  const source = fetchSource(session, file, mention, options.required);
  if (source === undefined) return undefined;
  const read = (options.reader ?? readEnvFile)(source, options.surroundings, (name, at) => {
    if (session.unset.has(name)) return;
    session.unset.add(name);
    session.report.warning(at, mention.path, {
      code: "unset-variable",
      message: `the variable ${name} is not set and becomes an empty text`,
      help: "set it, or give it a default",
    });
  });
  if (read.kind === "read") return read.values;
  session.report.error(read.at, mention.path, { code: "env-file", message: read.message });
  return undefined;
}
