import { idOf } from "./objects.ts";
import type { GitObject, GitStore } from "./store.ts";

/** Repositories that live as long as the process. */
export function memoryGit(): (repository: string) => GitStore {
  const stores = new Map<string, GitStore>();
  return (repository) => {
    const store = stores.get(repository) ?? memoryStore();
    stores.set(repository, store);
    return store;
  };
}

function memoryStore(): GitStore {
  let made = false;
  const objects = new Map<string, GitObject>();
  const refs = new Map<string, string>();
  return {
    exists: () => made,
    create: () => {
      made = true;
    },
    delete: () => {
      made = false;
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
