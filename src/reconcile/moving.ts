import { isSamePlace } from "../desired/target.ts";
import type { Bundle, Target } from "../model/bundle.ts";
import { TerminalError } from "../model/errors.ts";
import type { ObservedStack } from "../model/observed.ts";
import { stackClassOf } from "../model/phases.ts";
import type { EnvironmentRecord } from "../model/record.ts";
import { moved } from "../plan/layout.ts";
import { uprooted } from "../plan/network.ts";
import type { RollOut } from "../plan/roll-out.ts";
import type { Stacks } from "../ports/ports.ts";
import { lookAt } from "./observe.ts";

// What is deployed stays where it is. Made anew in another account or region, or under another name,
// it would leave all that it holds behind, with what that costs, and nobody would look after it.

/** Throws a TerminalError where stacks that are there would have to be in another place. */
export async function refuseMove(
  record: EnvironmentRecord,
  target: Target,
  stacksAt: (target: Target) => Stacks,
): Promise<void> {
  const before = record.settings?.target;
  if (before === undefined || isSamePlace(before, target)) return;
  const left = isThere([...(await lookAt(record, stacksAt(before))).values()]);
  const [first, ...others] = left;
  if (first === undefined) return;
  const verb = others.length === 0 ? " is" : ` and ${others.length} more are`;
  throw new TerminalError(
    "TargetChanged",
    `${first.name}${verb} in ${placeOf(before)} and would be made anew in ${placeOf(target)}; what is deployed never changes its place. Put \`target\` back into trueup.yaml, say the new one for an environment of another name, or give up this one first.`,
  );
}

/** Throws a TerminalError where stacks that are there would have to be called otherwise. */
export function refuseRename(
  { stacks }: Bundle,
  known: ReadonlyMap<string, ObservedStack | undefined>,
): void {
  for (const { name, unit } of stacks) {
    const [found] = isThere([known.get(unit)]);
    if (found === undefined || found.name === name) continue;
    throw new TerminalError(
      "StackRenamed",
      `${unit} is deployed as ${found.name} and would be made anew as ${name}; what is deployed keeps its name. Give the registration, or the installation, the prefix that it had (TRUEUP_PREFIX tells the command line), or give up the environment first.`,
    );
  }
}

/** Throws a TerminalError where something that is deployed would have to be in another stack, or in another network. */
export function refuseLayout(observed: Parameters<typeof moved>[0]): void {
  const [first] = [...moved(observed).values(), ...uprooted(observed).values()];
  if (first !== undefined) throw new TerminalError(first.reason, first.message);
}

/** Throws a TerminalError where stacks are there of an environment that is to have none of its own. */
export function refuseOrphan({ conclusion: { message, reason } }: RollOut): void {
  if (reason === "Orphaned") throw new TerminalError(reason, message);
}

const placeOf = ({ account, region }: Target): string => `${account}, ${region}`;

const isThere = (stacks: readonly (ObservedStack | undefined)[]): readonly ObservedStack[] =>
  stacks
    .filter((stack) => stack !== undefined)
    .filter(({ status }) => stackClassOf(status) !== "absent");
