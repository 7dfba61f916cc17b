import type { Data } from "../../compose/project.ts";
import { digestOf } from "../../model/digest.ts";
import type { Properties, Value } from "../../model/template.ts";
import { suggestion } from "../nearest.ts";
import { asIs, asList, asMapping, integer, mapOf, object, type Read, text } from "../read.ts";
import type { Path } from "../report.ts";
import { checkProperty } from "../schema/conformance.ts";
import type { Scope } from "../scope.ts";
import type { Family } from "../services/family.ts";
import { comesAfter } from "../services/stack-order.ts";
import { propertiesOf } from "../values.ts";
import { portsByName } from "./proxies.ts";

const readConnect = object({
  Properties: asIs,
  MacroParameters: object(
    {
      "x-cloudmap": text,
      service_ports: mapOf(
        object({
          DnsName: text,
          CloudMapServiceName: text,
          // In the words of ECS, and held against its schema.
          IngressPortOverride: integer,
          Timeout: asIs,
        }),
      ),
    },
    ["x-cloudmap"],
  ),
});

type Macros = NonNullable<Read<typeof readConnect>["MacroParameters"]>;

/** `x-network.x-ecs_connect`: a family in the mesh of a namespace, as a client or a server too. */
export function joinMesh(data: Data, path: Path, family: Family, scope: Scope): void {
  const { Properties: own, MacroParameters: macros } = readConnect(data, path, scope.report) ?? {};
  if (refusedAt(path, family, scope)) return;
  const configuration: Properties = {
    Enabled: true,
    ...(macros === undefined ? {} : fromMacros(macros, path, family, scope)),
    ...(own === undefined ? {} : ownConfiguration(own, [...path, "Properties"], scope)),
  };
  const at = family.serviceProperties.findIndex((one) => "ServiceConnectConfiguration" in one);
  const other = family.serviceProperties[at]?.ServiceConnectConfiguration as Properties | undefined;
  if (at >= 0) family.serviceProperties.splice(at, 1);
  const merged = other === undefined ? configuration : together(other, configuration, path, scope);
  family.serviceProperties.push({ ServiceConnectConfiguration: merged });
}

function ownConfiguration(data: Data, path: Path, scope: Scope): Properties {
  const own = propertiesOf(data, path, scope);
  const property = ["AWS::ECS::Service", "ServiceConnectConfiguration"] as const;
  checkProperty(property, { Enabled: true, ...own }, path, scope.report);
  return own;
}

/** A mesh stands on a proxy in the task's own network, or on a bridge. */
function refusedAt(path: Path, { launch, networkMode }: Family, { report }: Scope): boolean {
  if (launch !== "EXTERNAL" && (networkMode === "awsvpc" || networkMode === "bridge")) return false;
  const where =
    launch === "EXTERNAL" ? "on instances elsewhere" : `with network_mode: ${networkMode}`;
  const message = `ECS takes no tasks ${where} into a mesh`;
  // ECS ComposeX leaves it out there.
  if (launch === "EXTERNAL") report.warn({ code: "no-effect", path, message, help: "Remove it." });
  else report.error({ code: "cannot-honour", path, message, help: "Remove it." });
  return true;
}

/** Two services of one task are in the mesh together, with the endpoints of both. */
function together(one: Properties, other: Properties, path: Path, { report }: Scope): Properties {
  if (digestOf(one.Namespace ?? "") !== digestOf(other.Namespace ?? "")) {
    const message = "another service of the same task is in another namespace";
    report.error({ code: "differs", path, message });
  }
  const services = [...servicesOf(one), ...servicesOf(other)];
  return { ...one, ...other, ...(services.length > 0 ? { Services: services } : {}) };
}

const servicesOf = ({ Services = [] }: Properties): readonly Value[] =>
  Services as readonly Value[];

function fromMacros(macros: Macros, path: Path, family: Family, scope: Scope): Properties {
  const { "x-cloudmap": name = "", service_ports: ports = {} } = macros;
  const at = [...path, "MacroParameters"];
  const namespace = namespaceOf(name, [...at, "x-cloudmap"], scope);
  const services = Object.entries(ports).flatMap(([portName, wishes]) => {
    const where = [...at, "service_ports", portName];
    const port = portNamed(portName, where, family, scope);
    if (port === undefined) return [];
    const {
      DnsName: dns = family.name.toLowerCase(),
      CloudMapServiceName,
      IngressPortOverride,
      Timeout,
    } = wishes;
    return [
      {
        PortName: portName,
        // The one of Cloud Map has no dots.
        DiscoveryName: CloudMapServiceName ?? dns.toLowerCase().replaceAll(".", "-"),
        ClientAliases: [{ Port: port, DnsName: dns }],
        ...(IngressPortOverride === undefined ? {} : { IngressPortOverride }),
        ...(Timeout === undefined
          ? {}
          : { Timeout: propertiesOf(Timeout, [...where, "Timeout"], scope) }),
      },
    ];
  });
  return { Namespace: namespace, ...(services.length > 0 ? { Services: services } : {}) };
}

/** By ARN where it is made here, which orders the two; by its name where it is there already. */
function namespaceOf(name: string, path: Path, scope: Scope): Value {
  const reference = { kind: "x-cloudmap", name, returned: undefined };
  const found = scope.resolve(reference, path) ?? name;
  if (typeof found !== "string") return found;
  return scope.resolve({ ...reference, returned: "ZoneName" }, path) ?? name;
}

/** `tcp_80`, or the name that compose gives a port. */
function portNamed(
  name: string,
  path: Path,
  family: Family,
  { report }: Scope,
): number | undefined {
  const known = portsByName(family);
  const port = known.get(name);
  if (port?.protocol === "udp") {
    const message = `${name} is a UDP port, and a mesh carries TCP only`;
    report.error({ code: "cannot-honour", path, message });
  }
  if (port !== undefined) return port.number;
  const message = `${family.name} has no port named ${name}`;
  report.error({ code: "unknown-value", path, message, help: suggestion(name, [...known.keys()]) });
  return undefined;
}

/**
 * Running tasks never learn of endpoints that come later. So whoever calls comes after those who
 * answer, and is deployed anew when the endpoints it may call are others.
 */
export function orderMeshes(scope: Scope): void {
  const members = [...scope.families.values()].flatMap((family) => {
    const configuration = configurationOf(family);
    return configuration === undefined ? [] : [{ family, configuration }];
  });
  const meshes = Map.groupBy(members, ({ configuration }) => digestOf(configuration.Namespace));
  for (const mesh of meshes.values()) {
    const inOrder = mesh.toSorted((a, b) => (a.family.name < b.family.name ? -1 : 1));
    const servers = inOrder.filter(({ configuration }) => servicesOf(configuration).length > 0);
    for (const member of inOrder) orderMember(member, servers, scope);
  }
}

interface MeshMember {
  readonly family: Family;
  readonly configuration: Properties;
}

const configurationOf = ({ serviceProperties }: Family): Properties | undefined =>
  serviceProperties
    .map(({ ServiceConnectConfiguration: own }) => own as Properties | undefined)
    .find((own) => own !== undefined);

function orderMember(member: MeshMember, servers: readonly MeshMember[], scope: Scope): void {
  const { family } = member;
  const callable = mayCall(member, servers);
  if (callable.length === 0) return;
  const endpoints = callable.flatMap(({ configuration }) => servicesOf(configuration));
  const ForceNewDeploymentNonce = digestOf(endpoints).slice(0, 16);
  family.serviceProperties.push({
    ForceNewDeployment: { EnableForceNewDeployment: true, ForceNewDeploymentNonce },
  });
  for (const { family: server } of callable) {
    if (!comesAfter(server, family, scope.families)) {
      if (!family.after.has(server.name))
        family.after.set(server.name, [...family.path, "x-network"]);
      continue;
    }
    const message = `${family.name} and ${server.name} wait for each other: ${family.name} knows the endpoints of ${server.name} from its second deployment on`;
    const help = `Let ${family.name} be deployed once more when both are there.`;
    scope.report.warn({ code: "circle", path: [...family.path, "x-network"], message, help });
  }
}

/**
 * Whom a family waits for, and who lets it in, if there are such; else a family that only calls
 * may call all.
 */
function mayCall(
  { family, configuration }: MeshMember,
  servers: readonly MeshMember[],
): readonly MeshMember[] {
  const others = servers.filter((server) => server.family !== family);
  const names = new Set([family.name, ...family.members.map(({ name }) => name)]);
  const named = others.filter(
    ({ family: server }) =>
      family.after.has(server.name) || letIn(server).some((name) => names.has(name)),
  );
  return named.length > 0 || servicesOf(configuration).length > 0 ? named : others;
}

/** The names in `x-network.Ingress.Services`. */
const letIn = ({ members }: Family): readonly string[] =>
  members.flatMap(({ service }) => {
    const { Services } = asMapping(asMapping(service["x-network"]).Ingress);
    return asList(Services).map((one) => String(asMapping(one).Name));
  });
