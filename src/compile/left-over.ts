import { type Project, pathText } from "../compose/project.ts";
import { isError } from "../model/diagnostic.ts";
import type { Value } from "../model/template.ts";
import { pathOf } from "./provenance.ts";
import type { Path, Report } from "./report.ts";
import type { Claimed } from "./scope.ts";

/**
 * Refuses pseudo parameters that nobody has read where they stand: AWS would be given `${AWS::Region}`
 * for a name. Nothing is looked through unless a file has one.
 */
export function refuseLeftOver(project: Project, nodes: Iterable<Claimed>, report: Report): void {
  const { leftAlone } = project;
  // Who writes `${!AWS::Region}` wants it to be text, and nobody can tell the two apart any more.
  if (!leftAlone.some(isPseudo) || leftAlone.some((body) => body.startsWith("!AWS::"))) return;
  const found = report.diagnostics.filter(isError).map(({ path }) => path);
  for (const node of nodes) {
    // What is wrong with it already may be this.
    if (found.some((path) => path.startsWith(pathText(node.path)))) continue;
    for (const { path, text } of textsOf(node.properties, [])) {
      const [reference] = /\$\{AWS::\w+\}/.exec(text) ?? [];
      if (reference === undefined) continue;
      const message = `${reference} would stay as it is written: nothing takes its place here`;
      const help = "Write what it stands for, or use a variable of the environment.";
      const near = pathOf(project, node, path) ?? node.path;
      report.error({ code: "cannot-honour", path: writtenIn(text, near, project), message, help });
    }
  }
}

/** Where a text, or the part of it that has a reference, stands below a place; else that place. */
function writtenIn(text: string, near: Path, { extensions, ...model }: Project): Path {
  // The model of a project is plain data, whose interface has no index signature.
  let data: Value | undefined = { ...model, ...extensions } as unknown as Value;
  for (const key of near) data = below(data, key);
  const all = data === undefined ? [] : textsOf(data, near);
  const isPart = (part: string): boolean => part.includes("${AWS::") && text.includes(part);
  return all.find((one) => isPart(one.text))?.path ?? near;
}

const below = (data: Value | undefined, key: string | number): Value | undefined =>
  typeof data === "object"
    ? (data as { readonly [key: string | number]: Value | undefined })[key]
    : undefined;

const isPseudo = (body: string): boolean => body.startsWith("AWS::");

/** Files go into these as they are, whatever they have in them. */
const ofFiles: ReadonlySet<string> = new Set(["Command", "Environment", "Value"]);

function textsOf(
  value: Value,
  path: readonly (string | number)[],
): readonly { readonly path: readonly (string | number)[]; readonly text: string }[] {
  if (typeof value === "string") return [{ path, text: value }];
  if (typeof value !== "object") return [];
  if (Array.isArray(value))
    return (value as readonly Value[]).flatMap((item, index) => textsOf(item, [...path, index]));
  return Object.entries(value as { readonly [key: string]: Value }).flatMap(([key, item]) =>
    ofFiles.has(key) ? [] : textsOf(item, [...path, key]),
  );
}
