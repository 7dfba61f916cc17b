/** Differences from ECS ComposeX that are meant, and why: printed to docs/composex-compatibility.md. */
export interface Accepted {
  /** What the lines look like that it accepts. */
  readonly pattern: RegExp;
  readonly reason: string;
}

export const accepted: readonly Accepted[] = [];
