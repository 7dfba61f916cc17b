import { AwsError, type Context, notEmulated } from "../world.ts";
import { compute } from "./computing.ts";
import { configure, readTemplate, type Submission } from "./configuration.ts";
import { isSame } from "./desired.ts";
import { changeSetsOf, enterChangeSet, findStack, leaveChangeSet } from "./directory.ts";
import { constraint, invalid, noChangeSet, noStack, notUpdatable } from "./errors.ts";
import { moveStack } from "./events.ts";
import { isUpdatable } from "./legality.ts";
import { newStack } from "./new-stack.ts";
import { beginApply } from "./operations.ts";
import { arn, type ChangeSet, type Configuration, type Stack, stateOf } from "./state.ts";

/** What CreateChangeSet takes; other parameters are refused. */
export interface CreateChangeSetInput extends Submission {
  readonly StackName?: string;
  readonly ChangeSetName?: string;
  readonly ChangeSetType?: string;
  readonly ClientToken?: string;
  readonly DeploymentMode?: string;
  readonly Description?: string;
  readonly IncludeNestedStacks?: boolean;
  readonly OnStackFailure?: ChangeSet["onStackFailure"];
}

/** Answers at once; what the change set holds is computed later. */
export function createChangeSet(input: CreateChangeSetInput, context: Context) {
  const {
    ChangeSetName: name = "",
    ChangeSetType: type = "UPDATE",
    StackName: stackName = "",
  } = input;
  checkNames(name, stackName);
  if (type === "IMPORT") throw notEmulated("change sets of type IMPORT");
  if (input.IncludeNestedStacks === true) throw notEmulated("nested stacks");
  if (type !== "CREATE" && type !== "UPDATE") {
    throw constraint(
      type,
      "changeSetType",
      "Member must satisfy enum value set: [IMPORT, UPDATE, CREATE]",
    );
  }
  const existing = findStack(context, stackName);
  const source = readTemplate(input, existing?.configuration, context);
  checkLegal(existing, { name, stackName, type });
  const configuration = configure(source, input, existing?.configuration, context);
  checkFailureOption(input, type);
  checkMode(input, type);

  const twin = existing === undefined ? undefined : namedChangeSet(existing, name, context);
  if (twin !== undefined) return sameAgain(twin, configuration, input);
  const stack = existing ?? reviewedStack(stackName, context);
  checkLimit(stack, context);
  const changeSet: ChangeSet = {
    arn: arn(context, "cloudformation", `changeSet/${name}/${context.world.uuid()}`),
    name,
    stackId: stack.id,
    stackName: stack.name,
    type,
    createdAt: context.world.now,
    configuration,
    ...(input.Description === undefined ? {} : { description: input.Description }),
    ...(input.ClientToken === undefined ? {} : { clientToken: input.ClientToken }),
    ...(input.OnStackFailure === undefined ? {} : { onStackFailure: input.OnStackFailure }),
    ...(input.DeploymentMode === undefined ? {} : { revertsDrift: true }),
    status: "CREATE_PENDING",
    executionStatus: "UNAVAILABLE",
    changes: [],
    changesWithValues: [],
  };
  enterChangeSet(changeSet, context);
  compute(changeSet, context);
  return { Id: changeSet.arn, StackId: stack.id };
}

function checkNames(name: string, stackName: string): void {
  const namePattern = /^[a-zA-Z][-a-zA-Z0-9]{0,127}$/;
  if (!namePattern.test(name)) {
    throw constraint(
      name,
      "changeSetName",
      "Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*",
    );
  }
  checkStackName(stackName);
}

/** A stack's name or ARN, by the API's model. */
export function checkStackName(stackName: string): void {
  if (/^([a-zA-Z][-a-zA-Z0-9]*|arn:[-a-zA-Z0-9:/._+]*)$/.test(stackName)) {
    if (stackName.length <= 128 || stackName.startsWith("arn:")) return;
    throw constraint(stackName, "stackName", "Member must have length less than or equal to 128");
  }
  throw constraint(
    stackName,
    "stackName",
    "Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*|arn:[-a-zA-Z0-9:/._+]*",
  );
}

function checkLegal(
  stack: Stack | undefined,
  { name, stackName, type }: { name: string; stackName: string; type: "CREATE" | "UPDATE" },
): void {
  if (stack === undefined) {
    if (type === "UPDATE" || stackName.startsWith("arn:")) throw noStack(stackName);
    return;
  }
  if (type === "CREATE") {
    if (stack.status === "REVIEW_IN_PROGRESS") return;
    if (stack.status === "DELETE_IN_PROGRESS") throw notUpdatable(stack.id, stack.status);
    throw invalid(
      `Stack [${stackName}] already exists and cannot be created again with the changeSet [${name}].`,
    );
  }
  if (!isUpdatable(stack.status)) throw notUpdatable(stack.id, stack.status);
}

function checkFailureOption({ OnStackFailure }: CreateChangeSetInput, type: string): void {
  if (OnStackFailure === "DELETE" && type !== "CREATE") {
    throw invalid("OnStackFailure DELETE is only supported for change sets of type CREATE.");
  }
}

function checkMode({ DeploymentMode: mode }: CreateChangeSetInput, type: string): void {
  if (mode === undefined) return;
  if (mode !== "REVERT_DRIFT") {
    throw constraint(mode, "deploymentMode", "Member must satisfy enum value set: [REVERT_DRIFT]");
  }
  if (type !== "UPDATE") throw notEmulated("REVERT_DRIFT of a stack that is to be made");
}

/** Change sets that ListChangeSets shows: not the executed one, not those it made obsolete. */
export const pendingChangeSets = (stack: Stack, context: Context): readonly ChangeSet[] =>
  [...changeSetsOf(stack, context)].filter(
    ({ executionStatus }) => executionStatus === "AVAILABLE" || executionStatus === "UNAVAILABLE",
  );

const namedChangeSet = (stack: Stack, name: string, context: Context): ChangeSet | undefined =>
  pendingChangeSets(stack, context).find((changeSet) => changeSet.name === name);

function sameAgain(twin: ChangeSet, configuration: Configuration, input: CreateChangeSetInput) {
  const mismatch = (attribute: string) =>
    new AwsError(
      "AlreadyExistsException",
      `ChangeSet ${twin.name} cannot be created due to a mismatch with existing attribute ${attribute}`,
    );
  const { capabilities, notificationArns, parameters, tags, text } = twin.configuration;
  if (text !== configuration.text) throw mismatch("Template");
  if (!isSame(parameters as never, configuration.parameters as never)) throw mismatch("Parameters");
  if (!isSame(tags, configuration.tags)) throw mismatch("Tags");
  if (!isSame(capabilities, configuration.capabilities)) throw mismatch("Capabilities");
  if (!isSame(notificationArns, configuration.notificationArns)) throw mismatch("NotificationARNs");
  if (twin.revertsDrift !== (input.DeploymentMode === undefined ? undefined : true)) {
    throw mismatch("DeploymentMode");
  }
  if (twin.description !== input.Description) throw mismatch("Description");
  if (twin.clientToken === undefined || twin.clientToken !== input.ClientToken) {
    throw mismatch("ClientToken");
  }
  return { Id: twin.arn, StackId: twin.stackId };
}

function checkLimit(stack: Stack, context: Context): void {
  if (pendingChangeSets(stack, context).length < 1000) return;
  throw new AwsError("LimitExceededException", `ChangeSet limit exceeded for stack ${stack.id}`);
}

/** A stack that is nothing yet but a name under review. */
function reviewedStack(name: string, context: Context): Stack {
  const stack = newStack(name, context);
  moveStack(stack, { status: "REVIEW_IN_PROGRESS", reason: "User Initiated" }, context);
  return stack;
}

/** The change set of an ARN, or of a name and a stack. */
export function findChangeSet(
  { ChangeSetName: name = "", StackName }: { ChangeSetName?: string; StackName?: string },
  context: Context,
): ChangeSet {
  if (name.startsWith("arn:")) {
    const found = stateOf(context).changeSets[name];
    if (found === undefined) throw noChangeSet(name);
    return found;
  }
  const found = namedChangeSet(stackOfChangeSet(StackName, context), name, context);
  if (found === undefined) throw noChangeSet(name);
  return found;
}

function stackOfChangeSet(stackName: string | undefined, context: Context): Stack {
  if (stackName === undefined) {
    throw invalid("StackName must be specified if ChangeSetName is not specified as an ARN.");
  }
  const stack = findStack(context, stackName);
  if (stack === undefined) throw noStack(stackName);
  return stack;
}

interface ChangeSetReference {
  readonly ChangeSetName?: string;
  readonly StackName?: string;
}

/** What ExecuteChangeSet takes. */
export interface ExecuteChangeSetInput extends ChangeSetReference {
  readonly ClientRequestToken?: string;
  readonly DisableRollback?: boolean;
  readonly RetainExceptOnCreate?: boolean;
}

/** Claims the change set and starts the stack's operation. */
export function executeChangeSet(input: ExecuteChangeSetInput, context: Context) {
  const changeSet = findChangeSet(input, context);
  const {
    arn: id,
    configuration,
    executionStatus,
    onStackFailure,
    revertsDrift,
    status,
  } = changeSet;
  if (executionStatus === "EXECUTE_IN_PROGRESS") throw busyChangeSet();
  if (status !== "CREATE_COMPLETE") throw notExecutable(id, "status", status);
  if (executionStatus !== "AVAILABLE") throw notExecutable(id, "execution status", executionStatus);
  const stack = findStack(context, changeSet.stackId);
  if (stack === undefined) throw noStack(changeSet.stackName);
  if (stack.status !== "REVIEW_IN_PROGRESS" && !isUpdatable(stack.status)) {
    throw notUpdatable(stack.id, stack.status);
  }
  if (onStackFailure !== undefined && input.DisableRollback !== undefined) {
    throw invalid("OnStackFailure and DisableRollback cannot be specified together.");
  }
  changeSet.executionStatus = "EXECUTE_IN_PROGRESS";
  beginApply(
    stack,
    configuration,
    {
      token: input.ClientRequestToken,
      changeSetId: id,
      disableRollback: input.DisableRollback ?? false,
      retainExceptOnCreate: input.RetainExceptOnCreate ?? false,
      ...(onStackFailure === undefined ? {} : { onFailure: onStackFailure }),
      ...(revertsDrift === undefined ? {} : { revertsDrift }),
    },
    context,
  );
  return {};
}

const busyChangeSet = () =>
  new AwsError(
    "InvalidChangeSetStatus",
    "An operation on this ChangeSet is currently in progress.  Please attempt this operation again later.",
  );

const notExecutable = (id: string, what: string, value: string) =>
  new AwsError(
    "InvalidChangeSetStatus",
    `ChangeSet [${id}] cannot be executed in its current ${what} of [${value}]`,
  );

/** Deletes a change set; one that is not there is no error, a missing stack is. */
export function deleteChangeSet(input: ChangeSetReference, context: Context) {
  const { changeSets } = stateOf(context);
  const { ChangeSetName: name = "" } = input;
  const found = name.startsWith("arn:")
    ? changeSets[name]
    : namedChangeSet(stackOfChangeSet(input.StackName, context), name, context);
  if (found === undefined) return {};
  if (found.status === "CREATE_IN_PROGRESS" || found.executionStatus === "EXECUTE_IN_PROGRESS") {
    throw busyChangeSet();
  }
  leaveChangeSet(found, context);
  return {};
}
