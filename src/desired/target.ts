import type { Environment } from "../application/application.ts";
import type { Target } from "../model/bundle.ts";
import type { Home, Ports } from "../ports/ports.ts";
import type { Place } from "./place.ts";

/** Where an environment's stacks live. */
export const targetAt = async (
  { environment }: Pick<Place, "environment">,
  ports: Ports,
): Promise<Target> => targetOf(environment, await ports.home());

const targetOf = ({ target }: Environment, home: Home): Target => {
  const cloudFormationRole = target.cloudFormationRole ?? home.cloudFormationRole;
  return {
    account: target.account ?? home.account,
    region: target.region ?? home.region,
    ...(target.role === undefined ? {} : { role: target.role }),
    ...(target.externalId === undefined ? {} : { externalId: target.externalId }),
    ...(target.permissionsBoundary === undefined
      ? {}
      : { permissionsBoundary: target.permissionsBoundary }),
    ...(cloudFormationRole === undefined ? {} : { cloudFormationRole }),
  };
};
