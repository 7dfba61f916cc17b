import type { Data } from "../../compose/project.ts";
import { isSameJson } from "../../model/same.ts";
import type { Properties } from "../../model/template.ts";
import { asMapping, type Mapping, number, oneOf } from "../read.ts";
import type { Path, Report } from "../report.ts";
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
 * the circuit breaker an image that does not start holds its stack for hours. `count`: the fewest
 * tasks that there are.
 */
export function deploymentOf(family: Family, count: number, scope: Scope): Properties {
  const update = sharedUpdate(family, scope);
  const usual = isDaemon(family) ? daemonPercentages : percentages(update, count);
  const own = ownPercentages(family, usual, count, scope.report);
  const isBesides = Math.floor((count * own.MaximumPercent) / 100) > count;
  if (isBesides && !isDaemon(family)) warnOfTurns(family, scope.report);
  return { DeploymentCircuitBreaker: breaker(update.failure_action), ...own };
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

/** How few and how many of a hundred tasks may run while they are replaced. */
interface Percentages {
  readonly MaximumPercent: number;
  readonly MinimumHealthyPercent: number;
}

/** `parallelism` and `order` as what ECS has: how few and how many tasks may run meanwhile. */
function percentages(update: Mapping, count: number): Percentages {
  const parallelism = Number(update.parallelism ?? 0);
  const atOnce = parallelism > 0 && parallelism < count ? parallelism : count;
  const share = count === 0 ? 100 : (atOnce / count) * 100;
  return update.order === "stop-first"
    ? { MaximumPercent: 100, MinimumHealthyPercent: Math.floor(100 - share) }
    : { MaximumPercent: 100 + Math.ceil(share), MinimumHealthyPercent: 100 };
}

/** `x-aws-min_percent` and `x-aws-max_percent` in place of the usual ones; of several members the mean. */
function ownPercentages(
  family: Family,
  usual: Percentages,
  count: number,
  report: Report,
): Percentages & Properties {
  const least = meanOf("x-aws-min_percent", family, report);
  const most = isDaemon(family) ? undefined : meanOf("x-aws-max_percent", family, report);
  const asked = most ?? least;
  const { MaximumPercent, MinimumHealthyPercent } = usual;
  const own = {
    MaximumPercent: most?.mean ?? MaximumPercent,
    MinimumHealthyPercent: least?.mean ?? MinimumHealthyPercent,
  };
  if (asked !== undefined) checkPercentages(own, Math.max(count, 1), { family, asked, report });
  return own;
}

interface Mean {
  readonly mean: number;
  /** Where it is asked for first. */
  readonly path: Path;
}

function meanOf(key: string, { members }: Family, report: Report): Mean | undefined {
  const given = members.flatMap(({ service, path }) => {
    const at = [...path, key];
    const read = service[key] === undefined ? undefined : number(service[key], at, report);
    return read === undefined ? [] : [{ read, path: at }];
  });
  const [first] = given;
  if (first === undefined) return undefined;
  const mean = Math.round(sum(given.map(({ read }) => read)) / given.length);
  return { mean, path: first.path };
}

interface Asking {
  readonly family: Family;
  readonly asked: Mean;
  readonly report: Report;
}

/** ECS rounds the fewest up and the most down, and replaces nothing that may neither stop nor start. */
function checkPercentages(
  own: Percentages,
  count: number,
  { family, asked, report }: Asking,
): void {
  const { MaximumPercent: most, MinimumHealthyPercent: least } = own;
  const { path } = asked;
  const help = "Raise x-aws-max_percent or lower x-aws-min_percent by the share of a task.";
  if (least >= 100 && most <= 100) {
    const message = `tasks of ${family.name} may neither stop nor start in a deployment, which ECS refuses`;
    report.error({ code: "contradiction", path, message, help });
    return;
  }
  // There are as many as there are instances, which the file does not know.
  if (isDaemon(family)) return;
  const [fewest, greatest] = [Math.ceil((count * least) / 100), Math.floor((count * most) / 100)];
  if (fewest < count || greatest > count) return;
  const message = `while there ${count === 1 ? "is 1 task" : `are ${count} tasks`} of ${family.name} nothing is replaced: ${least} % are at least ${fewest}, and ${most} % at most ${greatest}`;
  report.warn({ code: "contradiction", path, message, help });
}
