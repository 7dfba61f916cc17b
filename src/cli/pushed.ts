import { isGlob } from "../application/glob.ts";
import { fetchApplication, fetchTip } from "../desired/source.ts";
import { own } from "../model/own.ts";
import type { EnvironmentStatus } from "../model/status.ts";
import type { Ports } from "../ports/ports.ts";
import { isTrue } from "./show.ts";
import type { Place } from "./usage.ts";

/** Commits that are there to be followed; undefined: the caller may not see it, or it follows none. */
interface Pushed {
  readonly application: string | undefined;
  readonly environment: string | undefined;
}

/** What an application and one of its environments are to be at by now. */
export async function pushedTo(
  { application: name, environment }: Place,
  ports: Ports,
): Promise<Pushed> {
  const trunk = await seen(async () => {
    const registration = await ports.registrations.read(name);
    return (
      registration && {
        registration,
        tip: await fetchTip(registration, registration.branch, ports),
      }
    );
  });
  if (trunk === undefined) return { application: undefined, environment: undefined };
  const { registration, tip } = trunk;
  const followed = await seen(async () => {
    const { application } = await fetchApplication(registration, tip, ports);
    const on = own(application.environments, environment)?.on;
    if (on === undefined || !("branch" in on) || isGlob(on.branch)) return undefined;
    return ports.sources.tip(registration.repository, on.branch);
  });
  return { application: tip.commit, environment: followed };
}

/** What cannot be read is not waited for: whatever is wrong with it the controller says. */
async function seen<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch {
    return undefined;
  }
}

/** Whether the controller has looked at what was pushed; what people hold stays where they hold it. */
export async function hasSeen(
  pushed: Pushed,
  { conditions, revision }: EnvironmentStatus,
  { application }: Place,
  { statuses }: Pick<Ports, "statuses">,
): Promise<boolean> {
  const stays = isTrue(conditions, "Held");
  const isThere =
    pushed.environment === undefined || stays || revision.desired === pushed.environment;
  if (!isThere || pushed.application === undefined) return isThere;
  return (await statuses.readApplication(application))?.revision === pushed.application;
}
