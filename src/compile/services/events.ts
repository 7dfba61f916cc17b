import { getAtt, type Properties, ref } from "../../model/template.ts";
import { arn, policyDocument, trust } from "../iam.ts";
import { pascal } from "../ids.ts";
import { asList } from "../read.ts";
import type { Path } from "../report.ts";
import { layerOf, type Scope } from "../scope.ts";
import { replicasOf } from "./deployment.ts";
import type { Family } from "./family.ts";
import { scalingOf } from "./scaling-key.ts";
import { taskFamily } from "./task-family.ts";

/** Whether a family's tasks run when something asks for them, and not as a service. */
export const onlyOnEvents = ({ events }: Family): boolean => events.some(({ alone }) => alone);

/** Says what a family without a service has asked for one. */
export function warnOfService(family: Family, { report }: Scope): void {
  const asks: readonly (readonly [what: string, isAsked: boolean])[] = [
    ["replicas", replicasOf(family) > 1],
    [
      "scaling",
      family.steps.length > 0 || family.members.some(({ service }) => scalingOf(service)),
    ],
    ["alarms", family.members.some(({ service }) => service["x-alarms"] !== undefined)],
    ["a load balancer", family.loadBalancers.length > 0],
    ["a name in Cloud Map", family.serviceRegistries.length > 0],
    ["a place in a mesh", has("ServiceConnectConfiguration", family)],
  ];
  const asked = asks.flatMap(([what, isAsked]) => (isAsked ? [what] : []));
  const alone = family.events.find((event) => event.alone);
  if (asked.length === 0 || alone === undefined) return;
  const message = `${family.name} has no service of its own, so it has no use for ${asked.join(" and ")}`;
  report.warn({ code: "no-service", path: alone.path, message });
}

const has = (property: string, { serviceProperties }: Family): boolean =>
  serviceProperties.some((own) => own[property] !== undefined);

/** Where tasks of a family run, whatever starts them. */
export interface Place {
  /** `AwsvpcConfiguration`; undefined: the network of the instance. */
  readonly network: Properties | undefined;
  /** The launch type, where no strategy says it. */
  readonly capacity: Properties;
  /** Constraints and strategies. */
  readonly placement: Properties;
}

/** A rule for each event that starts tasks of the family, and the role it starts them with. */
export function emitEvents(family: Family, place: Place, scope: Scope): void {
  for (const event of family.events) {
    const id = `${family.id}On${pascal(event.name)}`;
    emitRole(`${id}Role`, event.path, family, scope);
    scope.add({
      id: `${id}Rule`,
      type: "AWS::Events::Rule",
      layer: layerOf(family),
      properties: {
        ...event.properties,
        ...ownName(event.properties, family, scope),
        Targets: [
          ...asList(event.properties.Targets),
          {
            Id: id.slice(0, 64),
            Arn: clusterArn(scope),
            RoleArn: getAtt(`${id}Role`, "Arn"),
            EcsParameters: {
              TaskDefinitionArn: ref(`${family.id}TaskDefinition`),
              TaskCount: event.count,
              ...capacity(family, place),
              ...(place.network === undefined
                ? {}
                : { NetworkConfiguration: { AwsVpcConfiguration: place.network } }),
              ...place.placement,
              ...(has("EnableExecuteCommand", family) ? { EnableExecuteCommand: true } : {}),
              EnableECSManagedTags: true,
              PropagateTags: "TASK_DEFINITION",
            },
          },
        ],
      },
      // Tasks that come before their rights fail.
      ...(family.waitsFor.length > 0 ? { dependsOn: [...family.waitsFor].sort() } : {}),
      path: event.path,
      written: ["x-events", event.name, "Properties"],
    });
  }
}

/** A name that the file gives is one for each family that the event starts. */
function ownName({ Name }: Properties, { name }: Family, { families }: Scope): Properties {
  const sharing = [...families.values()].flatMap(({ events }) =>
    events.filter(({ properties }) => properties.Name === Name),
  );
  return typeof Name === "string" && sharing.length > 1 ? { Name: `${Name}-${name}` } : {};
}

const clusterArn = (scope: Scope) => arn("ecs", ["cluster/", scope.cluster().name]);

function capacity({ serviceProperties }: Family, place: Place): Properties {
  const strategy = serviceProperties.find((own) => own.CapacityProviderStrategy !== undefined);
  return strategy === undefined
    ? place.capacity
    : { CapacityProviderStrategy: strategy.CapacityProviderStrategy ?? [] };
}

/** What starts a task acts for the two roles of that task, and for nothing else. */
function emitRole(id: string, path: Path, family: Family, scope: Scope): void {
  const roles = ["ExecutionRole", "TaskRole"].map((role) => getAtt(`${family.id}${role}`, "Arn"));
  const definition = arn("ecs", [`task-definition/${taskFamily(family, scope)}:*`]);
  scope.add({
    id,
    type: "AWS::IAM::Role",
    layer: layerOf(family),
    properties: {
      AssumeRolePolicyDocument: trust("events.amazonaws.com"),
      Policies: [
        {
          PolicyName: "RunTask",
          PolicyDocument: policyDocument([
            {
              Effect: "Allow",
              Action: ["ecs:RunTask"],
              Resource: [definition],
              Condition: { ArnEquals: { "ecs:cluster": clusterArn(scope) } },
            },
            {
              Effect: "Allow",
              Action: ["ecs:TagResource"],
              Resource: "*",
              Condition: { StringEquals: { "ecs:CreateAction": "RunTask" } },
            },
            {
              Effect: "Allow",
              Action: ["iam:PassRole"],
              Resource: roles,
              Condition: { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } },
            },
          ]),
        },
      ],
    },
    path,
  });
}
