import { isSameJson } from "../model/same.ts";
import type { Artifacts } from "../ports/ports.ts";

/** What is kept, and what was kept before somebody had it asked again. */
export interface Kept<T> {
  readonly answer: T;
  readonly before: T | undefined;
}

/** What came of asking again, beside the request that it was asked at. */
interface Again<T> {
  readonly at: string;
  readonly answer: T;
}

/**
 * What was asked for one revision of an environment, kept under `path` (without its ending): what an
 * environment should be moves with its repository, not by itself. `anew`: the token of a person who
 * has it asked again. An answer is never written over: the newest of them counts, wherever a pass dies.
 */
export async function askedOnce<T extends object>(
  path: string,
  ask: () => Promise<T>,
  artifacts: Artifacts,
  anew?: string,
): Promise<Kept<T>> {
  const first = await onceAt(`${path}.json`, ask, artifacts);
  let kept: Kept<T> & { readonly at?: string } = { answer: first, before: undefined };
  for (let count = 1; ; count += 1) {
    const name = `${path}.${count}.json`;
    const text = await artifacts.read(name);
    if (text === undefined) {
      if (anew === undefined || anew === kept.at) return kept;
      const answer = await ask();
      if (isSameJson(answer, kept.answer)) return kept;
      const again = await onceAt(name, async () => ({ at: anew, answer }), artifacts);
      return { answer: again.answer, before: kept.answer };
    }
    const { answer, at } = JSON.parse(text) as Again<T>;
    kept = { answer, at, before: kept.answer };
  }
}

async function onceAt<T extends object>(
  name: string,
  ask: () => Promise<T>,
  artifacts: Artifacts,
): Promise<T> {
  const text = await artifacts.read(name);
  if (text !== undefined) return JSON.parse(text);
  const answer = await ask();
  await artifacts.put(name, JSON.stringify(answer));
  // Of two passes that ask at the same time, the first to write answers both.
  return JSON.parse((await artifacts.read(name)) ?? "{}");
}
