import type { Data } from "../../compose/project.ts";
import { getAtt } from "../../model/template.ts";
import { pascal } from "../ids.ts";
import { integer, mapOf, object, text, textOr } from "../read.ts";
import type { Path } from "../report.ts";
import { layerOf, type Scope } from "../scope.ts";
import { type Family, label } from "../services/family.ts";
import { portsOf } from "../services/ports.ts";

const readNamespaces = textOr(mapOf(object({ Port: integer, Name: text })));

/**
 * `x-network.x-cloudmap`: a service's tasks found by name in a namespace of `x-cloudmap`. Address
 * records for clients that know the port, SRV records for those that ask.
 */
export function registerIn(data: Data, path: Path, family: Family, scope: Scope): void {
  const read = readNamespaces(data, path, scope.report) ?? {};
  const namespaces = typeof read === "string" ? { [read]: {} } : read;
  for (const [namespace, settings] of Object.entries(namespaces)) {
    const id = scope.resolve(
      { kind: "x-cloudmap", name: namespace, returned: "NamespaceId" },
      path,
    );
    const [member] = family.members.filter((candidate) => portsOf(candidate).length > 0);
    const port = settings.Port ?? member?.service.ports?.[0]?.target ?? portOf(member);
    if (port === undefined || member === undefined) {
      const message = `${family.name} has no port to be found at`;
      scope.report.error({ code: "no-ports", path, message, help: "Add ports or expose." });
      continue;
    }
    const name = `${family.id}In${pascal(namespace)}DiscoveryService`;
    scope.add({
      id: name,
      type: "AWS::ServiceDiscovery::Service",
      layer: layerOf(family),
      properties: {
        Name: settings.Name ?? hostName(family),
        ...(id === undefined ? {} : { NamespaceId: id }),
        DnsConfig: {
          DnsRecords: [
            { Type: "A", TTL: 15 },
            { Type: "SRV", TTL: 15 },
          ],
          RoutingPolicy: "MULTIVALUE",
        },
        HealthCheckCustomConfig: { FailureThreshold: 1 },
      },
      path,
    });
    family.serviceRegistries.push({ RegistryArn: getAtt(name, "Arn"), Port: port });
  }
}

const portOf = (member: Family["members"][number] | undefined): number | undefined =>
  member === undefined ? undefined : portsOf(member)[0]?.number;

/** The label `ecs.task.family.hostname`, else the family's name as a host's. */
const hostName = (family: Family): string =>
  family.members
    .map(({ service }) => label(service, "ecs.task.family.hostname"))
    .find((name) => name !== undefined) ?? family.name.toLowerCase().replaceAll(/[^a-z0-9-]/g, "-");
