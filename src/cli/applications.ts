import { instanceIn } from "../model/key.ts";
import { isRefused } from "../model/refused.ts";
import type { Registration } from "../model/registration.ts";
import type { ApplicationStatus } from "../model/status.ts";
import type { Ports } from "../ports/ports.ts";
import { unlessRefused } from "../refused.ts";
import { unregistered } from "./known.ts";
import { UsageError } from "./usage.ts";

/** The applications that are followed, or the one of that name. Throws a UsageError where there is none. */
export async function registered(
  only: string | undefined,
  { registrations }: Pick<Ports, "registrations">,
): Promise<readonly Registration[]> {
  const all = await registrations.list();
  const wanted = all.filter(({ application }) => only === undefined || application === only);
  if (only !== undefined && wanted.length === 0) throw new UsageError(unregistered(only));
  return wanted;
}

/** What is said where nothing is followed at all. */
export const noneRegistered = "No application is registered: trueup register.";

/** Those of trueup.yaml, then those that left it and are remembered, since they have something. */
export async function environmentsOf(
  application: string,
  status: ApplicationStatus | undefined,
  { records }: Pick<Ports, "records">,
): Promise<readonly string[]> {
  const named = status?.environments ?? [];
  const kept = await unlessRefused(() => records.keys(application));
  if (isRefused(kept)) return named;
  // What has instances is itself not remembered: they are.
  const left = kept.map((key) => instanceIn(key.slice(application.length + 1)).environment);
  return [...new Set([...named, ...left.sort()])];
}
