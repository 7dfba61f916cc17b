import type { Template } from "../model/template.ts";
import type { Leaving, Objection } from "./decide.ts";
import type { Unit } from "./units.ts";

interface Laid {
  readonly units: readonly Unit[];
  readonly leaving: readonly Leaving[];
  /** As deployed, by unit: of every stack that is about to change or to go. */
  readonly templates: ReadonlyMap<string, Template>;
}

/**
 * What would change its stack, by unit. A resource lives and dies with its stack: made anew in
 * another, it would leave its data and its name behind. So where something is deployed, its stack is
 * its stack for good (design-aws 6).
 */
export function moved(laid: Laid): ReadonlyMap<string, Objection> {
  const all = movesOf(laid);
  const objections = new Map<string, Objection>();
  for (const move of all) {
    for (const unit of [move.from, move.to]) {
      if (objections.has(unit)) continue;
      const mine = all.filter(({ from, to }) => from === unit || to === unit);
      objections.set(unit, { reason: "LayoutChanged", message: explained(move, mine.length - 1) });
    }
  }
  return objections;
}

interface Move {
  readonly id: string;
  readonly type: string;
  readonly from: string;
  readonly to: string;
}

function movesOf({ leaving, templates, units }: Laid): readonly Move[] {
  // Where nothing changes nothing moves, and no template of a resource need be made to see it.
  if (templates.size === 0) return [];
  const wanted = units.flatMap(({ goal: { template, unit } }) =>
    Object.entries(template.Resources).map(([id, { Type }]) => [id, { type: Type, unit }] as const),
  );
  const homes = new Map(wanted);
  const here = [...units.map(({ goal }) => goal.unit), ...leaving.map(({ unit }) => unit)];
  return here.flatMap((from) =>
    Object.entries(templates.get(from)?.Resources ?? {}).flatMap(([id, { Type: type }]) => {
      const home = homes.get(id);
      if (home === undefined || home.type !== type) return [];
      // It stays, or is in both already: then what is here is only left to go.
      const isThere = templates.get(home.unit)?.Resources[id] !== undefined;
      return isThere ? [] : [{ id, type, from, to: home.unit }];
    }),
  );
}

/** Of a whole layout that changed, one resource says it all. */
function explained({ from, id, to, type }: Move, others: number): string {
  const more = others === 0 ? "" : ` and ${others} more`;
  const layout = layoutOf(from) === layoutOf(to) ? undefined : layoutOf(from);
  const help =
    layout === undefined
      ? "Put it back to where it was, give it another name"
      : `Put \`layout: ${layout}\` back into trueup.yaml`;
  return `${id} (${type})${more} is deployed in ${from} and would move to ${to}; what is deployed never changes its stack. ${help}, or give up the environment first.`;
}

const layoutOf = (unit: string): "single" | "per-service" =>
  unit === "all" ? "single" : "per-service";
