import type { Data } from "../../compose/project.ts";
import { unreadHelp } from "../docker-integration.ts";
import { isMapping } from "../read.ts";
import type { Path } from "../report.ts";
import type { Scope } from "../scope.ts";

/** `x-…` keys that mean something, by what is beside the services. */
const known: Readonly<Record<"configs" | "networks" | "secrets" | "volumes", readonly string[]>> = {
  configs: [],
  networks: ["x-vpc"],
  secrets: ["x-secrets"],
  volumes: ["x-efs"],
};

/** Parts of a service on which an extension may stand: lists, mappings by name, and single ones. */
const lists = ["configs", "ports", "secrets", "volumes"];
const byName = ["depends_on", "networks"];
const single = ["healthcheck", "logging"];

/** Says of `x-…` keys that stand where nothing reads one. Those of services are told of by themselves. */
export function checkNestedKeys({ project, report }: Pick<Scope, "project" | "report">): void {
  const say = (data: Data | undefined, path: Path, own: readonly string[] = []): void => {
    if (!isMapping(data)) return;
    for (const key of Object.keys(data)) {
      if (!key.startsWith("x-") || own.includes(key)) continue;
      const message = `${key} does nothing here`;
      report.warn({ code: "no-effect", path: [...path, key], message, help: unreadHelp(key, own) });
    }
  };
  for (const what of ["configs", "networks", "secrets", "volumes"] as const)
    for (const [name, one] of Object.entries(project[what])) say(one, [what, name], known[what]);
  for (const [name, service] of Object.entries(project.services))
    for (const [path, part] of partsOf(service)) say(part, ["services", name, ...path]);
}

function partsOf(service: {
  readonly [key: string]: Data | undefined;
}): readonly (readonly [Path, Data | undefined])[] {
  const listed = lists.flatMap((key) => {
    const items = service[key];
    return Array.isArray(items)
      ? items.map((one: Data, index) => [[key, index], one] as const)
      : [];
  });
  const named = byName.flatMap((key) => {
    const items = service[key];
    return isMapping(items)
      ? Object.entries(items).map(([of, one]) => [[key, of], one] as const)
      : [];
  });
  return [...listed, ...named, ...single.map((key) => [[key], service[key]] as const)];
}
