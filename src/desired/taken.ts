import { inForce, type Promotion } from "../model/requests.ts";
import type { Verified } from "../model/verification.ts";
import type { Ports } from "../ports/ports.ts";
import { type Chosen, chosenFrom } from "../promote/chosen.ts";
import { type Wanted, wantedFrom } from "../promote/wanted.ts";
import type { Moment } from "./moment.ts";

/** What an environment takes from another, and what was verified in it itself. */
export interface Taken {
  readonly wanted: Wanted;
  readonly here: readonly Verified[];
}

/** By the verdicts of both, and by what a person chose. */
export async function takenFrom(
  upstream: string,
  environment: string,
  { application, now, ports, requests }: Moment,
): Promise<Taken> {
  const [before, here] = await Promise.all([
    ports.verdicts.newest(application, upstream),
    ports.verdicts.newest(application, environment),
  ]);
  const promotion = inForce(requests.promotion, now);
  const path = `promotions/${application}/${environment}`;
  const chosen = promotion && (await chosenBy(promotion, before, { path, ports }));
  return { wanted: wantedFrom(upstream, { before, here, promotion, chosen }), here };
}

/**
 * What a choice came to is written down for good once it is proven: the verdicts that say so are some
 * day no longer among the newest.
 */
async function chosenBy(
  promotion: Promotion,
  before: readonly Verified[],
  { path, ports: { artifacts } }: { readonly path: string; readonly ports: Ports },
): Promise<Chosen | undefined> {
  const at = `${path}/${promotion.at}-${promotion.revision}.json`;
  const known = await artifacts.read(at);
  if (known !== undefined) return JSON.parse(known) as Chosen;
  const chosen = chosenFrom(promotion, before);
  if (chosen !== undefined) await artifacts.put(at, JSON.stringify(chosen));
  return chosen;
}
