import { namesIn } from "../attributes/services.ts";
import { pathText } from "../project.ts";
import type { Report } from "../report.ts";
import { get, isNull, itemsOf, type Path, type Tree, textOf } from "../tree.ts";
import { float32, parseBytes } from "../units.ts";
import { exclusive, isSet, type ServiceCheck, type Whole } from "./whole.ts";

/** Whether what a service says of itself agrees. */
export const agreement: readonly ServiceCheck[] = [
  checkOrigin,
  checkBuild,
  checkNetworkMode,
  checkHealthcheck,
  checkWatch,
  checkScale,
  checkResources,
  checkMountTargets,
];

function checkOrigin(service: Tree, path: Path, { report }: Whole): void {
  if (["image", "build", "provider"].some((key) => isSet(get(service, key)))) return;
  report.error(service, path, {
    code: "missing-key",
    message: "has neither an image nor a build",
    help: "add image or build",
  });
}

function checkBuild(service: Tree, path: Path, { report }: Whole): void {
  const build = get(service, "build");
  const inline = get(build, "dockerfile_inline");
  if (isSet(inline) && isSet(get(build, "dockerfile")))
    exclusive(inline, [...path, "build"], ["dockerfile", "dockerfile_inline"], report);
  const platform = get(service, "platform");
  const platforms = namesIn(get(build, "platforms"));
  if (isSet(platform) && platforms.length > 0 && !platforms.includes(textOf(platform) ?? ""))
    report.error(platform ?? service, [...path, "platform"], {
      code: "inconsistent",
      message: `build.platforms does not have ${textOf(platform)}`,
      help: "add it there",
    });
}

function checkNetworkMode(service: Tree, path: Path, { report }: Whole): void {
  const mode = get(service, "network_mode");
  const networks = get(service, "networks");
  if (isSet(mode) && networks?.kind === "dict" && networks.entries.size > 0)
    exclusive(mode, path, ["network_mode", "networks"], report);
}

function checkHealthcheck(service: Tree, path: Path, { report }: Whole): void {
  const test = get(get(service, "healthcheck"), "test");
  const [first] = itemsOf(test);
  if (first === undefined || ["CMD", "CMD-SHELL", "NONE"].includes(textOf(first) ?? "")) return;
  report.error(first, [...path, "healthcheck", "test"], {
    code: "invalid-value",
    message: "a test starts with CMD, CMD-SHELL or NONE",
    help: 'write ["CMD", …], or the command as one text',
  });
}

function checkWatch(service: Tree, path: Path, { report }: Whole): void {
  for (const [i, watch] of itemsOf(get(get(service, "develop"), "watch")).entries()) {
    const action = textOf(get(watch, "action")) ?? "";
    if (isSet(get(watch, "target")) || action === "rebuild" || action === "restart") continue;
    report.error(watch, [...path, "develop", "watch", i], {
      code: "missing-key",
      message: `the action ${action} needs a target`,
      help: "add target: the path in the container",
    });
  }
}

function checkScale(service: Tree, path: Path, { report }: Whole): void {
  const scale = numberIn(get(service, "scale"));
  const replicas = numberIn(get(get(service, "deploy"), "replicas"));
  if (scale !== undefined && replicas !== undefined && scale !== replicas)
    distinct(get(service, "scale"), path, ["scale", "deploy.replicas"], report);
  if (scale !== undefined && scale < 0)
    report.error(get(service, "scale") ?? service, [...path, "scale"], {
      code: "invalid-value",
      message: "must be 0 or more",
    });
  const name = get(service, "container_name");
  if (isSet(name) && (scale ?? replicas ?? 1) > 1)
    exclusive(
      name,
      path,
      ["container_name", scale === undefined ? "deploy.replicas" : "scale"],
      report,
    );
}

/** The old keys and those of `deploy.resources` must agree where both are there. */
function checkResources(service: Tree, path: Path, { report }: Whole): void {
  const resources = get(get(service, "deploy"), "resources");
  for (const [key, block, inner, value] of counterparts) {
    const own = get(service, key);
    if (own === undefined) continue;
    const other = get(resources, block);
    const amount = value(own);
    if (other === undefined || isNull(other) || amount === undefined || amount === 0) continue;
    if (value(get(other, inner)) !== amount)
      distinct(own, path, [key, `deploy.resources.${block}.${inner}`], report);
  }
}

type Value = (tree: Tree | undefined) => number | undefined;

const counterparts: readonly (readonly [string, string, string, Value])[] = [
  ["cpus", "limits", "cpus", cpusIn],
  ["mem_limit", "limits", "memory", bytesIn],
  ["mem_reservation", "reservations", "memory", bytesIn],
  ["pids_limit", "limits", "pids", numberIn],
];

function checkMountTargets(service: Tree, path: Path, { report }: Whole): void {
  const mounts = [
    ...itemsOf(get(service, "tmpfs")).map((at, i) => ({
      at,
      where: ["tmpfs", i],
      target: textOf(at)?.replace(/:.*$/s, ""),
    })),
    ...itemsOf(get(service, "volumes")).map((at, i) => ({
      at,
      where: ["volumes", i],
      target: textOf(get(at, "target")),
    })),
  ];
  for (const [i, { at, target, where }] of mounts.entries()) {
    const earlier = mounts.findIndex((mount) => mount.target === target);
    const taken = mounts[earlier];
    if (target === undefined || taken === undefined || earlier === i) continue;
    report.error(at, [...path, ...where], {
      code: "inconsistent",
      message: `${target} is already mounted by ${pathText(taken.where)}`,
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

function distinct(
  at: Tree | undefined,
  path: Path,
  keys: readonly [string, string],
  report: Report,
): void {
  if (at === undefined) return;
  report.error(at, path, {
    code: "inconsistent",
    message: `${keys.join(" and ")} have different values`,
    help: "keep one of the two",
  });
}
