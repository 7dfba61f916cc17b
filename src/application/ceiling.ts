import type { Diagnostic } from "../model/diagnostic.ts";
import { type ApprovalRule, stricter } from "../model/gates.ts";
import { globbed } from "../model/glob.ts";
import type { OpenLookup } from "../model/lookup.ts";
import type { Ceiling, HostRight, Registration } from "../model/registration.ts";
import type { Window } from "../model/window.ts";
import type { Environment } from "./application.ts";
import type { PositionOf } from "./shaped.ts";
import { boundaryOf } from "./target.ts";

/** The account and region that the controller itself runs in: what `target:` leaves out. */
export interface Home {
  readonly account: string;
  readonly region: string;
  /** What its own role demands of every role it makes. */
  readonly permissionsBoundary?: string;
}

/**
 * All in which an environment asks for more than its registration allows. Every pattern that
 * matches its name is a limit, so that adding one can only narrow. A name that none matches may
 * nothing. Roles that `target:` leaves out are the installation's own: they serve its own account.
 */
export function checkCeiling(
  { name, target }: Environment,
  { registration, home }: { readonly registration: Registration; readonly home: Home },
  positionOf: PositionOf,
): readonly Diagnostic[] {
  const refuse = (key: string | undefined, message: string, help: string): Diagnostic => {
    const keys = ["environments", name, ...(key === undefined ? [] : ["target", key])];
    const path = keys.join(".");
    return { ...positionOf(keys), severity: "error", code: "not-permitted", path, message, help };
  };
  const ceilings = ceilingsOver(name, registration);
  if (ceilings.length === 0) {
    const help = `have \`${name}\`, or a pattern such as "*", put in the registration`;
    return [refuse(undefined, "no environment of the registration has this name", help)];
  }

  const account = target.account ?? home.account;
  const asked: readonly (readonly [string, string | undefined, readonly Allowed[]])[] = [
    ["account", account, ceilings.map(({ accounts }) => accounts)],
    ["region", target.region ?? home.region, ceilings.map(({ regions }) => regions)],
    ["role", target.role, ceilings.map(({ roles }) => roles)],
    ["cloudformationRole", target.cloudFormationRole, ceilings.map(({ roles }) => roles)],
  ];
  const isAllowed = (value: string, limits: readonly Allowed[]) =>
    limits.every((allowed) => allowed?.includes(value) ?? true);
  const refuseValue = (key: string, value: string) =>
    refuse(key, `the registration does not allow \`${value}\``, "ask for it to be put there");
  const wide = asked.flatMap(([key, value, limits]) => {
    if (value !== undefined) return isAllowed(value, limits) ? [] : [refuseValue(key, value)];
    return account === home.account
      ? []
      : [refuse(key, `is missing for account ${account}`, "name both roles of that account")];
  });

  const bounds = ceilings.flatMap(({ boundaries }) =>
    boundaries === undefined ? [] : [boundaries],
  );
  const key = "permissionsBoundary";
  const boundary = boundaryOf(target, home);
  if (boundary !== undefined) {
    return isAllowed(boundary, bounds) ? wide : [...wide, refuseValue(key, boundary)];
  }
  if (bounds.length === 0) return wide;
  const help = `name ${bounds.map((allowed) => allowed.join(" or ")).join(", and ")}`;
  const missing = "is missing: the registration asks for a boundary of all roles";
  return [...wide, refuse(key, missing, help)];
}

/**
 * All lookups by a role that the registration does not allow. Whoever writes a compose file names
 * these roles, and the controller would assume them.
 */
export function checkLookups(
  open: readonly OpenLookup[],
  environment: string,
  registration: Registration,
): readonly Diagnostic[] {
  const ceilings = ceilingsOver(environment, registration);
  return open
    .filter(({ lookup: { role } }) =>
      ceilings.some(({ roles }) => role !== undefined && roles?.includes(role) === false),
    )
    .map(({ lookup, origin }) => ({
      ...origin,
      severity: "error",
      code: "not-permitted",
      message: `the registration does not allow \`${lookup.role}\``,
      help: "ask for it to be put there",
    }));
}

/** What the names of an environment's stacks begin with; undefined: the installation's own. */
export const prefixOf = (environment: string, registration: Registration): string | undefined =>
  ceilingsOver(environment, registration).find(({ prefix }) => prefix !== undefined)?.prefix;

/** The least approval that an environment has whatever its file says; undefined: none. */
export const floorOf = (
  environment: string,
  registration: Registration,
): ApprovalRule | undefined =>
  ceilingsOver(environment, registration)
    .map(({ approval }) => approval)
    .reduce(stricter, undefined);

/** ARN patterns of who may approve, a list for each limit: whoever may is on all of them. */
export const approversOf = (
  environment: string,
  registration: Registration,
): readonly (readonly string[])[] =>
  ceilingsOver(environment, registration).flatMap(({ approvers }) =>
    approvers === undefined ? [] : [approvers],
  );

/** What tasks of an environment may not have of their host, by any of its limits. */
export const deniedTo = (environment: string, registration: Registration): ReadonlySet<HostRight> =>
  new Set(ceilingsOver(environment, registration).flatMap(({ deny = [] }) => deny));

/** Windows that the registration keeps: each list is a gate of its own. */
export const windowsOver = (
  environment: string,
  registration: Registration,
): readonly (readonly Window[])[] =>
  ceilingsOver(environment, registration).flatMap(({ windows }) =>
    windows === undefined ? [] : [windows],
  );

type Allowed = readonly string[] | undefined;

/** The limits that cover an environment, the most particular pattern first. */
function ceilingsOver(environment: string, { environments }: Registration): readonly Ceiling[] {
  const particular = (pattern: string): number =>
    pattern.includes("*") ? pattern.replaceAll("*", "").length : Number.POSITIVE_INFINITY;
  // Stryker disable next-line EqualityOperator: no two patterns are the same text
  const order = (a: string, b: string): number => particular(b) - particular(a) || (a < b ? -1 : 1);
  return Object.entries(environments)
    .filter(([pattern]) => globbed(pattern).test(environment))
    .sort(([a], [b]) => order(a, b))
    .map(([, ceiling]) => ceiling);
}
