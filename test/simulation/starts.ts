import { failResource } from "../../src/sandbox/cloudformation/faults.ts";
import type { ChangeSet } from "../../src/sandbox/cloudformation/state.ts";
import { type Arena, openArena, type Saved } from "./arena.ts";
import { nobody } from "./effect.ts";
import type { Start } from "./events.ts";
import { deployed, push, registered } from "./installed.ts";
import { changeSetsOn, everyStack, liveStacks, stackOf, unitOf } from "./oracle/seen.ts";
import { account, firstImage, firstShop, region } from "./shop.ts";
import { damage } from "./stage.ts";

// Worlds in every state that a stack can be in. They are not painted but lived: small stories are
// run, and the world is written down the first time that a stack is seen in a state.

type Story = (arena: Arena) => void;

const fault = (
  { world }: Arena,
  type: string,
  on: "create" | "update" | "delete" | "rollback",
  times?: number,
): void => {
  const limit = times === undefined ? {} : { times };
  const wrong = { type, on, reason: "It broke.", ...limit };
  failResource({ world, account, region, principal: "" }, wrong);
};

const stories: Readonly<Record<"registered" | "deployed", readonly Story[]>> = {
  registered: [
    () => undefined,
    (arena) => fault(arena, "AWS::IAM::Policy", "create", 1),
    (arena) => {
      fault(arena, "AWS::IAM::Policy", "create", 1);
      fault(arena, "AWS::IAM::Role", "delete", 1);
    },
  ],
  deployed: [
    (arena) => void push(arena, { ...firstShop, timeout: 90, note: "b" }, firstImage),
    (arena) => {
      fault(arena, "AWS::ECS::Service", "update", 1);
      push(arena, { ...firstShop, note: "b" }, firstImage);
    },
    (arena) => {
      fault(arena, "AWS::ECS::Service", "update", 1);
      fault(arena, "AWS::ECS::Service", "rollback", 5);
      push(arena, { ...firstShop, note: "b" }, firstImage);
    },
    (arena) => {
      fault(arena, "AWS::SQS::Queue", "update");
      byHand(arena, "base", '"VisibilityTimeout":61');
    },
    (arena) => void arena.ask("cloudformation:DeleteStack", { StackName: nameOf(arena, "s-web") }),
    (arena) => {
      fault(arena, "AWS::IAM::Role", "delete", 1);
      arena.ask("cloudformation:DeleteStack", { StackName: nameOf(arena, "s-web") });
    },
  ],
};

const nameOf = ({ world }: Arena, unit: string): string =>
  liveStacks(world).find(({ name }) => unitOf(name) === unit)?.name ?? unit;

/** A person's update that is not rolled back. */
function byHand(arena: Arena, unit: string, setting: string): void {
  const stack = stackOf(arena.world, nameOf(arena, unit));
  arena.ask("cloudformation:UpdateStack", {
    StackName: stack?.name,
    TemplateBody: stack?.configuration?.text.replace(/"VisibilityTimeout":\d+/, setting),
    DisableRollback: true,
  });
}

let harvested: ReadonlyMap<string, Saved> | undefined;

/** By name, `unit STATUS`; and `registered` and `deployed`. */
export async function starts(): Promise<ReadonlyMap<string, Saved>> {
  if (harvested !== undefined) return harvested;
  const found = new Map<string, Saved>([
    ["registered", await registered()],
    ["deployed", await deployed()],
  ]);
  for (const [from, all] of Object.entries(stories)) {
    for (const story of all) await harvest(found.get(from) as Saved, story, found);
  }
  await failedCreate(found);
  for (const status of painted) found.set(`base ${status}`, repainted(await deployed(), status));
  harvested = found;
  return found;
}

async function harvest(from: Saved, story: Story, found: Map<string, Saved>): Promise<void> {
  const look = (): void => {
    for (const { name, status } of everyStack(arena.world)) {
      const key = `${unitOf(name)} ${status}`;
      if (unitOf(name) !== undefined && !found.has(key)) found.set(key, arena.save());
    }
  };
  const arena: Arena = openArena({ seed: 1, from, onlooker: { ...nobody, before: look } });
  story(arena);
  const until = arena.world.now + 1_800_000;
  if (from === (await registered())) await kick(arena);
  while (arena.world.now < until) {
    await arena.driver.settle({ at: arena.world.now + 1000 });
    look();
  }
}

const kick = ({ invoke }: Arena): Promise<unknown> =>
  invoke("reconcile", { Records: [{ messageId: "1", body: "shop/dev" }] });

/** A person executes the first change set with rollback disabled, and it fails. */
async function failedCreate(found: Map<string, Saved>): Promise<void> {
  const arena = openArena({ seed: 1, from: found.get("base REVIEW_IN_PROGRESS") as Saved });
  fault(arena, "AWS::SQS::Queue", "create");
  const StackName = nameOf(arena, "base");
  arena.world.advanceTo(arena.world.now + 30_000);
  const { Summaries } = arena.ask("cloudformation:ListChangeSets", { StackName }) as {
    readonly Summaries: readonly { readonly ChangeSetId: string }[];
  };
  const ChangeSetName = Summaries[0]?.ChangeSetId;
  arena.ask("cloudformation:ExecuteChangeSet", { ChangeSetName, DisableRollback: true });
  arena.world.advanceTo(arena.world.now + 120_000);
  found.set("base CREATE_FAILED", arena.save());
}

/** States that the sandbox does not bring about: others' imports, and words that nobody knows yet. */
const painted = [
  "IMPORT_COMPLETE",
  "IMPORT_IN_PROGRESS",
  "IMPORT_ROLLBACK_COMPLETE",
  "IMPORT_ROLLBACK_FAILED",
  "IMPORT_ROLLBACK_IN_PROGRESS",
  "REFACTOR_PENDING",
];

function repainted(from: Saved, status: string): Saved {
  const arena = openArena({ seed: 1, from });
  const stack = stackOf(arena.world, nameOf(arena, "base"));
  if (stack === undefined) throw new Error("Nothing is deployed.");
  stack.status = status;
  if (status.endsWith("_IN_PROGRESS")) {
    const data = { id: stack.id, from: status, status: status.replace("IN_PROGRESS", "COMPLETE") };
    arena.world.later(300_000, "arrivals", "Become", data, { account, region });
  }
  return arena.save();
}

/** What of a start is not in its world: change sets left lying, a record that is not what it was. */
export function startIn(arena: Arena, { changeSet, record }: Start, records: string[]): void {
  if (changeSet !== "none") for (const unit of ["base", "s-web"]) leave(arena, unit, changeSet);
  if (record !== "as it was") damage({ arena, records }, record);
}

const leftName = { orphan: `trueup-${"0".repeat(20)}-0123456789ab`, foreign: "by-hand" };

function leave(arena: Arena, unit: string, kind: "orphan" | "older" | "foreign"): void {
  const stack = stackOf(arena.world, nameOf(arena, unit));
  if (stack?.configuration === undefined) return;
  // What the record names and nobody has executed would be forgotten.
  const named = recordIn(arena)?.stacks[unit]?.changeSet;
  const open = changeSetsOn(arena.world, stack).filter(isOpen);
  if (kind === "older" && open.some(({ name }) => name === named)) return;
  try {
    arena.ask("cloudformation:CreateChangeSet", {
      StackName: stack.name,
      ChangeSetName: kind === "foreign" ? leftName.foreign : leftName.orphan,
      TemplateBody: stack.configuration.text.replace(
        /"VisibilityTimeout":\d+/,
        '"VisibilityTimeout":33',
      ),
      Capabilities: ["CAPABILITY_NAMED_IAM"],
      Parameters: Object.keys(stack.configuration.parameters).map((ParameterKey) => ({
        ParameterKey,
        UsePreviousValue: true,
      })),
    });
  } catch {
    // Not in this state.
  }
  if (kind === "older") note(arena, unit);
}

const isOpen = ({ executionStatus }: ChangeSet): boolean => /AVAILABLE$/.test(executionStatus);

const recordAt = { Bucket: `trueup-${account}-${region}`, Key: "records/shop/dev.json" };

interface Recorded {
  readonly stacks: Readonly<Record<string, { readonly changeSet?: string }>>;
}

/** Undefined: there is no record yet. */
function recordIn({ ask }: Arena): Recorded | undefined {
  try {
    return JSON.parse((ask("s3:GetObject", recordAt) as { readonly text: string }).text);
  } catch {
    return undefined;
  }
}

/** The record says that the change set is its own. */
function note(arena: Arena, unit: string): void {
  const record = recordIn(arena);
  if (record === undefined) return;
  const stacks = {
    ...record.stacks,
    [unit]: { ...record.stacks[unit], changeSet: leftName.orphan },
  };
  arena.ask("s3:PutObject", { ...recordAt, Body: JSON.stringify({ ...record, stacks }) });
}
