import { asIs, boolean, list, object, text } from "../read.ts";
import { joinMesh } from "./connect.ts";
import { registerIn } from "./discovery.ts";
import { openTo } from "./ingress.ts";
import type { ServiceKey } from "./service-key.ts";

const readNetwork = object({
  AssignPublicIp: boolean,
  Ingress: asIs,
  "x-cloudmap": asIs,
  "x-ecs_connect": asIs,
  AdditionalSecurityGroups: list(text),
});

/** `x-network`: who may reach a service, and under which name it is found. */
export const network: ServiceKey = (data, member, family, scope) => {
  const path = [...member.path, "x-network"];
  const settings = readNetwork(data, path, scope.report) ?? {};
  const { Ingress, "x-cloudmap": namespace, AdditionalSecurityGroups = [] } = settings;
  if (Ingress !== undefined) openTo(Ingress, [...path, "Ingress"], family, scope);
  if (namespace !== undefined) registerIn(namespace, [...path, "x-cloudmap"], family, scope);
  const mesh = settings["x-ecs_connect"];
  if (mesh !== undefined) joinMesh(mesh, [...path, "x-ecs_connect"], family, scope);
  family.moreSecurityGroups.push(...AdditionalSecurityGroups);
};
