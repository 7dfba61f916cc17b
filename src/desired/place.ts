import type { Application, Environment } from "../application/application.ts";
import { checkCeiling } from "../application/ceiling.ts";
import { checkConsents } from "../application/consent.ts";
import { checkLease } from "../application/lease.ts";
import type { PositionOf } from "../application/shaped.ts";
import { invalid, TerminalError } from "../model/errors.ts";
import { instanceIn } from "../model/key.ts";
import { own } from "../model/own.ts";
import type { Registration } from "../model/registration.ts";
import type { Ports } from "../ports/ports.ts";
import type { Moment, Scope } from "./moment.ts";
import {
  type FetchedApplication,
  fetchApplication,
  fetchCommit,
  fetchTip,
  type Source,
} from "./source.ts";
import { withTarget } from "./stored.ts";

/** What `trueup.yaml` at the tip of its branch says of a key: gates and targets are read there. */
export interface Place {
  readonly registration: Registration;
  readonly application: Application;
  readonly environment: Environment;
  /** Which of several, where the key names one. */
  readonly instance: string | undefined;
  readonly positionOf: PositionOf;
  readonly tip: Source;
}

/** A key that no environment of `trueup.yaml` has any more. */
export interface Orphan {
  readonly registration: Registration;
  /** The commit that has no such environment. */
  readonly without: string;
}

/** A key of which nothing can be said, and what is in the way: that stands on the application's status. */
export interface Unread {
  readonly why: TerminalError;
}

/** The environment, or the instance of it, as keys and names of stacks have it. */
export const nameOf = ({
  environment: { name },
  instance,
}: Pick<Place, "environment" | "instance">): string =>
  instance === undefined ? name : `${name}.${instance}`;

/**
 * Where nothing can be said, since the application is not registered or its `trueup.yaml` cannot be
 * read, what is deployed stays as it is. Throws a TerminalError where the environment itself is wrong.
 */
export async function findPlace(
  registration: Moment["registration"],
  { application: name, environment: key, ports }: Scope,
): Promise<Place | Orphan | Unread> {
  if (registration instanceof TerminalError) throw registration;
  if (registration === undefined) return { why: notRegistered(name) };
  const found = await readable(registration, ports);
  if ("why" in found) return found;

  const { application, positionOf, tip } = found;
  const { environment: wanted, instance } = instanceIn(key);
  const written = own(application.environments, wanted);
  if (written === undefined) return { registration, without: tip.commit };
  const of = { commit: tip.commit, positionOf, registration };
  const environment = await withTarget(written, of, ports);
  const home = await ports.home();
  const refusals = checkCeiling(environment, { registration, home }, positionOf);
  if (refusals.length > 0) throw invalid("NotPermitted", refusals);
  const unending = checkLease(environment, positionOf);
  if (unending.length > 0) throw invalid("NotPermitted", unending);
  const endless = endlessIn(environment, positionOf, ports);
  if (endless !== undefined) throw endless;
  return { registration, application, environment, instance, positionOf, tip };
}

/** What is wrong where leave to lose data reaches too far ahead. */
function endlessIn(
  environment: Environment,
  positionOf: PositionOf,
  { clock }: Ports,
): TerminalError | undefined {
  const endless = checkConsents(environment, clock.now().slice(0, 10), positionOf);
  return endless.length === 0 ? undefined : invalid("NotPermitted", endless);
}

/**
 * The same place as a revision's own `trueup.yaml` has it, as far as that may speak for itself: what
 * is compiled and how it is verified, never who has to be asked or where it goes. A revision that
 * did not know the environment yet has nothing to say of it. Throws a TerminalError where it asks for
 * what none may.
 */
export async function placeAt(place: Place, source: Source, ports: Ports): Promise<Place> {
  if (source.commit === place.tip.commit) return place;
  const then = await fetchApplication(place.registration, source, ports);
  const before = own(then.application.environments, place.environment.name);
  const { compose, variables } = then.application;
  const application = { ...place.application, compose, variables };
  if (before === undefined) return { ...place, application };
  const { allow, parameters, verify } = before;
  const compiled = { compose: before.compose, variables: before.variables };
  const environment = { ...place.environment, allow, parameters, verify, ...compiled };
  const endless = endlessIn(environment, then.positionOf, ports);
  if (endless !== undefined) throw Object.assign(endless, { revision: source.commit });
  return { ...place, application, environment, positionOf: then.positionOf };
}

/** The environments that take what this one has verified. */
export const takersOf = ({ application, environment }: Place): readonly string[] =>
  Object.values(application.environments)
    .filter(({ on }) => "environment" in on && on.environment === environment.name)
    .map(({ name }) => name);

/** What `trueup.yaml` at the tip of its branch says; undefined: nothing that can be read. */
export async function findApplication(
  name: string,
  ports: Ports,
): Promise<Application | undefined> {
  const registration = await ports.registrations.read(name);
  const found = registration && (await readable(registration, ports));
  return found === undefined || "why" in found ? undefined : found.application;
}

export const notRegistered = (application: string): TerminalError =>
  new TerminalError(
    "NotRegistered",
    `${application} is not registered any more: nothing of it is followed, and every stack stays as it is.`,
  );

/** A source that cannot be reached is an error all the same. */
async function readable(
  registration: Registration,
  ports: Ports,
): Promise<(FetchedApplication & { readonly tip: Source }) | Unread> {
  try {
    const tip = await fetchTip(registration, registration.branch, ports);
    return { tip, ...(await fetchApplication(registration, tip, ports)) };
  } catch (error) {
    if (error instanceof TerminalError) return { why: error };
    throw error;
  }
}

/** An environment as the file of some commit has it; undefined: it cannot be read, or has none. */
export async function environmentAt(
  name: string,
  key: string,
  commit: string,
  ports: Ports,
): Promise<Environment | undefined> {
  const registration = await ports.registrations.read(name);
  if (registration === undefined) return undefined;
  try {
    const source = await fetchCommit(registration, commit, ports);
    const { application, positionOf } = await fetchApplication(registration, source, ports);
    const environment = own(application.environments, instanceIn(key).environment);
    const of = { commit, positionOf, registration };
    return environment && (await withTarget(environment, of, ports));
  } catch (error) {
    if (error instanceof TerminalError) return undefined;
    throw error;
  }
}
