import type { Port } from "../../compose/project.ts";
import type { Path, Report } from "../report.ts";
import type { Family, Member } from "./family.ts";

/** What ECS knows of what is spoken at a port; `tcp` is what it takes for granted. */
const spoken: readonly string[] = ["http", "http2", "grpc"];

export const isSpoken = (protocol: string | undefined): protocol is string =>
  protocol !== undefined && spoken.includes(protocol);

/** `name` and `app_protocol` of the ports of a member, as far as ECS takes them. */
export function checkNames(member: Member, family: Family, report: Report): void {
  for (const [index, port] of (member.service.ports ?? []).entries()) {
    const path = [...member.path, "ports", index];
    if (port.name !== undefined) checkName(port, port.name, path, family, report);
    const { app_protocol: protocol } = port;
    if (protocol === undefined || protocol === "tcp" || isSpoken(protocol)) continue;
    const message = `${protocol} does nothing on ECS, which knows ${spoken.join(", ")}`;
    report.warn({ code: "no-effect", path: [...path, "app_protocol"], message });
  }
}

const form = /^[a-z0-9_][a-z0-9_-]{0,63}$/;

/**
 * The name that a port has by its file; undefined: none, or one that ECS does not take, or that another
 * port of the task has. Then it has the usual one.
 */
export const ownName = (port: Pick<Port, "name">, family: Family): string | undefined =>
  port.name !== undefined && form.test(port.name) && firstNamed(port.name, family)?.port === port
    ? port.name
    : undefined;

/** Docker compose tells nothing by the names of ports, and takes any. */
function checkName(port: Port, name: string, path: Path, family: Family, report: Report): void {
  const at = [...path, "name"];
  if (!form.test(name)) {
    const message = `ECS takes no port of the name ${JSON.stringify(name)}: it has the usual one`;
    const help = "Small letters, digits, - and _, at most 64, and no - at the beginning.";
    report.warn({ code: "bad-name", path: at, message, help });
    return;
  }
  const first = firstNamed(name, family);
  if (first === undefined || first.port === port) return;
  const { protocol, target } = first.port;
  const message = `${name} is the name of ${target}/${protocol} of ${first.member.name}, so this one has the usual one`;
  const help = "ECS tells the ports of a task apart by their names.";
  report.warn({ code: "same-name", path: at, message, help });
}

const firstNamed = (name: string, { members }: Family) =>
  members
    .flatMap((member) => (member.service.ports ?? []).map((port) => ({ member, port })))
    .find(({ port }) => port.name === name);
