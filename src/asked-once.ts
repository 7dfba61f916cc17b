import type { Artifacts } from "./ports.ts";

/**
 * What was asked for one revision of an environment, kept under `path`: what an environment should
 * be moves with its repository, not by itself.
 */
export async function askedOnce<T extends object>(
  path: string,
  ask: () => Promise<T>,
  artifacts: Artifacts,
): Promise<T> {
  const kept = await artifacts.read(path);
  if (kept !== undefined) return JSON.parse(kept);
  const answer = await ask();
  await artifacts.put(path, JSON.stringify(answer));
  // Of two passes that ask at the same time, the first to write answers both.
  return JSON.parse((await artifacts.read(path)) ?? "{}");
}
