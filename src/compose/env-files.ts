import { mapServices } from "./children.ts";
import { readEnvFile, readRawEnvFile } from "./dotenv.ts";
import { joinPath } from "./paths.ts";
import { fetchVariables, type Session } from "./session.ts";
import {
  type Dict,
  dict,
  entriesOf,
  get,
  itemsOf,
  type Path,
  type Place,
  type Tree,
  textOf,
  withEntries,
} from "./tree.ts";

type Lookup = (name: string) => string | undefined;

/** Services with what their `env_file` and `label_file` set, under what they set themselves. */
export const readEnvFiles = (session: Session, model: Dict, variable: Lookup): Dict =>
  mapServices(model, (service, name) => resolved(session, service, ["services", name], variable));

function resolved(session: Session, service: Dict, path: Path, variable: Lookup): Dict {
  const environment = session.inputs.skip?.has("environment")
    ? {}
    : {
        environment: withFiles(
          get(service, "environment"),
          service,
          envFiles(session, service, path, variable),
        ),
        env_file: undefined,
      };
  return withEntries(service, {
    ...environment,
    labels: withFiles(get(service, "labels"), service, labelFiles(session, service, path)),
    label_file: undefined,
  });
}

function withFiles(
  own: Tree | undefined,
  at: Place,
  files: ReadonlyMap<string, Tree>,
): Tree | undefined {
  if (files.size === 0) return own;
  return dict(own ?? at, new Map([...files, ...entriesOf(own)]));
}

function envFiles(
  session: Session,
  service: Dict,
  path: Path,
  variable: Lookup,
): ReadonlyMap<string, Tree> {
  const values = new Map<string, Tree>();
  const environment = get(service, "environment");
  const surroundings = (name: string): string | undefined =>
    variable(name) ?? textIn(get(environment, name)) ?? textIn(values.get(name));
  for (const [i, entry] of itemsOf(get(service, "env_file")).entries()) {
    const read = envFile(session, entry, [...path, "env_file", i], surroundings);
    for (const [key, value] of read ?? []) values.set(key, value);
  }
  return values;
}

function envFile(session: Session, entry: Tree, path: Path, surroundings: Lookup) {
  const file = get(entry, "path");
  const format = get(entry, "format");
  const reader = readers[textOf(format) ?? ""];
  if (reader === undefined)
    session.report.error(format ?? entry, [...path, "format"], {
      code: "invalid-value",
      message: `${textOf(format)} is no format of an env file`,
      help: "leave it out, or write raw",
    });
  const required = get(entry, "required");
  return fetchVariables(
    session,
    located(session, textOf(file) ?? ""),
    { at: file, path },
    {
      required: !(required?.kind === "leaf" && String(required.value) === "false"),
      surroundings,
      reader: reader ?? readEnvFile,
    },
  );
}

const readers: Readonly<Record<string, typeof readEnvFile>> = {
  "": readEnvFile,
  raw: readRawEnvFile,
};

function labelFiles(session: Session, service: Dict, path: Path): ReadonlyMap<string, Tree> {
  const values = new Map<string, Tree>();
  for (const [i, item] of itemsOf(get(service, "label_file")).entries()) {
    const file = textOf(item);
    if (file === undefined) continue;
    const mention = { at: item, path: [...path, "label_file", i] };
    const surroundings = (name: string): string | undefined => textIn(values.get(name));
    const read = fetchVariables(session, located(session, file), mention, {
      required: true,
      surroundings,
    });
    for (const [key, value] of read ?? []) values.set(key, value);
  }
  return values;
}

const textIn = (tree: Tree | undefined): string | undefined =>
  tree?.kind === "leaf" && tree.value !== null ? String(tree.value) : undefined;

/** Paths that were left as they are written are still relative to the project directory. */
const located = ({ inputs }: Session, file: string): string =>
  inputs.skip?.has("paths") === true ? joinPath(inputs.projectDirectory, file) : file;
