import type { Data } from "../../compose/project.ts";
import { shown } from "../../compose/shown.ts";
import { nearest } from "../../model/nearest.ts";
import { asMapping, boolean, oneOf, type Reader } from "../read.ts";
import { type Path, type Report, silent } from "../report.ts";
import type { Scope } from "../scope.ts";
import { withoutReferences } from "../values.ts";
import { label, type Member } from "./family.ts";

const anything: Reader<unknown> = () => true;

/** The labels of `deploy` that are settings for ECS. */
const labels: Readonly<Record<string, Reader<unknown>>> = {
  "ecs.compute.platform": oneOf("FARGATE", "EC2", "EXTERNAL"),
  "ecs.depends.condition": oneOf("START", "SUCCESS", "HEALTHY", "COMPLETE"),
  "ecs.ephemeral.storage": anything,
  "ecs.essential": boolean,
  "ecs.task.family": anything,
  "ecs.task.family.hostname": anything,
};

const tag = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/** Whether ECS takes a label as a tag of the service: names that begin with `aws:` are AWS's own. */
export const isTag = (key: string, value: string): boolean =>
  tag.test(key) &&
  tag.test(value) &&
  key.length >= 1 &&
  key.length <= 128 &&
  value.length <= 256 &&
  !/^aws:/i.test(key);

/** Says what is wrong with a service's labels for ECS: none of them is dropped in silence. */
export function checkLabels({ service, path }: Member, { report }: Scope): void {
  const given = asMapping(asMapping(service.deploy).labels);
  for (const [name, value] of Object.entries(given)) {
    const at = [...path, "deploy", "labels", name];
    if (!name.startsWith("ecs.")) {
      if (!isTag(name, withoutReferences(String(value)))) {
        const message = `${shown(name)} is not used: ECS takes no such tag, which is what labels become`;
        const help = "Tags are of letters, digits, spaces and _.:/=+-@, and not AWS's own (aws:).";
        report.warn({ code: "no-effect", path: at, message, help });
      }
      continue;
    }
    checkSetting(name, value, at, report);
  }
}

function checkSetting(name: string, value: Data, path: Path, report: Report): void {
  const read = Object.hasOwn(labels, name) ? labels[name] : undefined;
  if (read === undefined) {
    const near = nearest(name, Object.keys(labels));
    if (near === undefined) {
      const message = `the label ${name} does nothing: ECS has no such setting here`;
      const help =
        name === "ecs.launch.type" ? "Write ecs.compute.platform, as it is called now." : "";
      report.warn({ code: "unknown-key", path, message, help });
      return;
    }
    const help = `Did you mean ${near}?`;
    report.error({ code: "unknown-key", path, message: `unknown label ${name}`, help });
  } else if (value !== null && value !== "") read(value, path, report);
}

/** The label `ecs.essential`, if it is there. */
export function essentialLabel({ service }: Member): boolean | undefined {
  const given = label(service, "ecs.essential");
  return given === undefined ? undefined : boolean(given, [], silent);
}
