import { globMatches } from "../application/glob.ts";
import { instanceOfBranch } from "./instance.ts";

/** A branch that has an instance of an environment to itself. */
export interface Branch {
  readonly instance: string;
  readonly name: string;
  readonly commit: string;
}

/** The branches that a pattern means, by instance. */
export const branchesMatching = (
  glob: string,
  branches: ReadonlyMap<string, string>,
): readonly Branch[] =>
  [...branches]
    .filter(([name]) => globMatches(glob, name))
    .map(([name, commit]) => ({ instance: instanceOfBranch(name), name, commit }))
    .sort(byInstance);

const byInstance = (a: Branch, b: Branch): number =>
  // Stryker disable next-line EqualityOperator: neither of the same instance comes first
  a.instance < b.instance ? -1 : 1;

/** Branches that would share an instance: neither is deployed to. */
export const clashing = (branches: readonly Branch[]): readonly Branch[] =>
  branches.filter(({ instance }, index) =>
    branches.some((other, at) => at !== index && other.instance === instance),
  );

/** How long a branch has to be gone before its environment goes too. */
export const goneSeconds = 600;

/**
 * Whether the instance of a branch that is gone may begin to go now. They go one at a time, or a
 * tenth of all at once: what made many branches vanish together may be a mistake.
 */
export function mayLeave(
  instance: string,
  { all, leaving }: { readonly all: readonly string[]; readonly leaving: readonly string[] },
): boolean {
  const atOnce = Math.max(1, Math.floor(all.length / 10));
  return leaving.toSorted().indexOf(instance) < atOnce;
}
