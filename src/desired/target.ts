import type { Environment } from "../application/application.ts";
import { boundaryOf } from "../application/target.ts";
import type { Target } from "../model/bundle.ts";
import type { EnvironmentRecord } from "../model/record.ts";
import type { Home, Ports } from "../ports/ports.ts";
import type { Place } from "./place.ts";

/** Where an environment's stacks live. */
export const targetAt = async (
  { environment }: Pick<Place, "environment">,
  ports: Ports,
): Promise<Target> => targetOf(environment, await ports.home());

/**
 * Where what an instance has is, that is to go: where it was put, whatever `trueup.yaml` says by now.
 * Looked for elsewhere it would not be there, and be forgotten.
 */
export async function whereabouts(
  { settings }: Pick<EnvironmentRecord, "settings">,
  place: Pick<Place, "environment">,
  ports: Ports,
): Promise<Target> {
  const wanted = await targetAt(place, ports);
  const before = settings?.target;
  return before === undefined || isSamePlace(before, wanted) ? wanted : before;
}

export const isSamePlace = (one: Target, other: Target): boolean =>
  one.account === other.account && one.region === other.region;

/** As `trueup.yaml` says, and otherwise as at home. */
export const targetOf = (
  { target }: Pick<Environment, "target">,
  home: Pick<Home, "account" | "cloudFormationRole" | "permissionsBoundary" | "region">,
): Target => {
  const cloudFormationRole = target.cloudFormationRole ?? home.cloudFormationRole;
  const permissionsBoundary = boundaryOf(target, home);
  return {
    account: target.account ?? home.account,
    region: target.region ?? home.region,
    ...(target.role === undefined ? {} : { role: target.role }),
    ...(target.externalId === undefined ? {} : { externalId: target.externalId }),
    ...(permissionsBoundary === undefined ? {} : { permissionsBoundary }),
    ...(cloudFormationRole === undefined ? {} : { cloudFormationRole }),
  };
};
