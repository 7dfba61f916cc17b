import type { Value } from "../../../model/template.ts";
import { base, type Layer } from "../../graph.ts";
import type { Path } from "../../report.ts";
import type { Family } from "../../services/family.ts";

/** One load balancer, as the modules of this folder pass it on. */
export interface LoadBalancer {
  readonly name: string;
  readonly id: string;
  readonly arn: Value;
  readonly type: "application" | "network";
  readonly securityGroups: readonly Value[];
  /** What metrics call it: `app/name/id`. */
  readonly fullName: Value;
  readonly path: Path;
}

/** A target group: in the stack of its family, or in `base` where families share it. */
export interface TargetGroup {
  /** As the compose file calls it: `family:container:port`, or a name of `TargetGroups`. */
  readonly name: string;
  /** The same with its port, where the group is of one container. */
  readonly whole: string;
  readonly id: string;
  readonly protocol: string;
  readonly layer: Layer;
  /** Whose it is: a family's, or its own where families share it. */
  readonly owner: string;
  readonly families: readonly Family[];
}

/**
 * What ids of its rules begin with. Those of shared groups are in one stack: what takes another's
 * place there is the same rule, that leads elsewhere, for there is never room for two.
 */
export const startOf = ({ layer, owner }: TargetGroup): string => (layer === base ? "" : owner);

/** What load balancers of a type speak: the first where nothing else is said. */
export const protocols = {
  application: ["HTTP", "HTTPS"],
  network: ["TCP", "TLS", "UDP", "TCP_UDP"],
} as const;

/** What the network sees of a protocol that a load balancer speaks. */
export function transportsOf(protocol: string): readonly string[] {
  switch (protocol) {
    case "TCP_UDP":
      return ["tcp", "udp"];
    case "UDP":
      return ["udp"];
    default:
      return ["tcp"];
  }
}
