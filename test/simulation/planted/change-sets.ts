import type { Bug } from "../containers.ts";
import { inStacks, type Planted } from "./bug.ts";

/** Wrong about change sets. */
export const changeSetBugs: Readonly<Record<string, Planted>> = {
  "never deletes a failed change set": {
    is: "§4.7: it lies in the way of every other try",
    bug: inStacks((own) => ({
      deleteChangeSet: async (id) => {
        const found = await own.changeSet(id, id);
        if (found?.status !== "FAILED") await own.deleteChangeSet(id);
      },
    })),
  },
  "no fence before a newer intent": {
    is: "§4.7: the older change set is taken for gone without being deleted",
    bug: inStacks((own) => {
      const gone = new Set<string>();
      return {
        deleteChangeSet: async (id) => void gone.add(id),
        changeSet: async (stack, name) => {
          const found = await own.changeSet(stack, name);
          return found !== undefined && gone.has(found.id) ? undefined : found;
        },
      };
    }),
  },
  "tells emptiness by the list of changes": {
    is: "CDK's lesson: an outputs-only update has no changes and is one",
    bug: inStacks((own) => ({
      changeSet: async (stack, name) => {
        const found = await own.changeSet(stack, name);
        if (found === undefined || found.changes.length > 0) return found;
        return { ...found, status: "FAILED", reason: "No updates are to be performed." };
      },
    })),
  },
  "a name by the clock": {
    is: "aws-cli: the name says when, not what; change sets pile up (#4534)",
    bug: inStacks((own) => {
      let made = 0;
      return {
        createChangeSet: (request) => {
          made += 1;
          return own.createChangeSet({ ...request, name: `${request.name}${made}`.slice(0, 128) });
        },
      };
    }),
  },
  "leaves parameters as they were": {
    is: "what a request leaves out keeps its old value",
    bug: inStacks((own) => ({
      createChangeSet: (request) =>
        own.createChangeSet({
          ...request,
          parameters: Object.fromEntries(
            Object.entries(request.parameters).map(([name, value], at) => [
              name,
              at === 0 ? `${value}/` : value,
            ]),
          ),
        }),
    })),
  },
  "forgets the tags": {
    is: "#13: a change set without the stack's tags",
    bug: inStacks((own) => ({
      createChangeSet: (request) => own.createChangeSet({ ...request, tags: {} }),
    })),
  },
  "an older template": {
    is: "the template that was made first is sent for ever",
    bug: inStacks((own) => {
      const first = new Map<string, Parameters<typeof own.createChangeSet>[0]["template"]>();
      return {
        createChangeSet: (request) => {
          const { stack, template } = request;
          const before = first.get(stack) ?? template;
          first.set(stack, before);
          return own.createChangeSet({ ...request, template: before });
        },
      };
    }),
  },
  "updates what is not there": {
    is: "the type of a change set does not follow the stack",
    bug: inStacks((own) => ({
      createChangeSet: (request) => own.createChangeSet({ ...request, type: "UPDATE" }),
    })),
  },
  "deploys without capabilities": {
    is: "#23: refused for missing capabilities, for ever",
    bug: inStacks((own) => ({
      createChangeSet: (request) => own.createChangeSet({ ...request, capabilities: [] }),
    })),
  },
  "skips what does not roll back": {
    is: "CDK's growing ResourcesToSkip, without anybody's consent",
    bug: {
      call: (call) => (operation, input) =>
        call(
          operation,
          operation === "cloudformation:ContinueUpdateRollback"
            ? { ...input, ResourcesToSkip: ["WebService"] }
            : input,
        ),
    },
  },
  "says with what credentials it was made": {
    is: "S6: a secret of the session stands where everybody can read it",
    bug: saysItsCredentials(),
  },
  "executes before it is computed": {
    is: "an execution that is refused counts as done",
    bug: inStacks((own) => {
      const executed = new Set<string>();
      return {
        executeChangeSet: async (id, token) => {
          executed.add(id);
          await own.executeChangeSet(id, token).catch(() => undefined);
        },
        changeSet: async (stack, name) => {
          const found = await own.changeSet(stack, name);
          if (found === undefined) return found;
          const executionStatus = executed.has(found.id) ? "EXECUTE_COMPLETE" : "AVAILABLE";
          return { ...found, status: "CREATE_COMPLETE", executionStatus };
        },
      };
    }),
  },
};

function saysItsCredentials(): Bug {
  let secret = "";
  return {
    call: (call) => async (operation, input) => {
      const isMade = operation === "cloudformation:CreateChangeSet";
      const { Description = "" } = input as { readonly Description?: string };
      const told = isMade ? { ...input, Description: `${Description} ${secret}` } : input;
      const answer = await call(operation, told);
      const { Credentials } = answer as {
        readonly Credentials?: { readonly SecretAccessKey?: string };
      };
      secret = Credentials?.SecretAccessKey ?? secret;
      return answer;
    },
  };
}
