import { expect, test } from "vitest";
import { run } from "./run.ts";

test("who is ahead of AWS by a quarter of an hour looks again that much later, and is done then", async () => {
  const { wrongs } = await run({
    seed: 5_000_135,
    start: { world: "deployed", changeSet: "none", record: "as it was" },
    sweep: false,
    events: [
      { do: "skew", seconds: 900 },
      {
        do: "during",
        at: "cloudformation:ExecuteChangeSet",
        skip: 0,
        event: { do: "foreign", act: "fail ours", unit: "s-web" },
      },
      { do: "push", change: { note: "c" } },
      { do: "wait", seconds: 60 },
    ],
    end: "as it is",
  });
  expect(wrongs).toEqual([]);
});
