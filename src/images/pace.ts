import type { ImageChange } from "./updates.ts";

/** However often images are pushed, changes wait no longer than so many quiet times. */
const mostQuietTimes = 6;

/**
 * When changes are to be written, in epoch milliseconds: once nothing was pushed for the quiet
 * time, so that a burst becomes one commit.
 */
export function dueAt(
  changes: readonly Pick<ImageChange, "pushed" | "since">[],
  { now, quiet }: { readonly now: number; readonly quiet: number },
): number {
  const newest = Math.max(...changes.map(({ pushed }) => pushed));
  const oldest = Math.min(...changes.map(({ since }) => since));
  // A registry's clock that is ahead of ours must not make us wait for it.
  return Math.min(newest + quiet, oldest + mostQuietTimes * quiet, now + quiet);
}
