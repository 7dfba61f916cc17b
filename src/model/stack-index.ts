/** Whose a stack is: events of stacks carry no tags. Written before the stack is there. */
export interface IndexedStack {
  /** `app/env` or `app/env.instance`. */
  readonly key: string;
  /** The stack's name. */
  readonly stack: string;
  readonly unit: string;
}

/** Where the index has a stack of ours of this name. */
export const indexPath = (name: string): string => `index/${name.slice(-8)}`;

/** Whether a name ends as all do that we give. */
export const mayBeIndexed = (name: string): boolean => /-[0-9a-f]{8}$/.test(name);

/** What the index says of the stack of this name; undefined: nothing. */
export function indexedIn(text: string | undefined, name: string): IndexedStack | undefined {
  const found: Partial<IndexedStack> = text === undefined ? {} : JSON.parse(text);
  const { key, stack, unit = "all" } = found;
  return key !== undefined && stack === name ? { key, stack, unit } : undefined;
}
