import { kindOf, type Operation } from "../../../src/aws/call.ts";
import type { ChangeSet, Stack } from "../../../src/sandbox/cloudformation/state.ts";
import type { World } from "../../../src/sandbox/world.ts";
import type { Effect, Life } from "../process.ts";
import type { Shop } from "../shop.ts";
import { askOf, type Notes, type Told, toldOf, wantedBy } from "./notes.ts";
import { misgivenIn } from "./secrets.ts";
import {
  changeSetOf,
  digestOf,
  isOurs,
  isStateful,
  nameIn,
  type Said,
  saidIn,
  stackOf,
  stampIn,
  stampOf,
  unitOf,
  wasWhole,
} from "./seen.ts";
import { takesWhatIs, uses } from "./up-to-date.ts";

/** What is wrong with a call as things stand at the instant of its effect: `S1 …`. */
export type Rule = (effect: Effect, notes: Notes, world: World) => readonly string[];

type Input = Readonly<Record<string, string | undefined>>;

const knownStatus =
  /^(CREATE|UPDATE|DELETE|IMPORT|ROLLBACK|UPDATE_ROLLBACK|IMPORT_ROLLBACK)_(IN_PROGRESS|COMPLETE|FAILED)$|^REVIEW_IN_PROGRESS$|^UPDATE(_ROLLBACK)?_COMPLETE_CLEANUP_IN_PROGRESS$/;

const when = (is: boolean, wrong: string): readonly string[] => (is ? [wrong] : []);

/** Of every write to CloudFormation. */
const anyWrite: Rule = ({ input, life, operation }, notes, world) => {
  const { ChangeSetName, StackName } = input as Input;
  const named = StackName ?? changeSetOf(world, ChangeSetName ?? "")?.stackName ?? "";
  const stack = stackOf(world, named);
  const name = stack?.name ?? (named.startsWith("arn:") ? nameIn(named) : named);
  const told = toldOf(notes, life);
  const wanted = wantedBy(notes, life);
  return [
    ...when(named !== "" && unitOf(name) === undefined, `S7 ${operation} on ${name}`),
    ...when(told.suspended === true, `S3 ${operation} while suspended`),
    ...when(wanted === undefined, `S11 ${operation} without having looked at a revision`),
    ...when(
      wanted !== undefined && wanted.shop.file !== "sound",
      `S11 ${operation} for a file that is ${wanted?.shop.file}`,
    ),
    ...when(
      stack !== undefined && !knownStatus.test(stack.status),
      `S12 ${operation} on a stack that is ${stack?.status}`,
    ),
  ];
};

const create: Rule = ({ input, life }, notes, world) => {
  const { StackName = "" } = input as Input;
  const before = stackOf(world, StackName);
  return [
    ...(before === undefined && !notes.recorded.includes(StackName)
      ? [`S13 ${StackName} is made without a note of it`]
      : []),
    ...(wantedBy(notes, life) === undefined ? ["S1 a change set for no revision"] : []),
  ];
};

const execute: Rule = (effect, notes, world) => {
  const changeSet = changeSetOf(world, (effect.input as Input).ChangeSetName ?? "");
  const stack = changeSet === undefined ? undefined : stackOf(world, changeSet.stackId);
  // The service refuses it by itself.
  if (changeSet?.executionStatus !== "AVAILABLE" || stack === undefined) return [];
  const wanted = wantedBy(notes, effect.life);
  return [
    ...ownWrongs(changeSet, stack, notes),
    ...(wanted === undefined ? [] : misfits(stack.name, changeSet, wanted)),
    ...(wanted === undefined ? [] : misgiven(stack.name, changeSet, wanted)),
    ...backwards(stack, effect, notes),
    ...unapproved(effect, notes),
    ...(isApproved(effect, notes) ? [] : lost(stack.name, changeSet, stack, wanted?.shop)),
  ];
};

/** What is wrong with executing this change set, whoever wants it. */
function ownWrongs(changeSet: ChangeSet, stack: Stack, notes: Notes): readonly string[] {
  const { name } = stack;
  const digest = digestOf(name, changeSet.configuration);
  const isNamed = changeSet.name.startsWith(`trueup-${digest.slice(0, 20)}-`);
  const isStamped = stampIn(changeSet.configuration.template) === digest;
  const isDeployed =
    stampOf(stack) === digest && /^(CREATE|UPDATE|UPDATE_ROLLBACK)_COMPLETE$/.test(stack.status);
  return [
    ...when(notes.executed.has(changeSet.arn), `S2 ${name}: executed twice`),
    ...when(!isOurs(changeSet.name), `S7 ${name}: somebody else's change set`),
    ...when(!isNamed || !isStamped, `S1 ${name}: the digest is not that of what is executed`),
    ...when(isDeployed, `S2 ${name}: what is deployed already is executed`),
  ];
}

/** Older than what was executed before, or tried again just as it failed. */
function backwards(stack: Stack, { input, life }: Effect, notes: Notes): readonly string[] {
  const { name } = stack;
  const told = toldOf(notes, life);
  const wanted = wantedBy(notes, life);
  const newest = notes.newest.get(name) ?? -1;
  const isOlder = wanted !== undefined && told.hold === undefined && wanted.index < newest;
  return [
    ...when(isOlder, `S1 ${name} goes back from revision ${newest} to ${wanted?.index}`),
    ...when(failedBefore(stack, notes, input, told), `L5 ${name}: tried again as it failed`),
  ];
}

/** Whether somebody should have said yes to this revision, as the tip has it, and nobody has. */
function unapproved(effect: Effect, notes: Notes): readonly string[] {
  const { tip = "" } = toldOf(notes, effect.life);
  const isGated = notes.revisions.get(tip)?.shop.approval === true;
  return when(isGated && !isApproved(effect, notes), "S3 executed without an approval of it");
}

/** Whether somebody has approved the plan of this revision, with all that it does to data. */
const isApproved = ({ life }: Effect, notes: Notes): boolean => {
  const { hold, tip = "" } = toldOf(notes, life);
  return notes.approved.has(hold ?? tip);
};

/** What came before a stack's last operation is known from the record alone. */
function failedBefore(stack: Stack, notes: Notes, input: unknown, told: Told): boolean {
  const digits = digestInName(nameIn((input as Input).ChangeSetName));
  const isOnRecord = told.failures?.some((arn) => digestInName(nameIn(arn)) === digits) === true;
  return (
    /ROLLBACK_COMPLETE$/.test(stack.status) &&
    notes.tried.get(`${stack.name} ${digits}`) === askOf(told) &&
    (isOurs(nameIn(stack.changeSetId)) || isOnRecord) &&
    !notes.brokenOff.has(stack.changeSetId ?? "")
  );
}

/** The digits of a digest that a change set's name has. */
export const digestInName = (name: string): string => name.split("-")[1] ?? "";

interface Wanted {
  readonly shop: Shop;
  readonly text: string;
}

/** Whether a change set is for what a revision says, as far as can be told. */
export const isMeantFor = (stack: string, changeSet: ChangeSet, wanted: Wanted): boolean =>
  misfits(stack, changeSet, wanted).length === 0;

/** Whether what is executed says what the revision says that it is executed for. */
function misfits(stack: string, { configuration }: ChangeSet, wanted: Wanted): readonly string[] {
  const said = saidIn(configuration.template);
  const unit = unitOf(stack);
  if (unit === "base") return misfitsOfBase(stack, said, wanted);
  return unit === "s-web" ? misfitsOfWeb(stack, said, wanted) : [];
}

const misgiven = (stack: string, { configuration }: ChangeSet, { shop }: Wanted) =>
  misgivenIn(unitOf(stack) ?? stack, configuration.template, shop);

function misfitsOfBase(stack: string, said: Said, { shop }: Wanted): readonly string[] {
  const queue = shop.queue === "jobs" ? "JobsQueue" : "TasksQueue";
  return [
    ...when(said.queues[queue] !== shop.timeout, `S1 ${stack}: the queue is not as it should be`),
    ...when(shop.table && said.key !== shop.key, `S1 ${stack}: the key is ${said.key}`),
  ];
}

function misfitsOfWeb(stack: string, said: Said, { shop, text }: Wanted): readonly string[] {
  const [, image = ""] = /^ {2}web:\n {4}image: (\S+)/m.exec(text) ?? [];
  return [
    ...when(said.notes.join() !== shop.note, `S1 ${stack}: the note is ${said.notes}`),
    ...when(!said.images.includes(image), `S10 ${stack} runs ${said.images}, not ${image}`),
  ];
}

interface Shown {
  readonly ResourceChange: {
    readonly Action: string;
    readonly LogicalResourceId: string;
    readonly Replacement?: string;
    readonly ResourceType: string;
  };
}

/** Data that a change set would lose without leave. */
function lost(
  name: string,
  changeSet: ChangeSet,
  stack: Stack,
  shop: Shop | undefined,
): readonly string[] {
  if (!wasWhole(stack)) return [];
  return (changeSet.changes as readonly Shown[]).flatMap(({ ResourceChange: change }) => {
    const removes = change.Action === "Remove" || change.Action === "Dynamic";
    const replaces = change.Replacement === "True" || change.Replacement === "Conditional";
    if (!isStateful(change.ResourceType) || !(removes || replaces)) return [];
    const what = change.ResourceType === "AWS::SQS::Queue" ? "queue" : "table";
    const leave = removes ? (`remove-${what}` as const) : ("replace-table" as const);
    return shop?.allow.includes(leave)
      ? []
      : [`S4 ${name}: ${leave} of ${change.LogicalResourceId}`];
  });
}

const deleteStack: Rule = ({ input, life }, notes, world) => {
  const { StackName = "" } = input as Input;
  const stack = stackOf(world, StackName);
  if (stack === undefined) return [];
  const unit = unitOf(stack.name);
  const shop = wantedBy(notes, life)?.shop;
  const isWanted = unit === "base" || unit === "s-web" || (unit === "s-worker" && shop?.worker);
  const holds = Object.values(stack.resources).some(
    ({ physicalId, type }) => isStateful(type) && physicalId !== "",
  );
  return [
    ...(StackName.startsWith("arn:") ? [] : [`S8 ${stack.name} is deleted by name`]),
    ...(isWanted && wasWhole(stack) ? [`S8 ${stack.name} is deleted, ${stack.status}`] : []),
    ...(!isWanted && holds ? [`S8 ${stack.name} is deleted with its data`] : []),
    ...(isWanted && /_COMPLETE$/.test(stack.status) && !/ROLLBACK/.test(stack.status)
      ? [`S8 ${stack.name} is deleted though it is ${stack.status}`]
      : []),
  ];
};

const deleteChangeSet: Rule = ({ input }, _, world) => {
  const changeSet = changeSetOf(world, (input as Input).ChangeSetName ?? "");
  return changeSet === undefined || isOurs(changeSet.name)
    ? []
    : [`S7 somebody else's change set ${changeSet.name} is deleted`];
};

/** Data that the operation of a stack is busy with. */
const dataUnderWay = ({ resources }: Stack): boolean =>
  Object.values(resources).some(
    ({ status, type }) => isStateful(type) && status.endsWith("_IN_PROGRESS"),
  );

const cancel: Rule = ({ input, life }, notes, world) => {
  const stack = stackOf(world, (input as Input).StackName ?? "");
  const changeSet = changeSetOf(world, stack?.changeSetId ?? "");
  if (stack?.status !== "UPDATE_IN_PROGRESS") return [];
  const wanted = wantedBy(notes, life);
  return [
    ...when(dataUnderWay(stack), `S4 ${stack.name}: broken off in the middle of its data`),
    ...(isOurs(nameIn(stack.changeSetId))
      ? []
      : [`S7 ${stack.name}: somebody else's is broken off`]),
    ...(changeSet !== undefined &&
    wanted !== undefined &&
    isUpToDate(stack, changeSet, wanted) &&
    takesWhatIs(changeSet, world)
      ? [`S1 ${stack.name}: what is wanted is broken off`]
      : []),
  ];
};

const isUpToDate = (stack: Stack, changeSet: ChangeSet, wanted: Wanted): boolean =>
  unitOf(stack.name) === "s-web" &&
  misfits(stack.name, changeSet, wanted).length === 0 &&
  uses(changeSet, wanted.shop);

const continueRollback: Rule = ({ input }) =>
  "ResourcesToSkip" in (input as object) ? ["S4 a rollback skips resources without consent"] : [];

/** What is wrong with a call at the moment that it is made. */
export const wrongsWhenAsked = (
  { began, calls }: Life,
  operation: Operation,
  now: number,
): readonly string[] => [
  ...(kindOf(operation) === "mutating" && now - began > 50_000
    ? [`S14 ${operation} with the time almost up`]
    : []),
  ...(calls > 600 ? [`S14 ${operation} is call ${calls} of one invocation`] : []),
];

/** Rules by operation. */
export const rules: Readonly<Record<string, readonly Rule[]>> = {
  "cloudformation:CancelUpdateStack": [anyWrite, cancel],
  "cloudformation:ContinueUpdateRollback": [anyWrite, continueRollback],
  "cloudformation:CreateChangeSet": [anyWrite, create],
  "cloudformation:DeleteChangeSet": [anyWrite, deleteChangeSet],
  "cloudformation:DeleteStack": [anyWrite, deleteStack],
  "cloudformation:ExecuteChangeSet": [anyWrite, execute],
};
