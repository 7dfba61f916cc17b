import { asList, isMapping } from "../read.ts";
import type { Report } from "../report.ts";
import type { Family } from "./family.ts";
import { portsOf } from "./ports.ts";

/** A quota of ECS that nobody can raise. */
const mostContainers = 10;

/** Says where the containers of a task, with those that Trueup adds, are no task to ECS. */
export function checkContainers(family: Family, report: Report): void {
  const { members, path, sidecars } = family;
  const count = members.length + sidecars.length;
  if (count > mostContainers) {
    const message = `${count} containers are more than the ${mostContainers} that ECS lets a task have`;
    const help = "Give some of them another ecs.task.family.";
    report.error({ code: "too-many", path, message, help });
  }
  if (sidecars.length > 0) checkPorts(family, report);
  const byName = new Map<string, string>();
  for (const { container, name, path: at } of members) {
    const other = byName.get(container);
    if (other !== undefined) {
      const message = `${other} is the container ${container} of the task already`;
      const help = "Rename the service: a dot is written as - there.";
      report.error({ code: "same-name", path: at, message, help });
    }
    byName.set(container, name);
    if (!sidecars.some((sidecar) => sidecar.container === container)) continue;
    const message = `the task has a container ${container} that Trueup adds`;
    report.error({ code: "same-name", path: at, message, help: "Rename the service." });
  }
}

/** Containers of one task share its network, with those that Trueup adds. */
function checkPorts({ members, sidecars }: Family, report: Report): void {
  for (const { container, definition } of sidecars) {
    for (const mapping of asList(definition.PortMappings)) {
      const { ContainerPort: number, Protocol: protocol } = isMapping(mapping) ? mapping : {};
      const isTaken = (member: Family["members"][number]): boolean =>
        portsOf(member).some((port) => port.number === number && port.protocol === protocol);
      for (const member of members.filter(isTaken)) {
        const message = `${container}, which Trueup adds, listens on ${number}/${protocol} too, in the same task`;
        const help = `Listen on another, or leave out what has ${container} beside it.`;
        report.error({ code: "same-port", path: [...member.path, "ports"], message, help });
      }
    }
  }
}
