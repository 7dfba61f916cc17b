import { isMapping, type Mapping } from "./read.ts";
import type { Path, Report } from "./report.ts";

/** Says of what stands beside a `Lookup` that it does nothing: what is looked up stays as it is. */
export function warnBesideLookup(given: Mapping, path: Path, report: Report): void {
  for (const key of ["Properties", "MacroParameters", "Scaling", "Settings", "Use"]) {
    const own = given[key] ?? null;
    if (own === null || (isMapping(own) && Object.keys(own).length === 0)) continue;
    const message = `${key} does nothing: what is looked up stays as it is`;
    report.warn({ code: "no-effect", path: [...path, key], message });
  }
}
