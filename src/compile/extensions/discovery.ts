import type { Data } from "../../compose/project.ts";
import { getAtt, type Properties, type Value } from "../../model/template.ts";
import { pascal } from "../ids.ts";
import { integer, mapOf, object, text, textOr } from "../read.ts";
import type { Path, Report } from "../report.ts";
import { layerOf, type Scope } from "../scope.ts";
import { type Family, label, type Member } from "../services/family.ts";
import { portsOf } from "../services/ports.ts";

const readNamespaces = textOr(mapOf(object({ Port: integer, Name: text })));

/**
 * `x-network.x-cloudmap`: a service's tasks found by name in a namespace of `x-cloudmap`. Address
 * records for clients that know the port, SRV records for those that ask.
 */
export function registerIn(data: Data, path: Path, family: Family, scope: Scope): void {
  const read = readNamespaces(data, path, scope.report) ?? {};
  const namespaces = typeof read === "string" ? { [read]: {} } : read;
  if (refusedAt(path, family, scope.report)) return;
  const [member] = family.members.filter((candidate) => portsOf(candidate).length > 0);
  for (const [namespace, settings] of Object.entries(namespaces)) {
    const reference = { kind: "x-cloudmap", name: namespace, returned: "NamespaceId" };
    const id = scope.resolve(reference, path);
    const port = settings.Port ?? member?.service.ports?.[0]?.target ?? portOf(member);
    if (port === undefined || member === undefined) {
      const message = `${family.name} has no port to be found at, so it is not in ${namespace}`;
      scope.report.warn({ code: "no-ports", path, message, help: "Add ports or expose." });
      continue;
    }
    warnUnheard(port, path, family, scope.report);
    const RegistryArn = getAtt(serviceId(namespace, family), "Arn");
    const registry = { RegistryArn, ...placeOf(member, port, family) };
    if (isKnown(registry, settings, family)) continue;
    family.serviceRegistries.push(registry);
    addService(namespace, { Name: settings.Name, NamespaceId: id }, { path, family }, scope);
  }
  checkOne(path, family, scope.report);
}

/** Clients that ask for the port would be sent to one that is closed. */
function warnUnheard(port: number, path: Path, family: Family, report: Report): void {
  const known = family.members.flatMap((member) => portsOf(member).map(({ number }) => number));
  if (known.includes(port)) return;
  const message = `no container of ${family.name} listens on ${port}`;
  report.warn({ code: "no-ports", path, message, help: `Known: ${known.join(", ")}.` });
}

const serviceId = (namespace: string, { id }: Family): string =>
  `${id}In${pascal(namespace)}DiscoveryService`;

/** What the tasks are found at, under a name in a namespace. */
function addService(
  namespace: string,
  { Name: given, NamespaceId }: { readonly [key: string]: Value | undefined },
  { path, family }: { readonly path: Path; readonly family: Family },
  scope: Scope,
): void {
  const Name = given ?? hostName(family);
  checkName(String(Name), path, scope.report);
  scope.add({
    id: serviceId(namespace, family),
    type: "AWS::ServiceDiscovery::Service",
    layer: layerOf(family),
    properties: {
      Name,
      ...(NamespaceId === undefined ? {} : { NamespaceId }),
      DnsConfig: {
        DnsRecords: recordsOf(family).map((Type) => ({ Type, TTL: 15 })),
        RoutingPolicy: "MULTIVALUE",
      },
      HealthCheckCustomConfig: { FailureThreshold: 1 },
    },
    path,
  });
}

/** Services of one task may each say the same. */
const isKnown = (
  registry: Properties,
  { Name }: { readonly Name?: string },
  { serviceRegistries }: Family,
): boolean =>
  Name === undefined &&
  serviceRegistries.some((own) => JSON.stringify(own) === JSON.stringify(registry));

/** Names as Cloud Map takes them. */
function checkName(name: string, path: Path, report: Report): void {
  if (name.split(".").every((label) => /^(?!-)[\w-]{0,62}\w$/.test(label))) return;
  const message = `${name} is no name in DNS`;
  const help =
    "Names have letters, digits, - and _, at most 63 between dots. Give it another as x-cloudmap: {NAMESPACE: {Name: …}}.";
  report.error({ code: "out-of-bounds", path, message, help });
}

function checkOne(path: Path, family: Family, report: Report): void {
  if (family.serviceRegistries.length < 2) return;
  const message = `${family.name} is in a namespace already, and ECS registers a service in one only`;
  const help = "Name one namespace, once for all services of the family.";
  report.error({ code: "contradiction", path, message, help });
}

/** Of an instance several tasks have the address: only with its port is one of them found. */
const recordsOf = ({ networkMode }: Family): readonly string[] =>
  networkMode === "awsvpc" ? ["A", "SRV"] : ["SRV"];

const placeOf = ({ container }: Member, port: number, { networkMode }: Family): Properties =>
  networkMode === "awsvpc" ? { Port: port } : { ContainerName: container, ContainerPort: port };

/** What has no address that others could reach has nothing to be found at. */
function refusedAt(path: Path, { launch, networkMode }: Family, report: Report): boolean {
  if (launch !== "EXTERNAL" && networkMode !== "none") return false;
  const message = "ECS registers no tasks on instances elsewhere, and none without a network";
  // ECS ComposeX leaves it out there.
  if (launch === "EXTERNAL") report.warn({ code: "no-effect", path, message, help: "Remove it." });
  else report.error({ code: "cannot-honour", path, message, help: "Remove it." });
  return true;
}

const portOf = (member: Member | undefined): number | undefined =>
  member === undefined ? undefined : portsOf(member)[0]?.number;

/** The label `ecs.task.family.hostname`, else the family's name as a host's. */
const hostName = (family: Family): string =>
  family.members
    .map(({ service }) => label(service, "ecs.task.family.hostname"))
    .find((name) => name !== undefined) ?? family.name.toLowerCase().replaceAll(/[^a-z0-9-]/g, "-");
