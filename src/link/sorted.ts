interface Ordered {
  readonly unit: string;
  readonly dependsOn: readonly string[];
}

type Sorted<T> =
  | { readonly kind: "sorted"; readonly items: readonly T[] }
  | { readonly kind: "circle"; readonly units: readonly string[] };

/** Every item after those it depends on; otherwise in the order given. */
export function sorted<T extends Ordered>(items: readonly T[]): Sorted<T> {
  const byUnit = new Map(items.map((item) => [item.unit, item]));
  const done = new Set<T>();
  const visit = (item: T, trail: readonly string[]): readonly string[] | undefined => {
    if (done.has(item)) return undefined;
    if (trail.includes(item.unit)) return [...trail.slice(trail.indexOf(item.unit)), item.unit];
    for (const unit of item.dependsOn) {
      const provider = byUnit.get(unit);
      const circle = provider && visit(provider, [...trail, item.unit]);
      if (circle !== undefined) return circle;
    }
    done.add(item);
    return undefined;
  };
  for (const item of items) {
    const circle = visit(item, []);
    if (circle !== undefined) return { kind: "circle", units: circle };
  }
  return { kind: "sorted", items: [...done] };
}
