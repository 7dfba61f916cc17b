import type { Data } from "../../compose/project.ts";
import { isSameJson } from "../../model/same.ts";
import { asMapping, type Reader } from "../read.ts";
import type { Report } from "../report.ts";
import { propertiesIn } from "../scope.ts";
import type { Definition, Given } from "./x-resource.ts";

type Written = Pick<Definition, "given" | "path">;

/**
 * `MacroParameters`, and `Settings`, which is where files from before ComposeX 0.12 have them: of what
 * both say the former count, and it is told.
 */
export function macrosOf<T extends object>(
  read: Reader<T>,
  { given, path }: Written,
  report: Report,
): Partial<T> {
  const older = read(given.Settings ?? null, [...path, "Settings"], report) ?? {};
  const macros = read(given.MacroParameters ?? null, [...path, "MacroParameters"], report) ?? {};
  const own = new Map<string, unknown>(Object.entries(macros));
  for (const [key, old] of Object.entries(older)) {
    if (!own.has(key) || isSameJson(own.get(key), old)) continue;
    const message = `${key} does nothing: MacroParameters.${key} is another`;
    report.warn({ code: "overruled", path: [...path, "Settings", key], message });
  }
  return { ...older, ...macros };
}

/** The engine of what has one, wherever the file names it. */
export const engineIn = (given: Given): Data | undefined =>
  propertiesIn(given).Engine ?? asMapping(given.MacroParameters).Engine;

/** In which of the two a key is that counts. */
export const macroAt = ({ given }: Written, key: string): "MacroParameters" | "Settings" =>
  key in asMapping(given.MacroParameters) ? "MacroParameters" : "Settings";
