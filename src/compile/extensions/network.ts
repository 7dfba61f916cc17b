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
  // Known of a family from the start.
  AdditionalSecurityGroups: list(text),
});

/** `x-network`: who may reach a service, and under which name it is found. */
export const network: ServiceKey = (data, member, family, scope) => {
  const path = [...member.path, "x-network"];
  const settings = readNetwork(data, path, scope.report) ?? {};
  const { Ingress, "x-cloudmap": namespace } = settings;
  if (Ingress !== undefined) openTo(Ingress, [...path, "Ingress"], family, scope);
  if (namespace !== undefined) registerIn(namespace, [...path, "x-cloudmap"], family, scope);
  const mesh = settings["x-ecs_connect"];
  if (mesh !== undefined) joinMesh(mesh, [...path, "x-ecs_connect"], family, scope);
  if (family.launch !== "EXTERNAL" || settings.AdditionalSecurityGroups === undefined) return;
  const message = "instances elsewhere are in no security group";
  const at = [...path, "AdditionalSecurityGroups"];
  scope.report.error({ code: "cannot-honour", path: at, message, help: "Remove it." });
};
