import type { Origin } from "./bundle.ts";

/** A name that compose files give something in AWS: the same wherever they are deployed. */
export interface FixedName {
  /** CloudFormation's name for what has it. */
  readonly type: string;
  /** With … for what only CloudFormation knows, which is the same in one account and region. */
  readonly name: string;
  readonly origin: Origin;
}
