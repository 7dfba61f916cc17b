import { getAtt } from "../../model/template.ts";
import type { TopLevelKey } from "./top-level-key.ts";
import { zones } from "./zones.ts";

/** `x-cloudmap`: private DNS namespaces in which services are found by name. */
export const cloudmap: TopLevelKey = zones({
  key: "x-cloudmap",
  type: "AWS::ServiceDiscovery::PrivateDnsNamespace",
  suffix: "Namespace",
  id: "NamespaceId",
  parameter: "NamespaceId",
  standIn: "ns-0000000000000000",
  createOnly: (name, scope) => ({ Name: name, Vpc: scope.network().vpc }),
  values: (id) => ({ Arn: getAtt(id, "Arn"), HostedZoneId: getAtt(id, "HostedZoneId") }),
  stays: false,
});
