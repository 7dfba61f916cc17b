import type { Stack } from "../../../src/sandbox/cloudformation/state.ts";
import type { World } from "../../../src/sandbox/world.ts";
import type { Arena } from "../arena.ts";
import { fileAt, tipOf } from "../installed.ts";
import type { Shop } from "../shop.ts";
import { cleanEnd, templatesIn } from "./clean.ts";
import { isMeantFor } from "./effects.ts";
import type { Notes } from "./notes.ts";
import { changeSetOf, changeSetsOn, isOurs, liveStacks, saidIn, unitOf } from "./seen.ts";

/** How things stand once all is calm. */
interface End {
  readonly arena: Arena;
  readonly shop: Shop;
  readonly status: Published;
  readonly context: Context;
}

/** What has happened that an end may be put down to. */
export interface Context {
  /** The record was lost or damaged, or knew nothing of change sets: what only it knew is forgotten. */
  readonly forgot: boolean;
  /** Somebody changed stacks by hand. */
  readonly meddled: boolean;
  readonly notes: Notes;
}

interface Published {
  readonly revision: { readonly desired?: string; readonly deployed?: string };
  readonly conditions: readonly {
    readonly type: string;
    readonly status: string;
    readonly reason: string;
    readonly message: string;
  }[];
}

/** Converged, or blocked for a reason that is on the list and true of the world: what is not so. */
export async function wrongsAtTheEnd(
  arena: Arena,
  shop: Shop,
  context: Context,
): Promise<readonly string[]> {
  const application = applicationReason(arena);
  if (application !== undefined) return applicationTruth(application, { arena, shop });
  const status = published(arena, "/trueup/shop/dev/status") as Published | undefined;
  if (status === undefined) return ["L1 nothing is said of the environment"];
  const ready = status.conditions.find(({ type }) => type === "Ready");
  const end: End = { arena, context, shop, status };
  if (ready?.status === "True") return whenReady(end);
  const isTrue = truths[ready?.reason ?? ""];
  if (isTrue === undefined) return [`L1 ends ${ready?.reason}: ${ready?.message}`];
  return isTrue(end) ? [] : [`L1 ends ${ready?.reason}, which is not so: ${ready?.message}`];
}

/** The reason that the end comes down to, in a word. */
export function reasonAtTheEnd(arena: Arena): string {
  const application = applicationReason(arena);
  const status = published(arena, "/trueup/shop/dev/status") as Published | undefined;
  return (
    application ?? status?.conditions.find(({ type }) => type === "Ready")?.reason ?? "nothing"
  );
}

function published({ ask }: Arena, Name: string): unknown {
  try {
    const { Parameter } = ask("ssm:GetParameter", { Name }) as {
      readonly Parameter: { readonly Value: string };
    };
    return JSON.parse(Parameter.Value);
  } catch {
    return undefined;
  }
}

/** Undefined: the application is read, and its environments speak for themselves. */
function applicationReason(arena: Arena): string | undefined {
  if (published(arena, "/trueup/shop/registration") === undefined) return "NotRegistered";
  const status = published(arena, "/trueup/shop/status") as Published | undefined;
  const ready = status?.conditions.find(({ type }) => type === "Ready");
  return ready?.status === "False" && ready.reason === "ApplicationFileInvalid"
    ? ready.reason
    : undefined;
}

const applicationTruth = (
  reason: string,
  { shop }: Pick<End, "arena" | "shop">,
): readonly string[] =>
  reason === "NotRegistered" || shop.file !== "sound" ? [] : [`L1 ends ${reason}, which is not so`];

async function whenReady({ arena, context, shop, status }: End): Promise<readonly string[]> {
  const { world } = arena;
  const holds = published(arena, "/trueup/shop/dev/hold") !== undefined;
  const tip = tipOf(arena);
  const wanted = await cleanEnd(arena);
  const found = templatesIn(world);
  return [
    ...(shop.file === "sound" || holds ? [] : [`L1 is ready with a file that is ${shop.file}`]),
    ...(holds || status.revision.deployed === tip ? [] : ["D1 what is deployed is not the tip"]),
    ...(holds ? notHeld(arena, context) : different(wanted, found, context)),
    ...(holds || context.meddled ? [] : notNewest(arena)),
    ...liveStacks(world).flatMap((stack) =>
      unitOf(stack.name) === undefined || context.forgot
        ? []
        : changeSetsOn(world, stack)
            .filter(({ executionStatus, name }) => isOurs(name) && executionStatus === "AVAILABLE")
            .map(({ name }) => `L1 ${stack.name} still has ${name}`),
    ),
  ];
}

/** Whether what runs is not what is held. */
function notHeld(arena: Arena, { notes }: Context): readonly string[] {
  const held = notes.revisions.get(heldRevision(arena) ?? "");
  const web = liveStacks(arena.world).find(({ name }) => unitOf(name) === "s-web");
  if (held === undefined || web?.configuration === undefined) return [];
  const { notes: said } = saidIn(web.configuration.template);
  return said.join() === held.shop.note ? [] : [`L1 what runs is not what is held: ${said}`];
}

/** Whether the file names another image than the newest that there is. */
function notNewest(arena: Arena): readonly string[] {
  const text = fileAt(arena, "docker-compose.yml") ?? "";
  const [, tag = ""] = /^ {2}web:\n {4}image: [^:]+:([\d.]+)/m.exec(text) ?? [];
  const { imageDetails } = arena.ask("ecr:DescribeImages", { repositoryName: "web" }) as {
    readonly imageDetails: readonly { readonly imageTags?: readonly string[] }[];
  };
  const newest = imageDetails
    .flatMap(({ imageTags = [] }) => imageTags)
    .toSorted()
    .at(-1);
  return tag === newest || tag.startsWith("9.")
    ? []
    : [`L1 follows ${tag}, and there is ${newest}`];
}

function different(
  wanted: Readonly<Record<string, string>>,
  found: Readonly<Record<string, string>>,
  { forgot }: Context,
): readonly string[] {
  // A unit that left is known from the record alone.
  const left = forgot ? [] : Object.keys(found);
  const units = [...new Set([...Object.keys(wanted), ...left])];
  return units
    .filter((unit) => wanted[unit] !== found[unit])
    .map((unit) => `D1 ${unit} is not what it would be had nothing else ever happened`);
}

const statuses = (world: World): readonly string[] =>
  liveStacks(world).flatMap(({ name, status }) => (unitOf(name) === undefined ? [] : [status]));

const stacksThatAre = ({ arena: { world } }: End, pattern: RegExp): readonly Stack[] =>
  liveStacks(world).filter(
    ({ name, status }) => unitOf(name) !== undefined && pattern.test(status),
  );

/**
 * Whether what failed last on a stack is what is wanted, and was not broken off on purpose: that is
 * known from the record alone, and who has lost it does not try again.
 */
function failedLast(stack: Stack, { arena, context: { forgot, notes } }: End): boolean {
  const changeSet = changeSetOf(arena.world, stack.changeSetId ?? "");
  const wanted = notes.revisions.get(heldRevision(arena) ?? tipOf(arena) ?? "");
  if (notes.brokenOff.has(stack.changeSetId ?? "") && !forgot) return false;
  // A create that failed may have left no change set to tell.
  if (changeSet === undefined || wanted === undefined) return true;
  return isMeantFor(stack.name, changeSet, wanted);
}

const heldRevision = (arena: Arena): string | undefined =>
  (published(arena, "/trueup/shop/dev/hold") as { readonly revision?: string } | undefined)
    ?.revision;

const anyIs = ({ arena }: End, pattern: RegExp): boolean =>
  statuses(arena.world).some((status) => pattern.test(status));

/** The closed list of what may hold an environment, each with what makes it true. */
const truths: Readonly<Record<string, (end: End) => boolean>> = {
  // Ours always change something: their stamp.
  ChangeSetFailed: (end) => end.context.meddled && hasFailed(end),
  NoChanges: (end) => end.context.meddled && hasFailed(end),
  DataAtRisk: (end) => losesData(end),
  ChangeSetRiskier: (end) => losesData(end),
  ForeignTemplate: ({ context }) => context.meddled,
  Held: ({ arena, context }) =>
    [...context.notes.revisions.values()].some(({ shop }) => shop.approval) ||
    ["suspended", "hold"].some((leaf) => hasParameter(arena, `/trueup/shop/dev/${leaf}`)),
  RolledBack: (end) =>
    anyIs(end, /^CREATE_FAILED$/) ||
    stacksThatAre(end, /ROLLBACK_COMPLETE$|^ROLLBACK_FAILED$/).some((one) => failedLast(one, end)),
  StackStuck: (end) =>
    anyIs(end, /^(UPDATE|DELETE|IMPORT_ROLLBACK)_FAILED$/) ||
    stacksThatAre(end, /^UPDATE_ROLLBACK_FAILED$/).some(({ id }) =>
      end.context.notes.continued.has(id),
    ),
  StatusUnknown: (end) => anyIs(end, /^REFACTOR/),
  SourceInvalid: ({ shop }) => shop.file !== "sound",
  ApplicationFileInvalid: ({ shop }) => shop.file !== "sound",
};

const hasFailed = ({ arena: { world } }: End): boolean =>
  liveStacks(world).some((stack) =>
    changeSetsOn(world, stack).some(({ name, status }) => isOurs(name) && status === "FAILED"),
  );

const hasParameter = ({ ask }: Arena, Name: string): boolean => {
  try {
    ask("ssm:GetParameter", { Name });
    return true;
  } catch {
    return false;
  }
};

/** Whether the data that is there is not the data that is wanted, and no leave is given. */
function losesData({ arena, context: { notes }, shop }: End): boolean {
  const held = notes.revisions.get(heldRevision(arena) ?? "");
  const { allow, key, queue, table } = held?.shop ?? shop;
  const base = liveStacks(arena.world).find(({ name }) => unitOf(name) === "base");
  const resources = Object.values(base?.resources ?? {});
  const hasQueue = resources.some(
    ({ logicalId, type }) =>
      type === "AWS::SQS::Queue" && logicalId !== (queue === "jobs" ? "JobsQueue" : "TasksQueue"),
  );
  const [deployed] = resources.filter(({ type }) => type === "AWS::DynamoDB::Table");
  const is = JSON.stringify(deployed?.properties.KeySchema ?? "");
  return (
    (hasQueue && !allow.includes("remove-queue")) ||
    (deployed !== undefined && !table && !allow.includes("remove-table")) ||
    (deployed !== undefined &&
      table &&
      !is.includes(`"${key}"`) &&
      !allow.includes("replace-table"))
  );
}
