import type { DesiredStack } from "../model/bundle.ts";
import type { Resource, Template } from "../model/template.ts";

/** What goes before a service that runs gets its first load balancer. */
export interface Attaching {
  /** All that is desired but for that: the service goes on without one. */
  readonly first: DesiredStack;
  /** Whether what sends to the service is there by now, so that it may be told. */
  readonly isMade: boolean;
}

/**
 * ECS takes a target group for a service only once a load balancer sends to it. CloudFormation was
 * seen to ask too early where a service that runs gets its first one in the update that makes the
 * listener or the rule, whatever depends on what: so these are made by an update of their own
 * (design-aws 8). Undefined: no service gets its first one.
 */
export function attaching(goal: DesiredStack, deployed: Template): Attaching | undefined {
  const all = goal.template.Resources;
  const services = Object.entries(all).filter(([id, resource]) => {
    const before = deployed.Resources[id];
    return isBalanced(resource) && before?.Type === resource.Type && !isBalanced(before);
  });
  if (services.length === 0) return undefined;
  const senders = services
    .flatMap(([, { DependsOn = [] }]) => [DependsOn].flat())
    .filter((id) => sending.has(all[id]?.Type ?? ""));
  const Resources = {
    ...all,
    ...Object.fromEntries(services.map(([id, service]) => [id, withoutBalancers(service)])),
  };
  return {
    first: { ...goal, template: { ...goal.template, Resources } },
    isMade: senders.every((id) => deployed.Resources[id] !== undefined),
  };
}

const sending: ReadonlySet<string> = new Set([
  "AWS::ElasticLoadBalancingV2::Listener",
  "AWS::ElasticLoadBalancingV2::ListenerRule",
]);

const isBalanced = ({ Properties, Type }: Resource): boolean =>
  Type === "AWS::ECS::Service" && Properties?.LoadBalancers !== undefined;

function withoutBalancers({ Properties = {}, ...service }: Resource): Resource {
  const { HealthCheckGracePeriodSeconds: _, LoadBalancers: __, ...others } = Properties;
  return { ...service, Properties: others };
}
