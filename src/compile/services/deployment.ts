import type { Data } from "../../compose/project.ts";
import { isSameJson } from "../../model/same.ts";
import type { Properties } from "../../model/template.ts";
import { asMapping, type Mapping, number, oneOf } from "../read.ts";
import type { Report } from "../report.ts";
import type { Scope } from "../scope.ts";
import { daemonPercentages, isDaemon } from "./daemon.ts";
import { sum } from "./demand.ts";
import type { Family, Member } from "./family.ts";
import { warnOfTurns } from "./host-ports.ts";

/** `deploy.replicas`: how many tasks; a family has as many as the member that asks for most. */
export function replicasOf(family: Family): number {
  return Math.max(...family.members.map((member) => Number(countIn(member) ?? 1)));
}

const countIn = ({ service }: Member): Data | undefined =>
  asMapping(service.deploy).replicas ?? service.scale;

/** Says to who asks for another number that its containers are as many as their task. */
export function warnOfOtherCounts(family: Family, replicas: number, report: Report): void {
  if (isDaemon(family)) return;
  for (const member of family.members) {
    const count = countIn(member);
    if (Number(count) < 0) {
      const message = `${count} tasks are none`;
      const at = [...member.path, "deploy", "replicas"];
      report.error({ code: "out-of-bounds", path: at, message, help: "Write 0 for none." });
    }
    if (count === undefined || count === null || Number(count) === replicas) continue;
    const message = `${family.name} is one task, of which there are ${replicas}, as another of its services has it`;
    const path = [...member.path, "deploy", "replicas"];
    const help = "Say the same there, or give this one a family of its own.";
    report.warn({ code: "overruled", path, message, help });
  }
}

/** How many tasks a service has: so many, or one on every instance. */
export const countOf = (family: Family, replicas: number): Properties =>
  isDaemon(family) ? { SchedulingStrategy: "DAEMON" } : { DesiredCount: replicas };

/**
 * How a new version comes: by default beside the old one, and back by itself if it fails. Without
 * the circuit breaker an image that does not start holds its stack for hours.
 */
export function deploymentOf(family: Family, replicas: number, scope: Scope): Properties {
  const update = sharedUpdate(family, scope);
  if (!isDaemon(family)) warnOfTurns(family, update.order, scope.report);
  return {
    DeploymentCircuitBreaker: breaker(update.failure_action),
    ...(isDaemon(family) ? daemonPercentages : percentages(update, replicas)),
    ...ownPercentages(family, scope),
  };
}

/** A task is replaced as one: the first of its services that says how says it for all. */
function sharedUpdate(family: Family, scope: Scope): Mapping {
  const updates = family.members.map((member) => ({ member, update: updateOf(member, scope) }));
  const [first, ...rest] = updates.filter(({ update }) => Object.keys(update).length > 0);
  if (first === undefined) return {};
  for (const { member, update } of rest) {
    if (isSameJson(update, first.update)) continue;
    const message = `${family.name} is one task, and replaced as ${first.member.name} has it`;
    const help = "Say the same there, or leave it out here.";
    const path = [...member.path, "deploy", "update_config"];
    scope.report.warn({ code: "overruled", path, message, help });
  }
  return first.update;
}

function updateOf({ service, path }: Member, { report }: Scope): Mapping {
  const update = asMapping(asMapping(service.deploy).update_config);
  for (const key of ["delay", "monitor", "max_failure_ratio"]) {
    if (update[key] === undefined) continue;
    const message = `${key} does nothing on ECS: its circuit breaker counts failed tasks`;
    const at = [...path, "deploy", "update_config", key];
    report.warn({ code: "no-effect", path: at, message });
  }
  const { failure_action: action } = update;
  if (action !== undefined && action !== null)
    oneOf("continue", "pause", "rollback")(
      action,
      [...path, "deploy", "update_config", "failure_action"],
      report,
    );
  return update;
}

function breaker(action: Data | undefined): Properties {
  switch (action) {
    case "continue":
      return { Enable: false, Rollback: false };
    case "pause":
      return { Enable: true, Rollback: false };
    default:
      return { Enable: true, Rollback: true };
  }
}

/** `parallelism` and `order` as what ECS has: how few and how many tasks may run meanwhile. */
function percentages(update: Mapping, replicas: number): Properties {
  const parallelism = Number(update.parallelism ?? 0);
  const atOnce = parallelism > 0 && parallelism < replicas ? parallelism : replicas;
  const share = replicas === 0 ? 100 : (atOnce / replicas) * 100;
  return update.order === "stop-first"
    ? { MaximumPercent: 100, MinimumHealthyPercent: Math.floor(100 - share) }
    : { MaximumPercent: 100 + Math.ceil(share), MinimumHealthyPercent: 100 };
}

/** `x-aws-min_percent` and `x-aws-max_percent`; of several members the mean. */
function ownPercentages({ members }: Family, { report }: Scope): Properties {
  const mean = (key: string): number | undefined => {
    const given = members.flatMap(({ service, path }) => {
      const data = service[key];
      return data === undefined ? [] : (number(data, [...path, key], report) ?? []);
    });
    return given.length === 0 ? undefined : Math.round(sum(given) / given.length);
  };
  const least = mean("x-aws-min_percent");
  const most = mean("x-aws-max_percent");
  return {
    ...(most === undefined ? {} : { MaximumPercent: most }),
    ...(least === undefined ? {} : { MinimumHealthyPercent: least }),
  };
}
