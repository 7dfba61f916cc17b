import type { DesiredStack } from "../model/bundle.ts";
import type { Resource, Template } from "../model/template.ts";

/**
 * ECS takes a target group for a service only once a load balancer sends to it. CloudFormation was
 * seen to ask too early where a service that runs gets its first one in the update that makes the
 * listener or the rule, whatever depends on what: so these are made by an update of their own
 * (design-aws 8). Undefined: no service gets its first one, or what sends to it is there.
 */
export function attaching(goal: DesiredStack, deployed: Template): DesiredStack | undefined {
  const all = goal.template.Resources;
  const services = Object.entries(all).filter(([id, resource]) => {
    const before = deployed.Resources[id];
    return isBalanced(resource) && before?.Type === resource.Type && !isBalanced(before);
  });
  const senders = services
    .flatMap(([, { DependsOn = [] }]) => [DependsOn].flat())
    .filter((id) => sending.has(all[id]?.Type ?? ""));
  if (senders.every((id) => deployed.Resources[id] !== undefined)) return undefined;
  const Resources = {
    ...all,
    ...Object.fromEntries(services.map(([id, service]) => [id, withoutBalancers(service)])),
  };
  return { ...goal, template: { ...goal.template, Resources } };
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
