import { boolean, integer, list, object, oneOf, text } from "../read.ts";
import type { Family } from "../services/family.ts";
import type { ServiceKey } from "./service-key.ts";

const readEcs = object({
  EnableExecuteCommand: boolean,
  CapacityProviderStrategy: list(
    object({ CapacityProvider: text, Base: integer, Weight: integer }, ["CapacityProvider"]),
  ),
  CpuArchitecture: oneOf("ARM64", "X86_64"),
  OperatingSystemFamily: oneOf("LINUX"),
});

/** What `aws ecs execute-command` goes through. */
const sessions = [
  "ssmmessages:CreateControlChannel",
  "ssmmessages:CreateDataChannel",
  "ssmmessages:OpenControlChannel",
  "ssmmessages:OpenDataChannel",
];

/** `x-ecs`: settings of ECS that compose has no word for. */
export const ecs: ServiceKey = (data, member, family, scope) => {
  const path = [...member.path, "x-ecs"];
  const { EnableExecuteCommand, CapacityProviderStrategy, CpuArchitecture, OperatingSystemFamily } =
    readEcs(data, path, scope.report) ?? {};
  if (EnableExecuteCommand === true) allowExecute(family);
  if (CapacityProviderStrategy !== undefined)
    family.serviceProperties.push({
      CapacityProviderStrategy: CapacityProviderStrategy.map(
        ({ CapacityProvider = "", ...share }) => ({ CapacityProvider, ...share }),
      ),
    });
  if (CpuArchitecture === undefined && OperatingSystemFamily === undefined) return;
  family.taskProperties.push({
    RuntimePlatform: {
      CpuArchitecture: CpuArchitecture ?? "X86_64",
      OperatingSystemFamily: OperatingSystemFamily ?? "LINUX",
    },
  });
};

function allowExecute(family: Family): void {
  if (family.serviceProperties.some((properties) => properties.EnableExecuteCommand === true))
    return;
  family.serviceProperties.push({ EnableExecuteCommand: true });
  // Sessions have no resources to narrow these to.
  family.taskStatements.push({ Effect: "Allow", Action: sessions, Resource: "*" });
}
