import type { Data } from "../../compose/project.ts";
import { asMapping } from "../read.ts";
import type { Path, Report } from "../report.ts";
import type { Family, Member } from "./family.ts";
import { scalingOf, scalingPath } from "./scaling-key.ts";

/** Whether a family has one task on every instance: `deploy.mode: global` of one of its services. */
export const isDaemon = ({ launch, members }: Family): boolean =>
  launch !== "FARGATE" && members.some((member) => modeOf(member) === "global");

const deployOf = ({ service }: Member): Readonly<Record<string, Data | undefined>> =>
  asMapping(service.deploy);

const modeOf = (member: Member): Data | undefined => deployOf(member).mode;

/** Says what is wrong with `deploy.mode`, and what does nothing where ECS counts instances. */
export function checkMode(family: Family, report: Report): void {
  const isGlobal = isDaemon(family);
  for (const member of family.members) {
    const path = [...member.path, "deploy", "mode"];
    const fault = faultOf(member, isGlobal);
    if (fault === undefined) {
      if (modeOf(member) === "global" && !isGlobal) warnOfNoInstances(path, report);
      if (isGlobal) warnOfCounts(member, report);
      continue;
    }
    const help = "Write replicated, or global on container instances.";
    report.error({ code: "cannot-honour", path, message: fault, help });
  }
}

/** Docker compose runs as many as `replicas` says, too, whatever the mode. */
function warnOfNoInstances(path: Path, report: Report): void {
  const message =
    "global does nothing on Fargate, which has no instances to run one task each on: replicas says how many there are";
  const help = "Write replicated, or take container instances (ecs.compute.platform: EC2).";
  report.warn({ code: "no-effect", path, message, help });
}

function faultOf(member: Member, isGlobal: boolean): string | undefined {
  const mode = modeOf(member) ?? (isGlobal ? "global" : "replicated");
  if (mode !== "replicated" && mode !== "global")
    return `services of mode ${String(mode)} are not run`;
  return isGlobal && mode !== "global"
    ? "the family is one task, and another of its services is global"
    : undefined;
}

/** There are as many tasks as instances, and a new one comes when the old one has stopped. */
function warnOfCounts(member: Member, report: Report): void {
  const { placement, replicas, update_config } = deployOf(member);
  const update = asMapping(update_config);
  const { preferences } = asMapping(placement);
  const most = member.service["x-aws-max_percent"];
  const given = [
    [replicas, "deploy.replicas"],
    [update.parallelism, "deploy.update_config.parallelism"],
    [update.order === "start-first" ? update.order : undefined, "deploy.update_config.order"],
    [preferences, "deploy.placement.preferences"],
    [most === 100 ? undefined : most, "x-aws-max_percent"],
  ] as const;
  for (const [value, key] of given) {
    if (value === undefined || value === null) continue;
    const path = [...member.path, ...key.split(".")];
    const message = `${key.replace("deploy.", "")} does nothing in mode global: every instance has one task, and a new one comes when the old one has stopped`;
    report.warn({ code: "no-effect", path, message });
  }
  if (scalingOf(member.service) === undefined) return;
  const message = "nothing scales in mode global: there are as many tasks as instances";
  const path = scalingPath(member);
  report.error({ code: "cannot-honour", path, message, help: "Remove it." });
}

/** As few and as many tasks as ECS lets a deployment have where each instance has one. */
export const daemonPercentages = { MaximumPercent: 100, MinimumHealthyPercent: 0 };
