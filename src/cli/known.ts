import { instanceIn } from "../model/key.ts";
import type { Ports } from "../ports/ports.ts";
import { type Place, UsageError } from "./usage.ts";

type Reading = Pick<Ports, "registrations" | "statuses">;

/** Throws where there is no such environment: what was asked of it would be heard by nobody. */
export async function refuseUnknown(place: Place, ports: Reading): Promise<void> {
  const why = await whyUnknown(place, ports);
  if (why !== undefined) throw new UsageError(why);
}

/** What to tell who asks for something that is not there: that it never will be, or not yet. */
export async function unknown(place: Place, ports: Reading): Promise<UsageError> {
  const key = `${place.application}/${place.environment}`;
  const yet = `Nothing is known of ${key} yet: trueup explain ${key}.`;
  return new UsageError((await whyUnknown(place, ports)) ?? yet);
}

/** Why there is no such environment; undefined: there is one, or may be one soon. */
export async function whyUnknown(
  { application, environment }: Place,
  { registrations, statuses }: Reading,
): Promise<string | undefined> {
  if ((await registrations.read(application)) === undefined) return unregistered(application);
  const { environments = [] } = (await statuses.readApplication(application)) ?? {};
  const { environment: name } = instanceIn(environment);
  if (environments.length === 0 || environments.includes(name)) return undefined;
  // One that left trueup.yaml is still there.
  if ((await statuses.readEnvironment(application, environment)) !== undefined) return undefined;
  return `${application} has ${environments.join(", ")}, and no ${environment}.`;
}

/** What is said of an application that nobody follows. */
export const unregistered = (application: string): string =>
  `${application} is not registered: trueup register.`;
