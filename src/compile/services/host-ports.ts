import type { Port } from "../../compose/project.ts";
import type { Path, Report } from "../report.ts";
import type { Family } from "./family.ts";

/** What is decided of the host's side of a port; nothing: ECS chooses, or there is no such side. */
export interface HostPort {
  readonly HostPort?: number;
}

/**
 * `published` and `host_ip` of a port. Tasks with addresses of their own have no use for either; on a
 * bridge it is a port of the instance, and in its own network the one that the container listens on.
 */
export function hostPort(port: Port, family: Family, path: Path, report: Report): HostPort {
  switch (family.networkMode) {
    case "bridge":
      return onBridge(port, path, report);
    case "host":
      return onHost(port, path, report);
    case "awsvpc":
      if (isRemapped(port)) {
        const message = `tasks have addresses of their own: the service listens on ${port.target}, and ${hostSide(port)} is not used`;
        report.warn({ code: "no-effect", path, message });
      }
      return {};
    case "none":
      return {};
  }
}

const isRemapped = ({ published, target, host_ip }: Port): boolean =>
  (published !== undefined && published !== "" && published !== String(target)) ||
  (host_ip !== undefined && host_ip !== "0.0.0.0");

const hostSide = ({ published, host_ip }: Port): string =>
  [host_ip, published].filter((part) => part !== undefined && part !== "").join(":");

/** One port of the instance, or whichever is free: ECS chooses where none is named. */
function onBridge(port: Port, path: Path, report: Report): HostPort {
  refuseAddress(port, path, report);
  const { published = "" } = port;
  if (published === "" || published === "0") return {};
  if (/^\d+$/.test(published)) return { HostPort: Number(published) };
  const message = `ECS takes no port out of ${published}`;
  const help = "Name one, or none: then ECS finds one that is free.";
  report.error({ code: "cannot-honour", path, message, help });
  return {};
}

/** Docker, too, publishes nothing in the network of its host: a service listens where it wants to. */
function onHost(port: Port, path: Path, report: Report): HostPort {
  const { target } = port;
  if (isRemapped(port)) {
    const message = `in the network of its instance a service listens on ${target}, and nothing leads there from ${hostSide(port)}`;
    const help = "Publish the same port, or write network_mode: bridge.";
    report.warn({ code: "no-effect", path, message, help });
  }
  return { HostPort: target };
}

/**
 * Of what is fixed at the instance there is one: a new task that starts beside the old one may have
 * to wait until that stops.
 */
export function warnOfTurns(family: Family, report: Report): void {
  const { members, networkMode } = family;
  const isFixed = members.some(({ service }) =>
    (service.ports ?? []).some(
      ({ published = "" }) =>
        networkMode === "host" || (networkMode === "bridge" && Number(published) > 0),
    ),
  );
  if (!isFixed) return;
  const message =
    "a new task waits for a port of the instance that the old one has, unless another instance is free";
  const help = "Write deploy.update_config.order: stop-first.";
  report.warn({ code: "host-port", path: family.path, message, help });
}

/** Who binds a port to 127.0.0.1 wants it closed to others. */
function refuseAddress({ host_ip }: Port, path: Path, report: Report): void {
  if (host_ip === undefined || host_ip === "" || host_ip === "0.0.0.0" || host_ip === "::") return;
  const message = `ECS opens ports at all addresses of an instance, not at ${host_ip} alone`;
  const help = "Remove the address, and let the instance's security group say who comes in.";
  report.error({ code: "cannot-honour", path, message, help });
}
