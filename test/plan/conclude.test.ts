import { expect, test } from "vitest";
import { conclude } from "../../src/plan/conclude.ts";
import { act, stalled, type Verdict, waiting } from "../../src/plan/steps.ts";

const deployed: Verdict = { kind: "deployed", unit: "base" };
const acts = act({ kind: "delete-change-set", unit: "s-a", id: "x" }, "Deletes.");
const waits = waiting("s-b", "unit", "It waits.");
const stalls = stalled("s-c", "RolledBack", "It failed.");
const gate = { reason: "Suspended", message: "suspended" };

test.for<[string, readonly Verdict[], readonly (typeof gate)[], string]>([
  ["nothing", [], [], "ready Deployed: Everything is as the repository says."],
  [
    "all that is deployed",
    [deployed],
    [gate],
    "ready Deployed: Everything is as the repository says.",
  ],
  ["a write", [deployed, acts], [], "reconciling Progressing: s-a: Deletes."],
  ["a write that is held", [acts, stalls], [gate, gate], "held Held: suspended; suspended"],
  [
    "what CloudFormation is at",
    [waiting("s-a", "stack", "It moves."), waits, stalls],
    [],
    "reconciling Progressing: s-a: It moves.",
  ],
  [
    "a change set and a write",
    [waiting("s-a", "change-set", "It is worked out."), acts],
    [],
    "reconciling Progressing: s-a: It is worked out. s-a: Deletes.",
  ],
  ["what waits for others alone", [deployed, waits], [], "reconciling Waiting: s-b: It waits."],
  [
    "what waits for what is stalled",
    [waits, stalls, stalled("s-d", "NoChanges", "None.")],
    [],
    "stalled RolledBack: s-c: It failed. s-d: None.",
  ],
  [
    "the same of several once",
    [stalls, stalled("s-d", "UnitBlocked", "It waits."), stalled("s-e", "UnitBlocked", "It waits")],
    [],
    "stalled RolledBack: s-c: It failed. s-d, s-e: It waits.",
  ],
  [
    "in the words of others, each to its end",
    [stalled("s-c", "RolledBack", "Access denied"), stalled("s-d", "StackStuck", "Why? "), stalls],
    [],
    "stalled RolledBack: s-c: Access denied. s-d: Why? s-c: It failed.",
  ],
])("%s", ([, verdicts, gates, expected]) => {
  const { message, reason, state } = conclude(verdicts, gates);
  expect(`${state} ${reason}: ${message}`).toBe(expected);
});
