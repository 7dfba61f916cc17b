import type { Desired } from "../desired/desired.ts";
import { changedSince } from "../desired/lookups.ts";
import type { ObservedStack } from "../model/observed.ts";
import type { DriftDetection, EnvironmentRecord } from "../model/record.ts";
import { isRefused } from "../model/refused.ts";
import { inParallel } from "../parallel.ts";
import { dueAfter, isAbout, isUnderWay, toDetect } from "../plan/detections.ts";
import { lastOperation } from "../plan/foreign.ts";
import type { RollOut } from "../plan/roll-out.ts";
import type { Unit } from "../plan/units.ts";
import type { Lookups, Records, Stacks } from "../ports/ports.ts";
import { unlessRefused } from "../refused.ts";

type Detections = Readonly<Record<string, DriftDetection>>;

const width = 5;

/** The detections on record that are still about what is there, with what came of them since. */
export async function followUp(
  record: EnvironmentRecord,
  found: ReadonlyMap<string, ObservedStack | undefined>,
  stacks: Pick<Stacks, "drift">,
): Promise<Detections> {
  const known = Object.entries(record.drift?.units ?? {}).flatMap(([unit, detection]) => {
    const stack = found.get(unit);
    return stack !== undefined && isAbout(detection, stack) ? [{ unit, detection, stack }] : [];
  });
  const read = await inParallel(known, width, async ({ detection, stack, unit }) => {
    if (detection.found !== undefined) return [unit, detection] as const;
    const report = await unlessRefused(() => stacks.drift(stack.id, detection.id));
    if (isRefused(report)) return [unit, { ...detection, ...nothing(report.refused) }] as const;
    const { incomplete, resources } = report ?? {};
    return [unit, { ...detection, found: resources, incomplete }] as const;
  });
  return Object.fromEntries(read);
}

/** A controller that may not look for drift keeps deploying. */
const nothing = (incomplete: string) => ({ found: [], incomplete });

interface Passed {
  readonly key: string;
  readonly desired: Pick<Desired, "asked" | "bundle" | "drift">;
  readonly units: readonly Unit[];
  readonly record: EnvironmentRecord;
  /** Whether a person asks to look now. */
  readonly refreshed: boolean;
  readonly rollOut: Pick<RollOut, "conclusion" | "steps" | "verdicts">;
  /** ISO 8601. */
  readonly now: string;
}

/** The record as it is now, and whether there is a detection to wait for. */
interface Surveyed {
  readonly record: EnvironmentRecord;
  readonly version: string | undefined;
  readonly looking: boolean;
}

interface Means {
  readonly lookups: Lookups;
  readonly records: Records;
  readonly stacks: Pick<Stacks, "detectDrift">;
}

/**
 * Has looked for drift where that is due and nothing moves. An id that is lost on its way to the
 * record is no harm: CloudFormation refuses a second detection, and the next pass asks again.
 */
export async function survey(
  passed: Passed,
  version: string | undefined,
  { lookups, records, stacks }: Means,
): Promise<Surveyed> {
  const { desired, key, now, record, refreshed, rollOut, units } = passed;
  const { drift: memory } = record;
  const looking = Object.values(memory?.units ?? {}).some((one) => isUnderWay(one, now));
  const idle = rollOut.steps.length === 0 && rollOut.conclusion.state !== "reconciling";
  if (memory === undefined || !idle) return { record, version, looking };
  const asked = toDetect({ memory, now, refreshed, units, verdicts: rollOut.verdicts });
  if (asked.length === 0) return { record, version, looking };

  const answers = await inParallel(asked, width, async (stack) => {
    const id = await unlessRefused(async () => ({ id: await stacks.detectDrift(stack.id) }));
    return { stack, id };
  });
  const begun = answers.flatMap(({ id, stack }): readonly [string, DriftDetection][] => {
    const { goal } = units.find((unit) => unit.stack === stack) ?? {};
    const at = { at: now, after: lastOperation(stack) };
    if (goal === undefined) return [];
    if (isRefused(id)) return [[goal.unit, { id: "", ...at, ...nothing(id.refused) }]];
    return id.id === undefined ? [] : [[goal.unit, { id: id.id, ...at }]];
  });
  const due =
    begun.length < asked.length ? memory.due : dueAfter(key, desired.drift.everySeconds, now);
  // Where it is put right it was taken anew already.
  const changed =
    memory.reverts || desired.asked === undefined ? [] : await changedSince(desired.asked, lookups);
  const found = changed.length === 0 ? undefined : { bundle: desired.bundle.digest, changed };
  const { lookups: _, ...others } = memory;
  const told = { ...others, ...(found === undefined ? {} : { lookups: found }), due };
  const noted = {
    ...record,
    drift: { ...told, units: { ...memory.units, ...Object.fromEntries(begun) } },
  };
  return { record: noted, version: await records.write(key, noted, version), looking: true };
}
