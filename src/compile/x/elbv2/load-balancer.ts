import type { Path } from "../../report.ts";
import type { Family } from "../../services/family.ts";

/** One load balancer, as the modules of this folder pass it on. */
export interface LoadBalancer {
  readonly name: string;
  readonly id: string;
  readonly securityGroup: string;
  readonly path: Path;
}

/** A target group, and the family whose stack it is in. */
export interface TargetGroup {
  /** As the compose file calls it: `family:container:port`. */
  readonly name: string;
  readonly id: string;
  readonly family: Family;
}
