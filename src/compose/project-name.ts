import { baseName, cleanPath } from "./paths.ts";
import { fetchDocuments, type Session } from "./session.ts";
import { substitute } from "./template.ts";
import { get, textOf } from "./tree.ts";

/** The project's name: given, of the variables, of the files, or of the directory; in that order. */
export function projectName(
  session: Session,
  variables: ReadonlyMap<string, string>,
): string | undefined {
  const { inputs, report } = session;
  const given = inputs.projectName ?? variables.get("COMPOSE_PROJECT_NAME");
  if (given !== undefined && given !== "") {
    if (normalised(given) === given) return given;
    const [file = inputs.projectDirectory] = inputs.files;
    report.error({ file, line: 1, column: 1 }, ["name"], {
      code: "invalid-name",
      message: `the project name ${JSON.stringify(given)} is not allowed`,
      help: "use lower-case letters, digits, dashes and underscores, and begin with a letter or digit",
    });
    return undefined;
  }
  const name = normalised(
    nameInFiles(session, variables) ?? directoryName(inputs.projectDirectory),
  );
  if (name !== "") return name;
  const [file = inputs.projectDirectory] = inputs.files;
  report.error({ file, line: 1, column: 1 }, ["name"], {
    code: "invalid-name",
    message: "the project has no name",
    help: "give one with name: or --project-name",
  });
  return undefined;
}

const directoryName = (directory: string): string => baseName(cleanPath(directory));

const normalised = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9_-]/g, "")
    .replace(/^[_-]+/, "");

function nameInFiles(session: Session, variables: ReadonlyMap<string, string>): string | undefined {
  let name: string | undefined;
  for (const file of session.inputs.files) {
    for (const { tree } of fetchDocuments(session, file, { at: undefined, path: [] }) ?? []) {
      const text = textOf(get(tree, "name"));
      const scope = { get: (key: string) => variables.get(key), unset: () => undefined };
      const value = text === undefined ? undefined : substitute(text, scope);
      if (typeof value === "string" && value !== "") name = value;
    }
  }
  return name;
}
