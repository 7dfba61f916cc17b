import type { Change } from "../model/plan.ts";

/** A stack that goes and one that comes in its place, with the same resources under other names. */
export interface Rename {
  readonly from: string;
  readonly to: string;
}

/**
 * What looks like a renamed service. To CloudFormation a name is an identity: what is called
 * otherwise is deleted and made anew.
 */
export function renames(changes: readonly Change[]): readonly Rename[] {
  const stacks = Map.groupBy(changes, ({ stack }) => stack);
  const gone = [...stacks].filter(([, all]) => all.every(({ action }) => action === "remove"));
  const come = [...stacks].filter(([, all]) => all.every(({ action }) => action === "add"));
  return gone.flatMap(([from, all]) => {
    const alike = come.filter(([, others]) => typesOf(others) === typesOf(all));
    return alike.map(([to]) => ({ from, to }));
  });
}

const typesOf = (changes: readonly Change[]): string =>
  changes
    .map(({ type }) => type)
    .sort()
    .join(" ");
