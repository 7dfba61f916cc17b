import { isSameJson } from "../model/same.ts";
import type { Artifacts } from "../ports/ports.ts";

/** What is kept, and what was kept before somebody had it asked again. */
export interface Kept<T> {
  readonly answer: T;
  readonly before: T | undefined;
}

/** The newest answer: at whose request it was asked again, and where the next one would be kept. */
interface Newest<T> extends Kept<T> {
  readonly at?: string;
  readonly next: string;
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
  const kept = await newestOf<T>(path, await onceAt(`${path}.json`, ask, artifacts), artifacts);
  if (anew === undefined || anew === kept.at) return kept;
  const answer = await ask();
  if (isSameJson(answer, kept.answer)) return kept;
  const again = await onceAt(kept.next, async () => ({ at: anew, answer }), artifacts);
  return { answer: again.answer, before: kept.answer };
}

/** The same, where it was asked before: nobody is asked now. */
export async function keptAt<T>(path: string, artifacts: Artifacts): Promise<Kept<T> | undefined> {
  const first = await artifacts.read(`${path}.json`);
  return first === undefined ? undefined : newestOf<T>(path, JSON.parse(first), artifacts);
}

async function newestOf<T>(path: string, first: T, artifacts: Artifacts): Promise<Newest<T>> {
  let kept: Omit<Newest<T>, "next"> = { answer: first, before: undefined };
  for (let count = 1; ; count += 1) {
    const next = `${path}.${count}.json`;
    const text = await artifacts.read(next);
    if (text === undefined) return { ...kept, next };
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
