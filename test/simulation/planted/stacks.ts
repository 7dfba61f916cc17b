import { inStacks, mistakes, type Planted } from "./bug.ts";

/** Wrong about stacks: what others who drive CloudFormation have got wrong, and lost data by. */
export const stackBugs: Readonly<Record<string, Planted>> = {
  "deletes after any rollback": {
    is: "§4.7, sceptre, ansible #24596: every *ROLLBACK_COMPLETE is taken for a failed create",
    bug: mistakes(/^UPDATE_ROLLBACK_COMPLETE$/, "ROLLBACK_COMPLETE"),
  },
  "deletes a stuck rollback": {
    is: "org-formation #455: a stack in UPDATE_ROLLBACK_FAILED is deleted",
    bug: mistakes(/^UPDATE_ROLLBACK_FAILED$/, "ROLLBACK_FAILED"),
  },
  "deletes what failed to be deleted": {
    is: "a stack in DELETE_FAILED is deleted again, whatever it holds",
    bug: mistakes(/^DELETE_FAILED$/, "CREATE_FAILED"),
  },
  "ignores a stuck rollback": {
    is: "§4.7: UPDATE_ROLLBACK_FAILED is left as it is",
    bug: inStacks(() => ({ continueRollback: async () => undefined })),
  },
  "does not know a failed create": {
    is: "aws-cli, cloudformation-github-deploy #107, terraform #107: ROLLBACK_COMPLETE is not handled",
    bug: mistakes(/^ROLLBACK_COMPLETE$/, "CREATE_COMPLETE"),
  },
  "takes a stack under review for a stack": {
    is: "CDK's lesson: REVIEW_IN_PROGRESS is no stack yet, and is updated in vain",
    bug: mistakes(/^REVIEW_IN_PROGRESS$/, "CREATE_COMPLETE"),
  },
  "makes light of a failed update": {
    is: "UPDATE_FAILED is taken for UPDATE_COMPLETE",
    bug: mistakes(/^UPDATE_FAILED$/, "DELETE_IN_PROGRESS"),
  },
  "acts on statuses it does not know": {
    is: "S12: an unknown status is taken for a good one",
    bug: mistakes(/^REFACTOR/, "UPDATE_ROLLBACK_COMPLETE"),
  },
  "takes its own deletion for done": {
    is: "DELETE_IN_PROGRESS counts as absent, and a stack that refuses to go is forgotten",
    bug: inStacks((own) => ({
      describe: async (name) => {
        const stack = await own.describe(name);
        return stack !== undefined && /^DELETE_/.test(stack.status) ? undefined : stack;
      },
    })),
  },
  "deletes by name": {
    is: "a name may by then be another stack's",
    bug: inStacks((own) => ({
      deleteStack: (id, token) => own.deleteStack(id.split("/")[1] ?? id, token),
    })),
  },
  "never deletes stacks": {
    is: "serverless #5630: a failed create blocks for ever",
    bug: inStacks(() => ({ deleteStack: async () => undefined })),
  },
  "breaks off whatever is under way": {
    is: "a newer intent cancels an update of data stores too",
    bug: inStacks((own) => ({
      underWay: async (id) =>
        (await own.underWay(id)).map((one) => ({ ...one, type: "AWS::ECS::Service" })),
    })),
  },
  "queues behind what hangs": {
    is: "copilot #5296: an update that hangs blocks its own fix for hours",
    bug: inStacks(() => ({ underWay: async () => [] })),
  },
  "breaks off what others began": {
    is: "a foreign operation counts as its own",
    bug: inStacks((own) => ({
      describe: async (name) => {
        const stack = await own.describe(name);
        if (stack?.status !== "UPDATE_IN_PROGRESS") return stack;
        return {
          ...stack,
          changeSetId: `arn:aws:cloudformation:::changeSet/trueup-${"1".repeat(20)}-0/1`,
        };
      },
      underWay: async () => [{ logicalId: "WebService", type: "AWS::ECS::Service" }] as never,
    })),
  },
  "judges by the standing status": {
    is: "terraform #5194: a rollback of long ago is taken for that of the present change",
    bug: inStacks((own) => {
      const asked = new Map<string, string>();
      return {
        changeSet: (stack, name) => {
          if (!name.startsWith("arn:")) asked.set(stack, name);
          return own.changeSet(stack, name);
        },
        describe: async (name) => {
          const stack = await own.describe(name);
          const last = asked.get(name);
          if (stack?.status !== "UPDATE_ROLLBACK_COMPLETE" || last === undefined) return stack;
          return { ...stack, changeSetId: `arn:aws:cloudformation:::changeSet/${last}/1` };
        },
      };
    }),
  },
  "tries what failed again and again": {
    is: "#37, L5: the digest that rolled back is not remembered",
    bug: inStacks((own) => ({
      describe: async (name) => {
        const stack = await own.describe(name);
        return stack?.status === "UPDATE_ROLLBACK_COMPLETE"
          ? { ...stack, changeSetId: undefined }
          : stack;
      },
    })),
  },
  "plans without looking": {
    is: "rain, aws-cli: no plan and no check of what a change set would do to data",
    bug: inStacks((own) => ({
      template: async (id) => ({ ...(await own.template(id)), Resources: {} }),
      changeSet: async (stack, name) => {
        const found = await own.changeSet(stack, name);
        return found && { ...found, changes: [] };
      },
    })),
  },
  "takes an error for absence": {
    is: "S11: a stack that could not be described is taken for none",
    bug: inStacks((own) => ({ describe: (name) => own.describe(name).catch(() => undefined) })),
  },
};
