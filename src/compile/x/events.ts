import type { Data } from "../../compose/project.ts";
import { suggestion } from "../nearest.ts";
import { asIs, boolean, integer, mapOf, noAccess, object } from "../read.ts";
import type { Scope } from "../scope.ts";
import { knownNames, membersNamed } from "../services/family.ts";
import { propertiesOf } from "../values.ts";
import { withNamedServices } from "./named-services.ts";
import type { TopLevelKey } from "./top-level-key.ts";

const readEvent = object({
  Properties: asIs,
  Services: mapOf(object({ Access: noAccess, TaskCount: integer, DeleteDefaultService: boolean })),
});

/** `x-events`: tasks of a family at certain times, or when something happens. */
export const events: TopLevelKey = {
  key: "x-events",

  compile: (data, scope) => {
    const definitions = mapOf(asIs)(data, ["x-events"], scope.report) ?? {};
    for (const [name, definition] of Object.entries(definitions))
      compileOne(name, definition, scope);
  },
};

function compileOne(name: string, written: Data, scope: Scope): void {
  const path = ["x-events", name];
  const definition = withNamedServices(written, path, scope.report);
  const { Properties, Services = {} } = readEvent(definition, path, scope.report) ?? {};
  const properties = propertiesOf(Properties, [...path, "Properties"], scope);
  if (properties.ScheduleExpression === undefined && properties.EventPattern === undefined)
    scope.report.error({
      code: "missing-key",
      path,
      message: "ScheduleExpression or EventPattern is missing",
    });
  const { ScheduleExpression: time } = properties;
  if (typeof time === "string" && !/^(?:cron|rate)\(.+\)$/.test(time)) {
    const at = [...path, "Properties", "ScheduleExpression"];
    const help = "For example cron(0 20 * * ? *) or rate(1 hour).";
    scope.report.error({ code: "out-of-bounds", path: at, message: `${time} is no time`, help });
  }
  if (Object.keys(Services).length === 0) {
    const message = `${name} starts no tasks, so it is not made`;
    const help = "Name who is started under Services.";
    scope.report.warn({ code: "no-effect", path, message, help });
  }
  const { Targets: _, ...shared } = properties;
  let own = properties;
  for (const [service, { TaskCount: count = 1, DeleteDefaultService }] of Object.entries(
    Services,
  )) {
    const at = [...path, "Services", service];
    const families = new Set(membersNamed(service, scope.families).map(({ family }) => family));
    if (families.size === 0) {
      const message = `there is no service or family ${service}`;
      const help = suggestion(service, knownNames(scope.families));
      scope.report.error({ code: "unknown-service", path: at, message, help });
    }
    for (const family of families) {
      family.events.push({
        name,
        properties: own,
        count,
        alone: DeleteDefaultService === true,
        path: at,
      });
      // Each family has a rule of its own, and the file's own targets are told once.
      own = shared;
    }
  }
}
