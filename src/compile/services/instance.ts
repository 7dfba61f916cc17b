import type { Data } from "../../compose/project.ts";
import type { Properties } from "../../model/template.ts";
import { asList, asMapping, isMapping } from "../read.ts";
import type { Path, Report } from "../report.ts";
import type { Scope } from "../scope.ts";
import { mebibytes } from "../units.ts";
import type { Attribute } from "./attribute.ts";
import { demandOf, sum } from "./demand.ts";
import type { Member } from "./family.ts";
import { securityOptions } from "./security-options.ts";
import { inMemory } from "./tmpfs.ts";

/** What a container has of the instance it runs on, where it runs on one. */
export const instanceRights: Attribute = (member, { launch }, { report }) => {
  refuseOtherGpus(member, report);
  if (launch === "FARGATE") return {};
  return {
    ...(member.service.privileged === true ? { Privileged: true } : {}),
    ...securityOptions(member, report),
    ...graphics(member, report),
  };
};

/** The `LinuxParameters` that only an instance has. */
export function instanceParameters(member: Member, scope: Scope): Properties {
  const { service } = member;
  const devices = devicesOf(member, scope.report);
  const shared = service.shm_size === undefined ? undefined : mebibytes(service.shm_size);
  const tmpfs = inMemory(member);
  return {
    ...(devices.length > 0 ? { Devices: devices } : {}),
    ...(shared === undefined ? {} : { SharedMemorySize: shared }),
    ...(tmpfs.length > 0 ? { Tmpfs: tmpfs } : {}),
    ...swap(member, scope),
  };
}

const permissions = [
  ["r", "read"],
  ["w", "write"],
  ["m", "mknod"],
] as const;

function devicesOf({ service, path }: Member, report: Report): readonly Properties[] {
  const devices = asList(service.devices).filter(isMapping);
  return devices.map((device, index) => {
    if (!String(device.source).startsWith("/")) {
      const message = `${device.source ?? "nothing"} is no path of an instance, and ECS hands on no other devices`;
      const help = "GPUs go below gpus: [{ count: 1 }].";
      report.error({ code: "cannot-honour", path: [...path, "devices", index], message, help });
    }
    return deviceOf(device);
  });
}

function deviceOf({ source, target, permissions: given }: Readonly<Record<string, Data>>) {
  const letters = String(given ?? "rwm");
  return {
    HostPath: String(source),
    ContainerPath: String(target ?? source),
    Permissions: permissions.flatMap(([letter, word]) => (letters.includes(letter) ? word : [])),
  };
}

/** `memswap_limit` counts memory and swap, ECS swap alone. 0 and -1 leave it to Docker, and so to the instance. */
function swap(member: Member, scope: Scope): Properties {
  const { service, path } = member;
  const { memswap_limit: both, mem_swappiness: Swappiness } = service;
  const { report } = scope;
  const isLeft = both === undefined || both === null || Number(both) <= 0;
  if (isLeft && Swappiness !== undefined && Swappiness !== null) {
    const message = "mem_swappiness does nothing: ECS reads it beside a limit of swap only";
    const help = "Write mem_limit, and memswap_limit of at least as much.";
    report.warn({ code: "no-effect", path: [...path, "mem_swappiness"], message, help });
  }
  if (isLeft) return {};
  const most = mebibytes(both);
  const { limit } = demandOf(member, scope);
  if (most === undefined || limit === undefined || most < limit) {
    const message = "ECS counts swap beyond a limit of memory, and has to know both";
    const help = "Write mem_limit, and memswap_limit of at least as much.";
    report.error({ code: "cannot-honour", path: [...path, "memswap_limit"], message, help });
    return {};
  }
  checkSwappiness(Number(Swappiness ?? 0), path, report);
  return {
    MaxSwap: most - limit,
    ...(Swappiness === undefined ? {} : { Swappiness: Number(Swappiness) }),
  };
}

function checkSwappiness(share: number, path: Path, report: Report): void {
  if (share >= 0 && share <= 100) return;
  const message = `${share} is not from 0 to 100`;
  report.error({ code: "out-of-bounds", path: [...path, "mem_swappiness"], message });
}

/** As swarms have them, and the retired ECS integration of Docker had: no service is to run without what it computes on. */
function refuseOtherGpus({ service, path }: Member, report: Report): void {
  const { reservations } = asMapping(asMapping(service.deploy).resources);
  const given = asList(asMapping(reservations).generic_resources);
  for (const [index, one] of given.entries()) {
    const { kind, value } = asMapping(asMapping(one).discrete_resource_spec);
    if (!/gpu/i.test(String(kind))) continue;
    const at = [...path, "deploy", "resources", "reservations", "generic_resources", index];
    const message = `${String(kind)} are no resources that ECS reserves by this key`;
    const help = `Write gpus: [{ count: ${Number(value) || 1} }], on instances (the label ecs.compute.platform: EC2).`;
    report.error({ code: "cannot-honour", path: at, message, help });
  }
}

/** `gpus`, and `deploy.resources.reservations.devices` that can do `gpu`: so many of them. */
function graphics({ service, path }: Member, report: Report): Properties {
  const resources = asMapping(asMapping(service.deploy).resources);
  const { devices } = asMapping(resources.reservations);
  const at = [...path, "deploy", "resources", "reservations", "devices"];
  const count = gpusIn(service.gpus, [...path, "gpus"], report) + gpusIn(devices, at, report);
  return count > 0 ? { ResourceRequirements: [{ Type: "GPU", Value: String(count) }] } : {};
}

function gpusIn(requests: Data | undefined, path: Path, report: Report): number {
  if (requests === undefined || requests === null) return 0;
  const counts = (Array.isArray(requests) ? requests : [requests]).map(
    (request: Data, index: number) => {
      const { count, capabilities = ["gpu"] } = asMapping(request);
      const isGpu = Array.isArray(capabilities) && capabilities.includes("gpu");
      if (isGpu && Number(count) > 0) return Number(count);
      const message = "ECS gives a container a number of GPUs, and no other device so";
      const help = "Write count: 1; devices of the instance go below devices.";
      report.error({ code: "cannot-honour", path: [...path, index], message, help });
      return 0;
    },
  );
  return sum(counts);
}
