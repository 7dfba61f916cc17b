import { instanceIn } from "../model/key.ts";
import type { Ports } from "../ports/ports.ts";
import { type Place, UsageError } from "./usage.ts";

/** Throws where there is no such environment: what was asked of it would be heard by nobody. */
export async function refuseUnknown(
  { application, environment }: Place,
  { registrations, statuses }: Pick<Ports, "registrations" | "statuses">,
): Promise<void> {
  const published = await statuses.readApplication(application);
  if (published === undefined) {
    if ((await registrations.read(application)) !== undefined) return;
    throw new UsageError(`${application} is not registered.`);
  }
  const { environments } = published;
  const { environment: name } = instanceIn(environment);
  if (environments.length === 0 || environments.includes(name)) return;
  // One that left trueup.yaml is still there.
  if ((await statuses.readEnvironment(application, environment)) !== undefined) return;
  throw new UsageError(`${application} has ${environments.join(", ")}, and no ${environment}.`);
}
