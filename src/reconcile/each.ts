import { inParallel } from "../parallel.ts";

const width = 5;

/** What is read for each unit, a few at a time. */
export async function readEach<T, R>(
  units: readonly (readonly [unit: string, T])[],
  read: (unit: readonly [unit: string, T]) => Promise<R>,
): Promise<ReadonlyMap<string, R>> {
  return new Map(
    await inParallel(units, width, async (unit) => [unit[0], await read(unit)] as const),
  );
}
