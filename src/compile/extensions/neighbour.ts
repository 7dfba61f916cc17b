import type { Properties } from "../../model/template.ts";
import type { Family, Member } from "../services/family.ts";

/** Where a member finds a container beside it: at loopback, which a task has one of but for a bridge. */
export function neighbour(container: string, member: Member, { networkMode }: Family): string {
  if (networkMode !== "bridge") return "127.0.0.1";
  if (!member.links.includes(container)) member.links.push(container);
  return container;
}

/** The ports of a sidecar. On a bridge they would be opened at the instance, for others. */
export const sidecarPorts = (
  PortMappings: readonly Properties[],
  { networkMode }: Family,
): Properties => (networkMode === "awsvpc" || networkMode === "host" ? { PortMappings } : {});
