import { environmentKey, instanceIn } from "../model/key.ts";
import type { RequestSet } from "../model/requests.ts";
import type { Ports } from "../ports/ports.ts";

/**
 * What people ask of an environment. Of an instance they ask by the environment's name, since they
 * cannot know how it will be called; what may be asked of one alone is a look, a hold, another
 * verification, and that it keeps still.
 */
export async function requestsOf(
  application: string,
  key: string,
  { leases, requests }: Pick<Ports, "leases" | "requests">,
): Promise<RequestSet> {
  const { environment, instance } = instanceIn(key);
  if (instance === undefined) return requests.read(application, environment);
  const [all, own] = await Promise.all([
    requests.read(application, environment),
    requests.read(application, key),
  ]);
  const lease = own.hold && (await leases.read(environmentKey(application, key)))?.lease;
  // It is at the revision of its lease: held at another it would be said to be there, and not be.
  const isVain = lease !== undefined && lease.revision !== own.hold?.revision;
  const whole = `${application}/${environment}`;
  const vain = `an instance is of one revision for good: trueup release-hold ${application}/${key}, then trueup rollback ${whole} REVISION`;
  return {
    ...all,
    requestedAt: own.requestedAt ?? all.requestedAt,
    suspended: own.suspended ?? all.suspended,
    hold: isVain ? undefined : own.hold,
    verifyAt: own.verifyAt ?? all.verifyAt,
    broken: { ...all.broken, ...own.broken, ...(isVain ? { hold: vain } : {}) },
  };
}
