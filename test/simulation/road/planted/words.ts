import { inPort, type Planted, remembersTheRegistry } from "../../planted/bug.ts";
import { secret } from "../road.ts";

/** Wrong about what it writes: commits, messages, and what it may not repeat. */
export const wordBugs: Readonly<Record<string, Planted>> = {
  "tells everything twice": {
    is: "at least once: a marker that is there is no reason to be silent",
    bug: inPort("notices", (own) => ({
      claim: async (notice) => {
        await own.claim(notice);
        return true;
      },
    })),
  },
  "begins to tell and forgets": {
    is: "a message is marked as sent and never is",
    bug: inPort("notices", () => ({ publish: async () => undefined, put: async () => undefined })),
  },
  "says that it told": {
    is: "the status goes first, and the message with it when a process dies",
    bug: inPort("notices", () => ({ claim: async () => false })),
  },
  "reads the file and the parent apart": {
    is: "Flux image automation #329: the parent is the tip of now, the file that of before",
    bug: inPort("sources", (own) => ({
      commit: async (repository, branch, change) => {
        const parent = (await own.tip(repository, branch)) ?? change.parent;
        return own.commit(repository, branch, { ...change, parent });
      },
    })),
  },
  "commits twice for one push": {
    is: "flux2 #3384: the same change is committed over and over",
    bug: inPort("sources", (own) => {
      let count = 0;
      return {
        commit: async (repository, branch, change) => {
          const first = await own.commit(repository, branch, change);
          if (first === undefined) return first;
          count += 1;
          const files = [...change.files].map(
            ([path, text]) => [path, `${text}# ${count}\n`] as const,
          );
          return own.commit(repository, branch, {
            ...change,
            parent: first,
            files: new Map(files),
          });
        },
      };
    }),
  },
  "remembers the registry": {
    is: "§4.7: what the registry held when it was first asked, instead of what it holds",
    bug: remembersTheRegistry,
  },
  "hands out what is secret": {
    is: "S6: a SecureString is decrypted and stands in a template",
    bug: inPort("stored", (own) => ({
      read: async (names) => {
        const found = await own.read(names);
        return new Map(
          [...found].map(([name, value]) => [
            name,
            "isSecret" in value ? { text: secret.value } : value,
          ]),
        );
      },
    })),
  },
};
