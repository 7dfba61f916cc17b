import type { ObservedStack } from "../model/observed.ts";
import type { Stacks } from "../ports/ports.ts";
import { isNamed, unless } from "./answers.ts";
import type { Call, Operations } from "./call.ts";
import { changeSetOf, createChangeSet } from "./change-sets.ts";
import { detectDrift, driftOf } from "./drift.ts";
import { failuresOf } from "./failures.ts";
import { inventoryOf } from "./inventory.ts";
import { idsIn, servicesOf, underWay } from "./services.ts";
import { templateFrom } from "./template-text.ts";

type Described = NonNullable<Operations["cloudformation:DescribeStacks"][1]["Stacks"]>[number];

/** Puts a template where CloudFormation can fetch it, and answers its URL. */
export type Upload = (body: string) => Promise<string>;

/** CloudFormation in one account and region. */
export const stacksOf = (call: Call, upload: Upload): Stacks => ({
  async describe(name) {
    const got = call("cloudformation:DescribeStacks", { StackName: name });
    const [stack] = (await unless(got, isMissingStack))?.Stacks ?? [];
    return stack === undefined ? undefined : observed(stack);
  },

  inventory: (application, environment) => inventoryOf(application, environment, call),

  async template(id) {
    const got = await call("cloudformation:GetTemplate", {
      StackName: id,
      TemplateStage: "Original",
    });
    return templateFrom(got.TemplateBody ?? "", id);
  },

  changeSet: (stack, nameOrId) => changeSetOf(stack, nameOrId, call),

  createChangeSet: (request) => createChangeSet(request, upload, call),

  async executeChangeSet(id, token) {
    const executed = call("cloudformation:ExecuteChangeSet", {
      ChangeSetName: id,
      ClientRequestToken: token,
      DisableRollback: false,
      RetainExceptOnCreate: true,
    });
    try {
      await executed;
    } catch (error) {
      if (!isNamed(error, ...askedTwice)) throw error;
      // Somebody was here before: our own answer lost on its way, or a change set that cannot run.
      const changeSet = await changeSetOf(id, id, call);
      if (!begun.includes(changeSet?.executionStatus ?? "")) throw error;
    }
  },

  async deleteChangeSet(id) {
    const deleted = call("cloudformation:DeleteChangeSet", { ChangeSetName: id });
    await unless(deleted, (error) => isNamed(error, "ChangeSetNotFoundException"));
  },

  async deleteStack(id, token) {
    await call("cloudformation:DeleteStack", { StackName: id, ClientRequestToken: token });
  },

  async cancelUpdate(id, token) {
    const cancelled = call("cloudformation:CancelUpdateStack", {
      StackName: id,
      ClientRequestToken: token,
    });
    await unless(cancelled, isOver);
  },

  async continueRollback(id, skip) {
    await call("cloudformation:ContinueUpdateRollback", {
      StackName: id,
      ...(skip.length === 0 ? {} : { ResourcesToSkip: [...skip] }),
    });
  },

  ids: (id) => idsIn(id, call),
  underWay: (id) => underWay(id, call),

  services: (id) => servicesOf(id, call),

  detectDrift: (id) => detectDrift(id, call),

  drift: (id, detection) => driftOf(id, detection, call),

  failures: (id) => failuresOf(id, call),
});

/** The SDK adds `Exception` to some of the names on the wire. */
const askedTwice = ["InvalidChangeSetStatusException", "TokenAlreadyExistsException"];

const begun: readonly string[] = ["EXECUTE_IN_PROGRESS", "EXECUTE_COMPLETE", "EXECUTE_FAILED"];

/** There is no error code for it, only the words. */
const isMissingStack = (error: unknown): boolean =>
  isNamed(error, "ValidationError") && /does not exist$/.test((error as Error).message);

/** The update ended by itself in the meantime. */
const isOver = (error: unknown): boolean =>
  isNamed(error, "ValidationError") &&
  /cannot be called from current stack status/.test((error as Error).message);

function observed(stack: Described): ObservedStack | undefined {
  const { StackId: id, StackName: name, StackStatus: status } = stack;
  if (id === undefined || name === undefined || status === undefined) {
    throw new Error("CloudFormation described a stack without id, name or status.");
  }
  if (status === "DELETE_COMPLETE") return undefined;

  const outputs = stack.Outputs?.map(({ OutputKey = "", OutputValue = "" }) => [
    OutputKey,
    OutputValue,
  ]);
  const parameters = stack.Parameters?.map(({ ParameterKey = "", ParameterValue = "" }) => [
    ParameterKey,
    ParameterValue,
  ]);
  return {
    name,
    id,
    status,
    reason: stack.StackStatusReason,
    outputs: Object.fromEntries(outputs ?? []),
    parameters: Object.fromEntries(parameters ?? []),
    tags: Object.fromEntries((stack.Tags ?? []).map(({ Key = "", Value = "" }) => [Key, Value])),
    ...(stack.EnableTerminationProtection === true ? { isProtected: true } : {}),
    changeSetId: stack.ChangeSetId,
    lastUpdated: (stack.LastUpdatedTime ?? stack.CreationTime)?.toISOString() ?? "",
    ...(stack.DeletionTime === undefined
      ? {}
      : { deletionBegan: stack.DeletionTime.toISOString() }),
  };
}
