/** Every branch and tag of a repository at one moment: name → commit, 40 hex. Tags are peeled. */
export interface Refs {
  readonly branches: ReadonlyMap<string, string>;
  readonly tags: ReadonlyMap<string, string>;
}

/**
 * What a branch or a tag may be called, as git has it, and CodeCommit by it; a pattern has `*` and `?`.
 * https://git-scm.com/docs/git-check-ref-format
 */
export const referenceName: RegExp =
  /^(?![-./])(?!.*(?:\.\.|\/[/.]|@\{|[./]$|\.lock(?:\/|$)))[^\s\p{Cc}~^:\\[\]]{1,200}$/u;
