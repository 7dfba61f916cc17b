import { type Properties, ref } from "../../../model/template.ts";
import type { Path, Report } from "../../report.ts";
import type { Family, Member } from "../../services/family.ts";
import { allow } from "../../services/rules.ts";
import { type LoadBalancer, transportsOf } from "./load-balancer.ts";

/** A container's port that a load balancer sends to. */
export interface End {
  readonly family: Family;
  readonly member: Member;
  readonly port: number;
}

/** A target group, as far as those need it who join. */
export interface Group {
  readonly id: string;
  readonly protocol: string;
  readonly check: Properties;
}

/** Of a service: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/register-multiple-targetgroups.html */
const mostGroups = 5;

/** The service registers its tasks in the group, and lets the load balancer in. */
export function join(
  { family, member, port }: End,
  { id, protocol: spoken, check }: Group,
  loadBalancer: LoadBalancer,
  at: { readonly path: Path; readonly report: Report },
): void {
  const { name, securityGroups } = loadBalancer;
  if (family.loadBalancers.length === mostGroups) {
    const message = `${family.name} is behind ${mostGroups} target groups already, and ECS takes no more`;
    const help = "Have others in a family of their own.";
    at.report.error({ code: "too-many", path: at.path, message, help });
  }
  family.targetGroups.push({ id, loadBalancer, container: member.container, port });
  family.loadBalancers.push({
    ContainerName: member.container,
    ContainerPort: port,
    TargetGroupArn: ref(id),
  });
  const transports = transportsOf(spoken);
  const checked = checkPort(check, port);
  const ports = [
    ...transports.map((protocol) => ({ number: port, protocol })),
    ...(checked !== port || !transports.includes("tcp")
      ? [{ number: checked, protocol: "tcp" }]
      : []),
  ];
  for (const group of securityGroups) {
    const properties = { SourceSecurityGroupId: group };
    allow(family, { name, properties, ports: undefined }, ports, at);
  }
}

/** A health check may go to a port of its own. */
const checkPort = ({ HealthCheckPort }: Properties, port: number): number => {
  const number = Number(HealthCheckPort);
  return Number.isInteger(number) ? number : port;
};
