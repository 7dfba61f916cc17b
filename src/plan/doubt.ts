import type { EnvironmentRecord, RecordedStack } from "../model/record.ts";

// A change set that was asked for, and of which nothing was heard, may come yet: with its stack,
// where there was none.

/** As long as a call may be on its way after it was given up, in milliseconds. */
const longestCall = 60_000;

/** A change set whose creation was answered is executed or deleted: that would be the last write. */
export const isUnanswered = ({ changeSet, wrote }: RecordedStack): boolean =>
  wrote === `create-change-set ${changeSet}`;

/** Whether it may come yet, `since` it was first missed. Both ISO 8601. */
export const mayCome = (since: string, now: string): boolean =>
  Date.parse(now) - Date.parse(since) < longestCall;

/** Whether any may. */
export const isInDoubt = ({ stacks }: Pick<EnvironmentRecord, "stacks">, now: string): boolean =>
  Object.values(stacks).some(({ doubtful }) => doubtful !== undefined && mayCome(doubtful, now));
