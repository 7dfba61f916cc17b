import type { Data, Project } from "./project.ts";
import { composeFile } from "./schema/model.ts";
import type { Shape } from "./schema/shape.ts";

/** A finished model without the `x-*` keys below the top level; free names that begin so stay. */
export const withoutExtensions = (project: Project): Project => ({
  ...project,
  ...Object.fromEntries(
    sections.map((key) => [key, strip(project[key] as Data, composeFile.fields[key])]),
  ),
});

const sections = ["services", "networks", "volumes", "secrets", "configs", "models"] as const;

function strip(data: Data, shape: Shape | undefined): Data {
  if (shape === undefined || typeof data !== "object" || data === null) return data;
  if (Array.isArray(data)) {
    const of = one(shape, "list");
    return of?.kind === "list" ? data.map((item) => strip(item, of.of)) : data;
  }
  const entries = Object.entries(data);
  const object = one(shape, "object");
  if (object?.kind === "object")
    return Object.fromEntries(
      entries
        .filter(([key]) => Object.hasOwn(object.fields, key) || !key.startsWith("x-"))
        .map(([key, value]) => [key, strip(value, object.fields[key])]),
    );
  const map = one(shape, "map");
  if (map?.kind !== "map") return data;
  return Object.fromEntries(entries.map(([key, value]) => [key, strip(value, map.of)]));
}

const one = (shape: Shape, kind: Shape["kind"]): Shape | undefined =>
  (shape.kind === "either" ? shape.shapes : [shape]).find((choice) => choice.kind === kind);
