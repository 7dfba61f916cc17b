import { expect, test } from "vitest";
import type { History } from "./events.ts";
import type { History as Story } from "./road/run.ts";
import { run as travel } from "./road/run.ts";
import { run } from "./run.ts";

/** What seeds once found, made smaller. */
const kept: Readonly<Record<string, History>> = {
  "of those that come in between nobody waits for who waits for it": {
    seed: 400_457_875,
    start: { world: "deployed", changeSet: "none", record: "as it was" },
    sweep: true,
    events: [
      { do: "overlap", at: "ssm:PutParameter", skip: 0, run: 26 },
      { do: "overlap", at: "mutating", skip: 1, run: 8 },
      { do: "overlap", at: "any", skip: 51, run: 4 },
      { do: "overlap", at: "mutating", skip: 1, run: 3 },
      { do: "push", change: { worker: true } },
      { do: "wait", seconds: 14 },
    ],
    end: "mended",
  },
  "who is behind AWS, is woken before it is time, and fails again is woken once more": {
    seed: 280_017_604,
    start: { world: "deployed", changeSet: "none", record: "as it was" },
    sweep: false,
    events: [
      {
        do: "fate",
        at: "s3:GetObject",
        skip: 3,
        fate: { error: "TimeoutError", when: "early", arrives: 8274 },
      },
      { do: "skew", seconds: -60 },
      { do: "push", change: { key: "sku", allow: [] } },
      { do: "wait", seconds: 600 },
      { do: "push", change: { worker: true } },
      { do: "wait", seconds: 600 },
      { do: "push", change: { note: "b", timeout: 90 } },
      { do: "wait", seconds: 600 },
      {
        do: "fate",
        at: "codecommit:GetBranch",
        skip: 1,
        fate: { error: "InternalFailure", when: "before" },
      },
      { do: "push", change: { note: "a", timeout: 30 } },
      { do: "wait", seconds: 600 },
    ],
    end: "as it is",
  },
  "who is ahead of AWS by a quarter of an hour looks again that much later, and is done then": {
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
  },
  "who may not see once what runs takes away later what is kept for it": {
    seed: 1,
    start: { world: "deployed", changeSet: "none", record: "as it was" },
    sweep: false,
    events: [
      { do: "push", change: { worker: true } },
      { do: "wait", seconds: 300 },
      {
        do: "fate",
        at: "ecs:DescribeServices",
        skip: 0,
        fate: { error: "AccessDeniedException", when: "before" },
      },
      { do: "push", change: { worker: false } },
      { do: "wait", seconds: 300 },
    ],
    end: "as it is",
  },
  "who loses against another pass leaves what that one says, and when it looks again": {
    seed: 90_065_217,
    start: { world: "registered", changeSet: "none", record: "as it was" },
    sweep: false,
    events: [
      { do: "overlap", at: "s3:PutObject", skip: 0, run: 24 },
      { do: "push", change: { timeout: 90 } },
      { do: "during", at: "any", skip: 41, event: { do: "image", tag: "1.0.2" } },
      { do: "wait", seconds: 12 },
      {
        do: "during",
        at: "cloudformation:ExecuteChangeSet",
        skip: 0,
        event: { do: "foreign", act: "fail ours", unit: "base" },
      },
      { do: "push", change: { timeout: 60 } },
      { do: "wait", seconds: 600 },
    ],
    end: "as it is",
  },
  "a stack that comes when nobody waits for it any more, and nobody wants it, goes": {
    seed: 90_200_210,
    start: { world: "deployed", changeSet: "none", record: "as it was" },
    sweep: false,
    events: [
      {
        do: "fate",
        at: "mutating",
        skip: 2,
        fate: { error: "TimeoutError", when: "early", arrives: 9526 },
      },
      { do: "push", change: { worker: true } },
      { do: "wait", seconds: 19 },
      { do: "revert" },
    ],
    end: "mended",
  },
  "who has lost the record takes what was broken off for what failed, and does not try it again": {
    seed: 90_047_437,
    start: { world: "deployed", changeSet: "none", record: "as it was" },
    sweep: true,
    events: [
      { do: "push", change: { note: "c" } },
      { do: "wait", seconds: 60 },
      { do: "revert" },
      { do: "wait", seconds: 600 },
      { do: "record", becomes: "garbled" },
      { do: "revert" },
    ],
    end: "as it is",
  },
  "a stack that is told to be none, a moment after it was made, and that nobody wants, goes": {
    seed: 300_114_961,
    start: { world: "deployed", changeSet: "none", record: "as it was" },
    sweep: true,
    events: [
      { do: "push", change: { worker: true } },
      { do: "wait", seconds: 55 },
      { do: "fate", at: "cloudformation:DescribeStacks", skip: 2, fate: { stale: 3 } },
      { do: "push", change: { worker: false } },
      { do: "wait", seconds: 600 },
    ],
    end: "mended",
  },
  "a rollback is continued again when nobody ever heard that it was to be": {
    seed: 300_115_760,
    start: { world: "s-web UPDATE_ROLLBACK_FAILED", changeSet: "none", record: "as it was" },
    sweep: false,
    events: [
      {
        do: "fate",
        at: "cloudformation:ContinueUpdateRollback",
        skip: 0,
        fate: { dies: "before" },
      },
      { do: "fate", at: "s3:PutObject", skip: 1, fate: { dies: "early", arrives: 5732 } },
      { do: "fate", at: "mutating", skip: 1, fate: { dies: "before" } },
      { do: "wait", seconds: 1011 },
    ],
    end: "mended",
  },
  "what rolled back is not tried again because what others did after it rolled back too": {
    seed: 320_009_728,
    start: { world: "base UPDATE_FAILED", changeSet: "none", record: "as it was" },
    sweep: true,
    events: [
      { do: "foreign", act: "update", unit: "base" },
      { do: "push", change: { timeout: 90 } },
      { do: "wait", seconds: 600 },
      { do: "foreign", act: "update", unit: "base" },
    ],
    end: "as it is",
  },
  "what a function gave up three times is seen by whoever the alarm calls, where nobody sweeps": {
    seed: 400_251_336,
    start: { world: "deployed", changeSet: "none", record: "as it was" },
    sweep: false,
    events: [
      { do: "fate", at: "any", skip: 6, fate: { dies: "early", arrives: 3755 } },
      {
        do: "fate",
        at: "codecommit:GetBranch",
        skip: 2,
        fate: { dies: "early", arrives: 4714 },
      },
      { do: "fate", at: "any", skip: 3, fate: { dies: "early", arrives: 7213 } },
      { do: "push", change: { timeout: 30 } },
      { do: "wait", seconds: 600 },
    ],
    end: "as it is",
  },
};

test.each(Object.entries(kept))("%s", async (_, history) => {
  const { wrongs } = await run(history);
  expect(wrongs).toEqual([]);
});

/** The road's. */
const stories: Readonly<Record<string, Story>> = {
  "of two revisions that were followed in one moment the one that came last is promoted": {
    seed: 280_014_200,
    rules: { approval: true, byDay: false, needs: false, elsewhere: false },
    events: [
      { do: "fate", skip: 76, fate: { error: "TimeoutError", when: "after" } },
      { do: "race", at: "ecr:DescribeImages", skip: 2, change: { note: "e" }, tag: "1.0.4" },
      { do: "wait", minutes: 4 },
    ],
    end: "mended",
  },
  "one after the other fails in production, and people approve until one does not": {
    seed: 400_047_450,
    rules: { approval: true, byDay: false, needs: false, elsewhere: false },
    events: [
      { do: "image", tag: "1.0.2" },
      { do: "wait", minutes: 123 },
      { do: "push", change: { note: "c", failsIn: "prod", extra: false, leaks: false } },
      {
        do: "race",
        at: "ecr:DescribeImages",
        skip: 2,
        change: { note: "f" },
        tag: "1.0.4",
      },
      { do: "wait", minutes: 19 },
      { do: "push", change: { note: "b", failsIn: "prod", extra: false, leaks: false } },
    ],
    end: "mended",
  },
};

test.each(Object.entries(stories))("%s", async (_, story) => {
  const { wrongs } = await travel(story);
  expect(wrongs).toEqual([]);
});
