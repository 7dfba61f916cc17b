import type { Properties } from "../../model/template.ts";
import type { Report } from "../report.ts";
import type { Scope } from "../scope.ts";
import type { Family, Member } from "./family.ts";

/** `ipc` and `pid` of a family: a task's containers have one of each; on Fargate they may share `pid`. */
export const namespacesOf = (family: Family, scope: Scope): Properties => ({
  ...(family.launch === "FARGATE" ? {} : shared("ipc", family, scope)),
  ...shared("pid", family, scope),
});

const properties = { ipc: "IpcMode", pid: "PidMode" } as const;

type Key = keyof typeof properties;

function shared(key: Key, family: Family, { report }: Scope): Properties {
  const all = family.members.flatMap((member) => askedBy(member, key, family));
  const isHosts = ({ given }: Asked): boolean => family.launch === "FARGATE" && given === "host";
  for (const { given, member } of all.filter(isHosts)) {
    const message = `${key}: ${given} does nothing on ECS: Fargate gives no access to the host`;
    report.warn({ code: "no-effect", path: [...member.path, key], message });
  }
  const asked = all.filter((one) => !isHosts(one));
  const [platform, more] = family.launch === "FARGATE" ? ["Fargate", ""] : ["ECS", "host, or "];
  const mode = asked.find((one) => one.mode !== undefined)?.mode;
  for (const { given, member, mode: own } of asked) {
    if (own !== undefined && own === mode) continue;
    const message =
      own === undefined
        ? `${platform} has no ${key} ${given}`
        : `${family.name} is one task, and its containers have ${key} in common`;
    const help = `${more}service:NAME of one in the same family.`;
    report.error({ code: "cannot-honour", path: [...member.path, key], message, help });
  }
  if (mode === "host") warnOthers(key, family, report);
  return mode === undefined ? {} : { [properties[key]]: mode };
}

interface Asked {
  readonly given: string;
  readonly member: Member;
  /** Undefined: ECS has no such mode. */
  readonly mode: string | undefined;
}

function askedBy(member: Member, key: Key, family: Family): readonly Asked[] {
  const given = member.service[key];
  if (typeof given !== "string" || given === "" || given === "private") return [];
  return [{ given, member, mode: modeOf(key, given, family, member) }];
}

/** Who did not ask for it is less isolated than its lines say. */
function warnOthers(key: Key, { members }: Family, report: Report): void {
  for (const { service, path } of members) {
    if (service[key] === "host") continue;
    const message = `another service of the family has ${key}: host, so this one has it too`;
    report.warn({ code: "less-isolated", path, message });
  }
}

function modeOf(
  key: Key,
  given: string,
  { launch, members }: Family,
  self: Member,
): string | undefined {
  if (given === "host") return launch === "FARGATE" ? undefined : "host";
  if (key === "ipc" && given === "none") return "none";
  if (key === "ipc" && given === "shareable") return "task";
  const isNeighbour = members.some((one) => one !== self && given === `service:${one.name}`);
  return isNeighbour ? "task" : undefined;
}
