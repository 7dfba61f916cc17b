import type { Context } from "../world.ts";
import { type Stack, stateOf } from "./state.ts";

/** An input with pages. */
export interface Paged {
  readonly NextToken?: string;
}

/** An input about one stack. */
export interface Named extends Paged {
  readonly StackName?: string;
}

/** All stacks, deleted ones too, newest first. */
export const stacks = (context: Context): readonly Stack[] =>
  Object.values(stateOf(context).stacks).toReversed();

/** A time as the SDK has it. */
export const date = (milliseconds: number): Date => new Date(milliseconds);

/** A member that is left out where there is no value. */
export const optional = <T>(key: string, value: T | undefined) =>
  value === undefined ? {} : { [key]: value };

/** Tags as a list. */
export const tags = (all: Readonly<Record<string, string>> = {}) =>
  Object.entries(all).map(([Key, Value]) => ({ Key, Value }));
