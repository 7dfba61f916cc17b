import { type Properties, pseudo, ref, type Value } from "../../model/template.ts";
import { arn } from "../iam.ts";
import { integer, isMapping, notBuilt, object } from "../read.ts";
import { silent } from "../report.ts";
import { layerOf, type Scope } from "../scope.ts";
import { textValue } from "../values.ts";
import type { Attribute } from "./attribute.ts";
import type { Family, Member } from "./family.ts";

/** Drivers that Fargate takes beside awslogs. */
const drivers: ReadonlySet<string> = new Set(["awslogs", "splunk"]);

/** `logging`: CloudWatch Logs, unless a driver is named that Fargate has too. */
export const logConfiguration: Attribute = (member, family, scope) => {
  const { driver, options } = loggingOf(member, scope);
  if (driver === "none") return {};
  const own: Record<string, Value> =
    driver === "awslogs"
      ? {
          "awslogs-group": ref(`${family.id}LogGroup`),
          "awslogs-region": pseudo.region,
          "awslogs-stream-prefix": member.container,
        }
      : {};
  return { LogConfiguration: { LogDriver: driver, Options: { ...own, ...options } } };
};

function loggingOf({ service, path }: Member, scope: Scope) {
  const logging = isMapping(service.logging) ? service.logging : {};
  const driver = typeof logging.driver === "string" ? logging.driver : "awslogs";
  if (driver === "none") return { driver, options: {} };
  if (driver === "awsfirelens" || driver === "fluentd") {
    const message = `the log driver ${driver} is not supported yet`;
    scope.report.error({ code: "not-supported-yet", path: [...path, "logging"], message });
    return { driver: "none", options: {} };
  }
  if (!drivers.has(driver)) {
    const message = `Fargate has no log driver ${driver}: logs go to CloudWatch Logs`;
    scope.report.warn({ code: "no-effect", path: [...path, "logging"], message });
    return { driver: "awslogs", options: {} };
  }
  const given = isMapping(logging.options) ? logging.options : {};
  const options: Properties = Object.fromEntries(
    Object.entries(given).map(([key, value]) => [
      key,
      textValue(String(value ?? ""), [...path, "logging", "options", key], scope),
    ]),
  );
  return { driver, options };
}

const retentions = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288,
  3653,
];

const loggingKey = object({ RetentionInDays: integer, FireLens: notBuilt });

/** The family's log group, and the right to write to it and to groups that are named instead. */
export function emitLogs(family: Family, scope: Scope): void {
  const members = family.members.map((member) => ({
    member,
    // Its remarks are made once, where the container is made.
    ...loggingOf(member, { ...scope, report: silent }),
  }));
  const id = `${family.id}LogGroup`;
  const usesOwn =
    family.sidecars.length > 0 ||
    members.some(({ driver, options }) => driver === "awslogs" && !options["awslogs-group"]);
  const days = family.members.map((member) => retentionOf(member, scope));
  if (usesOwn) {
    scope.add({
      id,
      type: "AWS::Logs::LogGroup",
      layer: layerOf(family),
      properties: { RetentionInDays: Math.max(...days) },
      // What a service said is not lost with it, and ends by itself when its days are over.
      deletionPolicy: "RetainExceptOnCreate",
      updateReplacePolicy: "Retain",
      path: family.path,
    });
    family.executionStatements.push(write([{ "Fn::GetAtt": [id, "Arn"] }]));
  }
  for (const { driver, options } of members) {
    const group = options["awslogs-group"];
    if (driver !== "awslogs" || group === undefined) continue;
    const region = options["awslogs-region"] ?? pseudo.region;
    const groupArn = arn("logs", ["log-group:", group], { region });
    const streams = arn("logs", ["log-group:", group, ":*"], { region });
    const creates = options["awslogs-create-group"] === "true";
    family.executionStatements.push({
      Effect: "Allow",
      Action: [...(creates ? ["logs:CreateLogGroup"] : []), ...writes],
      Resource: [groupArn, streams],
    });
  }
}

const writes = ["logs:CreateLogStream", "logs:PutLogEvents"];

const write = (resources: readonly Value[]) =>
  ({ Effect: "Allow", Action: writes, Resource: resources }) as const;

/** CloudWatch keeps logs for certain numbers of days only: never fewer than asked for. */
function retentionOf({ service, path }: Member, scope: Scope): number {
  const given = service["x-logging"];
  if (given === undefined || given === null) return 30;
  const at = [...path, "x-logging"];
  const days = loggingKey(given, at, scope.report)?.RetentionInDays ?? 30;
  const allowed = retentions.find((candidate) => candidate >= days) ?? 3653;
  if (allowed !== days) {
    const message = `CloudWatch Logs has no retention of ${days} days: ${allowed} are used`;
    scope.report.warn({ code: "rounded", path: [...at, "RetentionInDays"], message });
  }
  return allowed;
}
