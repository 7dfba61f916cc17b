import type { Environment, Follows } from "./application/application.ts";
import { environmentsFollowing } from "./application/follow.ts";
import { isGlob } from "./application/glob.ts";
import { fetchApplication, fetchTip } from "./desired/source.ts";
import type { Loops } from "./loops.ts";
import { digestOf } from "./model/digest.ts";
import { TerminalError } from "./model/errors.ts";
import { environmentKey, imagesKey, parseKey } from "./model/key.ts";
import type { Registration } from "./model/registration.ts";
import { indexedIn, indexPath, mayBeIndexed } from "./model/stack-index.ts";
import { inParallel } from "./parallel.ts";
import type { Ports } from "./ports/ports.ts";
import { instanceOfBranch } from "./promote/instance.ts";
import { dueOf } from "./sweep.ts";
import { triggers } from "./triggers/registry.ts";
import { type Event, type Hint, textOf } from "./triggers/trigger.ts";

/** From any event to the keys it concerns, queued: all that is done before a pass. */
export async function enqueue(
  event: Event,
  ports: Ports,
  loops: Loops,
): Promise<readonly string[]> {
  const hint = read(event);
  const keys = [...new Set(await keysToQueue(hint, ports, loops))];
  const id = textOf(event.id) ?? textOf(event.execution) ?? digestOf(event);
  await ports.queue.send(keys, id);
  ports.log("queued", { event: id, hint, keys });
  return keys;
}

/** What the clock means is looked at first: of everything, little has anything to do. */
async function keysToQueue(hint: Hint, ports: Ports, loops: Loops): Promise<readonly string[]> {
  if (hint.look !== "everything") return keysFor(hint, ports);
  // One clock, whatever else is frozen.
  const now = { ...ports.snapshot(), clock: ports.clock };
  return dueOf(await keysFor(hint, now), now, loops);
}

function read(event: Event): Hint {
  for (const trigger of triggers) {
    const hint = trigger(event);
    if (hint !== undefined) return hint;
  }
  throw new TerminalError("EventUnknown", "No trigger reads this event.");
}

/** The keys that a hint means: where to look, in words of the queue. */
export async function keysFor(hint: Hint, ports: Ports): Promise<readonly string[]> {
  switch (hint.look) {
    case "repository":
      return keysOfAll(({ repository }) => repository === hint.repository, ports, hint.pushed);
    case "application":
      return keysOfApplication(hint.application, ports);
    case "everything":
      return keysOfAll(() => true, ports);
    case "images":
      return keysOfImages(hint.repository, ports);
    case "stack":
      return keysOfStack(hint.name, ports);
    case "environment":
      return keysOfEnvironment(hint.application, hint.environment, ports);
    case "key":
      return parseKey(hint.key) === undefined ? [] : [hint.key];
  }
}

/** Applications looked up at the same time. */
const width = 5;

async function keysOfAll(
  concerns: (registration: Registration) => boolean,
  ports: Ports,
  pushed?: Follows,
): Promise<readonly string[]> {
  const registrations = (await ports.registrations.list()).filter(concerns);
  const keys = await inParallel(registrations, width, (one) => keysOf(one, ports, pushed));
  return keys.flat();
}

/** A registration that is new, changed, broken or gone: the application's status is to say so. */
async function keysOfApplication(application: string, ports: Ports): Promise<readonly string[]> {
  if (parseKey(imagesKey(application)) === undefined) return [];
  try {
    const registration = await ports.registrations.read(application);
    if (registration !== undefined) return await keysOf(registration, ports);
  } catch (error) {
    if (!(error instanceof TerminalError)) throw error;
  }
  return [imagesKey(application)];
}

/**
 * All of an application, or where only some branch or tag moved, the environments that follow it. Its
 * environments are those of `trueup.yaml` now, and those it had: one that left is for its own pass
 * to see.
 */
async function keysOf(
  registration: Registration,
  ports: Ports,
  pushed?: Follows,
): Promise<readonly string[]> {
  const { application: name } = registration;
  const [application, published, recorded] = await Promise.all([
    fetched(registration, ports),
    ports.statuses.readApplication(name),
    ports.records.keys(name),
  ]);
  const keyOf = (environment: string) => environmentKey(name, environment);
  const isTrunk =
    pushed === undefined || ("branch" in pushed && pushed.branch === registration.branch);
  if (application !== undefined && !isTrunk) {
    return environmentsFollowing(application, pushed).flatMap((one) => [
      keyOf(one.name),
      ...instancesOf(one, pushed).map(keyOf),
    ]);
  }
  const environments = [
    ...(published?.environments ?? []),
    ...Object.keys(application?.environments ?? {}),
  ];
  return [...new Set([imagesKey(name), ...environments.map(keyOf), ...recorded])];
}

/** Of a branch that is one of several that an environment follows. */
const instancesOf = ({ name, on }: Environment, pushed: Follows): readonly string[] =>
  "branch" in on && isGlob(on.branch) && "branch" in pushed
    ? [`${name}.${instanceOfBranch(pushed.branch)}`]
    : [];

/** What is asked of an environment is asked of all its instances. */
async function keysOfEnvironment(
  application: string,
  environment: string,
  { records }: Ports,
): Promise<readonly string[]> {
  const key = environmentKey(application, environment);
  if (parseKey(key) === undefined) return [];
  const recorded = await records.keys(application);
  return [key, ...recorded.filter((other) => other.startsWith(`${key}.`))];
}

/** One application that cannot be read must not keep the others from being looked at. */
async function fetched(registration: Registration, ports: Ports) {
  try {
    const tip = await fetchTip(registration, registration.branch, ports);
    return (await fetchApplication(registration, tip, ports)).application;
  } catch (error) {
    const { application } = registration;
    ports.log("application not read", { application, error: String(error) });
    return undefined;
  }
}

/**
 * An application that published its images, and none of that repository, need not be woken. Images
 * under no policy are not published, and it may be one of those that an environment waits for.
 */
async function keysOfImages(repository: string, ports: Ports): Promise<readonly string[]> {
  const registrations = await ports.registrations.list();
  const keys = await inParallel(registrations, width, async ({ application }) => {
    const { environments = [], images = [] } =
      (await ports.statuses.readApplication(application)) ?? {};
    const isOthers = images.length > 0 && images.every((one) => one.repository !== repository);
    const waiting = await waitingIn(application, environments, ports);
    return [...(isOthers ? [] : [imagesKey(application)]), ...waiting];
  });
  return keys.flat();
}

/** Environments that wait for an image. */
async function waitingIn(
  application: string,
  environments: readonly string[],
  { statuses }: Ports,
): Promise<readonly string[]> {
  const waiting = await inParallel(environments, width, async (name) => {
    const status = await statuses.readEnvironment(application, name);
    const waits = status?.conditions.some(({ reason }) =>
      /^Image(?:Missing|Vulnerable)$/.test(reason),
    );
    return waits === true ? [name] : [];
  });
  return waiting.flat().map((name) => environmentKey(application, name));
}

/** An index, written before the first create, says whose a stack is. */
async function keysOfStack(name: string, { artifacts }: Ports): Promise<readonly string[]> {
  const text = mayBeIndexed(name) ? await artifacts.read(indexPath(name)) : undefined;
  const { key = "" } = indexedIn(text, name) ?? {};
  return parseKey(key) === undefined ? [] : [key];
}

/**
 * Works on what a queue record names, with the ports of this pass. An error that was handled ends
 * the message: a wake-up takes its place. What is thrown here was not, and comes back by itself.
 */
export async function work(text: string, ports: Ports, pass: Pass): Promise<void> {
  const began = Date.parse(ports.clock.now());
  const done = (outcome: string, fields: object = {}) =>
    ports.log("worked", {
      key: text,
      outcome,
      milliseconds: Date.parse(ports.clock.now()) - began,
      ...fields,
    });
  try {
    await turn(text, pass);
    done("done");
  } catch (error) {
    if (error instanceof TerminalError) {
      done("stalled", { reason: error.reason, error: error.message });
      return;
    }
    const at = inAMinute(ports.clock.now());
    done("retrying", { at, error: String(error), stack: (error as Error)?.stack });
    await ports.wakeups.set(text, at, "again");
  }
}

/** What one pass has to work with: ports that may run out of time, and the loops. */
export interface Pass {
  readonly ports: Ports;
  readonly loops: Loops;
}

async function turn(text: string, { loops, ports }: Pass): Promise<void> {
  const key = parseKey(text);
  if (key === undefined) throw new TerminalError("KeyUnknown", `"${text}" is no key.`);
  return "environment" in key
    ? loops.reconcile(key.application, key.environment, ports)
    : loops.automate(key.application, ports);
}

/** The least that a wake-up can be set ahead, in the whole seconds it is set in. */
const inAMinute = (now: string): string =>
  new Date(Math.ceil(Date.parse(now) / 1000 + 60) * 1000).toISOString();
