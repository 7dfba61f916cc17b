import type { Project } from "../compose/project.ts";
import { pathText } from "../compose/project.ts";
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
  const add = (severity: Diagnostic["severity"], { code, path, message, help = "" }: Remark) => {
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
export const originOf = (project: Project, path: Path): Origin => ({
  ...project.positionOf(path),
  path: pathText(path),
});

/** For reading a second time what was already remarked upon. */
export const silent: Report = { diagnostics: [], error: () => undefined, warn: () => undefined };
