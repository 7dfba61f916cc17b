interface Ordered {
  readonly unit: string;
  readonly dependsOn: readonly string[];
}

/** Every item after those it depends on, which go in no circle; otherwise in the order given. */
export function sorted<T extends Ordered>(items: readonly T[]): readonly T[] {
  const byUnit = new Map(items.map((item) => [item.unit, item]));
  const done = new Set<string>();
  const inOrder: T[] = [];
  const visit = (item: T): void => {
    if (done.has(item.unit)) return;
    done.add(item.unit);
    for (const unit of item.dependsOn) {
      const provider = byUnit.get(unit);
      if (provider !== undefined) visit(provider);
    }
    inOrder.push(item);
  };
  for (const item of items) visit(item);
  return inOrder;
}
