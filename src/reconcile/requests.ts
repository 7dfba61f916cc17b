import { instanceIn } from "../model/key.ts";
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
  { requests }: Pick<Ports, "requests">,
): Promise<RequestSet> {
  const { environment, instance } = instanceIn(key);
  if (instance === undefined) return requests.read(application, environment);
  const [all, own] = await Promise.all([
    requests.read(application, environment),
    requests.read(application, key),
  ]);
  return {
    ...all,
    requestedAt: own.requestedAt ?? all.requestedAt,
    suspended: own.suspended ?? all.suspended,
    hold: own.hold,
    verifyAt: own.verifyAt ?? all.verifyAt,
    broken: { ...all.broken, ...own.broken },
  };
}
