import type { Bundle } from "../model/bundle.ts";
import type { ObservedStack, UnderWay } from "../model/observed.ts";
import { stackClassOf } from "../model/phases.ts";
import type { DriftDetection, EnvironmentRecord } from "../model/record.ts";
import { isRefused, type Refused } from "../model/refused.ts";
import type { Template } from "../model/template.ts";
import type { Deadlines } from "../plan/deadlines.ts";
import type { Leaving } from "../plan/decide.ts";
import { driftsIn, type UnitDrift } from "../plan/drift.ts";
import { foreignChange, isKnown } from "../plan/foreign.ts";
import type { Consent } from "../plan/guard.ts";
import type { Health } from "../plan/health.ts";
import { type Again, type ChangeSets, haveMoved, type Unit, unitsOf } from "../plan/units.ts";
import type { Stacks } from "../ports/ports.ts";
import { unlessRefused } from "../refused.ts";
import { followUp } from "./drift.ts";
import { readEach } from "./each.ts";
import { releasing } from "./releasing.ts";
import { running } from "./running.ts";
import { touchedIn, underWayIn } from "./under-way.ts";

/** What CloudFormation says of one environment, read in one pass. */
export interface Observed {
  readonly units: readonly Unit[];
  readonly changeSets: ReadonlyMap<string, ChangeSets>;
  readonly leaving: readonly Leaving[];
  /** What operations are busy with that were superseded, or may be late. */
  readonly underWay: ReadonlyMap<string, readonly UnderWay[] | Refused>;
  /** Deployed units that somebody else changed: with what. */
  readonly foreign: ReadonlyMap<string, string>;
  /** Undefined: nothing is to be taken from what may still run. */
  readonly health: Health | undefined;
  /** Physical ids of what is about to change or to go, where consents name any. */
  readonly ids: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** Units that are giving up what there can be only one of. */
  readonly releasing: ReadonlySet<string>;
  /** What detections of drift came to, by unit: those that are still about what is there. */
  readonly detections: Readonly<Record<string, DriftDetection>>;
  /** Deployed units of which somebody changed resources. */
  readonly drifts: ReadonlyMap<string, UnitDrift>;
  /** Templates as deployed, of every stack that is about to change or to go; of drift, as it makes them. */
  readonly templates: ReadonlyMap<string, Template>;
}

const noIds: ReadonlyMap<string, string> = new Map();

const orElse = <T extends object>(answer: T | Refused, other: T): T =>
  isRefused(answer) ? other : answer;

/** What is looked for. */
interface Wanted {
  readonly bundle: Bundle;
  /** `revert`: what somebody else changed is to be applied again. */
  readonly selfHeal: "off" | "report" | "revert";
  readonly drift: { readonly ignore: readonly string[] };
  readonly deadlines: Deadlines;
  readonly consents: readonly Consent[];
  /** ISO 8601. */
  readonly now: string;
  /** Stacks that were read already, by unit. */
  readonly known: ReadonlyMap<string, ObservedStack | undefined>;
}

/** The stacks that are on record, by unit: named, never listed. */
export const lookAt = (
  record: EnvironmentRecord,
  stacks: Stacks,
): Promise<ReadonlyMap<string, ObservedStack | undefined>> =>
  readEach(
    Object.entries(record.stacks).map(([unit, { name }]) => [unit, name] as const),
    ([, name]) => stacks.describe(name),
  );

/** Reads the stacks that are new, and details only where something differs. */
export async function observe(
  { bundle, consents, deadlines, drift, known, now, selfHeal }: Wanted,
  record: EnvironmentRecord,
  stacks: Stacks,
): Promise<Observed> {
  const others = bundle.stacks.filter(({ name, unit }) => record.stacks[unit]?.name !== name);
  const read = await readEach(
    others.map(({ name, unit }) => [unit, name] as const),
    ([, name]) => stacks.describe(name),
  );
  const found = new Map([...known, ...read]);
  const leaving = leavingOf(bundle, found);
  const laid = { bundle, stacks: found };
  const firstLook = unitsOf({ ...laid, ...nothingRead });

  const changing = [
    ...firstLook.filter(({ applied }) => applied?.deployed !== true).map(({ goal }) => goal.unit),
    ...leaving.map(({ unit }) => unit),
  ];
  const templates = new Map<string, Template>();
  const deployed = await readEach(
    changing.map((unit) => [unit, found.get(unit)] as const),
    async ([, stack]) => templateOf(stack, stacks),
  );
  for (const [unit, template] of deployed)
    if (template !== undefined) templates.set(unit, template);
  const isNamed = consents.some(({ from }) => from !== undefined);
  const named = isNamed ? changing.filter((unit) => templates.has(unit)) : [];
  const ids = await readEach(
    named.map((unit) => [unit, found.get(unit)?.id ?? ""] as const),
    async ([, id]) => orElse(await unlessRefused(() => stacks.ids(id)), noIds),
  );
  const touched = await touchedIn(firstLook, stacks);

  const laying = { ...laid, ...nothingRead, templates, touched };
  const isMoreKnown = templates.size > 0 || touched.size > 0;
  const moved = isMoreKnown ? unitsOf(laying) : firstLook;
  // What old tasks use is not taken from them.
  const health = haveMoved(moved, laying) ? await running(moved, stacks) : undefined;
  const isRunning = health?.status === "True";
  const asStamped = isRunning ? unitsOf({ ...laying, isRunning }) : moved;
  const [foreign, detections] = await Promise.all([
    foreignIn(asStamped, record, { stacks, templates }),
    followUp(record, found, stacks),
  ]);
  const drifts = driftsIn(asStamped, detections, { foreign, ignore: drift.ignore });
  const again = selfHeal === "revert" ? putRight({ drifts, foreign, found, templates }) : new Map();
  const units = again.size === 0 ? asStamped : unitsOf({ ...laying, isRunning, again });
  const changeSets = await readEach(
    units.map((unit) => [unit.goal.unit, unit] as const),
    async ([, unit]) => changeSetsOf(unit, record, stacks),
  );
  return {
    units,
    changeSets,
    detections,
    drifts,
    foreign,
    health,
    ids,
    leaving,
    releasing: await releasing(units, templates, stacks),
    templates,
    underWay: await underWayIn(units, { deadlines, now }, stacks),
  };
}

interface Changed extends Pick<Observed, "drifts" | "foreign"> {
  readonly found: ReadonlyMap<string, ObservedStack | undefined>;
  /** What is to be put back starts from what others made: that is added. */
  readonly templates: Map<string, Template>;
}

/** What others changed and can be put right. */
function putRight({ drifts, foreign, found, templates }: Changed): ReadonlyMap<string, Again> {
  const again = new Map<string, Again>();
  for (const unit of foreign.keys())
    again.set(unit, { kind: "foreign", of: found.get(unit)?.lastUpdated ?? "" });
  for (const [unit, { detection, refusal, template }] of drifts) {
    if (refusal !== undefined) continue;
    again.set(unit, { kind: "drift", of: detection });
    templates.set(unit, template);
  }
  return again;
}

const nothingRead = {
  templates: new Map<string, Template>(),
  touched: new Map(),
  again: new Map(),
  isRunning: false,
};

interface Read {
  readonly stacks: Stacks;
  /** What has been read; what is read more is added. */
  readonly templates: Map<string, Template>;
}

/**
 * What somebody else changed under our stamp. A stack is looked into once after each operation: a
 * record that is lost causes that once more, and nothing else.
 */
async function foreignIn(
  units: readonly Unit[],
  record: EnvironmentRecord,
  { stacks, templates }: Read,
): Promise<ReadonlyMap<string, string>> {
  const deployed = units.flatMap((unit) =>
    unit.applied?.deployed === true && unit.stack !== undefined
      ? [[unit.goal.unit, { unit, stack: unit.stack }] as const]
      : [],
  );
  const looked = await readEach(deployed, async ([name, { stack, unit }]) => {
    if (isKnown(record.stacks[name]?.settled, stack)) return undefined;
    const template = templates.get(name) ?? (await stacks.template(stack.id));
    const change = foreignChange(unit, template);
    if (change !== undefined) templates.set(name, template);
    return change;
  });
  return new Map([...looked].flatMap(([name, change]) => (change ? [[name, change]] : [])));
}

/** Stacks that the record knows and the bundle does not, families before what they share. */
function leavingOf(
  bundle: Bundle,
  found: ReadonlyMap<string, ObservedStack | undefined>,
): readonly Leaving[] {
  const wanted = new Set(bundle.stacks.map(({ unit }) => unit));
  return [...found]
    .filter(([unit, stack]) => !wanted.has(unit) && stackClassOf(stack?.status) !== "absent")
    .flatMap(([unit, stack]) => (stack === undefined ? [] : [{ unit, stack }]))
    .sort((a, b) => (a.unit < b.unit ? 1 : -1));
}

/**
 * The change set of the wanted name, and that of the intent before it. A stack whose last executed
 * change set is the one on record has none that anybody could still execute.
 */
async function changeSetsOf(
  { applied, desired, phase, stack }: Unit,
  record: EnvironmentRecord,
  stacks: Stacks,
): Promise<ChangeSets> {
  const none: ChangeSets = { wanted: undefined, older: undefined };
  if (stack === undefined || !["review", "settled", "reverted"].includes(phase)) return none;

  const read = (name: string) => stacks.changeSet(desired.name, name);
  const before = record.stacks[desired.unit]?.changeSet;
  const executed = stack.changeSetId?.split("/")[1];
  const wanted = applied?.deployed === false ? applied.changeSet : undefined;
  return {
    wanted: wanted === undefined ? undefined : await read(wanted),
    older:
      before === undefined || before === wanted || before === executed
        ? undefined
        : await read(before),
  };
}

async function templateOf(
  stack: ObservedStack | undefined,
  stacks: Stacks,
): Promise<Template | undefined> {
  if (stack === undefined) return undefined;
  const phase = stackClassOf(stack.status);
  // A stack in review has no template yet; one that failed to be created holds nothing.
  return ["absent", "review", "dead"].includes(phase) ? undefined : stacks.template(stack.id);
}
