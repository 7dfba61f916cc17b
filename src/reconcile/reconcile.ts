import type { Moment, Scope } from "../desired/moment.ts";
import { ConflictError, NotYetError, TerminalError } from "../model/errors.ts";
import { environmentKey, instanceIn } from "../model/key.ts";
import { isTrue } from "../model/status.ts";
import { inAMinute } from "../plan/next-look.ts";
import { answered, emptyStatus, retryingStatus, standstillStatus } from "../plan/statuses.ts";
import type { Ports } from "../ports/ports.ts";
import { untilComputed } from "./computing.ts";
import { type Course, courseOf } from "./course.ts";
import { report } from "./report.ts";
import { requestsOf } from "./requests.ts";
import { type Next, roll } from "./roll.ts";

/**
 * Takes an environment from what it is towards what its repository says it should be.
 *
 * Level-triggered: whatever woke us, everything is read afresh. So a lost, repeated or late event
 * leads to the same place, and a crash between any two lines costs one more pass, never a wrong
 * write. A pass makes at most one write per stack, then reports. An invocation makes further passes
 * only while there is something to do at once, or while a change set of its own is being computed:
 * no event announces that one.
 */
export async function reconcile(
  application: string,
  environment: string,
  ports: Ports,
): Promise<void> {
  const scope: Scope = { application, environment, ports };
  let slept = 0;
  for (let passes = 0; passes < mostPasses && slept < longestSleep; passes += 1) {
    const next = await pass(scope);
    if (next === "rest") return;
    if (next !== "again") slept += await untilComputed(next, longestSleep - slept);
  }
}

const mostPasses = 20;
const longestSleep = 20_000;

async function pass(scope: Scope): Promise<Next> {
  const { application, environment, ports } = scope;
  // At once: Parameter Store answers all of it in one call.
  const [before = emptyStatus, requests, registration] = await Promise.all([
    ports.statuses.readEnvironment(application, environment),
    requestsOf(application, environment, ports),
    ports.registrations.read(application).catch(unlessTerminal),
  ]);
  const moment: Moment = { ...scope, before, requests, registration, now: ports.clock.now() };
  try {
    return await follow(await courseOf(moment), moment);
  } catch (error) {
    return fail(error, moment);
  }
}

function unlessTerminal(error: unknown): TerminalError {
  if (error instanceof TerminalError) return error;
  throw error;
}

async function follow(course: Course, moment: Moment): Promise<Next> {
  switch (course.kind) {
    case "roll":
      return roll(course.followed, moment);
    case "say":
      await report(course.status, moment);
      return "rest";
    case "forget":
      return forget(moment);
    case "nothing":
      return rest(moment, course.why);
  }
}

/** An instance of which nothing is left: what was said of it would be taken for what is. */
async function forget({ application, environment, ports }: Moment): Promise<Next> {
  await ports.statuses.removeEnvironment(application, environment);
  await ports.records.remove(environmentKey(application, environment));
  const { environment: parent, instance } = instanceIn(environment);
  // That may have been the last of it.
  if (instance !== undefined)
    await ports.wakeups.set(
      environmentKey(application, parent),
      inAMinute(ports.clock.now()),
      "again",
    );
  return "rest";
}

/**
 * Nothing can be said about this environment now; whoever asked is answered all the same. What was
 * under way, or waited for somebody, does not go on, and why is not to be looked for elsewhere.
 */
async function rest(moment: Moment, why: TerminalError | undefined): Promise<Next> {
  const { before, requests } = moment;
  if (before === emptyStatus) return "rest";
  const rested =
    isTrue(before, "Ready") || isTrue(before, "Stalled") || before.conditions.length === 0;
  const said =
    why === undefined || rested ? answered(before, requests) : standstillStatus(why, moment);
  await report(said, moment);
  return "rest";
}

/** A terminal error waits for a new revision or a person; any other is tried again, later. */
async function fail(error: unknown, moment: Moment): Promise<Next> {
  const { application, environment, ports } = moment;
  const isKnown = error instanceof TerminalError || error instanceof NotYetError;
  const reason = isKnown ? error.reason : "Retrying";
  ports.log("pass failed", { application, environment, reason, error: String(error) });
  const key = environmentKey(application, environment);
  if (isKnown) {
    await report(standstillStatus(error, moment), moment);
  } else if (error instanceof ConflictError) {
    // Whoever was faster knows more, and says so.
    await ports.wakeups.set(key, inAMinute(ports.clock.now()), "again");
  } else {
    await report(retryingStatus(error, { ...moment, key }), moment);
  }
  return "rest";
}
