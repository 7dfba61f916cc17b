import type { Data, Project } from "../compose/project.ts";
import type { Path, Report } from "./report.ts";

/**
 * Refuses `{{resolve:…}}` anywhere in a compose model: CloudFormation would replace it with a secret
 * or a parameter that the deployer may read, whatever the people who push may.
 */
export function refuseDynamicReferences(project: Project, report: Report): void {
  const { services, networks, volumes, secrets, configs, extensions } = project;
  const sections = { services, networks, volumes, secrets, configs };
  for (const [section, data] of Object.entries(sections)) walk(data as Data, [section], report);
  for (const [key, data] of Object.entries(extensions)) walk(data, [key], report);
}

function walk(data: Data | undefined, path: Path, report: Report): void {
  if (typeof data === "string" && data.includes("{{resolve:")) refuse(path, report);
  if (typeof data !== "object" || data === null) return;
  const entries: readonly (readonly [string | number, Data])[] = Array.isArray(data)
    ? data.map((item: Data, index) => [index, item])
    : Object.entries(data);
  for (const [key, item] of entries) {
    walk(String(key), [...path, key], report);
    walk(item, [...path, key], report);
  }
}

const refuse = (path: Path, report: Report): void =>
  report.error({
    code: "dynamic-reference",
    path,
    message: "a dynamic reference ({{resolve:…}}) would be resolved with the deployer's rights",
    help: "Use secrets: with x-secrets, or a Lookup.",
  });
