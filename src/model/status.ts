import type { Diagnostic } from "./diagnostic.ts";
import type { Untold } from "./notice.ts";

export type ConditionType =
  | "Ready"
  | "Reconciling"
  | "Stalled"
  | "Healthy"
  | "Drifted"
  | "Approved"
  | "Verified"
  | "Held";

/** As Kubernetes' kstatus has it: `Reconciling` and `Stalled` are there only when true. */
export interface Condition {
  readonly type: ConditionType;
  readonly status: "True" | "False" | "Unknown";
  /** A CamelCase word that machines match on. */
  readonly reason: string;
  /** A sentence that people read. */
  readonly message: string;
  /** ISO 8601: when `status` last changed; of `Reconciling` while an error is retried, when that began. */
  readonly since: string;
  readonly observedRevision: string;
}

/** Whether a status says of itself that something is so. */
export const isTrue = (
  { conditions }: { readonly conditions: readonly Condition[] },
  wanted: ConditionType,
): boolean => conditions.some(({ status, type }) => type === wanted && status === "True");

export type PublishedError = Pick<
  Diagnostic,
  "file" | "line" | "column" | "path" | "message" | "help"
>;

/** `/trueup/<app>/<env>/status`, at most 3,500 bytes of JSON. */
export interface EnvironmentStatus {
  readonly v: 1;
  readonly revision: {
    readonly desired: string | undefined;
    readonly deployed: string | undefined;
    readonly verified: string | undefined;
  };
  readonly digest: { readonly bundle: string | undefined; readonly plan: string | undefined };
  readonly conditions: readonly Condition[];
  readonly stacks: readonly {
    readonly name: string;
    readonly status: string;
    readonly digest: string;
  }[];
  /** Of an environment that has several. */
  readonly instances?: readonly PublishedInstance[];
  readonly errors: readonly PublishedError[];
  readonly moreErrors: number;
  /** Where in the controller's bucket all of them are, where some did not fit. */
  readonly more?: string;
  /** The last request token that a pass has answered. */
  readonly requestedAt: string | undefined;
  /** ISO 8601: when the controller looks again by itself. */
  readonly nextLook: string | undefined;
  /** Messages that were refused where they should have gone. */
  readonly untold?: readonly Untold[];
}

interface PublishedInstance {
  /** What follows the environment's name and a dot in its own. */
  readonly name: string;
  /** The commit it is to be at. */
  readonly revision: string;
  /** The reason of its condition `Ready`, or why it is not begun. */
  readonly state: string;
  /** ISO 8601: when it is deleted, where it has a lease. */
  readonly ends?: string;
}

/** `/trueup/<app>/status`: where a broken `trueup.yaml` shows. */
export interface ApplicationStatus {
  readonly v: 1;
  readonly revision: string | undefined;
  readonly conditions: readonly Condition[];
  readonly errors: readonly PublishedError[];
  readonly moreErrors: number;
  /** Where in the controller's bucket all of them are, where some did not fit. */
  readonly more?: string;
  readonly environments: readonly string[];
  readonly images: readonly PublishedImage[];
  /** ISO 8601: when the controller looks again by itself. */
  readonly nextLook?: string | undefined;
}

export interface PublishedImage {
  readonly service: string;
  /** The image as the compose file names it now. */
  readonly image: string;
  /** ECR repository name, without registry. */
  readonly repository: string;
  readonly state: "current" | "updated" | "unchanged" | "waiting" | "stalled";
  readonly message: string;
}
