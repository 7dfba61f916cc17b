import { canonicalJson } from "../model/digest.ts";
import { limits } from "./limits.ts";
import { directoryOf, joinPath } from "./paths.ts";
import type { Scope } from "./scope.ts";
import { anchoredIn, fetchVariables, type Session } from "./session.ts";
import {
  type Dict,
  dict,
  entriesOf,
  get,
  isNull,
  itemsOf,
  type Path,
  positionOf,
  type Tree,
  textOf,
  toData,
  withEntries,
} from "./tree.ts";

interface Including {
  readonly file: string;
  readonly scope: Scope;
  /** How a project is loaded: given, for it is the caller itself. */
  load(session: Session, files: readonly string[], scope: Scope): Dict | undefined;
}

/** The model with what it includes in it, each loaded as a project of its own. */
export function applyIncludes(session: Session, model: Dict, including: Including): Dict {
  const include = get(model, "include");
  if (include === undefined) return model;
  let result = withEntries(model, { include: undefined });
  if (include.kind !== "list" && !isNull(include))
    session.report.error(include, ["include"], {
      code: "wrong-type",
      message: "must be a list",
      help: "write - before the file's name",
    });
  for (const [i, entry] of itemsOf(include).entries()) {
    const imported = loadIncluded(session, entry, ["include", i], including);
    if (imported === undefined) continue;
    if (session.dialect.warnsOfLostExtensions) warnOfLost(session, imported);
    result = importInto(session, result, imported);
  }
  return result;
}

function loadIncluded(
  session: Session,
  entry: Tree,
  path: Path,
  { file, scope, load }: Including,
): Dict | undefined {
  const files = texts(entry.kind === "dict" ? get(entry, "path") : entry);
  const [first] = files;
  if (first === undefined) {
    const finding = { code: "missing-key", message: "include needs the path of a file" };
    session.report.error(entry, path, finding);
    return undefined;
  }
  const includedBy = [...scope.includedBy, file];
  const paths = files.map((one) => joinPath(scope.directory, one));
  const main = paths[0] ?? "";
  const isCircle = includedBy.includes(main);
  if (isCircle || includedBy.length > limits.chain) {
    const message = isCircle
      ? `files include each other in a circle: ${[...includedBy, main].join(" → ")}`
      : `more than ${limits.chain} files include each other in a chain`;
    session.report.error(entry, path, { code: "cycle", message, help: "leave one include out" });
    return undefined;
  }
  const prefix = textOf(get(entry, "project_directory")) ?? directoryOf(first);
  const inner = {
    ...scope,
    directory: joinPath(scope.directory, prefix),
    prefix,
    includedBy,
    locates: true,
  };
  const variables = includedVariables(session, entry, path, { outer: scope, inner });
  const variable = (name: string) => scope.variable(name) ?? variables.get(name);
  return load(session, paths, { ...inner, variable, mention: { at: entry, path } });
}

/** `env_file`, relative to the including file, or the `.env` of the included project. */
function includedVariables(
  session: Session,
  entry: Tree,
  path: Path,
  { outer, inner }: { readonly outer: Scope; readonly inner: Scope },
): ReadonlyMap<string, string> {
  const named = texts(get(entry, "env_file"));
  const files =
    named.length > 0
      ? named.map((file) => joinPath(outer.directory, file))
      : [joinPath(inner.directory, ".env")];
  const variables = new Map<string, string>();
  for (const file of files) {
    const values = fetchVariables(
      session,
      file,
      { at: entry, path },
      {
        required: named.length > 0,
        surroundings: (name) => outer.variable(name) ?? variables.get(name),
      },
    );
    for (const [key, value] of values ?? [])
      if (value.kind === "leaf") variables.set(key, String(value.value));
  }
  return variables;
}

const texts = (tree: Tree | undefined): readonly string[] => {
  const single = textOf(tree);
  return single === undefined ? itemsOf(tree).flatMap((item) => textOf(item) ?? []) : [single];
};

/** What is there for its anchors alone has been used by now. */
function warnOfLost(session: Session, source: Dict): void {
  for (const [key, value] of source.entries) {
    if (!key.startsWith("x-") || anchoredIn(session).includes(key)) continue;
    session.report.warning(value, [key], {
      code: "no-effect",
      message: `${key} of a file that is included is not read: include takes services and what they name`,
      help: "write it in the file that includes, or load both files as compose files of one project",
    });
  }
}

const imported = ["services", "volumes", "networks", "secrets", "configs", "models"] as const;

function importInto(session: Session, model: Dict, source: Dict): Dict {
  const changes = imported.map((kind) => [kind, imports(session, kind, model, source)] as const);
  return withEntries(model, Object.fromEntries(changes));
}

/** One section with what is imported into it. What is no mapping is said to be none later. */
function imports(session: Session, kind: string, model: Dict, source: Dict): Tree | undefined {
  const [own, from] = [get(model, kind), get(source, kind)];
  const isOther = own !== undefined && own.kind !== "dict" && !isNull(own);
  if (from?.kind !== "dict" || isOther) return own;
  const entries = new Map(entriesOf(own));
  for (const [name, value] of from.entries) {
    const mine = entries.get(name);
    if (mine === undefined) entries.set(name, value);
    else if (canonicalJson(toData(mine)) !== canonicalJson(toData(value)))
      reportConflict(session, [kind, name], mine, value);
  }
  return dict(own ?? from, entries);
}

function reportConflict(session: Session, path: Path, mine: Tree, theirs: Tree): void {
  const { file, line } = positionOf(theirs);
  session.report.error(mine, path, {
    code: "include-conflict",
    message: `is also defined by an included file, at ${file}:${line}, and differs`,
    help: "name one of the two otherwise, or override it in a further file of the include's path",
  });
}
