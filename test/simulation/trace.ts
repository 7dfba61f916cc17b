import type { Arena } from "./arena.ts";
import { changeSetOf, liveStacks, unitOf } from "./oracle/seen.ts";
import type { Effect } from "./process.ts";
import type { Run } from "./run.ts";
import { isFromMemory } from "./turnstile.ts";

/** One line a call: when, which invocation, what, and how the stacks stand. */
export function lineOf(
  { input, life, operation }: Effect,
  { world }: Arena,
  start: number,
): string {
  const seconds = ((world.now - start) / 1000).toFixed(1).padStart(8);
  const stacks = liveStacks(world)
    .flatMap(({ name, status }) => {
      const unit = unitOf(name);
      return unit === undefined ? [] : [`${unit} ${status}`];
    })
    .join(", ");
  return `${seconds} s  #${life.id} ${life.function}  ${operation} ${about(input, world)}  [${stacks}]`;
}

function about(input: unknown, world: Arena["world"]): string {
  const fields = input as Readonly<Record<string, unknown>>;
  const { ChangeSetName, Description, Key, Names, StackName } = fields;
  const changeSet = changeSetOf(world, String(ChangeSetName))?.name ?? ChangeSetName;
  const shown = [StackName, changeSet, Description, Key, Names]
    .filter((one) => one !== undefined)
    .map((one) => String(one).replace(/arn:aws:cloudformation:[^/]+/g, "…"));
  return shown.join(" ").slice(0, 150);
}

/** What a run was, whatever was still in memory. */
export const traceOf = ({ calls, end, passed, wrongs }: Run): string =>
  JSON.stringify([calls.filter((one) => !isFromMemory(one)), end, passed, wrongs]);
