import type { World } from "../../../src/sandbox/world.ts";
import type { Arena } from "../arena.ts";
import type { Onlooker } from "../effect.ts";
import { fileAt, tipOf } from "../installed.ts";
import type { Effect } from "../process.ts";
import type { Shop } from "../shop.ts";
import { digestInName, rules, wrongsWhenAsked } from "./effects.ts";
import { askOf, emptyNotes, type Notes, toldOf } from "./notes.ts";
import { credentialsIn, toldIn } from "./secrets.ts";
import { changeSetOf, everyStack, isStateful, liveStacks, stackOf } from "./seen.ts";

/** Judges what happens, at the instant of its effect, knowing nothing of the controller's own records. */
export interface Oracle {
  readonly notes: Notes;
  readonly onlooker: Onlooker;
  /** From now on this is the world that is watched. */
  attend(arena: Arena): void;
  /** A person has committed a shop. */
  pushed(revision: string, shop: Shop): void;
  /** What the record says as it comes in. */
  recorded(text: string): void;
  /** A person has approved what is offered for a revision. */
  approved(revision: string): void;
  /** A person has pushed an image. */
  imagePushed(): void;
  /** A person does away with a stack's data. */
  letsGo(logicalIds: readonly string[]): void;
  /** Whether data has gone since the last look. */
  lookAtData(): void;
}

type Input = Readonly<Record<string, string | undefined>>;

export function watch(): Oracle {
  const notes = emptyNotes();
  let arena: Arena | undefined;
  const secrets: string[] = [];
  const world = (): World => {
    if (arena === undefined) throw new Error("Nothing is watched yet.");
    return arena.world;
  };
  const before = (effect: Effect): void => {
    for (const wrong of leastWrong(effect, notes, world())) note(wrong);
    for (const wrong of toldIn(effect, secrets)) note(wrong);
    if (effect.operation === "codecommit:CreateCommit" && arena !== undefined) {
      for (const wrong of strangeEdits(effect, arena)) note(wrong);
    }
  };
  const note = (wrong: string): void => {
    if (!notes.wrongs.includes(wrong)) notes.wrongs.push(wrong);
  };
  return {
    notes,
    attend: (given) => {
      arena = given;
    },
    onlooker: {
      began: () => undefined,
      ended: () => undefined,
      asked: (life, operation) => {
        for (const wrong of wrongsWhenAsked(life, operation, world().now)) note(wrong);
      },
      before: (effect) => {
        if (arena === undefined) return;
        before(effect);
        const told = breaksOff(effect, world());
        if (told !== undefined) notes.brokenOff.add(told);
      },
      refused: () => undefined,
      after: (effect, answer) => {
        secrets.push(...credentialsIn(effect, answer));
        if (arena !== undefined) remember(effect, answer, { arena, notes });
      },
    },
    pushed: (revision, shop) => {
      const text = arena === undefined ? "" : (fileAt(arena, "docker-compose.yml") ?? "");
      notes.revisions.set(revision, { index: notes.revisions.size, shop, text });
      notes.causes += 1;
    },
    recorded: (text) => {
      notes.recorded += text;
    },
    approved: (revision) => {
      notes.approved.add(revision);
      const shop = notes.revisions.get(revision)?.shop;
      for (const id of shop === undefined ? [] : otherData(shop, world())) notes.letGo.add(id);
    },
    imagePushed: () => {
      notes.causes += 1;
    },
    letsGo: (ids) => {
      for (const id of ids) notes.letGo.add(id);
    },
    lookAtData: () => {
      for (const wrong of goneData(notes, world())) note(wrong);
    },
  };
}

/** What is wrong with a call by the tip that speaks best for it. */
function leastWrong(effect: Effect, notes: Notes, world: World): readonly string[] {
  const all = rules[effect.operation] ?? [];
  if (all.length === 0) return [];
  const told = toldOf(notes, effect.life);
  const { tip, tips = [] } = told;
  const verdicts = [...new Set([tip, ...tips])].map((one) => {
    told.tip = one;
    return all.flatMap((rule) => rule(effect, notes, world));
  });
  told.tip = tip;
  return verdicts.toSorted((a, b) => a.length - b.length)[0] ?? [];
}

/** The change set whose operation this call breaks off. */
function breaksOff({ input, operation }: Effect, world: World): string | undefined {
  if (
    operation !== "cloudformation:CancelUpdateStack" &&
    operation !== "cloudformation:DeleteStack"
  )
    return undefined;
  const stack = stackOf(world, (input as Input).StackName ?? "");
  return stack?.status.endsWith("_IN_PROGRESS") ? stack.changeSetId : undefined;
}

interface Scene {
  readonly arena: Arena;
  readonly notes: Notes;
}

function remember({ input, life, operation }: Effect, answer: unknown, scene: Scene): void {
  const { arena, notes } = scene;
  const told = toldOf(notes, life);
  switch (operation) {
    case "codecommit:GetBranch":
      told.tip = (answer as { readonly branch: { readonly commitId: string } }).branch.commitId;
      told.tips = [...(told.tips ?? []), told.tip];
      return;
    case "ssm:GetParameters":
      Object.assign(told, askedIn(input, answer, arena.world.now));
      return;
    case "cloudformation:ContinueUpdateRollback":
      notes.continued.add((input as Input).StackName ?? "");
      return;
    case "s3:GetObject":
      if ((input as Input).Key?.startsWith("records/")) told.failures = failuresIn(answer);
      return;
    case "s3:PutObject":
      if ((input as Input).Key?.startsWith("records/")) notes.recorded += (input as Input).Body;
      return;
    case "cloudformation:ExecuteChangeSet":
      executed((input as Input).ChangeSetName ?? "", askOf(told), {
        notes,
        world: arena.world,
        index: notes.revisions.get(told.hold ?? told.tip ?? "")?.index ?? -1,
      });
      return;
    case "codecommit:CreateCommit":
      committed((input as Input).parentCommitId ?? "", scene);
      return;
    default:
  }
}

/** What people ask for, as it was read: unreadable counts as asking for nothing to happen. */
function askedIn(input: unknown, answer: unknown, now: number) {
  const { Names } = input as { readonly Names: readonly string[] };
  if (!Names.includes("/trueup/shop/dev/suspended")) return {};
  const { Parameters } = answer as {
    readonly Parameters: readonly { readonly Name: string; readonly Value: string }[];
  };
  const textOf = (leaf: string) =>
    Parameters.find(({ Name }) => Name === `/trueup/shop/dev/${leaf}`)?.Value;
  const hold = parsed(textOf("hold"));
  const suspended = parsed(textOf("suspended"));
  const until = (suspended as { until?: string } | undefined)?.until;
  return {
    tips: [],
    hold: (hold as { revision?: string } | undefined)?.revision,
    suspended:
      hold === "garbled" ||
      suspended === "garbled" ||
      (suspended !== undefined && (until === undefined || Date.parse(until) > now)),
    token: textOf("requested-at"),
  };
}

function parsed(text: string | undefined): object | "garbled" | undefined {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return "garbled";
  }
}

/** A record that cannot be read tells of none. */
function failuresIn(answer: unknown): readonly string[] {
  const record = parsed((answer as { readonly text: string }).text);
  const { failures = {} } = (record === "garbled" ? {} : record) as { readonly failures?: object };
  return Object.keys(failures);
}

function executed(
  arn: string,
  asked: string,
  { index, notes, world }: { readonly index: number; readonly notes: Notes; readonly world: World },
): void {
  const changeSet = changeSetOf(world, arn);
  if (changeSet === undefined) return;
  notes.executed.add(arn);
  const name = changeSet.stackName;
  notes.newest.set(name, Math.max(index, notes.newest.get(name) ?? -1));
  notes.tried.set(`${name} ${digestInName(changeSet.name)}`, asked);
}

/** The controller's commit: the same shop with other images. */
function committed(parent: string, { arena, notes }: Scene): void {
  const tip = tipOf(arena);
  const shop = notes.revisions.get(parent)?.shop;
  if (tip === undefined || shop === undefined) return;
  const text = fileAt(arena, "docker-compose.yml") ?? "";
  notes.revisions.set(tip, { index: notes.revisions.size, shop, text });
  notes.commits += 1;
}

/** Lines other than images that a commit of the controller would change, against what is there now. */
function strangeEdits({ input }: Effect, arena: Arena): readonly string[] {
  const { parentCommitId, putFiles } = input as {
    readonly parentCommitId: string;
    readonly putFiles: readonly { readonly filePath: string; readonly fileContent: Uint8Array }[];
  };
  // The service refuses it by itself.
  if (parentCommitId !== tipOf(arena)) return [];
  return putFiles.flatMap(({ fileContent, filePath }) => {
    const before = (fileAt(arena, filePath) ?? "").split("\n");
    const after = new TextDecoder().decode(fileContent).split("\n");
    const same = (line: string | undefined) => line?.replace(/^(\s+image: )\S+/, "$1");
    const isStrange =
      before.length !== after.length || before.some((line, at) => same(line) !== same(after[at]));
    return isStrange ? [`S5 ${filePath} is changed beside its images`] : [];
  });
}

/** Logical ids of the data that is there and is not what a shop asks for. */
const otherData = ({ key, queue, table }: Shop, world: World): readonly string[] =>
  liveStacks(world).flatMap(({ resources }) =>
    Object.values(resources).flatMap(({ logicalId, properties, type }) => {
      const isQueue = logicalId === (queue === "jobs" ? "JobsQueue" : "TasksQueue");
      const isTable = table && JSON.stringify(properties.KeySchema ?? "").includes(`"${key}"`);
      const isSame = type === "AWS::SQS::Queue" ? isQueue : isTable;
      return isStateful(type) && !isSame ? [logicalId] : [];
    }),
  );

const resting = /^(CREATE|UPDATE|UPDATE_ROLLBACK|IMPORT)_COMPLETE$/;

/** Data that was there when its stack rested and is there no more, with nobody having let it go. */
function goneData(notes: Notes, world: World): readonly string[] {
  const present = new Set(
    everyStack(world).flatMap(({ resources, status }) =>
      status === "DELETE_COMPLETE" ? [] : Object.values(resources).map((one) => one.physicalId),
    ),
  );
  const allowed = new Set([...notes.revisions.values()].flatMap(({ shop }) => shop.allow));
  const gone = [...notes.data].filter(([id, logicalId]) => {
    const what = logicalId.endsWith("Queue") ? "queue" : "table";
    const isLetGo =
      allowed.has(`remove-${what}`) || (what === "table" && allowed.has("replace-table"));
    return !present.has(id) && !notes.letGo.has(logicalId) && !isLetGo;
  });
  notes.data = new Map(
    liveStacks(world)
      .filter(({ status }) => resting.test(status))
      .flatMap(({ resources }) =>
        Object.values(resources).flatMap(({ logicalId, physicalId, type }) =>
          isStateful(type) && physicalId !== "" ? [[physicalId, logicalId] as const] : [],
        ),
      ),
  );
  return gone.map(([, logicalId]) => `S4 the data of ${logicalId} is gone`);
}
