import { parameterNames } from "../application/application.ts";
import { environmentsTaking } from "../desired/takers.ts";
import type { Comparison } from "../plan/comparison.ts";
import type { Objection } from "../plan/decide.ts";
import { withdrawnBy } from "../plan/handed-out.ts";
import type { RollOut } from "../plan/roll-out.ts";
import type { Ports } from "../ports/ports.ts";

/** By unit, that others run in what it would take away. Nobody is asked where it would take nothing. */
export async function inUse(
  rollOut: RollOut,
  comparison: Comparison,
  { key, ports }: { readonly key: string; readonly ports: Ports },
): Promise<ReadonlyMap<string, Objection>> {
  const withdrawn = withdrawnBy(rollOut, comparison, parameterNames);
  if (withdrawn.length === 0) return new Map();
  const [first, ...others] = await environmentsTaking(key, ports);
  if (first === undefined) return new Map();
  const who = others.length === 0 ? `${first} takes` : `${[first, ...others].join(", ")} take`;
  return new Map(
    withdrawn.map(({ resources, unit }) => {
      const message = `${who} parameters from here, and ${resources.join(", ")} would go: it stays until nobody does. Put it back, or have them take from elsewhere first.`;
      return [unit, { reason: "InUse", message }] as const;
    }),
  );
}
