import { AwsError, type Context } from "../world.ts";
import { checkStackName } from "./change-sets.ts";
import { checkRole, configure, readTemplate, type Submission } from "./configuration.ts";
import { difference } from "./diff.ts";
import { findStack } from "./directory.ts";
import { invalid, noStack, notUpdatable } from "./errors.ts";
import { isDeletable, isUpdatable } from "./legality.ts";
import { newStack } from "./new-stack.ts";
import { beginApply, beginCancel, beginContinue, beginDelete } from "./operations.ts";
import type { Operation, Stack } from "./state.ts";

/** What CreateStack takes; other parameters are refused. */
export interface CreateStackInput extends Submission {
  readonly StackName?: string;
  readonly ClientRequestToken?: string;
  readonly DisableRollback?: boolean;
  readonly OnFailure?: Operation["onFailure"];
  readonly EnableTerminationProtection?: boolean;
  readonly TimeoutInMinutes?: number;
  readonly RetainExceptOnCreate?: boolean;
}

/** Creates a stack, also one that only stood under review. */
export function createStack(input: CreateStackInput, context: Context) {
  const { ClientRequestToken: token, StackName: name = "" } = input;
  checkStackName(name);
  const existing = findStack(context, name);
  const source = readTemplate(input, undefined, context);
  if (existing !== undefined && existing.status !== "REVIEW_IN_PROGRESS") {
    if (token !== undefined && existing.createToken === token) return { StackId: existing.id };
    throw new AwsError("AlreadyExistsException", `Stack [${name}] already exists`);
  }
  if (input.OnFailure !== undefined && input.DisableRollback !== undefined) {
    throw invalid("You cannot specify both OnFailure and DisableRollback");
  }
  const configuration = configure(source, input, undefined, context);
  const stack = existing ?? newStack(name, context, token);
  Object.assign(stack, {
    terminationProtection: input.EnableTerminationProtection ?? false,
    timeoutInMinutes: input.TimeoutInMinutes,
  });
  beginApply(
    stack,
    configuration,
    {
      token,
      disableRollback: input.DisableRollback ?? input.OnFailure === "DO_NOTHING",
      retainExceptOnCreate: input.RetainExceptOnCreate ?? false,
      ...(input.OnFailure === undefined ? {} : { onFailure: input.OnFailure }),
    },
    context,
  );
  return { StackId: stack.id };
}

/** What UpdateStack takes. */
export interface UpdateStackInput extends Submission {
  readonly StackName?: string;
  readonly ClientRequestToken?: string;
  readonly DisableRollback?: boolean;
  readonly RetainExceptOnCreate?: boolean;
}

/** Updates a stack at once, without a change set. */
export function updateStack(input: UpdateStackInput, context: Context) {
  const { ClientRequestToken: token, StackName: name = "" } = input;
  checkStackName(name);
  const stack = existingStack(name, context);
  const source = readTemplate(input, stack.configuration, context);
  if (token !== undefined && stack.operation?.token === token) return { StackId: stack.id };
  if (!isUpdatable(stack.status)) throw notUpdatable(stack.id, stack.status);
  const configuration = configure(source, input, stack.configuration, context);
  if (difference(stack, configuration, context).isEmpty) {
    throw invalid("No updates are to be performed.");
  }
  beginApply(
    stack,
    configuration,
    {
      token,
      disableRollback: input.DisableRollback ?? false,
      retainExceptOnCreate: input.RetainExceptOnCreate ?? false,
    },
    context,
  );
  return { StackId: stack.id };
}

function existingStack(name: string, context: Context): Stack {
  const stack = findStack(context, name);
  if (stack === undefined) throw noStack(name);
  return stack;
}

/** What DeleteStack takes. */
export interface DeleteStackInput {
  readonly StackName?: string;
  readonly RetainResources?: readonly string[];
  readonly ClientRequestToken?: string;
  readonly DeletionMode?: string;
}

/** Deletes a stack; one that is not there is no error. */
export function deleteStack(input: DeleteStackInput, context: Context) {
  const {
    DeletionMode: mode = "STANDARD",
    RetainResources: retain = [],
    StackName: name = "",
  } = input;
  const stack = findStack(context, name);
  if (stack === undefined || /^DELETE_(COMPLETE|IN_PROGRESS)$/.test(stack.status)) return {};
  if (stack.terminationProtection) {
    throw invalid(`Stack [${stack.name}] cannot be deleted while TerminationProtection is enabled`);
  }
  if (!isDeletable(stack.status)) {
    throw invalid(`Stack [${stack.id}] cannot be deleted while in status ${stack.status}`);
  }
  if (stack.status !== "DELETE_FAILED" && (retain.length > 0 || mode === "FORCE_DELETE_STACK")) {
    throw invalid(
      `Invalid operation on stack [${stack.id}]. When stack is not in the DELETE_FAILED state, ${retain.length > 0 ? "RetainResources" : "DeletionMode FORCE_DELETE_STACK"} cannot be specified.`,
    );
  }
  if (stack.roleArn !== undefined) checkRole(stack.roleArn, context);
  const kept = mode === "FORCE_DELETE_STACK" ? failedOnes(stack) : retain;
  beginDelete(stack, { token: input.ClientRequestToken, retain: kept }, context);
  return {};
}

const failedOnes = ({ resources }: Stack): readonly string[] =>
  Object.values(resources)
    .filter(({ status }) => status === "DELETE_FAILED")
    .map(({ logicalId }) => logicalId);

interface StackReference {
  readonly StackName?: string;
  readonly ClientRequestToken?: string;
}

/** Turns a running update round. */
export function cancelUpdateStack(input: StackReference, context: Context) {
  const stack = existingStack(input.StackName ?? "", context);
  if (stack.status !== "UPDATE_IN_PROGRESS") {
    throw invalid("CancelUpdateStack cannot be called from current stack status");
  }
  beginCancel(stack, context);
  return {};
}

/** Goes on with a rollback that failed, without the resources to skip. */
export function continueUpdateRollback(
  input: StackReference & {
    readonly ResourcesToSkip?: readonly string[];
    readonly RoleARN?: string;
  },
  context: Context,
) {
  const { ResourcesToSkip: skip = [], StackName: name = "" } = input;
  const stack = existingStack(name, context);
  const { halted, status } = stack;
  if (status !== "UPDATE_ROLLBACK_FAILED" || halted === undefined) {
    throw invalid(`Stack:${stack.id} is in ${status} state and can not continue update rollback.`);
  }
  const failed = Object.values(halted.steps).filter(({ state }) => state === "failed");
  const wrong = skip.filter((id) => failed.every(({ logicalId }) => logicalId !== id));
  if (wrong.length > 0) {
    throw invalid(
      `The following resource(s) cannot be skipped, since they are not in the UPDATE_FAILED state: [${wrong.join(", ")}]`,
    );
  }
  beginContinue(stack, { halted, skip, token: input.ClientRequestToken }, context);
  return {};
}

/** Protects a stack from deletion, or no longer. */
export function updateTerminationProtection(
  input: StackReference & { readonly EnableTerminationProtection?: boolean },
  context: Context,
) {
  const stack = existingStack(input.StackName ?? "", context);
  stack.terminationProtection = input.EnableTerminationProtection ?? false;
  return { StackId: stack.id };
}

/** No stack has a policy here: to set one is refused, since it would not be heeded. */
export function getStackPolicy({ StackName: name = "" }: StackReference, context: Context) {
  existingStack(name, context);
  return {};
}
