import type { Project } from "../../compose/project.ts";
import { isMapping, list, mapOf, object, text } from "../read.ts";
import type { Report } from "../report.ts";
import { extension } from "../scope.ts";

const path = ["x-tags"];
const readPairs = list(object({ Key: text, Value: text }, ["Key", "Value"]));

/** `x-tags`: a mapping, or a list of Key and Value; tags of every stack, which its resources take on. */
export function tagsOf(project: Project, report: Report): Readonly<Record<string, string>> {
  const data = extension(project, "x-tags") ?? {};
  const tags = isMapping(data)
    ? (mapOf(text)(data, path, report) ?? {})
    : Object.fromEntries(
        (readPairs(data, path, report) ?? []).map(({ Key = "", Value = "" }) => [Key, Value]),
      );
  for (const key of Object.keys(tags)) {
    if (!/^(?:aws|trueup):/i.test(key)) continue;
    const message = `tags that begin with ${key.split(":")[0]}: are not free to use`;
    report.error({ code: "reserved", path: [...path, key], message });
  }
  return tags;
}
