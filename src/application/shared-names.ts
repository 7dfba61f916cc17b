import type { Diagnostic } from "../model/diagnostic.ts";
import type { FixedName } from "../model/fixed-name.ts";

/** The names of an environment, as far as its files fix them. */
interface Named {
  readonly environment: string;
  readonly names: readonly FixedName[];
}

/**
 * Names that two environments of one account and region would both give: whoever is deployed
 * second fails, so neither is (design-aws 12).
 */
export function sharedNames(own: Named, other: Named): readonly Diagnostic[] {
  const taken = new Set(other.names.map(keyOf));
  return own.names
    .filter((one) => taken.has(keyOf(one)))
    .map(({ name, origin, type }) => ({
      ...origin,
      severity: "error",
      code: "fixed-name",
      message: `the environment ${other.environment} has ${type} ${name} in the same account, too`,
      help: `Write \${TRUEUP_ENVIRONMENT} into the name, or leave it out.`,
    }));
}

const keyOf = ({ name, type }: FixedName): string => `${type} ${name}`;
