import type { ApprovalRule } from "./gates.ts";
import type { Window } from "./window.ts";

/** `/trueup/<app>/registration`: which repository is ours to follow, and the ceiling over what it may ask. */
export interface Registration {
  readonly application: string;
  readonly repository: string;
  readonly branch: string;
  /** Path of `trueup.yaml` in the repository. */
  readonly file: string;
  readonly environments: Readonly<Record<string, Ceiling>>;
  /** SSM parameter names that `ssm:` may read beside `/trueup/shared/`. */
  readonly ssm: readonly string[];
}

/** What one environment (or a pattern of them) may at most do. Absent: no limit of that kind. */
export interface Ceiling {
  readonly accounts?: readonly string[];
  readonly regions?: readonly string[];
  readonly roles?: readonly string[];
  readonly prefix?: string;
  /** The least approval that its changes need. */
  readonly approval?: ApprovalRule;
  /** When its roll-outs may begin. */
  readonly windows?: readonly Window[];
  /** ARN patterns of who may approve. */
  readonly approvers?: readonly string[];
  /** ARNs of the permissions boundaries that its roles may have: one of them has to be there. */
  readonly boundaries?: readonly string[];
  /** What tasks may not have of the host they run on. */
  readonly deny?: readonly HostRight[];
}

/** What a task may have of its host beyond a container of its own. */
export const hostRights = [
  "capabilities",
  "devices",
  "host-namespaces",
  "host-network",
  "host-paths",
  "privileged",
] as const;

export type HostRight = (typeof hostRights)[number];
