/** How far a unit is from what all share: what looks at services is 2, services are 1. Who is farther goes first. */
export function rankOf(unit: string): number {
  if (unit === "watch") return 2;
  return unit.startsWith("s-") ? 1 : 0;
}
