import type { Data } from "../../compose/project.ts";
import { shown } from "../../compose/shown.ts";
import { type Properties, pseudo } from "../../model/template.ts";
import { isCron } from "../cron.ts";
import {
  asIs,
  asList,
  asMapping,
  boolean,
  integer,
  type Mapping,
  mapOf,
  noAccess,
  object,
  passedOver,
} from "../read.ts";
import type { Path } from "../report.ts";
import type { Receiver, Scope } from "../scope.ts";
import { familiesNamed } from "../services/unknown-service.ts";
import { propertiesOf } from "../values.ts";
import { isFifo, refuseFifo } from "./fifo.ts";
import { withNamedServices } from "./named-services.ts";
import { allowSending, receiverIn } from "./receivers.ts";
import { each, type TopLevelKey } from "./top-level-key.ts";

const readEvent = object({
  Properties: asIs,
  MacroParameters: passedOver("events have none"),
  Settings: passedOver("events have none"),
  Services: mapOf(object({ Access: noAccess, TaskCount: integer, DeleteDefaultService: boolean })),
});

/** `x-events`: tasks of a family at certain times, or when something happens. */
export const events: TopLevelKey = {
  key: "x-events",
  compile: each("x-events", compileOne),
};

function compileOne(name: string, written: Data, scope: Scope): void {
  const path = ["x-events", name];
  const definition = withNamedServices(written, path, scope.report);
  const { Properties, Services = {} } = readEvent(definition, path, scope.report) ?? {};
  const properties = propertiesOf(Properties, [...path, "Properties"], scope);
  checkRule(properties, path, scope);
  if (Object.keys(Services).length === 0) {
    const message = `${shown(name)} starts no tasks, so it is not made`;
    const help = "Name who is started under Services.";
    scope.report.warn({ code: "no-effect", path, message, help });
  } else allowTargets(Properties, [...path, "Properties"], scope);
  const { Targets: _, ...shared } = properties;
  let told = properties;
  for (const [service, { TaskCount: count = 1, DeleteDefaultService }] of Object.entries(
    Services,
  )) {
    const at = [...path, "Services", service];
    if (count < 1) {
      const message = `EventBridge starts 1 task at least, and not ${count}`;
      const help = "Leave the service out of Services where none is to start.";
      const where = [...at, "TaskCount"];
      scope.report.error({ code: "out-of-bounds", path: where, message, help });
    }
    for (const family of familiesNamed(service, at, scope)) {
      family.events.push({
        name,
        properties: told,
        count,
        alone: DeleteDefaultService === true,
        path: at,
      });
      // Each family has a rule of its own, and the file's own targets are told once.
      told = shared;
    }
  }
}

/** Says of a rule what EventBridge would refuse. */
function checkRule(properties: Properties, path: Path, { report }: Scope): void {
  const { EventPattern, Name: name, ScheduleExpression: time } = properties;
  if (time === undefined && EventPattern === undefined) {
    const message = "ScheduleExpression or EventPattern is missing";
    report.error({ code: "missing-key", path, message });
  }
  if (typeof name === "string" && !/^[\w.-]{1,64}$/.test(name)) {
    const message = `${shown(name)} is no name of a rule: letters, digits, ., - and _, 64 at most`;
    report.error({ code: "out-of-bounds", path: [...path, "Properties", "Name"], message });
  }
  if (typeof time === "string" && !isCron(time) && !isRate(time)) {
    const at = [...path, "Properties", "ScheduleExpression"];
    const help = "For example cron(0 20 * * ? *) or rate(1 hour).";
    report.error({ code: "out-of-bounds", path: at, message: `${shown(time)} is no time`, help });
  }
}

/** EventBridge minds how many there are: `rate(1 minute)`, `rate(2 minutes)`. */
const isRate = (time: string): boolean =>
  /^rate\((?:1 +(?:minute|hour|day)|(?!1 )[1-9]\d* +(?:minutes|hours|days))\)$/.test(time);

/** Queues and topics of the file that a rule sends to, or gives up to, let it. */
function allowTargets(data: Data | undefined, path: Path, scope: Scope): void {
  // Each family has a rule of its own, in a stack that comes later: the account is known before.
  const condition = { StringEquals: { "aws:SourceAccount": pseudo.account } };
  const sender = { service: "events.amazonaws.com", condition };
  for (const [index, target] of asList(asMapping(data).Targets).entries()) {
    const { Arn, DeadLetterConfig, SqsParameters } = asMapping(target);
    const at = [...path, "Targets", index];
    const deadAt = [...at, "DeadLetterConfig", "Arn"];
    const to = receiverIn(Arn);
    const dead = receiverIn(asMapping(DeadLetterConfig).Arn);
    if (dead !== undefined) refuseFifo(dead, "EventBridge, giving up,", deadAt, scope);
    if (to !== undefined) checkFifo(to, asMapping(SqsParameters), at, scope);
    if (to !== undefined) allowSending(to, { ...sender, path: [...at, "Arn"] }, scope);
    if (dead !== undefined) allowSending(dead, { ...sender, path: deadAt }, scope);
  }
}

/** EventBridge sends to a FIFO queue in the one group that a target says, and to no FIFO topic. */
function checkFifo(to: Receiver, { MessageGroupId }: Mapping, path: Path, scope: Scope): void {
  if (to.kind === "x-sns") {
    refuseFifo(to, "EventBridge", [...path, "Arn"], scope);
    return;
  }
  if (!isFifo(to, scope) || MessageGroupId !== undefined) return;
  const message = `${to.name} is a FIFO queue, and SqsParameters.MessageGroupId is missing`;
  scope.report.error({ code: "missing-key", path, message });
}
