type ObjectType = "blob" | "tree" | "commit" | "tag";

export interface GitObject {
  readonly type: ObjectType;
  readonly data: Uint8Array;
}

/** One repository's objects and references. Ids are git's own: 40 hex of SHA-1. */
export interface GitStore {
  exists(): boolean;
  /** Makes an empty repository; nothing happens where one is. */
  create(): void;
  delete(): void;
  read(id: string): GitObject | undefined;
  /** Answers the id. */
  write(object: GitObject): string;
  /** Full names (`refs/heads/main`, `refs/tags/v1`) → id. */
  refs(): ReadonlyMap<string, string>;
  /** Compare-and-swap; `undefined` stands for no reference. False: it was something else. */
  update(ref: string, to: string | undefined, from: string | undefined): boolean;
  /** Names the branch that a clone checks out. */
  setHead(ref: string): void;
}
