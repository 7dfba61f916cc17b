import { idOf } from "./objects.ts";
import type { GitObject, GitStore } from "./store.ts";

/** Repositories that live as long as the process, by name. */
export interface MemoryGit {
  (repository: string): GitStore;
  /** The same repositories once more: what is written to either is not in the other. */
  copy(): MemoryGit;
}

interface Held {
  made: boolean;
  readonly objects: Map<string, GitObject>;
  readonly refs: Map<string, string>;
}

export const memoryGit = (): MemoryGit => holding(new Map());

function holding(all: Map<string, Held>): MemoryGit {
  const open = (repository: string): GitStore => {
    const held = all.get(repository) ?? { made: false, objects: new Map(), refs: new Map() };
    all.set(repository, held);
    return storeOf(held);
  };
  const copy = (): MemoryGit =>
    holding(
      new Map(
        [...all].map(([name, { made, objects, refs }]) => [
          name,
          { made, objects: new Map(objects), refs: new Map(refs) },
        ]),
      ),
    );
  return Object.assign(open, { copy });
}

function storeOf(held: Held): GitStore {
  const { objects, refs } = held;
  return {
    exists: () => held.made,
    create: () => {
      held.made = true;
    },
    delete: () => {
      held.made = false;
      objects.clear();
      refs.clear();
    },
    read: (id) => objects.get(id),
    write: (object) => {
      const id = idOf(object);
      objects.set(id, object);
      return id;
    },
    refs: () => new Map([...refs].sort(([a], [b]) => (a < b ? -1 : 1))),
    update: (ref, to, from) => {
      if (refs.get(ref) !== from) return false;
      if (to === undefined) refs.delete(ref);
      else refs.set(ref, to);
      return true;
    },
    setHead: () => undefined,
  };
}
