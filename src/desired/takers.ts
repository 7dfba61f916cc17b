import { TerminalError } from "../model/errors.ts";
import { environmentKey, instanceIn } from "../model/key.ts";
import { own } from "../model/own.ts";
import type { Registration } from "../model/registration.ts";
import { inParallel } from "../parallel.ts";
import type { Ports } from "../ports/ports.ts";
import { fetchApplication, fetchCommit } from "./source.ts";

const width = 5;

/**
 * The environments that run in what another hands out, by key: what was deployed of them took its
 * parameters from there. Of what cannot be read it is not known that it did not.
 */
export async function environmentsTaking(from: string, ports: Ports): Promise<readonly string[]> {
  const registrations = await ports.registrations.list();
  const found = await inParallel(registrations, width, async (registration) => {
    const keys = await ports.records.keys(registration.application);
    const others = keys.filter((key) => key !== from);
    const taking = await inParallel(others, width, (key) => taker(key, from, registration, ports));
    return taking.flat();
  });
  return found.flat().sort();
}

async function taker(
  key: string,
  from: string,
  registration: Registration,
  ports: Ports,
): Promise<readonly string[]> {
  const { application } = registration;
  const environment = key.slice(environmentKey(application, "").length);
  const status = await ports.statuses.readEnvironment(application, environment);
  const { deployed, desired } = status?.revision ?? {};
  const revision = deployed ?? desired;
  if (revision === undefined) return [];
  try {
    const source = await fetchCommit(registration, revision, ports);
    const { environments } = (await fetchApplication(registration, source, ports)).application;
    const { parameters } = own(environments, instanceIn(environment).environment) ?? {};
    return parameters !== undefined && "from" in parameters && parameters.from === from
      ? [key]
      : [];
  } catch (error) {
    if (error instanceof TerminalError) return [`${key} (its trueup.yaml cannot be read)`];
    throw error;
  }
}
