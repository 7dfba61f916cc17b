import { shown } from "../../../compose/shown.ts";
import type { Path, Report } from "../../report.ts";
import type { Scope } from "../../scope.ts";
import type { Family } from "../../services/family.ts";
import { type LoadBalancer, protocols } from "./load-balancer.ts";

const versions: readonly string[] = ["HTTP1", "HTTP2", "GRPC"];

interface Wanted {
  readonly protocol?: string | undefined;
  readonly ProtocolVersion?: string | undefined;
}

/** By what a group knows its targets: tasks that have the address of their instance by that. */
export function targetType(
  families: readonly Family[],
  path: Path,
  report: Report,
): "instance" | "ip" {
  const types = new Set(
    families.map(({ networkMode }) => (networkMode === "awsvpc" ? "ip" : "instance")),
  );
  const fault =
    types.size > 1
      ? "a target group has tasks with addresses of their own, or tasks with those of instances"
      : families.some(({ launch }) => launch === "EXTERNAL")
        ? "no load balancer reaches instances elsewhere"
        : undefined;
  if (fault !== undefined) report.error({ code: "cannot-honour", path, message: fault });
  return types.has("instance") ? "instance" : "ip";
}

/** What is spoken with the targets of a group. */
export function protocolOf(
  { protocol: asked, ProtocolVersion: version }: Wanted,
  { type }: LoadBalancer,
  path: Path,
  { report }: Scope,
): string {
  const known: readonly string[] = protocols[type];
  const protocol = (asked ?? protocols[type][0]).toUpperCase();
  if (!known.includes(protocol)) {
    const message = `load balancers of the type ${type} send ${known.join(", ")}, not ${shown(protocol)}`;
    report.error({ code: "unknown-value", path, message });
    return protocols[type][0];
  }
  if (version === undefined) return protocol;
  const message =
    type === "network"
      ? "a network load balancer has no ProtocolVersion"
      : `${version} is none of ${versions.join(", ")}`;
  if (type === "network" || !versions.includes(version.toUpperCase()))
    report.error({ code: "unknown-value", path: [...path, "ProtocolVersion"], message });
  return protocol;
}
