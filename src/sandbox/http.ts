import { type Held, heldIn } from "./cloudformation/held.ts";
import type { Value } from "./cloudformation/state.ts";
import {
  type Declared,
  type EcsService,
  ecsOf,
  list,
  member,
  objects,
  text,
  variableOf,
} from "./ecs/state.ts";
import { takes } from "./inputs.ts";
import { AwsError, type Context, type Service } from "./world.ts";

interface GetInput {
  readonly url: string;
  readonly host?: string;
}

/**
 * The public side of load balancers: what a visitor gets. No image is run, so a service that is up
 * answers 200 and `ok`, unless its container says otherwise: `SANDBOX_HTTP_STATUS` and
 * `SANDBOX_HTTP_BODY` in its environment.
 */
export const http: Service = {
  name: "http",
  operations: { Get: takes<GetInput>(["host", "url"], get) },
};

function get({ host, url }: GetInput, { world }: Context) {
  const address = new URL(url);
  for (const context of world.places("cloudformation")) {
    const held = heldIn(context);
    const found = held.find(
      ({ properties: { DNSName } }) => String(DNSName).toLowerCase() === address.hostname,
    );
    if (found !== undefined) {
      const request = { host: host ?? address.hostname, path: address.pathname };
      return visit(found, { held, request, port: portOf(address) }, context);
    }
  }
  throw new AwsError("ENOTFOUND", `getaddrinfo ENOTFOUND ${address.hostname}`);
}

const portOf = ({ port, protocol }: URL): number =>
  port === "" ? (protocol === "https:" ? 443 : 80) : Number(port);

interface Visit {
  readonly held: readonly Held[];
  readonly port: number;
  readonly request: { readonly host: string; readonly path: string };
}

function visit(balancer: Held, { held, port, request }: Visit, context: Context) {
  const ofType = (type: string) =>
    held.filter((one) => one.type === `AWS::ElasticLoadBalancingV2::${type}`);
  const listener = ofType("Listener").find(
    ({ properties }) =>
      properties.LoadBalancerArn === balancer.identifier && Number(properties.Port) === port,
  );
  if (listener === undefined) {
    throw new AwsError("ECONNREFUSED", `connect ECONNREFUSED ${text(balancer.arn)}:${port}`);
  }
  const rule = ofType("ListenerRule")
    .filter(({ properties }) => properties.ListenerArn === listener.identifier)
    .sort((a, b) => Number(a.properties.Priority) - Number(b.properties.Priority))
    .find(({ properties }) =>
      objects(declared(properties.Conditions)).every((one) => meets(one, request)),
    );
  const actions = objects(declared(rule?.properties.Actions ?? listener.properties.DefaultActions));
  const action = actions.at(-1);
  return action === undefined ? page(503, "") : answerOf(action, context);
}

function meets(condition: Declared, { host, path }: Visit["request"]): boolean {
  const values = (field: string) => list(member(condition[field], "Values") ?? condition.Values);
  switch (condition.Field) {
    case "path-pattern":
      return values("PathPatternConfig").some((pattern) => globbed(text(pattern)).test(path));
    case "host-header":
      return values("HostHeaderConfig").some((pattern) => globbed(text(pattern)).test(host));
    default:
      return false;
  }
}

const globbed = (pattern: string): RegExp =>
  new RegExp(
    `^${pattern
      .replace(/[.+^${}()|[\]\\]/g, "\\$&")
      .replaceAll("*", ".*")
      .replaceAll("?", ".")}$`,
    "i",
  );

const declared = (value: Value | undefined) => value as Declared[string] | undefined;

const page = (status: number, body: string) => ({ status, body });

function answerOf(action: Declared, context: Context) {
  if (action.Type === "fixed-response") {
    const { FixedResponseConfig: fixed } = action;
    return page(Number(member(fixed, "StatusCode")), text(member(fixed, "MessageBody")));
  }
  if (action.Type === "redirect") return page(301, "");
  const [group] = [
    action.TargetGroupArn,
    ...list(member(action.ForwardConfig, "TargetGroups")).map((one) =>
      member(one, "TargetGroupArn"),
    ),
  ].filter((one) => one !== undefined);
  const service = Object.values(ecsOf(context).services).find(
    ({ properties, status }) =>
      status === "ACTIVE" &&
      objects(properties.LoadBalancers).some(({ TargetGroupArn }) => TargetGroupArn === group),
  );
  const isUp = service?.tasks.some(({ lastStatus }) => lastStatus === "RUNNING") === true;
  return isUp ? spoken(service, text(group), context) : page(503, "");
}

function spoken({ deployments, properties }: EcsService, group: string, context: Context) {
  const { ContainerName } =
    objects(properties.LoadBalancers).find(({ TargetGroupArn }) => TargetGroupArn === group) ?? {};
  const { taskDefinition = "" } = deployments[0] ?? {};
  const container = objects(
    ecsOf(context).taskDefinitions[taskDefinition]?.properties.ContainerDefinitions,
  ).find(({ Name }) => Name === ContainerName);
  return page(
    Number(variableOf(container, "SANDBOX_HTTP_STATUS") ?? 200),
    variableOf(container, "SANDBOX_HTTP_BODY") ?? "ok\n",
  );
}
