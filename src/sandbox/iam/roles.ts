import { declaredIn } from "../cloudformation/held.ts";
import type { Context, World } from "../world.ts";
import { type Asked, allows, type Caller } from "./policy.ts";

/** A role, as far as it matters here: who may become it. */
export interface Role {
  readonly arn: string;
  /** Its trust policy. */
  readonly trust: unknown;
  /** Seconds that a session of it may last. */
  readonly longest: number;
  /** Milliseconds since the epoch; of what a stack made it is not kept. */
  readonly made?: number;
}

/** Makes a role known that no stack has. */
export function addRole(world: World, arn: string, trust: unknown): void {
  added(world)[arn] = { arn, trust, longest: usualLongest, made: world.now };
}

const usualLongest = 3600;

const added = (world: World): Record<string, Role> =>
  world.stateOf("iam", { account: "*", region: "*" }, () => ({}));

/** The role of an ARN; undefined: there is none. */
export function roleOf(world: World, arn: string): Role | undefined {
  const account = accountIn(arn);
  return added(world)[arn] ?? stackRoles(world, account).find((role) => role.arn === arn);
}

/** The role of an account by its name alone, which no two have. */
export const roleNamed = (
  name: string,
  { account, world }: Pick<Context, "account" | "world">,
): Role | undefined =>
  [...Object.values(added(world)), ...stackRoles(world, account)].find(
    ({ arn }) => accountIn(arn) === account && arn.endsWith(`/${name}`),
  );

/** Whether a role lets somebody become it. */
export const trusts = (role: Role, who: Pick<Asked, "caller" | "keys">): boolean =>
  allows(role.trust, { action: "sts:AssumeRole", ...who });

/** Who calls, as policies see it. */
export function callerOf({ account, principal, world }: Context): Caller {
  const [, name] = /:assumed-role\/([^/]+)\//.exec(principal) ?? [];
  if (name === undefined) return { account, arn: principal, principalArn: principal };
  const known = roleNamed(name, { account, world });
  // The ARN of a session does not say the path of its role.
  const principalArn = known?.arn ?? `arn:aws:iam::${account}:role/${name}`;
  return { account, arn: principal, principalArn };
}

/** Roles are of an account, whichever region's stack made them. */
const stackRoles = (world: World, account: string): readonly Role[] =>
  world
    .places("cloudformation")
    .filter((place) => place.account === account)
    .flatMap((place) => declaredIn(place, "AWS::IAM::Role"))
    .map(({ attributes, properties }) => ({
      arn: String(attributes.Arn),
      trust: properties.AssumeRolePolicyDocument,
      longest: Number(properties.MaxSessionDuration ?? usualLongest),
    }));

const accountIn = (arn: string): string => arn.split(":")[4] ?? "";
