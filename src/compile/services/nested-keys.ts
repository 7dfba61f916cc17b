import type { Data, Service } from "../../compose/project.ts";
import { unreadHelp } from "../docker-integration.ts";
import { isMapping, type Mapping } from "../read.ts";
import type { Path, Report } from "../report.ts";
import type { Scope } from "../scope.ts";

/** `x-…` keys that mean something, by what is beside the services. */
const known: Readonly<Record<"configs" | "networks" | "secrets" | "volumes", readonly string[]>> = {
  configs: [],
  networks: ["x-vpc"],
  secrets: ["x-secrets"],
  volumes: ["x-efs"],
};

/** Parts of a service on which an extension may stand: each of several, and single ones. */
const several = ["configs", "depends_on", "networks", "ports", "secrets", "volumes"];
const single = ["healthcheck", "logging"];

/** Says of `x-…` keys that stand where nothing reads one. Those of services are told of by themselves. */
export function checkNestedKeys({ project, report }: Pick<Scope, "project" | "report">): void {
  for (const what of ["configs", "networks", "secrets", "volumes"] as const)
    checkEach(project[what], [what], known[what], report);
  for (const name in project.services) {
    const service = project.services[name] as Service;
    for (const key of several) checkEach(service[key], ["services", name, key], [], report);
    for (const key of single) check(service[key], ["services", name, key], [], report);
  }
}

/** What a list or a mapping has, each for itself. */
function checkEach(
  data: Data | undefined,
  path: Path,
  own: readonly string[],
  report: Report,
): void {
  if (typeof data !== "object" || data === null) return;
  const isList = Array.isArray(data);
  for (const at in data) {
    const one = (data as Mapping)[at];
    if (hasExtension(one)) check(one, [...path, isList ? Number(at) : at], own, report);
  }
}

/** Looked at first: in most files there is none, and no path has to be put together. */
function hasExtension(data: Data | undefined): boolean {
  if (isMapping(data)) for (const key in data) if (key.startsWith("x-")) return true;
  return false;
}

function check(data: Data | undefined, path: Path, own: readonly string[], report: Report): void {
  if (!isMapping(data)) return;
  for (const key in data) {
    if (!key.startsWith("x-") || own.includes(key)) continue;
    const message = `${key} does nothing here`;
    report.warn({
      code: "no-effect",
      path: [...path, key],
      message,
      help: unreadHelp(key, own),
    });
  }
}
