import type { Data, Project } from "../compose/project.ts";
import type { Path, Report } from "./report.ts";

/**
 * Refuses `{{resolve:…}}` anywhere in a compose model: CloudFormation would replace it with a secret
 * or a parameter that the deployer may read, whatever the people who push may.
 */
export function refuseDynamicReferences(project: Project, report: Report): void {
  // Stryker disable next-line ConditionalExpression: it saves a walk, and changes nothing
  if (!project.hasBraces) return;
  const { services, networks, volumes, secrets, configs, extensions } = project;
  walk({ services, networks, volumes, secrets, configs, ...extensions } as Data, [], report);
}

/** One path for the whole walk: it is read only where something is refused. */
function walk(data: Data | undefined, path: (string | number)[], report: Report): void {
  if (typeof data === "string" && isDynamic(data)) refuse(path, report);
  if (typeof data !== "object" || data === null) return;
  for (const [key, item] of Array.isArray(data) ? data.entries() : Object.entries(data)) {
    path.push(key);
    if (isDynamic(String(key))) refuse(path, report);
    walk(item, path, report);
    path.pop();
  }
}

/** However it is written: what CloudFormation makes of blanks and capitals nobody promises. */
const isDynamic = (text: string): boolean => /\{\{\s*resolve\s*:/i.test(text);

const refuse = (path: Path, report: Report): void =>
  report.error({
    code: "dynamic-reference",
    path,
    message: "a dynamic reference ({{resolve:…}}) would be resolved with the deployer's rights",
    help: "Use secrets: with x-secrets, or a Lookup.",
  });
