import type { Report } from "../report.ts";
import type { Launch, Member, NetworkMode } from "./family.ts";

const modes: readonly NetworkMode[] = ["awsvpc", "bridge", "host", "none"];

/**
 * `network_mode` of a family's members. Without it tasks have an interface of their own in the VPC;
 * on instances elsewhere, which are in none, they are on Docker's bridge.
 */
export function networkModeOf(
  members: readonly Member[],
  launch: Launch,
  report: Report,
): NetworkMode {
  const asked = members.flatMap((member) => {
    const mode = member.service.network_mode;
    return typeof mode === "string" && mode !== "" && mode !== "default" ? [{ member, mode }] : [];
  });
  if (launch === "FARGATE") {
    for (const { member, mode } of asked) sayOnFargate(member, mode, members, report);
    return "awsvpc";
  }
  const usual = launch === "EXTERNAL" ? "bridge" : "awsvpc";
  const chosen =
    modes.find((mode) => mode === asked.find((one) => isMode(one.mode))?.mode) ?? usual;
  for (const { member, mode } of asked) {
    const message = faultOf(mode, chosen, launch, neighbours(member, members));
    if (message === undefined) continue;
    const help = "Write one of host, bridge, none and awsvpc, the same in all of a family.";
    const path = [...member.path, "network_mode"];
    report.error({ code: "cannot-honour", path, message, help });
  }
  for (const member of members) warnOthers(member, chosen, report);
  return chosen;
}

const isMode = (text: string): boolean => modes.some((mode) => mode === text);

const neighbours = (member: Member, members: readonly Member[]): readonly string[] =>
  members.filter((one) => one !== member).map(({ name }) => `service:${name}`);

/** Containers of a task on Fargate share its interface, and nothing else is to be had. */
function sayOnFargate(
  member: Member,
  mode: string,
  members: readonly Member[],
  report: Report,
): void {
  if (mode === "awsvpc" || neighbours(member, members).includes(mode)) return;
  const path = [...member.path, "network_mode"];
  const message = `tasks have an interface of their own (awsvpc), and no network mode ${mode}`;
  if (/^(?:service|container):/.test(mode)) {
    const help =
      "Give both services one ecs.task.family: containers of a task share their network.";
    report.error({ code: "cannot-honour", path, message, help });
  } else if (mode === "none")
    report.error({ code: "cannot-honour", path, message, help: "Remove it." });
  else report.warn({ code: "no-effect", path, message });
}

/** What ECS would refuse, as a sentence. */
function faultOf(
  mode: string,
  chosen: NetworkMode,
  launch: Launch,
  around: readonly string[],
): string | undefined {
  if (around.includes(mode))
    return chosen === "bridge"
      ? "on a bridge every container has an interface of its own"
      : undefined;
  if (!isMode(mode)) return `ECS has no network mode ${mode}`;
  if (mode !== chosen) return `the family is one task, and another of its services says ${chosen}`;
  return mode === "awsvpc" && launch === "EXTERNAL"
    ? "instances elsewhere have no interface in the VPC to give"
    : undefined;
}

/** A task has one mode: whoever did not ask for it hears of it. */
function warnOthers({ service, path }: Member, chosen: NetworkMode, report: Report): void {
  if (chosen !== "host" && chosen !== "none") return;
  if (typeof service.network_mode === "string" && service.network_mode !== "") return;
  const message = `another service of the family has network_mode: ${chosen}, so this one has it too`;
  report.warn({ code: "shares-network", path, message });
}
