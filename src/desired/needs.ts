import { TerminalError } from "../model/errors.ts";
import type { Gate } from "../model/gates.ts";
import { parseKey } from "../model/key.ts";
import { own } from "../model/own.ts";
import { isReady } from "../plan/instances.ts";
import type { Ports } from "../ports/ports.ts";
import { fetchApplication, fetchTip } from "./source.ts";

/**
 * Which of the environments that one needs are not settled, as gates of its own. Only then is it
 * looked at what those need in turn: who waits for himself would wait for ever, and is told so.
 */
export async function unmetNeeds(
  key: string,
  needs: readonly string[],
  ports: Ports,
): Promise<readonly Gate[]> {
  const found = await Promise.all(needs.map((need) => unmet(need, ports)));
  const gates = found.flatMap((gate) => gate ?? []);
  if (gates.length > 0) await refuseCircle([key], needs, ports);
  return gates;
}

async function unmet(need: string, { statuses }: Ports): Promise<Gate | undefined> {
  const { application, environment } = parsed(need);
  const status = await statuses.readEnvironment(application, environment);
  // What has instances says by itself whether they are as they should be, and may need none.
  const hasArrived =
    status?.instances !== undefined || status?.revision.desired === status?.revision.deployed;
  const isSettled = isReady(status) && hasArrived;
  return isSettled ? undefined : { reason: "NeedsUnmet", message: `${need} is not ready` };
}

/** As deep as anybody may need something of somebody who needs something. */
const deepest = 10;

/** Throws a TerminalError where somebody on the way from the last of the trail is on the trail. */
export async function refuseCircle(
  trail: readonly string[],
  needs: readonly string[],
  ports: Ports,
): Promise<void> {
  for (const need of needs) {
    const way = [...trail, need];
    if (trail.includes(need)) {
      throw new TerminalError("NeedsCircle", `It waits for itself: ${way.join(" needs ")}.`);
    }
    if (trail.length < deepest) await refuseCircle(way, await needsOf(need, ports), ports);
  }
}

/** What an environment needs, or takes its parameters from; of one that cannot be read nobody knows, and it is waited for. */
async function needsOf(key: string, ports: Ports): Promise<readonly string[]> {
  const { application, environment } = parsed(key);
  const registration = await ports.registrations.read(application);
  if (registration === undefined) return [];
  try {
    const tip = await fetchTip(registration, registration.branch, ports);
    const found = await fetchApplication(registration, tip, ports);
    const other = own(found.application.environments, environment);
    if (other === undefined) return [];
    const { needs, parameters } = other;
    return "from" in parameters ? [...needs, parameters.from] : needs;
  } catch (error) {
    if (error instanceof TerminalError) return [];
    throw error;
  }
}

function parsed(key: string): { readonly application: string; readonly environment: string } {
  const found = parseKey(key);
  if (found !== undefined && "environment" in found) return found;
  throw new TerminalError("NeedsUnknown", `${key} is no environment of an application.`);
}
