import { expect, test } from "vitest";
import {
  changeSetClassOf,
  isResting,
  stackClassOf,
  stackStatuses,
} from "../../src/model/phases.ts";

test.for([
  ["CREATE_PENDING", "UNAVAILABLE", undefined, "computing"],
  ["CREATE_IN_PROGRESS", "UNAVAILABLE", undefined, "computing"],
  ["CREATE_COMPLETE", "UNAVAILABLE", undefined, "computing"],
  ["CREATE_COMPLETE", "AVAILABLE", undefined, "executable"],
  ["CREATE_COMPLETE", "EXECUTE_IN_PROGRESS", undefined, "executed"],
  ["CREATE_COMPLETE", "EXECUTE_COMPLETE", undefined, "executed"],
  ["CREATE_COMPLETE", "EXECUTE_FAILED", undefined, "failed"],
  ["CREATE_COMPLETE", "OBSOLETE", undefined, "failed"],
  ["DELETE_COMPLETE", "AVAILABLE", undefined, "failed"],
  ["A_WORD_OF_TOMORROW", "AVAILABLE", undefined, "failed"],
  ["FAILED", "UNAVAILABLE", undefined, "failed"],
  ["FAILED", "UNAVAILABLE", "Parameters: [X] must have values", "failed"],
  ["FAILED", "UNAVAILABLE", "No updates are to be performed.", "empty"],
  ["FAILED", "UNAVAILABLE", "The submitted information didn't contain changes. Submit.", "empty"],
  ["FAILED", "UNAVAILABLE", "It is said: No updates are to be performed", "failed"],
] as const)(
  "a change set that is %s, %s, %s: %s",
  ([status, executionStatus, reason, expected]) => {
    expect(changeSetClassOf({ status, executionStatus, reason })).toBe(expected);
  },
);

test("a stack of which nothing is said is absent, and one of a word not known is unknown", () => {
  expect([stackClassOf(undefined), stackClassOf("A_WORD_OF_TOMORROW")]).toEqual([
    "absent",
    "unknown",
  ]);
});

test("a stack rests where nothing is under way and nothing has to be mended", () => {
  expect(stackStatuses.filter(isResting)).toEqual([
    "CREATE_COMPLETE",
    "IMPORT_COMPLETE",
    "IMPORT_ROLLBACK_COMPLETE",
    "UPDATE_COMPLETE",
    "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
    "UPDATE_ROLLBACK_COMPLETE",
    "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS",
  ]);
  expect([undefined, "A_WORD_OF_TOMORROW"].filter(isResting)).toEqual([]);
});
