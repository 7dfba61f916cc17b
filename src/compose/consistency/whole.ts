import type { Dialect } from "../dialect.ts";
import type { Report } from "../report.ts";
import { isNull, type Path, type Tree, textOf } from "../tree.ts";

/** A whole project, for what only shows when it is looked at as one. */
export interface Whole {
  readonly model: Tree;
  /** Services whose profile is off. */
  readonly disabled: ReadonlyMap<string, Tree>;
  readonly report: Report;
  readonly dialect: Dialect;
  /** What `depends_on` may name beside services. */
  readonly families: ReadonlySet<string>;
}

/** One question asked of each service. */
export type ServiceCheck = (service: Tree, path: Path, whole: Whole) => void;

export const isSet = (tree: Tree | undefined): boolean =>
  tree !== undefined && !isNull(tree) && textOf(tree) !== "";

/** Two keys of which only one may be there. */
export function exclusive(
  at: Tree | undefined,
  path: Path,
  keys: readonly [string, string],
  report: Report,
): void {
  if (at === undefined) return;
  report.error(at, path, {
    code: "exclusive-keys",
    message: `${keys.join(" and ")} exclude each other`,
    help: "keep one of the two",
  });
}
