import type { TopLevelKey } from "./top-level-key.ts";
import { zones } from "./zones.ts";

/** `x-route53`: public hosted zones, for certificates and the names of load balancers. */
export const route53: TopLevelKey = zones({
  key: "x-route53",
  type: "AWS::Route53::HostedZone",
  suffix: "HostedZone",
  id: "HostedZoneId",
  parameter: "HostedZoneId",
  standIn: "Z00000000000000000000",
  createOnly: (name) => ({ Name: name }),
  values: () => ({}),
  // Its name servers stand in the zone above.
  stays: true,
});
