import type { Project } from "../../compose/project.ts";
import { shown } from "../../compose/shown.ts";
import { type Properties, ref, type Value } from "../../model/template.ts";
import { asMapping, text } from "../read.ts";
import type { Report } from "../report.ts";
import { layerOf, type Network, type Scope } from "../scope.ts";
import { mebibytes } from "../units.ts";
import { emitAlarms } from "./alarms.ts";
import { containerOf, sidecarLogs } from "./container.ts";
import { checkMode } from "./daemon.ts";
import { isEssential } from "./dependencies.ts";
import { countOf, deploymentOf, replicasOf, warnOfOtherCounts } from "./deployment.ts";
import { emitEvents, onlyOnEvents, type Place, warnOfService } from "./events.ts";
import { groupsOf } from "./families.ts";
import { type Family, label } from "./family.ts";
import { gracePeriod } from "./health.ts";
import { instanceSizes } from "./instance-sizes.ts";
import { launchTypeOf } from "./launch.ts";
import { emitLogs } from "./logs.ts";
import { namespacesOf } from "./namespaces.ts";
import { placementOf } from "./placement.ts";
import { runtimePlatform } from "./platform.ts";
import { emitRoles } from "./roles.ts";
import { emitScaling, rangeOf } from "./scaling.ts";
import { serviceTags } from "./service-tags.ts";
import { warnOfTwoWriters } from "./shared-volumes.ts";
import { sizesOf } from "./sizing.ts";
import { sourcesIn } from "./sources.ts";
import { taskFamily } from "./task-family.ts";
import { checkContainers } from "./whole-task.ts";

/** Everything of one family: logs, roles, task definition, rules, service. */
export function emitFamily(family: Family, scope: Scope): void {
  checkMode(family, scope.report);
  emitLogs(family, scope);
  emitTask(family, scope);
  for (const { id, properties, path } of family.rules.values()) {
    const type = "AWS::EC2::SecurityGroupIngress";
    scope.add({ id, type, layer: layerOf(family), properties, path });
    family.waitsFor.push(id);
  }
  const place = {
    network: networkOf(family, scope),
    capacity: launchTypeOf(family, scope),
    placement: placementOf(family, scope),
  };
  emitEvents(family, place, scope);
  if (onlyOnEvents(family)) {
    warnOfService(family, scope);
    return;
  }
  emitService(family, place, scope);
  emitScaling(family, scope);
  emitAlarms(family, scope);
}

function emitTask(family: Family, scope: Scope): void {
  if (!family.members.some((member) => isEssential(member, family))) {
    const message = `no container of ${family.name} is essential, so nothing keeps its task running`;
    scope.report.error({ code: "never-runs", path: family.path, message });
  }
  checkContainers(family, scope.report);
  const sizes = family.launch !== "FARGATE" ? instanceSizes(family, scope) : sizesOf(family, scope);
  const share = (container: string): Properties => sizes.containers.get(container) ?? {};
  const containers: readonly Properties[] = [
    ...family.members.map((member) => containerOf(member, share(member.container), family, scope)),
    ...family.sidecars.map(({ container, definition }) => ({
      Name: container,
      ...definition,
      ...sidecarLogs(family, container),
      ...share(container),
    })),
  ];
  const images = containers.map(({ Image = "" }) => Image);
  const roles = emitRoles(family, images, scope);
  scope.add({
    id: `${family.id}TaskDefinition`,
    type: "AWS::ECS::TaskDefinition",
    layer: layerOf(family),
    properties: {
      Family: taskFamily(family, scope),
      RequiresCompatibilities: [family.launch],
      NetworkMode: family.networkMode,
      ...namespacesOf(family, scope),
      ...sizes.task,
      ...runtimePlatform(family, scope),
      ...ephemeralStorage(family, scope),
      ExecutionRoleArn: roles.execution,
      TaskRoleArn: roles.task,
      ContainerDefinitions: containers,
      ...(family.volumes.size > 0 ? { Volumes: [...family.volumes.values()] } : {}),
    },
    ...(family.scans.size > 0
      ? { metadata: { ScanLimits: Object.fromEntries(family.scans) } }
      : {}),
    path: family.path,
    sources: sourcesIn(family, "taskDefinition"),
  });
}

/** The label `ecs.ephemeral.storage`, in GiB: 20 come with every task. */
function ephemeralStorage(family: Family, scope: Scope): Properties {
  const sizes = family.members.flatMap(({ service, path }) => {
    const text = label(service, "ecs.ephemeral.storage");
    if (text === undefined) return [];
    // A number alone is of GiB.
    const size = Math.ceil(
      (mebibytes(/^[\d.]+$/.test(text) ? `${text}g` : text) ?? Number.NaN) / 1024,
    );
    const at = [...path, "deploy", "labels", "ecs.ephemeral.storage"];
    if (Number.isNaN(size)) {
      const message = `${text} is no size in GiB`;
      scope.report.error({ code: "wrong-type", path: at, message });
      return [];
    }
    if (family.launch !== "FARGATE") {
      const message = "containers share the disk of their instance, whose size is not the task's";
      scope.report.warn({ code: "no-effect", path: at, message });
      return [];
    }
    if (size > 200) {
      const message = `a Fargate task has at most 200 GiB: 200 are used`;
      scope.report.warn({ code: "out-of-bounds", path: at, message });
    }
    return [Math.min(size, 200)];
  });
  const size = Math.max(0, ...sizes);
  return size > 20 ? { EphemeralStorage: { SizeInGiB: size } } : {};
}

function emitService(family: Family, place: Place, scope: Scope): void {
  const cluster = scope.cluster();
  const replicas = replicasOf(family);
  const range = rangeOf(family);
  const deployment = deploymentOf(family, range?.min ?? replicas, scope);
  if (range === undefined) {
    warnOfOtherCounts(family, replicas, scope.report);
    if (replicas === 1) warnOfTwoWriters(family, deployment, scope);
  }
  const before = [...family.after.keys()].flatMap((name) => {
    const other = scope.families.get(name);
    return other === undefined || onlyOnEvents(other) ? [] : [`${other.id}Service`];
  });
  const waitsFor = [
    ...family.waitsFor,
    ...before,
    ...(family.networkMode === "awsvpc" ? scope.network().wayOut : []),
    ...cluster.waitsFor,
  ].sort();
  scope.add({
    id: `${family.id}Service`,
    type: "AWS::ECS::Service",
    layer: layerOf(family),
    properties: {
      Cluster: cluster.name,
      TaskDefinition: ref(`${family.id}TaskDefinition`),
      ...place.capacity,
      // Who scales says how many: a number here would undo it with every deployment.
      ...(range === undefined ? countOf(family, replicas) : {}),
      DeploymentConfiguration: deployment,
      ...(family.loadBalancers.length > 0
        ? {
            HealthCheckGracePeriodSeconds: gracePeriod(family),
            LoadBalancers: family.loadBalancers,
          }
        : {}),
      ...(place.network === undefined
        ? {}
        : { NetworkConfiguration: { AwsvpcConfiguration: place.network } }),
      ...place.placement,
      ...(family.serviceRegistries.length > 0
        ? { ServiceRegistries: family.serviceRegistries }
        : {}),
      EnableECSManagedTags: true,
      PropagateTags: "SERVICE",
      ...serviceTags(family, scope),
      ...Object.assign({}, ...family.serviceProperties),
    },
    ...(waitsFor.length > 0 ? { dependsOn: waitsFor } : {}),
    path: family.path,
    sources: sourcesIn(family, "service"),
  });
}

/** Undefined: the tasks have the network of their instance. */
function networkOf(family: Family, scope: Scope): Properties | undefined {
  const wanted = family.members.some(({ service }) =>
    /^(?:true|enabled)$/i.test(String(asMapping(service["x-network"]).AssignPublicIp)),
  );
  if (family.networkMode !== "awsvpc") {
    publicAddressOf(family, wanted, scope);
    return undefined;
  }
  const network = scope.network();
  const chosen = chosenSubnets(family, scope);
  // Where a short life spares the gateway, the subnets of tasks have no way out.
  const isSpared = scope.settings.ephemeral === true && chosen?.group === "AppSubnets";
  const { group, publicAddress } = (isSpared ? undefined : chosen) ?? network.tasks;
  const subnets: readonly Value[] = network.subnets(group) ?? [];
  if (subnets.length === 0) {
    const message = `there is no group of subnets ${shown(group)}`;
    scope.report.error({ code: "unknown-subnets", path: [...family.path, "networks"], message });
  }
  if (!(publicAddress || wanted)) warnOfClosed(group, network, family, scope.report);
  return {
    ...publicAddressOf(family, publicAddress || wanted, scope),
    SecurityGroups: [...groupsOf(family), ...family.moreSecurityGroups],
    Subnets: subnets,
  };
}

/** On an instance it is the instance that pulls images. */
function warnOfClosed(group: string, { closed }: Network, family: Family, report: Report): void {
  if (family.launch !== "FARGATE" || !closed.has(group)) return;
  const message = `tasks in ${group} have no way out here, and could not even pull their images`;
  const help =
    group === "PublicSubnets"
      ? "Give them addresses: x-network: {AssignPublicIp: true}."
      : "Take AppSubnets with a NAT gateway (x-vpc: {Properties: {SingleNat: true}}), or name Endpoints.";
  report.warn({ code: "no-way", path: [...family.path, "networks"], message, help });
}

/** ECS gives public addresses to tasks on Fargate only. */
function publicAddressOf(family: Family, isWanted: boolean, { report }: Scope): Properties {
  if (family.launch === "FARGATE") return { AssignPublicIp: isWanted ? "ENABLED" : "DISABLED" };
  if (isWanted) {
    const message = "tasks on container instances have no public addresses";
    const help =
      "Their way out is a NAT gateway (x-vpc: {Properties: {SingleNat: true}}), without x-network.AssignPublicIp.";
    report.warn({ code: "no-effect", path: family.path, message, help });
  }
  return {};
}

function groupOf(name: string, { networks }: Project, report: Report): string | undefined {
  const group = networks[name]?.["x-vpc"];
  return group === undefined ? undefined : text(group, ["networks", name, "x-vpc"], report);
}

/** `networks.<n>.x-vpc: <group>` on one of the service's networks. */
function chosenSubnets(family: Family, { project, report }: Scope): Network["tasks"] | undefined {
  let chosen: string | undefined;
  for (const { path, service } of family.members) {
    const names = Object.keys(asMapping(service.networks));
    for (const name of names) {
      const group = groupOf(name, project, report);
      if (group === undefined) continue;
      chosen ??= group;
      if (group === chosen) continue;
      const message = `${name} is in ${group}, and another network of the task in ${chosen}`;
      const help = "A task is in one group of subnets.";
      report.error({ code: "differs", path: [...path, "networks", name], message, help });
    }
  }
  return chosen === undefined ? undefined : { group: chosen, publicAddress: false };
}
