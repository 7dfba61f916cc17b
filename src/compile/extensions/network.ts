import { shown } from "../../compose/shown.ts";
import { asIs, boolean, list, object, type Reader, text } from "../read.ts";
import { joinMesh } from "./connect.ts";
import { registerIn } from "./discovery.ts";
import { openTo } from "./ingress.ts";
import type { ServiceKey } from "./service-key.ts";

/** Of a service with a network of its own: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_AwsVpcConfiguration.html */
const mostGroups = 5;

/** True, false, or CloudFormation's words for them. */
const onOrOff: Reader<boolean> = (data, path, report) =>
  /^(?:enabled|disabled)$/i.test(String(data))
    ? String(data).toLowerCase() === "enabled"
    : boolean(data, path, report);

const readNetwork = object({
  // Whether tasks have addresses is known of a family from the start.
  AssignPublicIp: onOrOff,
  Ingress: asIs,
  "x-cloudmap": asIs,
  "x-ecs_connect": asIs,
  // Known of a family from the start.
  AdditionalSecurityGroups: list(text),
});

/** `x-network`: who may reach a service, and under which name it is found. */
export const network: ServiceKey = (data, path, family, scope) => {
  const settings = readNetwork(data, path, scope.report) ?? {};
  const { Ingress, "x-cloudmap": namespace } = settings;
  if (Ingress !== undefined) openTo(Ingress, [...path, "Ingress"], family, scope);
  if (namespace !== undefined) registerIn(namespace, [...path, "x-cloudmap"], family, scope);
  const mesh = settings["x-ecs_connect"];
  if (mesh !== undefined) joinMesh(mesh, [...path, "x-ecs_connect"], family, scope);
  const groups = settings.AdditionalSecurityGroups;
  if (groups === undefined) return;
  const at = [...path, "AdditionalSecurityGroups"];
  for (const [index, group] of groups.entries()) {
    if (/^sg-[\da-f]+$/.test(group)) continue;
    const wrong = `${shown(group)} is no id of a security group`;
    const help = "For example sg-00000000000000000.";
    scope.report.error({ code: "wrong-type", path: [...at, index], message: wrong, help });
  }
  const count = family.moreSecurityGroups.length + 1;
  if (family.networkMode === "awsvpc" && count > mostGroups) {
    const many = `${family.name} would be in ${count} security groups with its own, and ECS takes ${mostGroups}`;
    scope.report.error({ code: "too-many", path: at, message: many, help: "Put rules together." });
  }
  if (family.launch !== "EXTERNAL") return;
  const message = "instances elsewhere are in no security group";
  scope.report.warn({ code: "no-effect", path: at, message, help: "Remove it." });
};
