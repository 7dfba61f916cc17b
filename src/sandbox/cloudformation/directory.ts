import { marksOf, marksOfStack } from "./marks.ts";
import {
  type ChangeSet,
  type CloudFormation,
  type Place,
  type Resource,
  type Stack,
  stateOf,
} from "./state.ts";

// Where to look for what any of many stacks may hold. It is kept as they change, so that what one of
// them does costs the same however many others there are; and it follows from the state, of which it
// is no part.

interface Directory {
  /** Stacks that are there, by name, oldest first. */
  readonly live: Map<string, Stack>;
  /** Stacks with a resource that has a mark, or once had it: where to look, not what is there. */
  readonly marked: Map<string, Set<Stack>>;
  /** By the id of their stack, oldest first. */
  readonly changeSets: Map<string, Set<ChangeSet>>;
}

const directories = new WeakMap<CloudFormation, Directory>();

/** A world that is taken up brings its stacks along. */
function directoryOf(place: Place): Directory {
  const state = stateOf(place);
  const known = directories.get(state);
  if (known !== undefined) return known;
  const made: Directory = { live: new Map(), marked: new Map(), changeSets: new Map() };
  directories.set(state, made);
  for (const stack of Object.values(state.stacks)) {
    if (stack.status !== "DELETE_COMPLETE") made.live.set(stack.name, stack);
    mark(marksOfStack(stack), stack, made);
    for (const resource of Object.values(stack.resources)) mark(marksOf(resource), stack, made);
  }
  for (const changeSet of Object.values(state.changeSets)) enter(changeSet, made);
  return made;
}

function mark(marks: readonly string[], stack: Stack, { marked }: Directory): void {
  for (const one of marks) {
    const stacks = marked.get(one);
    if (stacks === undefined) marked.set(one, new Set([stack]));
    else stacks.add(stack);
  }
}

function enter(changeSet: ChangeSet, { changeSets }: Directory): void {
  const others = changeSets.get(changeSet.stackId);
  if (others === undefined) changeSets.set(changeSet.stackId, new Set([changeSet]));
  else others.add(changeSet);
}

/** A stack has come to be. */
export function enterStack(stack: Stack, place: Place): void {
  stateOf(place).stacks[stack.id] = stack;
  directoryOf(place).live.set(stack.name, stack);
}

/** A stack is no more, but for what is known of it by its id. */
export function leaveStack(stack: Stack, place: Place): void {
  const { live } = directoryOf(place);
  if (live.get(stack.name) === stack) live.delete(stack.name);
}

/** A stack is to be made of something else from now on. */
export const enterConfiguration = (stack: Stack, place: Place): void =>
  mark(marksOfStack(stack), stack, directoryOf(place));

/** A stack holds a resource from now on, or holds it as it is now. */
export const enterResource = (resource: Resource, stack: Stack, place: Place): void =>
  mark(marksOf(resource), stack, directoryOf(place));

export function enterChangeSet(changeSet: ChangeSet, place: Place): void {
  stateOf(place).changeSets[changeSet.arn] = changeSet;
  enter(changeSet, directoryOf(place));
}

export function leaveChangeSet(changeSet: ChangeSet, place: Place): void {
  delete stateOf(place).changeSets[changeSet.arn];
  directoryOf(place).changeSets.get(changeSet.stackId)?.delete(changeSet);
}

/** The stack of an id, or the one of a name that is there. */
export const findStack = (place: Place, nameOrId: string): Stack | undefined =>
  nameOrId.startsWith("arn:")
    ? stateOf(place).stacks[nameOrId]
    : directoryOf(place).live.get(nameOrId);

/** The stacks that are there, oldest first. */
export const liveStacks = (place: Place): ReadonlyMap<string, Stack> => directoryOf(place).live;

/** Of the stacks that are there those that may hold something of a mark (`marks.ts`). */
export const stacksMarked = (mark: string, place: Place): readonly Stack[] =>
  [...(directoryOf(place).marked.get(mark) ?? [])].filter(
    ({ status }) => status !== "DELETE_COMPLETE",
  );

/** How many may hold something of any of these marks, at most. */
export const mostMarked = (marks: readonly string[], place: Place): number =>
  marks.reduce((sum, mark) => sum + (directoryOf(place).marked.get(mark)?.size ?? 0), 0);

/** Every change set of a stack that is not deleted, oldest first. */
export const changeSetsOf = ({ id }: Stack, place: Place): Iterable<ChangeSet> =>
  directoryOf(place).changeSets.get(id) ?? [];
