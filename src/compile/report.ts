import { type Data, dataAt, type Project, pathText } from "../compose/project.ts";
import type { Origin } from "../model/bundle.ts";
import type { Diagnostic } from "../model/diagnostic.ts";

/** A place in the compose model: keys and indexes from its top. */
export type Path = readonly (string | number)[];

/** One thing to say about the source. */
interface Remark {
  readonly code: string;
  readonly path: Path;
  readonly message: string;
  readonly help?: string;
}

/** Collects everything there is to say, so that a person hears it all at once. */
export interface Report {
  readonly diagnostics: Diagnostic[];
  error(remark: Remark): void;
  warn(remark: Remark): void;
}

export function reportOn(project: Project): Report {
  const diagnostics: Diagnostic[] = [];
  // A service in several families is looked at once for each.
  const said = new Set<string>();
  const add = (severity: Diagnostic["severity"], remark: Remark) => {
    const { code, message, help = "" } = remark;
    const path = writtenAt(project, remark.path);
    const place = pathText(path);
    const whole = [severity, code, place, message].join("\n");
    if (said.has(whole)) return;
    said.add(whole);
    diagnostics.push({ ...project.positionOf(path), severity, code, path: place, message, help });
  };
  return {
    diagnostics,
    error: (remark) => add("error", remark),
    warn: (remark) => add("warning", remark),
  };
}

/** Where what is at `path` comes from. */
export function originOf(project: Project, path: Path): Origin {
  const at = writtenAt(project, path);
  return { ...project.positionOf(at), path: pathText(at) };
}

/** `Services` of early files have small letters, or are a list with names in its items. */
function writtenAt({ extensions }: Project, path: Path): Path {
  if (path[2] !== "Services") return path;
  const [kind = "", name = "", section = "", service = "", ...rest] = path;
  const Services = dataAt(extensions[kind], [name, section]);
  const own =
    Array.isArray(Services) && typeof service === "string"
      ? Services.findIndex((item: Data) => dataAt(item, ["name"]) === service)
      : service;
  if (own === -1 || path.length === 3) return path;
  const [key, ...more] = rest;
  const small = String(key).toLowerCase();
  const isSmall = key !== small && dataAt(Services, [own, small]) !== undefined;
  return [kind, name, section, own, ...(isSmall ? [small, ...more] : rest)];
}

/** For reading a second time what was already remarked upon. */
export const silent: Report = { diagnostics: [], error: () => undefined, warn: () => undefined };
