import type { LoadInputs } from "../../src/compose/inputs.ts";
import { load } from "../../src/compose/load.ts";
import type { Project } from "../../src/compose/project.ts";
import { type Diagnostic, renderDiagnostic } from "../../src/model/diagnostic.ts";

/** Path → text. Those called `compose….yml` are given as `-f`, in this order; others only lie there. */
export type Files = Readonly<Record<string, string>>;

export type More = Partial<Omit<LoadInputs, "contents" | "variables">> & {
  readonly variables?: Readonly<Record<string, string>>;
};

/** Loads files as a caller does: what loading needs is read, and it is called again. */
export function answerOf(files: Files, more: More = {}) {
  const contents = new Map<string, string | undefined>();
  const inputs: LoadInputs = {
    files: Object.keys(files).filter((path) => /^compose[^/]*\.yml$/.test(path)),
    projectDirectory: "",
    projectName: "app",
    contents,
    profiles: [],
    dialect: "compose",
    ...more,
    variables: new Map(Object.entries(more.variables ?? {})),
  };
  for (;;) {
    const answer = load(inputs);
    if (answer.kind !== "needs") return answer;
    for (const path of answer.paths) contents.set(path, files[path]);
  }
}

/** The project of files that are right. */
export function projectOf(files: Files, more: More = {}): Project {
  const answer = answerOf(files, more);
  if (answer.kind === "failed")
    throw new Error(answer.diagnostics.map(renderDiagnostic).join("\n"));
  return answer.project;
}

/** One service `web` of a single file, given by what stands below it. */
export const serviceOf = (body: string, more: More = {}) =>
  projectOf({ "compose.yml": `services: {web: {image: a, ${body}}}` }, more).services.web ?? {};

/** What is found wrong, `line:column path message` each. */
export function findings(files: Files, more: More = {}): readonly string[] {
  const answer = answerOf(files, more);
  return (answer.kind === "failed" ? answer.diagnostics : answer.warnings).map(brief);
}

const brief = ({ file, line, column, path, message }: Diagnostic): string =>
  `${file}:${line}:${column} ${path} ${message}`;
