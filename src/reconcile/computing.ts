import { changeSetClassOf } from "../model/phases.ts";
import type { Step, Verdict } from "../plan/steps.ts";
import type { Ports, Stacks } from "../ports/ports.ts";
import type { Observed } from "./observe.ts";

/** A change set that is being worked out: by name or ARN, on the stack of that name. */
interface Computing {
  readonly stack: string;
  readonly name: string;
}

/** What an invocation waits for, and how. */
export interface Wait {
  readonly computing: readonly Computing[];
  readonly ports: Pick<Ports, "clock">;
  readonly stacks: Stacks;
}

/** The change sets that a roll-out has asked for or waits for. */
export function computingIn(
  { steps, verdicts }: { readonly steps: readonly Step[]; readonly verdicts: readonly Verdict[] },
  { changeSets, units }: Observed,
): readonly Computing[] {
  const asked = steps.flatMap((step) =>
    step.kind === "create-change-set" ? [{ stack: step.stack.name, name: step.name }] : [],
  );
  const awaited = verdicts.flatMap((verdict) => {
    if (verdict.kind !== "waiting" || verdict.for !== "change-set") return [];
    const stack = units.find(({ goal }) => goal.unit === verdict.unit)?.desired.name ?? "";
    const { older, wanted } = changeSets.get(verdict.unit) ?? {};
    return [older, wanted].flatMap((one) =>
      one !== undefined && changeSetClassOf(one) === "computing" ? [{ stack, name: one.id }] : [],
    );
  });
  return [...asked, ...awaited];
}

/**
 * Sleeps until none of them is being worked out any more: once at least, and for so many
 * milliseconds at most. Answers for how many. Meanwhile only they are looked at: whatever else has
 * changed, the pass that follows sees it.
 */
export async function untilComputed(
  { computing, ports: { clock }, stacks }: Wait,
  most: number,
): Promise<number> {
  let slept = 0;
  do {
    const nap = Math.min(slept === 0 ? 1000 : 2000, most - slept);
    await clock.sleep(nap);
    slept += nap;
  } while (slept < most && (await isComputing(computing, stacks)));
  return slept;
}

/** What cannot be told is for the next pass to meet. */
async function isComputing(all: readonly Computing[], stacks: Stacks): Promise<boolean> {
  try {
    const seen = await Promise.all(all.map(({ name, stack }) => stacks.changeSet(stack, name)));
    return seen.some((one) => one !== undefined && changeSetClassOf(one) === "computing");
  } catch {
    return false;
  }
}
