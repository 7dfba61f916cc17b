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

/** Parts of a service on which an extension may stand: each of several, and single ones. */
const several = ["configs", "depends_on", "networks", "ports", "secrets", "volumes"];
const single = ["healthcheck", "logging"];

/** Says of `x-…` keys that stand where nothing reads one. Those of services are told of by themselves. */
export function checkNestedKeys({ project, report }: Pick<Scope, "project" | "report">): void {
  // A path is put together for what is told of, which in most files is nothing.
  const look = (data: Data | undefined, own: readonly string[], pathOf: () => Path): void => {
    if (!isMapping(data)) return;
    for (const key in data) {
      if (!key.startsWith("x-") || own.includes(key)) continue;
      const message = `${key} does nothing here`;
      const help = unreadHelp(key, own);
      report.warn({ code: "no-effect", path: [...pathOf(), key], message, help });
    }
  };
  for (const what of ["configs", "networks", "secrets", "volumes"] as const)
    each(project[what], (one, name) => look(one, known[what], () => [what, name]));
  for (const [name, service] of Object.entries(project.services)) {
    for (const key of several) {
      const own = service[key];
      if (own !== undefined)
        each(own, (one, at) => look(one, [], () => ["services", name, key, at]));
    }
    for (const key of single) {
      const own = service[key];
      if (own !== undefined) look(own, [], () => ["services", name, key]);
    }
  }
}

/** What a list or a mapping has, each with where it is there. */
function each(
  data: Data | undefined,
  visit: (one: Data | undefined, at: number | string) => void,
): void {
  if (Array.isArray(data)) for (const [index, one] of data.entries()) visit(one as Data, index);
  else if (isMapping(data)) for (const key in data) visit(data[key], key);
}
