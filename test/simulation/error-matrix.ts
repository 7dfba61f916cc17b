import type { Operation } from "../../src/aws/call.ts";
import { anyErrors, declaredErrors } from "./declared-errors.ts";
import { isElsewhere } from "./elsewhere.ts";
import type { History } from "./events.ts";
import { run } from "./run.ts";
import { isFromMemory } from "./turnstile.ts";
import { histories } from "./workloads.ts";

/** One operation that answers with one error once, in a history that makes the call. */
export interface ErrorCase {
  readonly operation: Operation;
  /** As a role of another account is another thing than at home: that can run out. */
  readonly place: "at home" | "elsewhere";
  readonly error: string;
  /** `after`: it has its effect all the same. */
  readonly when: "before" | "after";
  readonly history: History;
  /** How the history ends without it. */
  readonly end: string;
}

/** Every operation of the workloads with every error that the SDK declares for it, and any other. */
export async function errorCases(): Promise<readonly ErrorCase[]> {
  const cases: ErrorCase[] = [];
  const seen = new Set<string>();
  for (const calm of histories.values()) {
    // With the sweep: what an error said that was not so is found out by the next look.
    const history = { ...calm, sweep: true };
    const { calls, end } = await run(history, { cold: true });
    for (const operation of calls) {
      const place: ErrorCase["place"] = isElsewhere(calm.start.world) ? "elsewhere" : "at home";
      const key = `${operation} ${place}`;
      if (seen.has(key)) continue;
      seen.add(key);
      cases.push(
        ...casesOf(operation).map((one) => ({
          ...one,
          operation,
          place,
          end,
          history: struck(history, operation, one),
        })),
      );
    }
  }
  return cases;
}

type Answer = Pick<ErrorCase, "error" | "when">;

const casesOf = (operation: Operation): readonly Answer[] => [
  ...[...new Set([...declaredErrors(operation), ...anyErrors])].map(
    (error): Answer => ({ error, when: "before" }),
  ),
  { error: "TimeoutError", when: "after" },
];

const struck = (history: History, at: Operation, { error, when }: Answer): History => ({
  ...history,
  events: [{ do: "fate", at, skip: 0, fate: { error, when } }, ...history.events],
});

/** What is wrong with a case: it has to end as if there had been no error. */
export async function wrongsInCase(one: ErrorCase): Promise<readonly string[]> {
  const { end, history, operation } = one;
  const lived = await run(history, { cold: isFromMemory(operation) });
  return lived.end === end ? lived.wrongs : [...lived.wrongs, `D1 ends ${lived.end}, not ${end}`];
}
