import type { Target } from "../model/bundle.ts";
import type { Amounts } from "../model/quota.ts";
import { inParallel } from "../parallel.ts";
import type { Ports } from "../ports/ports.ts";
import { lackOf, limitedIn } from "../promote/room.ts";

/**
 * What there is no room for in a target, in words; undefined: there is, as far as anybody may know.
 * `pending`: what others take that are being made.
 */
export async function lackIn(
  target: Target,
  takes: Amounts,
  { pending, ports }: { readonly pending: readonly Amounts[]; readonly ports: Ports },
): Promise<string | undefined> {
  const quotas = ports.quotas(target);
  const found = await inParallel(limitedIn(takes), 4, async (kind) => {
    const room = await quotas.room(kind);
    if (room !== undefined) return [[kind, room] as const];
    ports.log("room not known", { account: target.account, region: target.region, kind });
    return [];
  });
  return lackOf(takes, { pending, region: target.region, rooms: new Map(found.flat()) });
}
