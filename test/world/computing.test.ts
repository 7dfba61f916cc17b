import { expect, test } from "vitest";
import type { ObservedChangeSet } from "../../src/model/observed.ts";
import type { Stacks } from "../../src/ports/ports.ts";
import { untilComputed } from "../../src/reconcile/computing.ts";

const computing = [{ stack: "shop", name: "trueup-1" }];

const changeSet = (status: string): ObservedChangeSet => ({
  id: "arn:1",
  name: "trueup-1",
  status,
  executionStatus: status === "CREATE_COMPLETE" ? "AVAILABLE" : "UNAVAILABLE",
  reason: undefined,
  description: undefined,
  changes: [],
  createdAt: "",
});

/** Waits, with these answers one after the other; the last one is that for ever. */
async function waited(answers: readonly (ObservedChangeSet | Error | undefined)[], most = 20_000) {
  const naps: number[] = [];
  let looks = 0;
  const stacks = {
    changeSet: async () => {
      const answer = answers[Math.min(looks, answers.length - 1)];
      looks += 1;
      if (answer instanceof Error) throw answer;
      return answer;
    },
  } as unknown as Stacks;
  const clock = { now: () => "", sleep: async (nap: number) => void naps.push(nap) };
  const slept = await untilComputed({ computing, ports: { clock }, stacks }, most);
  return { naps, looks, slept };
}

const pending = changeSet("CREATE_IN_PROGRESS");

test("looks at the change set alone until it is worked out", async () => {
  expect(await waited([pending, pending, changeSet("CREATE_COMPLETE")])).toEqual({
    naps: [1000, 2000, 2000],
    looks: 3,
    slept: 5000,
  });
});

test("leaves the rest to another invocation after so long", async () => {
  expect(await waited([pending], 4000)).toEqual({
    naps: [1000, 2000, 1000],
    looks: 2,
    slept: 4000,
  });
});

test.for([
  ["has failed", changeSet("FAILED")],
  ["is gone", undefined],
  ["cannot be seen", new Error("AccessDenied")],
] as const)("does not wait for one that %s: the next pass sees to it", async ([, answer]) => {
  expect(await waited([answer])).toEqual({ naps: [1000], looks: 1, slept: 1000 });
});
