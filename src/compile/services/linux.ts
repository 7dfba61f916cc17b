import type { Data } from "../../compose/project.ts";
import { shown } from "../../compose/shown.ts";
import type { Properties } from "../../model/template.ts";
import { suggestion } from "../nearest.ts";
import { asList, isMapping } from "../read.ts";
import type { Path, Report } from "../report.ts";
import type { Scope } from "../scope.ts";
import type { Attribute } from "./attribute.ts";
import type { Launch, Member } from "./family.ts";
import { instanceParameters } from "./instance.ts";
import { systemControls } from "./sysctls.ts";
import { inMemory } from "./tmpfs.ts";

/** Capabilities, init, sysctls and ulimits: all on an instance, on Fargate what it has of them. */
export const linux: Attribute = (member, family, scope) => {
  const { launch } = family;
  const parameters = {
    ...capabilities(member, launch, scope),
    ...(member.service.init === true ? { InitProcessEnabled: true } : {}),
    ...(launch === "FARGATE" ? memoryParameters(member) : instanceParameters(member, scope)),
  };
  return {
    ...(Object.keys(parameters).length > 0 ? { LinuxParameters: parameters } : {}),
    ...systemControls(member, family, scope),
    ...ulimits(member, launch, scope),
  };
};

function memoryParameters(member: Member): Properties {
  const tmpfs = inMemory(member);
  return tmpfs.length > 0 ? { Tmpfs: tmpfs } : {};
}

/** Fargate takes any capability away, but adds one only. */
function capabilities(member: Member, launch: Launch, { report }: Scope): Properties {
  const { service, path } = member;
  const drop = texts(service.cap_drop).filter((name, index) =>
    isKnown(name, [...path, "cap_drop", index], report),
  );
  const add = texts(service.cap_add).filter((name, index) => {
    const at = [...path, "cap_add", index];
    if (launch !== "FARGATE" || bare(name) === "SYS_PTRACE") return isKnown(name, at, report);
    const message = `Fargate adds no capability but SYS_PTRACE: the container runs without ${shown(bare(name))}`;
    report.warn({ code: "no-effect", path: at, message });
    return false;
  });
  if (add.length === 0 && drop.length === 0) return {};
  return {
    Capabilities: {
      ...(add.length > 0 ? { Add: add.map(bare).sort() } : {}),
      ...(drop.length > 0 ? { Drop: drop.map(bare).sort() } : {}),
    },
  };
}

function isKnown(capability: string, path: Path, report: Report): boolean {
  const name = bare(capability);
  if (known.includes(name)) return true;
  const message = `ECS knows no capability ${capability}`;
  if (newer.includes(name)) {
    report.warn({ code: "no-effect", path, message });
    return false;
  }
  report.error({ code: "unknown-value", path, message, help: suggestion(name, known) });
  return false;
}

/** Docker takes `CAP_NET_ADMIN` and `net_admin` too. */
const bare = (capability: string): string => capability.toUpperCase().replace(/^CAP_/, "");

/** As the API reference of ECS lists them under `KernelCapabilities`. */
const known: readonly string[] = [
  "ALL",
  "AUDIT_CONTROL",
  "AUDIT_WRITE",
  "BLOCK_SUSPEND",
  "CHOWN",
  "DAC_OVERRIDE",
  "DAC_READ_SEARCH",
  "FOWNER",
  "FSETID",
  "IPC_LOCK",
  "IPC_OWNER",
  "KILL",
  "LEASE",
  "LINUX_IMMUTABLE",
  "MAC_ADMIN",
  "MAC_OVERRIDE",
  "MKNOD",
  "NET_ADMIN",
  "NET_BIND_SERVICE",
  "NET_BROADCAST",
  "NET_RAW",
  "SETFCAP",
  "SETGID",
  "SETPCAP",
  "SETUID",
  "SYS_ADMIN",
  "SYS_BOOT",
  "SYS_CHROOT",
  "SYS_MODULE",
  "SYS_NICE",
  "SYS_PACCT",
  "SYS_PTRACE",
  "SYS_RAWIO",
  "SYS_RESOURCE",
  "SYS_TIME",
  "SYS_TTY_CONFIG",
  "SYSLOG",
  "WAKE_ALARM",
];

/** Linux's own since 5.8 and 5.9: Docker takes them and gives none unasked, so there is none to drop. */
const newer: readonly string[] = ["BPF", "CHECKPOINT_RESTORE", "PERFMON"];

/** As the API reference of ECS lists them under `Ulimit`. */
const limitNames: readonly string[] = [
  ...["core", "cpu", "data", "fsize", "locks", "memlock", "msgqueue", "nice", "nofile", "nproc"],
  ...["rss", "rtprio", "rttime", "sigpending", "stack"],
];

/** Of both limits of `nofile` (docs: "Amazon ECS task definition parameters for Fargate"). */
const mostFiles = 1_048_576;

function ulimits({ service, path }: Member, launch: Launch, { report }: Scope): Properties {
  if (!isMapping(service.ulimits)) return {};
  const limits = Object.entries(service.ulimits).flatMap(([name, limit]) => {
    const at = [...path, "ulimits", name];
    if (!limitNames.includes(name)) {
      const message = `ECS knows no limit ${shown(name)}`;
      const help = suggestion(name, limitNames);
      report.error({ code: "unknown-value", path: at, message, help });
      return [];
    }
    if (launch === "FARGATE" && name !== "nofile") {
      const message = `Fargate sets no limit but nofile: ${name} is the platform's`;
      report.warn({ code: "no-effect", path: at, message });
      return [];
    }
    // The loader leaves out what is 0.
    const { soft = 0, hard = 0 } = isMapping(limit) ? limit : { soft: limit, hard: limit };
    const [SoftLimit, HardLimit] = [Number(soft), Number(hard)];
    if (height(SoftLimit) > height(HardLimit)) {
      const message = `a soft limit of ${SoftLimit} is more than the hard one, ${HardLimit}`;
      report.error({ code: "out-of-bounds", path: at, message, help: "Write hard: as much." });
    }
    const written = { Name: name, SoftLimit, HardLimit };
    return [launch === "FARGATE" ? lowered(written, at, report) : written];
  });
  return limits.length > 0 ? { Ulimits: limits } : {};
}

/** As many open files as a container may have on Fargate. */
function lowered(
  limit: { readonly Name: string; readonly SoftLimit: number; readonly HardLimit: number },
  path: Path,
  report: Report,
): Properties {
  const { SoftLimit, HardLimit } = limit;
  if (height(HardLimit) <= mostFiles) return limit;
  const message = `Fargate lets a container have ${mostFiles} open files at most: that is used`;
  report.warn({ code: "out-of-bounds", path, message });
  const soft = height(SoftLimit) > mostFiles ? mostFiles : SoftLimit;
  return { ...limit, SoftLimit: soft, HardLimit: mostFiles };
}

/** -1 is no limit. */
const height = (limit: number): number => (limit === -1 ? Number.POSITIVE_INFINITY : limit);

const texts = (data: Data | undefined): readonly string[] => asList(data).map(String);
