import type { Project } from "../../compose/project.ts";
import { shown } from "../../compose/shown.ts";
import type { Properties, Value } from "../../model/template.ts";
import { pairs } from "../read.ts";
import type { Path, Report } from "../report.ts";
import { type Claimed, extension } from "../scope.ts";
import { isTag } from "../services/labels.ts";
import { withoutReferences } from "../values.ts";

const path = ["x-tags"];

/** `x-tags`: a mapping, or a list of Key and Value; tags of every stack, which its resources take on. */
export function tagsOf(project: Project, report: Report): Readonly<Record<string, string>> {
  const data = extension(project, "x-tags") ?? {};
  const tags = pairs(data, path, report) ?? {};
  for (const [key, value] of Object.entries(tags)) {
    if (key === "") {
      report.error({ code: "missing-key", path, message: "a tag without a name is none" });
      continue;
    }
    if (/^(?:aws|trueup):/i.test(key)) {
      const message = `tags that begin with ${key.split(":")[0]}: are not free to use`;
      report.error({ code: "reserved", path: [...path, key], message });
    } else if (value === "" || !isTag(key, withoutReferences(value))) {
      const message = `${shown(key)} is no tag that every service of AWS takes`;
      const help =
        "Tags are of letters, digits, spaces and _.:/=+-@, a value of 256 and not empty, a name of 128.";
      report.error({ code: "wrong-name", path: [...path, key], message, help });
    }
  }
  return tags;
}

/** Of a stack and of a resource, but for those of AWS itself. */
const most = 50;

/** What each stack is told by, in `link`: its application, environment and unit. */
const ownTags = 3;

/** Says of what would have more tags than AWS takes: a resource has those of its stack beside its own. */
export function checkTagCounts(
  nodes: Iterable<Claimed>,
  ofStacks: Readonly<Record<string, string>>,
  report: Report,
): void {
  const shared = Object.keys(ofStacks);
  const room = most - ownTags;
  if (shared.length > room) {
    const message = `${shared.length} tags are too many: a stack has ${most}, and ${ownTags} of them are Trueup's`;
    report.error({ code: "out-of-bounds", path, message, help: `Keep ${room} of them.` });
    return;
  }
  for (const node of nodes) {
    const { Tags } = node.properties;
    if (typeof Tags !== "object") continue;
    const all = new Set([...shared, ...keysOf(Tags)]).size + ownTags;
    if (all <= most) continue;
    const message = `${all} tags are too many: a resource has ${most}, those of its stack among them`;
    const help = `Leave ${all - most} of them out.`;
    report.error({ code: "out-of-bounds", path: placeOf(node), message, help });
  }
}

const keysOf = (tags: Value): readonly string[] =>
  Array.isArray(tags)
    ? (tags as readonly Properties[]).map(({ Key }) => String(Key))
    : Object.keys(tags);

const placeOf = ({ path: at, type, written }: Claimed): Path =>
  type === "AWS::ECS::Service"
    ? [...at, "deploy", "labels"]
    : [...(written ?? [...at, "Properties"]), "Tags"];
