import type { Properties } from "../../model/template.ts";
import type { Report } from "../report.ts";
import type { Scope } from "../scope.ts";
import type { Attribute } from "./attribute.ts";
import { type Family, label, type Member, membersNamed } from "./family.ts";
import { hasHealthCheck } from "./health.ts";
import { essentialLabel } from "./labels.ts";

type Condition = "START" | "HEALTHY" | "SUCCESS" | "COMPLETE";

const conditions: Readonly<Record<string, Condition>> = {
  service_started: "START",
  service_healthy: "HEALTHY",
  service_completed_successfully: "SUCCESS",
};

/** `depends_on` within the task, and whether the task ends with this container. */
export const dependencies: Attribute = (member, family, scope) => {
  const { report } = scope;
  const dependsOn: Properties[] = [...member.dependsOn];
  for (const { other, condition } of dependenciesOf(member, family)) {
    // The image may have one, of which ECS does not know: it refuses to wait for it.
    const isUnchecked = condition === "HEALTHY" && !hasHealthCheck(other);
    if (isUnchecked) warnUnchecked(member, other.name, report);
    const Condition = isUnchecked ? "START" : condition;
    dependsOn.push({ ContainerName: other.container, Condition });
  }
  checkNoCircle(member, family, report);
  warnOfUnchecked(member, family, scope);
  const essential = essentialLabel(member);
  if (essential === true && ends(member, family)) {
    const message = `others wait for ${member.name} to end, so the task cannot end with it`;
    const path = [...member.path, "deploy", "labels", "ecs.essential"];
    report.error({ code: "contradiction", path, message });
  }
  return {
    Essential: isEssential(member, family),
    ...(dependsOn.length > 0 ? { DependsOn: dependsOn } : {}),
  };
};

/** Another family is waited for until it is stable, which without any check it is once it runs. */
function warnOfUnchecked(member: Member, family: Family, { families, report }: Scope): void {
  for (const [name, { condition }] of Object.entries(member.service.depends_on ?? {})) {
    const targets = membersNamed(name, families);
    const isElsewhere = targets.length > 0 && targets.every((target) => target.family !== family);
    if (condition !== "service_healthy" || !isElsewhere) continue;
    const isChecked = (target: (typeof targets)[number]): boolean =>
      hasHealthCheck(target.member) || target.family.loadBalancers.length > 0;
    if (targets.some(isChecked)) continue;
    warnUnchecked(member, name, report);
  }
}

function warnUnchecked(member: Member, name: string, report: Report): void {
  const path = [...member.path, "depends_on", name];
  const message = `${name} has no healthcheck, so ${member.name} waits until it runs, and no longer`;
  report.warn({ code: "no-healthcheck", path, message, help: `Give ${name} a healthcheck.` });
}

/** Whether the task ends with this container: the label `ecs.essential`, else all but those that end. */
export const isEssential = (member: Member, family: Family): boolean =>
  essentialLabel(member) ?? !ends(member, family);

/** Whether this container may end while its task goes on, and nobody waits for it to end. */
export const endsAlone = (member: Member, family: Family): boolean =>
  !(isEssential(member, family) || ends(member, family));

/** Whether others wait for this container to end: then its end does not end the task. */
const ends = (member: Member, family: Family): boolean =>
  isEnd(label(member.service, "ecs.depends.condition")) ||
  family.members.some((other) =>
    dependenciesOf(other, family).some((edge) => edge.other === member && isEnd(edge.condition)),
  );

const isEnd = (condition: string | undefined): boolean =>
  condition === "SUCCESS" || condition === "COMPLETE";

interface Edge {
  readonly other: Member;
  readonly condition: Condition;
}

/** By member, which is of one family only: each is asked for by all of its neighbours. */
const known = new WeakMap<Member, readonly Edge[]>();

function dependenciesOf(member: Member, family: Family): readonly Edge[] {
  const edges = known.get(member) ?? edgesOf(member, family);
  known.set(member, edges);
  return edges;
}

function edgesOf(member: Member, family: Family): readonly Edge[] {
  const given = member.service.depends_on ?? {};
  return Object.keys(given).flatMap((name) => {
    const other = family.members.find((candidate) => candidate.name === name);
    if (other === undefined || other === member) return [];
    const own = conditions[given[name]?.condition ?? ""] ?? "START";
    // The label is how ComposeX says what others wait for; a condition of compose is more precise.
    const labelled = label(other.service, "ecs.depends.condition") as Condition | undefined;
    return [{ other, condition: own === "START" ? (labelled ?? own) : own }];
  });
}

function checkNoCircle(member: Member, family: Family, report: Report): void {
  const seen = new Set<Member>();
  const reaches = (from: Member): boolean =>
    dependenciesOf(from, family).some(({ other }) => {
      if (other === member) return true;
      if (seen.has(other)) return false;
      seen.add(other);
      return reaches(other);
    });
  if (!reaches(member)) return;
  const message = `${member.name} waits for itself by a detour`;
  report.error({ code: "circle", path: [...member.path, "depends_on"], message });
}
