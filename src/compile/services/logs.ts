import { shown } from "../../compose/shown.ts";
import { distinct } from "../../model/same.ts";
import { getAtt, type Properties, pseudo, ref, type Value } from "../../model/template.ts";
import { base } from "../graph.ts";
import { allowing, arn } from "../iam.ts";
import { pascal } from "../ids.ts";
import { suggestion } from "../nearest.ts";
import { asIs, asMapping, integer, isMapping, noEffect, object } from "../read.ts";
import { type Path, silent } from "../report.ts";
import { layerOf, type Scope } from "../scope.ts";
import { textValue } from "../values.ts";
import type { Attribute } from "./attribute.ts";
import type { Family, Member } from "./family.ts";
import { type Logging, route, routed, warnOfUnrouted } from "./firelens.ts";
import { destined } from "./log-destination.ts";
import { hasSource } from "./log-router.ts";
import { optionsOf } from "./log-secrets.ts";
import { retained } from "./retention.ts";
import { sourcesIn } from "./sources.ts";

/** Drivers that ECS takes everywhere, and those that the agent of an instance takes besides. */
const drivers = ["awsfirelens", "awslogs", "none", "splunk"];
const onInstances = [...drivers, "fluentd", "gelf", "journald", "syslog"];

/** `logging`: CloudWatch Logs, unless another driver is named that ECS takes there. */
export const logConfiguration: Attribute = (member, family, scope) => {
  const { driver, options } = loggingOf(member, family, scope);
  if (driver === "none") return {};
  const { logging, "x-logging": more } = member.service;
  // Where nothing is written there is no secret in it.
  const own = (logging ?? more) === undefined ? { Options: options } : undefined;
  const path = [...member.path, "logging", "options"];
  return {
    LogConfiguration: { LogDriver: driver, ...(own ?? optionsOf(options, path, family, scope)) },
  };
};

function loggingOf(member: Member, family: Family, scope: Scope): Logging {
  const { driver, options } = writtenOf(member, family, scope);
  const logging = {
    driver,
    options:
      driver === "awslogs"
        ? {
            "awslogs-group": ref(groupId(family)),
            "awslogs-region": pseudo.region,
            "awslogs-stream-prefix": member.container,
            ...options,
          }
        : options,
  };
  const { driver: last, options: told } = routed(member, logging, scope);
  if (last !== "awsfirelens") return { driver: last, options: told };
  if (told.Name === undefined && !hasSource(family)) {
    const path = [...member.path, "logging", "options"];
    const message = "nobody says where the log router brings the logs";
    const help = "Write Name: cloudwatch, or another of its outputs with what that needs.";
    scope.report.warn({ code: "no-way", path, message, help });
  }
  const own = { group: ref(groupId(family)), container: member.container };
  return { driver: last, options: destined(told, own) };
}

function writtenOf({ service, path }: Member, { launch }: Family, scope: Scope): Logging {
  const logging = asMapping(service.logging);
  const driver = typeof logging.driver === "string" ? logging.driver : "awslogs";
  const at = [...path, "logging"];
  if (!(launch === "FARGATE" ? drivers : onInstances).includes(driver)) {
    const message = `the log driver ${driver} does nothing on ECS: logs go to CloudWatch Logs`;
    scope.report.warn({ code: "no-effect", path: at, message });
    return { driver: "awslogs", options: {} };
  }
  const given = isMapping(logging.options) ? logging.options : undefined;
  if (given === undefined) return { driver, options: {} };
  const options = Object.entries(given).flatMap(([key, value]) => {
    const where = [...at, "options", key];
    if (driver === "awslogs" && !known.includes(key)) return unknownOption(key, where, scope);
    return [[key, textValue(String(value ?? ""), where, scope)] as const];
  });
  const read: Logging = { driver, options: Object.fromEntries(options) };
  if (driver === "awslogs") checkRegion(read, [...at, "options", "awslogs-region"], scope);
  if (driver === "awslogs") checkOptions(read, [...at, "options"], scope);
  return read;
}

const forms: Readonly<Record<string, readonly [form: RegExp, takes: string]>> = {
  "awslogs-create-group": [/^(?:true|false)$/, "true or false"],
  "max-buffer-size": [/^\d+[bkmg]?$/i, "a size, such as 25m"],
  mode: [/^(?:non-)?blocking$/, "blocking or non-blocking"],
};

/** What the driver would find out as the container starts. */
function checkOptions({ options }: Logging, path: Path, { report }: Scope): void {
  for (const [key, [form, takes]] of Object.entries(forms)) {
    const value = options[key];
    if (typeof value !== "string" || form.test(value)) continue;
    const message = `${key} must be ${takes}`;
    report.error({ code: "unknown-value", path: [...path, key], message });
  }
  const { "awslogs-datetime-format": time, "awslogs-multiline-pattern": pattern } = options;
  if (time === undefined || pattern === undefined) return;
  const message = "awslogs knows where a message begins by awslogs-datetime-format or by this";
  const help = "Remove one of the two.";
  const at = [...path, "awslogs-multiline-pattern"];
  report.error({ code: "contradiction", path: at, message, help });
}

/** Without a group that is named, logs go to the family's own, which no other region has. */
function checkRegion({ options }: Logging, path: Path, { report, settings }: Scope): void {
  const { "awslogs-group": group, "awslogs-region": region } = options;
  const { region: here } = settings.target;
  if (group !== undefined || typeof region !== "string" || region === here) return;
  const message = `the log group is made in ${here}, and no task starts that looks for it in ${region}`;
  const help = "Name a group that is there as awslogs-group, or leave awslogs-region out.";
  report.warn({ code: "no-way", path, message, help });
}

/** All that ECS lets awslogs be told. */
const known = [
  "awslogs-create-group",
  "awslogs-datetime-format",
  "awslogs-group",
  "awslogs-multiline-pattern",
  "awslogs-region",
  "awslogs-stream-prefix",
  "max-buffer-size",
  "mode",
];

/** Docker's own driver has more: how streams are called, and what stands in each line. */
function unknownOption(key: string, path: Path, { report }: Scope): readonly [] {
  const message = `${shown(key)} does nothing on ECS: awslogs has no such option there`;
  report.warn({ code: "no-effect", path, message, help: suggestion(key, known) });
  return [];
}

const groupId = (family: Family): string => `${family.id}LogGroup`;

/** The family's log group, and the right to write to it and to groups that are named instead. */
export function emitLogs(family: Family, scope: Scope): void {
  // Its remarks are made once, where the container is made.
  const quiet = { ...scope, report: silent };
  const all = family.members.map((member) => loggingOf(member, family, quiet));
  const routes = all.filter(({ driver }) => driver === "awsfirelens");
  for (const { options } of routes) route(options, family, scope);
  if (routes.length === 0) warnOfUnrouted(family, scope);
  const id = groupId(family);
  const days = longest(family.members.flatMap((member) => retentionsOf(member, scope)));
  if (family.sidecars.length > 0 || JSON.stringify(all).includes(JSON.stringify(ref(id)))) {
    scope.add({
      id,
      type: "AWS::Logs::LogGroup",
      layer: layerOf(family),
      properties: { RetentionInDays: days },
      // What a service said is not lost with it, and ends by itself when its days are over.
      deletionPolicy: "RetainExceptOnCreate",
      updateReplacePolicy: "Retain",
      path: family.path,
      sources: sourcesIn(family, "logGroup"),
    });
    family.executionStatements.push(allowing(writes, [getAtt(id, "Arn")]));
  } else if (scope.settings.ephemeral !== true) warnOfRetentions(family, scope);
  for (const logging of all)
    if (logging.driver === "awslogs") allowNamed(logging.options, days, family, scope);
}

/** Where no group is made here there is none whose days could be said. */
function warnOfRetentions({ members }: Family, { report }: Scope): void {
  for (const { path, service } of members) {
    const { "x-logging": logging, "x-aws-logs_retention": alias } = service;
    const given = [
      [asMapping(logging).RetentionInDays, [...path, "x-logging", "RetentionInDays"]],
      [alias, [...path, "x-aws-logs_retention"]],
    ] as const;
    for (const [days, at] of given) {
      if (days === undefined) continue;
      const message = `${at.at(-1)} does nothing: nobody writes to a log group that is made here`;
      const help = "A group that is there already has its own.";
      report.warn({ code: "no-effect", path: at, message, help });
    }
  }
}

/** The right to write to a group that `logging` names in place of the family's own. */
function allowNamed(options: Properties, days: number, family: Family, scope: Scope): void {
  const { "awslogs-group": group, "awslogs-region": region = pseudo.region } = options;
  if (group === undefined || isOwn(group, family)) return;
  const creates = options["awslogs-create-group"] === "true";
  const declared =
    creates && scope.settings.ephemeral === true ? declare(group, days, family, scope) : undefined;
  const arnOf = (...after: readonly string[]): Value =>
    arn("logs", ["log-group:", group, ...after], { region });
  const actions = [...(creates ? ["logs:CreateLogGroup"] : []), ...writes];
  family.executionStatements.push(allowing(actions, [arnOf(), declared ?? arnOf(":*")]));
}

/**
 * A group that ECS would make, made here: so it goes with an environment that is to be deleted.
 * What several families write to they share, and its ARN has each of them come after it.
 */
function declare(group: Value, days: number, family: Family, scope: Scope): Value | undefined {
  if (typeof group !== "string") return undefined;
  const sharing = creatorsIn(scope).get(group) ?? [family];
  const isShared = sharing.length > 1;
  const id = `${isShared ? "Shared" : family.id}${pascal(group)}LogGroup`;
  const declared = isShared ? getAtt(id, "Arn") : undefined;
  if (family.waitsFor.includes(id)) return declared;
  family.waitsFor.push(id);
  if (sharing[0] !== family) return declared;
  const layer = isShared ? base : layerOf(family);
  const quiet = { ...scope, report: silent };
  const wanted = sharing.map(({ members }) =>
    longest(members.flatMap((member) => retentionsOf(member, quiet))),
  );
  const properties = { LogGroupName: group, RetentionInDays: Math.max(days, ...wanted) };
  const sources = sourcesIn(family, "logGroup");
  scope.add({ id, type: "AWS::Logs::LogGroup", layer, properties, path: family.path, sources });
  return declared;
}

/** Group → the families that have ECS make it, worked out once. */
const creators = new WeakMap<Scope["families"], ReadonlyMap<Value, readonly Family[]>>();

function creatorsIn(scope: Scope): ReadonlyMap<Value, readonly Family[]> {
  const known = creators.get(scope.families);
  if (known !== undefined) return known;
  const quiet = { ...scope, report: silent };
  const made = new Map<Value, Family[]>();
  for (const family of scope.families.values()) {
    const all = family.members.map((member) => loggingOf(member, family, quiet));
    const groups = all.flatMap(({ driver, options }) =>
      driver === "awslogs" && options["awslogs-create-group"] === "true"
        ? (options["awslogs-group"] ?? [])
        : [],
    );
    for (const group of new Set(groups)) made.set(group, [...(made.get(group) ?? []), family]);
  }
  creators.set(scope.families, made);
  return made;
}

const isOwn = (group: Value, family: Family): boolean => asMapping(group).Ref === groupId(family);

/** The ARNs of the streams that a family's containers write to, as policies name them. */
export const streamsOf = (family: Family, scope: Scope): readonly Value[] => {
  const quiet = { ...scope, report: silent };
  const arns = family.members.flatMap((member) => {
    const { driver, options } = loggingOf(member, family, quiet);
    const { "awslogs-group": group, "awslogs-region": region = pseudo.region } = options;
    if (driver !== "awslogs" || group === undefined) return [];
    return isOwn(group, family)
      ? [getAtt(groupId(family), "Arn")]
      : [arn("logs", ["log-group:", group, ":*"], { region })];
  });
  return distinct(arns);
};

const writes = ["logs:CreateLogStream", "logs:PutLogEvents"];

const readLogging = object({
  RetentionInDays: integer,
  FireLens: asIs,
  CreateLogGroup: noEffect("a family has its log group, unless logging names another"),
});

/** Containers of a family write to one log group, and nobody's lines go before he has asked. */
const longest = (asked: readonly number[]): number => (asked.length > 0 ? Math.max(...asked) : 30);

/** What `x-logging`, and its alias, ask for. */
function retentionsOf({ service, path }: Member, { report }: Scope): readonly number[] {
  const { "x-logging": logging, "x-aws-logs_retention": alias } = service;
  const asked: number[] = [];
  const ask = (days: number | undefined, at: Path): void => {
    if (days !== undefined) asked.push(retained(days, at, report));
  };
  if (logging !== undefined) {
    const at = [...path, "x-logging"];
    ask(readLogging(logging, at, report)?.RetentionInDays, [...at, "RetentionInDays"]);
  }
  if (alias !== undefined) {
    const at = [...path, "x-aws-logs_retention"];
    ask(integer(alias, at, report), at);
  }
  return asked;
}
