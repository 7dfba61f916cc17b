import { type Data, dataIn, type Project, pathText } from "../compose/project.ts";
import { isError } from "../model/diagnostic.ts";
import { pathOf } from "./provenance.ts";
import { isMapping } from "./read.ts";
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
      const message = untaken(reference);
      const help = "Write what it stands for, or use a variable of the environment.";
      const near = pathOf(project, node, path) ?? node.path;
      report.error({ code: "cannot-honour", path: writtenIn(text, near, project), message, help });
    }
  }
}

/** Where a text, or the part of it that has a reference, stands below a place; else that place. */
function writtenIn(text: string, near: Path, project: Project): Path {
  const all = textsOf(dataIn(project, near) ?? "", near);
  const isPart = (part: string): boolean => part.includes("${AWS::") && text.includes(part);
  return all.find((one) => isPart(one.text))?.path ?? near;
}

/** What is said of a reference that nobody reads. */
export const untaken = (reference: string): string =>
  `${reference} would stay as it is written: nothing takes its place here`;

const isPseudo = (body: string): boolean => body.startsWith("AWS::");

/** Files go into these as they are, whatever they have in them. */
const ofFiles: ReadonlySet<string> = new Set(["Command", "Environment", "Value"]);

function textsOf(
  data: Data,
  path: readonly (string | number)[],
): readonly { readonly path: readonly (string | number)[]; readonly text: string }[] {
  if (typeof data === "string") return [{ path, text: data }];
  if (Array.isArray(data))
    return (data as readonly Data[]).flatMap((item, index) => textsOf(item, [...path, index]));
  if (!isMapping(data)) return [];
  return Object.entries(data).flatMap(([key, item]) =>
    ofFiles.has(key) ? [] : textsOf(item, [...path, key]),
  );
}
