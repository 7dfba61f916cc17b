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
  families(): ReadonlySet<string>;
}

export interface Service {
  readonly service: Tree;
  readonly path: Path;
}

/** A question asked of what a service says under one key. */
export type ServiceCheck = (value: Tree, of: Service, whole: Whole) => void;

/** The questions, and the key that each is asked of: of services that have it, and of no others. */
export type ServiceChecks = readonly (readonly [key: string, check: ServiceCheck])[];

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

/** Two keys that are there with different values. */
export function inconsistent(
  at: Tree,
  path: Path,
  keys: readonly [string, string],
  report: Report,
): void {
  report.error(at, path, {
    code: "inconsistent",
    message: `${keys.join(" and ")} have different values`,
    help: "keep one of the two",
  });
}
