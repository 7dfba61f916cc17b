import { type Parameters, parameterNames } from "../application/application.ts";
import { hasInstances } from "../application/instances.ts";
import { stampOutput } from "../link/digests.ts";
import { unitOf } from "../link/units.ts";
import type { Origin, Target } from "../model/bundle.ts";
import { invalid, NotYetError, TerminalError } from "../model/errors.ts";
import { environmentKey } from "../model/key.ts";
import type { ObservedStack } from "../model/observed.ts";
import { stackClassOf } from "../model/phases.ts";
import { sessionName } from "../model/session.ts";
import { inParallel } from "../parallel.ts";
import type { Ports } from "../ports/ports.ts";
import { refuseCircle } from "./needs.ts";
import { findPlace, type Place } from "./place.ts";
import { knownStacks } from "./presence.ts";
import { targetAt } from "./target.ts";

/** Who takes them. */
interface Taker {
  /** `application/environment`. */
  readonly by: string;
  readonly target: Target;
  /** The line that says from where. */
  readonly origin: Origin;
}

/**
 * What an environment hands out to another: those outputs of its shared stack that `parameters` may
 * be, read with its own target's credentials. Throws a NotYetError while it is not deployed, and a
 * TerminalError where there is no such environment, or nothing of it can be taken.
 */
export async function takenFrom(from: string, taker: Taker, ports: Ports): Promise<Parameters> {
  await refuseCircle([taker.by], [from], ports);
  const place = await placeOf(from, taker, ports);
  const target = await targetAt(place, ports);
  if (target.region !== taker.target.region)
    throw refused(taker, `${from} is in ${target.region}, and this is in ${taker.target.region}`);
  const stacks = await sharedStacks(place, target, ports);
  const moving = stacks.find((stack) => !isTold(stack));
  if (moving !== undefined)
    throw new NotYetError(`${from} is not ready: ${moving.name} is ${moving.status}`);
  if (stacks.length === 0) throw new NotYetError(`${from} is not deployed yet`);
  const taken = Object.assign({}, ...stacks.map(({ outputs }) => handedOut(outputs)));
  if (Object.keys(taken).length > 0) return taken;
  throw refused(
    taker,
    `${from} hands out nothing`,
    "An application without services does, where its files say x-vpc, x-cluster, x-cloudmap, x-route53 or x-acm.",
  );
}

const handedOut = (outputs: ObservedStack["outputs"]): Parameters =>
  Object.fromEntries(
    parameterNames.flatMap((name) => {
      const value = outputs[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );

/** At rest, and deployed by this controller: only then outputs are what they say. */
const isTold = ({ outputs, status }: ObservedStack): boolean =>
  ["settled", "reverted"].includes(stackClassOf(status)) && outputs[stampOutput] !== undefined;

async function placeOf(from: string, taker: Taker, ports: Ports): Promise<Place> {
  const [application = "", environment = ""] = from.split("/");
  const found = await ports.registrations
    .read(application)
    .then((registration) => findPlace(registration, { application, environment, ports }))
    .catch((error) => {
      // What is wrong with the other environment is told there.
      throw error instanceof TerminalError
        ? new NotYetError(`${from} is stalled: ${error.reason}`)
        : error;
    });
  if ("why" in found)
    throw new NotYetError(`${application} is not registered, or its trueup.yaml cannot be read`);
  if ("without" in found) throw refused(taker, `${application} has no environment ${environment}`);
  if (hasInstances(found.environment))
    throw refused(taker, `${from} has instances, and none of them is meant`);
  return found;
}

const shared: readonly string[] = (["per-service", "single"] as const).map((layout) =>
  unitOf({ layer: "base" }, layout),
);

/** The stacks in which an environment has what it shares. */
async function sharedStacks(
  place: Place,
  target: Target,
  ports: Ports,
): Promise<readonly ObservedStack[]> {
  const [application, environment] = [place.application.name, place.environment.name];
  const stacks = ports.stacks(target, sessionName(application, environment));
  const { record } = await ports.records.read(environmentKey(application, environment));
  const known = await knownStacks(record, { application, environment }, stacks);
  const wanted = known.filter(({ unit }) => shared.includes(unit));
  const found = await inParallel(wanted, 2, ({ name }) => stacks.describe(name));
  return found.flatMap((stack) =>
    stack === undefined || stackClassOf(stack.status) === "absent" ? [] : [stack],
  );
}

const refused = ({ origin }: Taker, message: string, help = ""): TerminalError =>
  invalid("ParametersUnknown", [
    { ...origin, severity: "error", code: "unknown-parameters", message, help },
  ]);
