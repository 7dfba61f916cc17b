import { shown } from "../../compose/shown.ts";
import { asMapping } from "../read.ts";
import type { Path, Report } from "../report.ts";
import type { Attribute } from "./attribute.ts";
import type { Family, Member } from "./family.ts";

/** `sysctls`: what the kernel keeps for a container, or its task, alone. */
export const systemControls: Attribute = (member, family, { report }) => {
  const SystemControls = controlsOf(member)
    .filter(([name, value]) => isTaken(name, value, member, family, report))
    .map(([Namespace, Value]) => ({ Namespace, Value }));
  return SystemControls.length > 0 ? { SystemControls } : {};
};

/** Names and values: the loader makes a mapping of a list. */
const controlsOf = ({ service }: Member): readonly (readonly [string, string])[] =>
  Object.entries(asMapping(service.sysctls)).map(([name, value]) => [name, String(value)]);

/** Queues of messages and shared memory, as the API reference of ECS lists them under `SystemControl`. */
const ofMessages =
  /^(?:fs\.mqueue\..+|kernel\.(?:msgmax|msgmnb|msgmni|sem|shmall|shmmax|shmmni|shm_rmid_forced))$/;

const isOfNetwork = (name: string): boolean => name.startsWith("net.");

function isTaken(
  name: string,
  value: string,
  member: Member,
  family: Family,
  report: Report,
): boolean {
  const path = [...member.path, "sysctls", name];
  if (value === "") {
    const message = `${name} has no value`;
    report.error({ code: "no-value", path, message, help: `Write ${name}=VALUE.` });
    return false;
  }
  const message = faultOf(name, family);
  if (message !== undefined) {
    const help = "net.*, and those of messages and shared memory, are a container's own.";
    // ECS ComposeX sets none at all on Fargate; an instance's Docker refuses to start the container.
    if (family.launch === "FARGATE") report.warn({ code: "no-effect", path, message, help });
    else report.error({ code: "cannot-honour", path, message, help });
    return false;
  }
  warnOfOther(name, value, { member, path }, family, report);
  return true;
}

function faultOf(name: string, { launch, members }: Family): string | undefined {
  if (isOfNetwork(name)) return undefined;
  if (!ofMessages.test(name)) return `${shown(name)} is the host's, and no container can change it`;
  const isShared = launch !== "FARGATE" && members.some(({ service }) => service.ipc === "host");
  return isShared ? `with ipc: host ${name} is the host's, too` : undefined;
}

/** Containers of a task have one network: of two values that of the last to start would count. */
function warnOfOther(
  name: string,
  value: string,
  { member, path }: { readonly member: Member; readonly path: Path },
  { members, networkMode }: Family,
  report: Report,
): void {
  if (networkMode !== "awsvpc" || !isOfNetwork(name)) return;
  const other = members
    .slice(0, members.indexOf(member))
    .find((one) => controlsOf(one).some(([own, given]) => own === name && given !== value));
  if (other === undefined) return;
  const message = `${other.name} sets ${name} otherwise, and containers of a task have one network: whichever starts last counts`;
  report.warn({ code: "differs", path, message });
}
