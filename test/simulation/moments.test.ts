import { expect, test } from "vitest";
import type { History } from "./events.ts";
import { type Moments, momentsOf } from "./moments.ts";
import { run } from "./run.ts";
import { isFromMemory } from "./turnstile.ts";
import { histories } from "./workloads.ts";

const history = histories.get("another table, without leave") as History;

/** Calls before which a process dies alike, by moment. */
const alike = ({ all }: Moments): readonly (readonly number[])[] => [
  ...Map.groupBy(all.keys(), (call) => all[call]?.before ?? "").values(),
];

/** What comes of it if the process dies at that call. */
async function endOf(skip: number) {
  const fate = { do: "fate", at: "any", skip, fate: { dies: "before" } } as const;
  const moments = momentsOf();
  const { end, passed, wrongs } = await run(
    { ...history, events: [fate, ...history.events] },
    { cold: true, moments },
  );
  return { end, passed, wrongs, last: moments.all.at(-1) };
}

test("wherever it dies at one moment, the world goes on the same", async () => {
  const moments = momentsOf();
  const { calls } = await run(history, { cold: true, moments });
  const counted = calls.flatMap((operation, call) => (isFromMemory(operation) ? [] : [call]));
  const several = alike(moments).filter((group) => group.length > 3);
  expect(several.length).toBeGreaterThan(5);
  for (const group of several) {
    const skips = group.map((call) => counted.indexOf(call)).filter((skip) => skip >= 0);
    const [first, last] = [skips[0] ?? 0, skips.at(-1) ?? 0];
    expect(await endOf(last)).toEqual(await endOf(first));
  }
});

test("a write makes another moment of it", async () => {
  const moments = momentsOf();
  const { calls } = await run(history, { cold: true, moments });
  const changed = calls.filter((_, call) => {
    const { after, before } = moments.all[call] ?? {};
    return after !== before;
  });
  expect(new Set(changed)).toEqual(
    new Set(calls.filter((one) => /:(Create|Execute|Put|Send|Update)/.test(one))),
  );
});
