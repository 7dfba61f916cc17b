/** Every branch and tag of a repository at one moment: name → commit, 40 hex. Tags are peeled. */
export interface Refs {
  readonly branches: ReadonlyMap<string, string>;
  readonly tags: ReadonlyMap<string, string>;
}
