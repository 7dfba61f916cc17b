import type { Data } from "../../compose/project.ts";
import { shown } from "../../compose/shown.ts";
import { getAtt, join, type Properties, ref, type Value } from "../../model/template.ts";
import { pascal } from "../ids.ts";
import { suggestion } from "../nearest.ts";
import {
  asIs,
  asMapping,
  isMapping,
  mapOf,
  noAccess,
  object,
  open,
  passedOver,
  type Read,
  text,
} from "../read.ts";
import { type Path, silent } from "../report.ts";
import { definitionsOf, type Scope } from "../scope.ts";
import { dimensionsOf } from "../services/alarms.ts";
import { onlyOnEvents } from "../services/events.ts";
import { knownNames, membersNamed } from "../services/family.ts";
import { readSteps, stepsOf } from "../services/steps.ts";
import { familiesNamed } from "../services/unknown-service.ts";
import { propertiesOf } from "../values.ts";
import { isLeftOut, leftOut, states } from "./left-out-alarms.ts";
import { renamed, withNamedServices } from "./named-services.ts";
import { each, type TopLevelKey } from "./top-level-key.ts";
import { actionsOf, readTopics } from "./topics.ts";

const readUse = object({ Access: noAccess, Scaling: readSteps }, ["Scaling"]);

const readAlarm = object({
  Properties: asIs,
  MacroParameters: open({ CompositeExpression: text, ServiceName: text }),
  Settings: passedOver("alarms have none"),
  Services: mapOf((use, at, report) => readUse(renamed(use, at, report), at, report)),
  Topics: readTopics,
});

type Services = NonNullable<Read<typeof readAlarm>["Services"]>;

/** `x-alarms`: alarms on what there is, and alarms on alarms. Made when all they look at is there. */
export const alarms: TopLevelKey = {
  key: "x-alarms",

  values: (name, _definition, scope) =>
    leftOut(name, scope) === undefined ? { AlarmName: ref(idOf(name, scope)) } : {},

  compile: each("x-alarms", compileOne),
};

function compileOne(name: string, written: Data, scope: Scope): void {
  const path = ["x-alarms", name];
  const definition = withNamedServices(written, path, scope.report);
  const read = readAlarm(definition, path, scope.report) ?? {};
  if (isLeftOut(name, path, scope)) return;
  const at = [...path, "Properties"];
  const { CompositeExpression, ServiceName } = read.MacroParameters ?? {};
  const macros = [...path, "MacroParameters"];
  const own = {
    ...alarmOf(read.Properties, at, scope),
    ...dimensionsFor(ServiceName, read.Properties, [...macros, "ServiceName"], scope),
  };
  const expression = expressionOf(CompositeExpression, macros, scope);
  const isComposite = expression !== undefined || own.AlarmRule !== undefined;
  const fault = isComposite ? undefined : faultOf(own);
  if (fault !== undefined) scope.report.error({ code: "missing-key", path, message: fault });
  checkPeriod(own, at, scope);
  scaleOn(name, own, read.Services ?? {}, scope);
  scope.add({
    id: idOf(name, scope),
    type: isComposite ? "AWS::CloudWatch::CompositeAlarm" : "AWS::CloudWatch::Alarm",
    layer: { layer: "watch" },
    properties: {
      ...own,
      ...(expression === undefined ? {} : { AlarmRule: expression }),
      ...actionsOf(read.Topics ?? [], [...path, "Topics"], scope),
    },
    path,
  });
}

function checkPeriod({ Period = 60 }: Properties, path: Path, { report }: Scope): void {
  const period = Number(Period);
  if (!Number.isInteger(period) || [10, 20, 30].includes(period) || period % 60 === 0) return;
  const message = `${period} is no Period: it is 10, 20, 30 or whole minutes, in seconds`;
  report.error({ code: "out-of-bounds", path: [...path, "Period"], message });
}

function faultOf(own: Properties): string | undefined {
  if (Object.keys(own).length === 0)
    return "is no alarm: neither Properties of one nor a CompositeExpression";
  const isComplete = (own.ComparisonOperator ?? own.EvaluationCriteria) !== undefined;
  return isComplete ? undefined : "ComparisonOperator is missing";
}

/** What metrics call a resource, which is never its ARN. */
const inMetrics: Readonly<Record<string, string>> = {
  "x-dynamodb": "TableName",
  "x-elbv2": "LoadBalancerFullName",
  "x-kinesis": "StreamId",
  "x-s3": "BucketName",
  "x-sns": "TopicName",
  "x-sqs": "QueueName",
};

/**
 * The properties of an alarm. As dimensions, `x-sqs::q` is what metrics call the queue, and
 * `x-elbv2::lb::family:container::80` what they call the target group of that port.
 */
function alarmOf(data: Data | undefined, path: Path, scope: Scope): Properties {
  if (!isMapping(data) || !Array.isArray(data.Dimensions)) return propertiesOf(data, path, scope);
  const Dimensions = (data.Dimensions as readonly Data[]).map((dimension, index) => {
    const at = [...path, "Dimensions", index];
    const { Value: value = null, ...rest } = asMapping(dimension);
    const text = String(value);
    const group = targetGroupOf(text, [...at, "Value"], scope);
    if (group !== undefined) return { ...propertiesOf(rest, at, scope), Value: group };
    const [, kind = ""] = /^(x-[a-z0-9_]+)::[^:]+$/.exec(text) ?? [];
    const name = Object.hasOwn(inMetrics, kind) ? inMetrics[kind] : undefined;
    const whole = name === undefined ? value : `${text}::${name}`;
    return propertiesOf({ ...rest, Value: whole }, at, scope);
  });
  return { ...propertiesOf({ ...data, Dimensions: [] }, path, scope), Dimensions };
}

/** Undefined: the text means no target group. */
function targetGroupOf(text: string, path: Path, scope: Scope): Value | undefined {
  const [, balancer, service = "", port = ""] = /^x-elbv2::([^:]+)::(.+)::(\d+)$/.exec(text) ?? [];
  if (balancer === undefined) return undefined;
  const group = groupOf(balancer, service, Number(port), scope);
  if (group !== undefined) return getAtt(group, "TargetGroupFullName");
  const message = `${balancer} sends nothing to ${service} on port ${port}`;
  scope.report.error({ code: "unknown-resource", path, message });
  return "";
}

/** By `family:container`, or by either where that tells which it is. */
function groupOf(
  balancer: string,
  service: string,
  port: number,
  { families }: Scope,
): string | undefined {
  return [...families.values()]
    .flatMap(({ name, targetGroups }) => targetGroups.map((group) => ({ ...group, family: name })))
    .find(
      (group) =>
        group.loadBalancer.name === balancer &&
        group.port === port &&
        [`${group.family}:${group.container}`, group.family, group.container].includes(service),
    )?.id;
}

/** `Services`: how many tasks there are while an alarm is on. The alarm for that is the family's own. */
function scaleOn(name: string, alarm: Properties, services: Services, scope: Scope): void {
  for (const [service, { Scaling }] of Object.entries(services)) {
    const path = ["x-alarms", name, "Services", service];
    const families = familiesNamed(service, path, scope);
    if (!canScale(alarm)) {
      const message = "services scale on one metric that is greater than something";
      scope.report.error({ code: "cannot-honour", path, message });
      continue;
    }
    const scaling = stepsOf(Scaling ?? {}, [...path, "Scaling"], scope.report);
    const steps = scaling.steps.map(({ lower, count }) => ({
      lower: Number(alarm.Threshold) + lower,
      count,
    }));
    const threshold = steps[0]?.lower;
    if (threshold === undefined) continue;
    for (const family of families)
      family.steps.push({ name, metric: metricOf(alarm), ...scaling, steps, threshold, path });
  }
}

const canScale = ({ ComparisonOperator, Metrics, Threshold }: Properties): boolean =>
  String(ComparisonOperator).startsWith("Greater") &&
  Metrics === undefined &&
  Number.isFinite(Number(Threshold));

/** What an alarm looks at, without whom it tells. */
const metricOf = (alarm: Properties): Properties =>
  Object.fromEntries(
    [
      "Namespace",
      "MetricName",
      "Dimensions",
      "Statistic",
      "Period",
      "EvaluationPeriods",
      "ComparisonOperator",
    ].flatMap((key) => {
      const value = alarm[key];
      return value === undefined ? [] : [[key, value]];
    }),
  );

/** CloudFormation makes no alarm one on alarms: each has an id of its own. */
function idOf(name: string, scope: Scope): string {
  const given = asMapping(definitionsOf("x-alarms", scope)[name]);
  const rule =
    asMapping(given.MacroParameters).CompositeExpression ?? asMapping(given.Properties).AlarmRule;
  return `${pascal(name)}${(rule ?? null) === null ? "" : "Composite"}Alarm`;
}

/** `ServiceName`: the metrics are those of a family's service, beside what else the file says of them. */
function dimensionsFor(
  service: string | undefined,
  data: Data | undefined,
  path: Path,
  scope: Scope,
): Properties {
  if (service === undefined) return {};
  const [family, ...others] = new Set(
    membersNamed(service, scope.families).map((target) => target.family),
  );
  if (family === undefined || others.length > 0) {
    const message =
      family === undefined
        ? `there is no service or family ${shown(service)}`
        : `${service} is in several families: name one of them`;
    const help = suggestion(service, knownNames(scope.families));
    scope.report.error({ code: "unknown-service", path, message, help });
    return {};
  }
  if (onlyOnEvents(family)) {
    const message = `${service} has no service, only tasks that events start`;
    scope.report.error({ code: "no-service", path, message });
    return {};
  }
  const { Dimensions = [] } = alarmOf(data, path, { ...scope, report: silent });
  const all = Dimensions as readonly Properties[];
  const missing = dimensionsOf(family, scope).filter(({ Name }) =>
    all.every((one) => one.Name !== Name),
  );
  return { Dimensions: [...missing, ...all] };
}

/** `ALARM(a) and not OK(b)`, with the names that the file gives its alarms. */
function expressionOf(text: string | undefined, path: Path, scope: Scope): Properties | undefined {
  if (text === undefined) return undefined;
  const all = Object.keys(definitionsOf("x-alarms", scope));
  const parts: Value[] = [];
  let end = 0;
  for (const match of text.matchAll(states)) {
    const [whole, state = "", name = ""] = match;
    if (!all.includes(name)) {
      const message = `there is no alarm ${shown(name)}`;
      const at = [...path, "CompositeExpression"];
      scope.report.error({
        code: "unknown-resource",
        path: at,
        message,
        help: suggestion(name, all),
      });
    }
    parts.push(
      `${operators(text.slice(end, match.index))}${state}("`,
      ref(idOf(name, scope)),
      '")',
    );
    end = match.index + whole.length;
  }
  const bare = /[\w-]+/.exec(text.replaceAll(states, " ").replaceAll(grammar, " "))?.[0];
  if (bare !== undefined && !/\bAT_LEAST\b/.test(text)) {
    const message = `${shown(bare)} says nothing of an alarm's state`;
    const help = `Write ALARM(${bare}), OK(${bare}) or INSUFFICIENT_DATA(${bare}).`;
    scope.report.error({
      code: "unknown-value",
      path: [...path, "CompositeExpression"],
      message,
      help,
    });
  }
  return join([...parts, operators(text.slice(end))].filter((part) => part !== ""));
}

/** What may stand between the states of alarms. */
const grammar = /\b(?:AND|OR|NOT|TRUE|FALSE)\b/gi;

/** CloudWatch wants them in capitals. */
const operators = (text: string): string =>
  text.replaceAll(/\b(?:and|or|not)\b/gi, (word) => word.toUpperCase());
