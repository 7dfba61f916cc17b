import type { Data } from "../../compose/project.ts";
import { asList, asMapping, isMapping, type Reader } from "../read.ts";
import type { Path, Report } from "../report.ts";

/** A definition with `Services` by name, also where they are the list that they were before ComposeX 1.0. */
export function withNamedServices(definition: Data, path: Path, report: Report): Data {
  if (!isMapping(definition) || !Array.isArray(definition.Services)) return definition;
  const at = [...path, "Services"];
  const message = "Services is a mapping by name since ECS ComposeX 1.0";
  const help = "Write NAME: {…} in place of - {name: NAME, …}.";
  report.warn({ code: "old-spelling", path: at, message, help });
  const named = new Map<string, Data>();
  for (const [index, service] of asList(definition.Services).entries()) {
    const { name: given = null, ...wants } = asMapping(service);
    // Load balancers send to several ports of one container.
    const isOther = typeof wants.port === "number" && named.has(String(given));
    const name = isOther ? `${String(given)}:${wants.port}` : given;
    if (typeof name !== "string")
      report.error({ code: "missing-key", path: [...at, index], message: "name is missing" });
    else if (named.has(name) && JSON.stringify(named.get(name)) !== JSON.stringify(wants)) {
      const twice = `${name} is in the list already, and wants something else there`;
      report.error({ code: "same-name", path: [...at, index], message: twice });
    } else named.set(name, wants);
  }
  return { ...definition, Services: Object.fromEntries(named) };
}

/** A mapping whose keys are called by their names of today, of which those of before are told. */
export const renaming =
  (names: Readonly<Record<string, string>>) =>
  (...[data, path, report]: Parameters<Reader<Data>>): Data => {
    if (!isMapping(data)) return data;
    return Object.fromEntries(
      Object.entries(data).map(([key, value]) => {
        const name = Object.hasOwn(names, key) ? names[key] : undefined;
        if (name === undefined) return [key, value];
        const message = `${key} is written ${name}`;
        report.warn({ code: "old-spelling", path: [...path, key], message });
        return [name, value];
      }),
    );
  };

/** Files from before ComposeX 1.0 write these small; it ignored them, we know what is meant. */
export const renamed = renaming({ access: "Access", scaling: "Scaling" });
