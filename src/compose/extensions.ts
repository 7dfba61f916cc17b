import type { Data, Project } from "./project.ts";
import { topLevel } from "./schema/model.ts";
import type { Shape } from "./schema/shape.ts";

/** A finished model without the `x-*` keys below the top level; free names that begin so stay. */
export const withoutExtensions = (project: Project): Project => ({
  ...project,
  ...Object.fromEntries(sections.map((key) => [key, strip(project[key] as Data, topLevel[key])])),
});

const sections = ["services", "networks", "volumes", "secrets", "configs", "models"] as const;

function strip(data: Data, shape: Shape | undefined): Data {
  if (shape === undefined || typeof data !== "object" || data === null) return data;
  const { dict, list } = shape;
  if (Array.isArray(data))
    return list === undefined ? data : data.map((item) => strip(item, list.of));
  const entries = Object.entries(data);
  if (dict?.kind === "object")
    return Object.fromEntries(
      entries
        .filter(([key]) => dict.fields.has(key) || !key.startsWith("x-"))
        .map(([key, value]) => [key, strip(value, dict.fields.get(key))]),
    );
  if (dict?.kind !== "map") return data;
  return Object.fromEntries(entries.map(([key, value]) => [key, strip(value, dict.of)]));
}
