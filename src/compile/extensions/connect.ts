import type { Data } from "../../compose/project.ts";
import { digestOf } from "../../model/digest.ts";
import type { Properties, Value } from "../../model/template.ts";
import { suggestion } from "../nearest.ts";
import { asIs, mapOf, object, type Read, text } from "../read.ts";
import { originOf, type Path } from "../report.ts";
import type { Scope } from "../scope.ts";
import type { Family } from "../services/family.ts";
import { propertiesOf } from "../values.ts";

const readConnect = object({
  Properties: asIs,
  MacroParameters: object(
    {
      "x-cloudmap": text,
      service_ports: mapOf(object({ DnsName: text, CloudMapServiceName: text })),
    },
    ["x-cloudmap"],
  ),
});

type Macros = NonNullable<NonNullable<Read<typeof readConnect>>["MacroParameters"]>;

/** `x-network.x-ecs_connect`: a family in the mesh of a namespace, as a client or a server too. */
export function joinMesh(data: Data, path: Path, family: Family, scope: Scope): void {
  const { Properties: own, MacroParameters: macros } = readConnect(data, path, scope.report) ?? {};
  const configuration: Properties = {
    Enabled: true,
    ...(macros === undefined ? {} : fromMacros(macros, path, family, scope)),
    ...propertiesOf(own, [...path, "Properties"], scope),
  };
  family.serviceProperties.push({ ServiceConnectConfiguration: configuration });
}

function fromMacros(macros: Macros, path: Path, family: Family, scope: Scope): Properties {
  const { "x-cloudmap": name = "", service_ports: ports = {} } = macros;
  const at = [...path, "MacroParameters"];
  const reference = { kind: "x-cloudmap", name, returned: undefined };
  const namespace = scope.resolve(reference, [...at, "x-cloudmap"]) ?? name;
  const services = Object.entries(ports).flatMap(([portName, { DnsName, CloudMapServiceName }]) => {
    const port = portNamed(portName, [...at, "service_ports", portName], family, scope);
    if (port === undefined) return [];
    const dns = DnsName ?? family.name;
    return [
      {
        PortName: portName,
        DiscoveryName: CloudMapServiceName ?? dns,
        ClientAliases: [{ Port: port, DnsName: dns }],
      },
    ];
  });
  return { Namespace: namespace, ...(services.length > 0 ? { Services: services } : {}) };
}

/** `tcp_80`, or the name that compose gives a port. */
function portNamed(
  name: string,
  path: Path,
  family: Family,
  { report }: Scope,
): number | undefined {
  const known = new Map(
    family.members.flatMap(({ service }) =>
      (service.ports ?? []).map(
        (port) => [port.name ?? `${port.protocol}_${port.target}`, port.target] as const,
      ),
    ),
  );
  const port = known.get(name);
  if (port !== undefined) return port;
  const message = `${family.name} has no port named ${name}`;
  report.error({ code: "unknown-value", path, message, help: suggestion(name, [...known.keys()]) });
  return undefined;
}

/**
 * Running tasks never learn of endpoints that come later. So whoever only calls comes after those
 * who answer, and every member is deployed anew when the set of endpoints is another.
 */
export function orderMeshes(scope: Scope): void {
  const members = [...scope.families.values()].flatMap((family) => {
    const configuration = configurationOf(family);
    return configuration === undefined ? [] : [{ family, configuration }];
  });
  const meshes = Map.groupBy(members, ({ configuration }) => digestOf(configuration.Namespace));
  for (const mesh of meshes.values()) orderMesh(mesh, scope);
}

interface MeshMember {
  readonly family: Family;
  readonly configuration: Properties;
}

const configurationOf = ({ serviceProperties }: Family): Properties | undefined =>
  serviceProperties
    .map(({ ServiceConnectConfiguration: own }) => own as Properties | undefined)
    .find((own) => own !== undefined);

function orderMesh(mesh: readonly MeshMember[], { project }: Scope): void {
  const servers = mesh.filter(({ configuration }) => configuration.Services !== undefined);
  const endpoints = servers.map(({ configuration }) => configuration.Services as Value);
  const nonce = digestOf(endpoints).slice(0, 16);
  for (const { family } of mesh)
    family.serviceProperties.push({
      ForceNewDeployment: { EnableForceNewDeployment: true, ForceNewDeploymentNonce: nonce },
    });
  for (const { family, configuration } of mesh) {
    if (configuration.Services !== undefined) continue;
    for (const { family: server } of servers)
      if (!server.after.has(family.name))
        family.after.set(server.name, originOf(project, family.path));
  }
}
