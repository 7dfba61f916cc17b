import { digestOf } from "../model/digest.ts";
import { environmentKey, instanceIn } from "../model/key.ts";
import type { Verified } from "../model/verification.ts";
import type { Ports } from "../ports/ports.ts";

/** The environment of a verdict, or an instance of it, and those that take what it has verified. */
interface Of {
  readonly application: string;
  readonly environment: string;
  readonly takers: readonly string[];
}

/** Writes a verdict down and wakes who waits for it: they would look by themselves, with the sweep. */
export async function giveVerdict(
  verified: Verified,
  { application, environment, takers }: Of,
  { queue, verdicts }: Pick<Ports, "queue" | "verdicts">,
): Promise<void> {
  // Of an instance too, what is promoted is what its environment has verified.
  await verdicts.write(application, instanceIn(environment).environment, verified);
  if (takers.length === 0) return;
  const keys = takers.map((taker) => environmentKey(application, taker));
  await queue.send(keys, digestOf([application, verified.revision, verified.run]));
}
