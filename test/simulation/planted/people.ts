import type { Bug } from "../containers.ts";
import { inPort, type Planted, remembersTheRegistry, takesAnyVote } from "./bug.ts";

/** Takes files of the repository for others than they are. */
const reading = (change: (text: string) => string): Bug => ({
  call: (call) => async (operation, input) => {
    const answer = await call(operation, input);
    if (operation !== "codecommit:GetBlob") return answer;
    const { content } = answer as { readonly content?: Uint8Array };
    return {
      ...answer,
      content: new TextEncoder().encode(change(new TextDecoder().decode(content))),
    };
  },
});

/** Wrong about what people want: their commits, images, requests and approvals. */
export const peopleBugs: Readonly<Record<string, Planted>> = {
  "reads the file and the tip apart": {
    is: "§4.7, Flux #329: the parent is the tip of now, the file that of before",
    bug: inPort("sources", (own) => ({
      commit: async (repository, branch, change) => {
        const parent = (await own.tip(repository, branch)) ?? change.parent;
        return own.commit(repository, branch, { ...change, parent });
      },
    })),
  },
  "gives up on a conflict": {
    is: "§4.7: a human commit in between, and the image is never written",
    bug: inPort("sources", (own) => ({
      commit: (repository, branch, change) =>
        own.commit(repository, branch, change).catch(() => undefined),
    })),
  },
  "edits more than the image": {
    is: "S5: comments, line ends, the last newline",
    bug: inPort("sources", (own) => ({
      commit: (repository, branch, change) =>
        own.commit(repository, branch, {
          ...change,
          files: new Map(
            [...change.files].map(([path, text]) => [path, text.replace(/ +# followed/, "")]),
          ),
        }),
    })),
  },
  "remembers the registry": {
    is: "§4.7: what an event said, or an old answer, instead of what is there",
    bug: remembersTheRegistry,
  },
  "acts on an older tip": {
    is: "§4.7: the revision is the one that the process saw first",
    bug: inPort("sources", (own) => {
      let first: string | undefined;
      return {
        tip: async (repository, branch) => {
          first ??= await own.tip(repository, branch);
          return first;
        },
      };
    }),
  },
  "takes an unreachable file for an empty one": {
    is: "S11: absence is desire",
    poisons: true,
    bug: inPort("sources", (own) => ({
      blob: (repository, id, path) => own.blob(repository, id, path).catch(() => ""),
      tree: (repository, commit) => own.tree(repository, commit).catch(() => new Map()),
    })),
  },
  "takes an unreachable branch for a missing one": {
    is: "S11: what cannot be reached is not there, and nobody looks again",
    bug: inPort("sources", (own) => ({
      tip: (repository, branch) => own.tip(repository, branch).catch(() => undefined),
    })),
  },
  "does not see a suspension": {
    is: "S3: changes something though it is suspended",
    bug: inPort("requests", (own) => ({
      read: async (application, environment) => ({
        ...(await own.read(application, environment)),
        suspended: undefined,
      }),
    })),
  },
  "does not see a hold": {
    is: "a rollback is undone by the reconciler",
    bug: inPort("requests", (own) => ({
      read: async (application, environment) => ({
        ...(await own.read(application, environment)),
        hold: undefined,
      }),
    })),
  },
  "overlooks what it cannot read": {
    is: "a request that is there but garbled is taken for none",
    bug: inPort("requests", (own) => ({
      read: async (application, environment) => ({
        ...(await own.read(application, environment)),
        broken: {},
      }),
    })),
  },
  "takes any vote for every plan": {
    is: "§4.7: the approval is bound to the wrong thing",
    bug: takesAnyVote,
  },
  "gives a neighbour the secret": {
    is: "S6: every container of a task is given what one of them asks for",
    poisons: true,
    bug: reading((text) =>
      text.includes("    secrets: [token]\n")
        ? text.replace("  helper:\n", "  helper:\n    secrets: [token]\n")
        : text,
    ),
  },
  "asks nobody": {
    is: "§4.7: no approval check",
    poisons: true,
    bug: reading((text) => text.replace("    approval: manual\n", "")),
  },
};
