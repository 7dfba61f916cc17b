import { namesIn } from "../attributes/services.ts";
import { pathText } from "../project.ts";
import { get, isNull, itemsOf, type Path, type Tree, textOf } from "../tree.ts";
import { float32, parseBytes } from "../units.ts";
import {
  exclusive,
  inconsistent,
  isSet,
  type Service,
  type ServiceCheck,
  type ServiceChecks,
  type Whole,
} from "./whole.ts";

/** Whether what a service says under one key agrees with what it says under others. */
export const agreement: ServiceChecks = [
  ["build", checkDockerfile],
  ["platform", checkPlatform],
  ["network_mode", checkNetworkMode],
  ["healthcheck", checkHealthcheck],
  ["develop", checkWatch],
  ["scale", checkScale],
  ["container_name", checkContainerName],
  ["cpus", checkAmount("cpus", "limits.cpus", cpusIn)],
  ["mem_limit", checkAmount("mem_limit", "limits.memory", bytesIn)],
  ["mem_reservation", checkAmount("mem_reservation", "reservations.memory", bytesIn)],
  ["pids_limit", checkAmount("pids_limit", "limits.pids", numberIn)],
  ["tmpfs", checkMountTargets],
  ["volumes", checkMountTargets],
];

function checkDockerfile(build: Tree, { path }: Service, { report }: Whole): void {
  const inline = get(build, "dockerfile_inline");
  if (isSet(inline) && isSet(get(build, "dockerfile")))
    exclusive(inline, [...path, "build"], ["dockerfile", "dockerfile_inline"], report);
}

function checkPlatform(platform: Tree, { path, service }: Service, { report }: Whole): void {
  const platforms = namesIn(get(get(service, "build"), "platforms"));
  if (!isSet(platform) || platforms.length === 0) return;
  if (platforms.includes(textOf(platform) ?? "")) return;
  report.error(platform, [...path, "platform"], {
    code: "inconsistent",
    message: `build.platforms does not have ${textOf(platform)}`,
    help: "add it there",
  });
}

function checkNetworkMode(mode: Tree, { path, service }: Service, { report }: Whole): void {
  const networks = get(service, "networks");
  if (isSet(mode) && networks?.kind === "dict" && networks.entries.size > 0)
    exclusive(mode, path, ["network_mode", "networks"], report);
}

function checkHealthcheck(healthcheck: Tree, { path }: Service, { report }: Whole): void {
  const [first] = itemsOf(get(healthcheck, "test"));
  if (first === undefined || ["CMD", "CMD-SHELL", "NONE"].includes(textOf(first) ?? "")) return;
  report.error(first, [...path, "healthcheck", "test"], {
    code: "invalid-value",
    message: "a test starts with CMD, CMD-SHELL or NONE",
    help: 'write ["CMD", …], or the command as one text',
  });
}

function checkWatch(develop: Tree, { path }: Service, { report }: Whole): void {
  for (const [i, watch] of itemsOf(get(develop, "watch")).entries()) {
    const action = textOf(get(watch, "action")) ?? "";
    if (isSet(get(watch, "target")) || action === "rebuild" || action === "restart") continue;
    report.error(watch, [...path, "develop", "watch", i], {
      code: "missing-key",
      message: `the action ${action} needs a target`,
      help: "add target: the path in the container",
    });
  }
}

function checkScale(at: Tree, { path, service }: Service, { report }: Whole): void {
  const scale = numberIn(at);
  const replicas = replicasOf(service);
  if (scale !== undefined && replicas !== undefined && scale !== replicas)
    inconsistent(at, path, ["scale", "deploy.replicas"], report);
  if (scale !== undefined && scale < 0)
    report.error(at, [...path, "scale"], {
      code: "invalid-value",
      message: "must be 0 or more",
    });
}

function checkContainerName(name: Tree, { path, service }: Service, { report }: Whole): void {
  const scale = numberIn(get(service, "scale"));
  if (!isSet(name) || (scale ?? replicasOf(service) ?? 1) <= 1) return;
  const other = scale === undefined ? "deploy.replicas" : "scale";
  exclusive(name, path, ["container_name", other], report);
}

const replicasOf = (service: Tree): number | undefined =>
  numberIn(get(get(service, "deploy"), "replicas"));

/** An old key and its counterpart in `deploy.resources` must agree where both are there. */
function checkAmount(key: string, counterpart: string, amountOf: Amount): ServiceCheck {
  const [block = "", inner = ""] = counterpart.split(".");
  return (own, { path, service }, { report }) => {
    const other = get(get(get(service, "deploy"), "resources"), block);
    const amount = amountOf(own);
    if (other === undefined || isNull(other) || amount === undefined || amount === 0) return;
    if (amountOf(get(other, inner)) !== amount)
      inconsistent(own, path, [key, `deploy.resources.${counterpart}`], report);
  };
}

type Amount = (tree: Tree | undefined) => number | undefined;

function checkMountTargets(_: Tree, { path, service }: Service, { report }: Whole): void {
  const inMemory = itemsOf(get(service, "tmpfs"));
  const volumes = itemsOf(get(service, "volumes"));
  if (inMemory.length + volumes.length < 2) return;
  const mounts = [
    ...inMemory.map((at, i) => ({
      at,
      where: ["tmpfs", i],
      target: textOf(at)?.replace(/:.*$/s, ""),
    })),
    ...volumes.map((at, i) => ({
      at,
      where: ["volumes", i],
      target: textOf(get(at, "target")),
    })),
  ];
  const taken = new Map<string, Path>();
  for (const { at, target, where } of mounts) {
    const earlier = target === undefined ? undefined : taken.get(target);
    if (target !== undefined && earlier === undefined) taken.set(target, where);
    if (earlier === undefined) continue;
    report.error(at, [...path, ...where], {
      code: "inconsistent",
      message: `${target} is already mounted by ${pathText(earlier)}`,
      help: "remove one of the two",
    });
  }
}

function numberIn(tree: Tree | undefined): number | undefined {
  const value = tree?.kind === "leaf" ? tree.value : null;
  return value === null || value === "" ? undefined : Number(value);
}

function cpusIn(tree: Tree | undefined): number | undefined {
  const value = numberIn(tree);
  return value === undefined ? undefined : float32(value);
}

function bytesIn(tree: Tree | undefined): number | undefined {
  const text = textOf(tree);
  return text === undefined ? numberIn(tree) : parseBytes(text);
}
