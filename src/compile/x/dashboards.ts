import type { Data } from "../../compose/project.ts";
import { getAtt, join, pseudo, type Value } from "../../model/template.ts";
import { pascal } from "../ids.ts";
import { boolean, mapOf, noAccess, noEffect, object, oneOf, text } from "../read.ts";
import type { Path } from "../report.ts";
import type { Scope } from "../scope.ts";
import { onlyOnEvents } from "../services/events.ts";
import type { Family } from "../services/family.ts";
import { familiesNamed } from "../services/unknown-service.ts";
import { each, type TopLevelKey } from "./top-level-key.ts";

const onlyOfServices = noEffect("a dashboard shows CPU and memory of services");

const readDashboard = object({
  Type: oneOf("cloudwatch"),
  Settings: object({ start: text }),
  Services: mapOf(
    object({ Access: noAccess, UsePredefinedMetrics: boolean, Metrics: onlyOfServices }),
  ),
  Resources: onlyOfServices,
});

/** `x-dashboards`: CPU and memory of services, side by side. */
export const dashboards: TopLevelKey = {
  key: "x-dashboards",
  compile: each("x-dashboards", compileOne),
};

function compileOne(name: string, definition: Data, scope: Scope): void {
  const path = ["x-dashboards", name];
  const { Services = {}, Settings = {} } = readDashboard(definition, path, scope.report) ?? {};
  const families = Object.entries(Services).flatMap(([service, { UsePredefinedMetrics }]) => {
    const at = [...path, "Services", service];
    const named = familiesNamed(service, at, scope);
    return UsePredefinedMetrics === false ? [] : named.filter((one) => isService(one, at, scope));
  });
  scope.add({
    id: `${pascal(name)}Dashboard`,
    type: "AWS::CloudWatch::Dashboard",
    layer: { layer: "watch" },
    properties: { DashboardBody: bodyOf([...new Set(families)], Settings.start, scope) },
    path,
  });
}

/** Only services have figures; what has no service is told so. */
function isService(family: Family, path: Path, { report }: Scope): boolean {
  if (!onlyOnEvents(family)) return true;
  const message = `${family.name} has no service of its own, so there is nothing of it to show`;
  report.warn({ code: "no-service", path, message });
  return false;
}

const metrics = [
  ["CPU", "CPUUtilization"],
  ["Memory", "MemoryUtilization"],
] as const;

/** A row for each family. What only CloudFormation knows is put between the JSON. */
function bodyOf(families: readonly Family[], start: string | undefined, scope: Scope): Value {
  const known = new Map<string, Value>([
    ["@Region@", pseudo.region],
    ["@Cluster@", scope.cluster().name],
    ...families.map(({ id }) => [`@${id}@`, getAtt(`${id}Service`, "Name")] as const),
  ]);
  const widgets = families.flatMap(({ id, name }, row) =>
    metrics.map(([title, metric], column) => ({
      type: "metric",
      x: column * 12,
      y: row * 6,
      width: 12,
      height: 6,
      properties: {
        title: `${title} of ${name}`,
        region: "@Region@",
        stat: "Average",
        period: 60,
        metrics: [["AWS/ECS", metric, "ClusterName", "@Cluster@", "ServiceName", `@${id}@`]],
      },
    })),
  );
  const parts = JSON.stringify({ start, widgets }).split(/(@[A-Za-z0-9]+@)/);
  return join(parts.map((part) => known.get(part) ?? part).filter((part) => part !== ""));
}
