import type { Data } from "../../compose/project.ts";
import { shown } from "../../compose/shown.ts";
import type { Properties } from "../../model/template.ts";
import { hashedId } from "../ids.ts";
import { asList, isMapping } from "../read.ts";
import type { Path, Report } from "../report.ts";
import type { Scope } from "../scope.ts";
import { isFileSystem, mountFileSystem } from "../x/efs.ts";
import type { Attribute } from "./attribute.ts";
import type { Family, Member } from "./family.ts";
import { othersWith } from "./shared-volumes.ts";
import { inMemory, optionsAt } from "./tmpfs.ts";

interface Mount {
  readonly type: string;
  readonly source: string | undefined;
  readonly target: string;
  readonly readOnly: boolean;
  readonly bind: Data | undefined;
  readonly path: Path;
}

/**
 * `volumes` and `tmpfs`: where a task's containers find their files. A volume with `x-efs` is a
 * file system that stays; any other lives as long as its task does.
 */
export const mountPoints: Attribute = (member, family, scope) => {
  const points: Properties[] = [];
  for (const mount of mountsOf(member)) {
    checkTarget(mount, scope.report);
    const SourceVolume = volumeOf(mount, member, family, scope);
    if (SourceVolume === undefined) continue;
    const point = { ContainerPath: mount.target, SourceVolume };
    points.push(mount.readOnly ? { ...point, ReadOnly: true } : point);
  }
  points.push(...member.mounts);
  return points.length > 0 ? { MountPoints: points } : {};
};

function mountsOf({ service, path }: Member): readonly Mount[] {
  const volumes = asList(service.volumes);
  const tmpfs = [service.tmpfs ?? []].flat() as readonly Data[];
  return [
    ...volumes.filter(isMapping).map((volume, index) => ({
      type: String(volume.type ?? "volume"),
      source: typeof volume.source === "string" ? volume.source : undefined,
      target: String(volume.target ?? ""),
      readOnly: volume.read_only === true,
      bind: volume.bind,
      path: [...path, "volumes", index],
    })),
    ...tmpfs.map((text, index) => ({
      type: "tmpfs",
      source: undefined,
      target: String(text).split(":")[0] ?? "",
      readOnly: false,
      bind: undefined,
      path: [...path, "tmpfs", index],
    })),
  ];
}

/** Containers are Linux's: what is no path of theirs is nowhere, and no task would start. */
function checkTarget({ path, target }: Mount, report: Report): void {
  if (target.startsWith("/")) return;
  const message = `${shown(target)} is no path in a container, which begins with /`;
  const help = /^[A-Za-z]:/.test(target)
    ? "A single letter before a colon is a drive in compose: give the volume a name of two letters or more."
    : "Write it from the root: /data.";
  report.error({ code: "unknown-value", path, message, help });
}

/** Makes the task have the volume; answers its name. */
function volumeOf(mount: Mount, member: Member, family: Family, scope: Scope): string | undefined {
  const { type, source, target, path } = mount;
  const { report } = scope;
  if (type === "tmpfs") {
    // In memory it is a parameter of the container.
    const isMemory = inMemory(member).some(({ ContainerPath }) => ContainerPath === target);
    if (isMemory) return undefined;
    const options = optionsAt(target, member).filter(
      (option) => option !== "rw" && !(option === "ro" && mount.readOnly),
    );
    const without = options.length > 0 ? `, without ${options.join(",")}` : "";
    const message = `${shown(target)} is on the task's own disk, not in memory${without}`;
    const help = `Say its size, and no more than ECS knows: ${target}:size=64m.`;
    report.warn({ code: "no-effect", path, message, help });
    return taskVolume(`${member.container}${target}`, family);
  }
  if (type === "bind" && family.launch !== "FARGATE") return hostPath(mount, family, scope);
  if (type !== "volume") {
    const message = elsewhere(type, source ?? target);
    report.error({ code: "cannot-honour", path, message, help: instead(type, source ?? "") });
    return undefined;
  }
  if (source === undefined) return taskVolume(`${member.container}${target}`, family);
  return named(source, { mount, member }, family, scope);
}

/** A volume of the file. */
function named(
  source: string,
  { mount, member }: { readonly mount: Mount; readonly member: Member },
  family: Family,
  scope: Scope,
): string | undefined {
  const { path, readOnly: isReadOnly, target } = mount;
  const { report, project } = scope;
  if (isAdded(source, family)) {
    const message = `the task has a volume ${source} that Trueup adds`;
    report.error({ code: "same-name", path, message, help: "Rename the volume." });
    return undefined;
  }
  const volume = project.volumes[source] ?? {};
  if (isFileSystem(volume)) return mountFileSystem(source, { member, isReadOnly }, family, scope);
  // Instances outside AWS mount no file system of it.
  const outside =
    family.launch === "EXTERNAL"
      ? `To keep what is in it, mount a directory of the instance: /srv/${source}:${target}.`
      : undefined;
  if (volume.external === true) {
    const message = `the volume ${source} is external, which says nothing of where it is on AWS`;
    const help = outside ?? "Make it a volume with x-efs.";
    report.error({ code: "cannot-honour", path, message, help });
    return undefined;
  }
  const help = outside ?? `To keep what is in it, add x-efs: {} to volumes.${source}.`;
  warnOfLife(source, { path, help }, family, scope);
  return taskVolume(source, family);
}

/** Whether a container that Trueup adds writes into it. */
const isAdded = (name: string, { sidecars }: Family): boolean =>
  sidecars.some(({ definition: { MountPoints: mounts } }) =>
    asList(mounts).some((mount) => isMapping(mount) && mount.SourceVolume === name),
  );

/** Once for a task, however many of its containers have it. */
function warnOfLife(
  source: string,
  { path, help }: { readonly path: Path; readonly help: string },
  family: Family,
  scope: Scope,
): void {
  if (family.volumes.has(volumeName(source))) return;
  const [other] = othersWith(source, family, scope.families);
  const more = other === undefined ? "" : `, and that of ${other} has another`;
  const message = `the volume ${source} lives as long as its task${more}`;
  scope.report.warn({ code: "not-kept", path, message, help });
}

/** Why ECS does not mount what a volume of another type is. */
function elsewhere(type: string, source: string): string {
  switch (type) {
    case "image":
      return `ECS mounts no images, and so not ${source}`;
    case "cluster":
      return `ECS has no volumes of a cluster, and so not ${source}`;
    case "npipe":
      return `${source} is a pipe of Windows, which no task here has`;
    default:
      return `${source} is on the machine compose runs on, which ECS has none of`;
  }
}

/** What to do about it. Of what a machine is made of there are no files to put anywhere. */
function instead(type: string, source: string): string {
  if (
    type === "bind" &&
    /^\/(?:$|(?:dev|etc|proc|run|sys|var\/(?:lib\/docker|run))(?:\/|$))/.test(source)
  )
    return "Remove it, or run the service on container instances, with the label ecs.compute.platform: EC2.";
  const isInRepository = type === "bind" && !/^[/~]/.test(source);
  const orConfigs = isInRepository ? ", name each in configs" : "";
  return `Put the files into the image${orConfigs}, or use a volume with x-efs.`;
}

/** A path of the instance. What is relative is of the repository, which no instance has. */
function hostPath(mount: Mount, family: Family, { report }: Scope): string | undefined {
  const { source = "", bind, path } = mount;
  if (!source.startsWith("/")) {
    const message = `${source} is in the repository, of which container instances have no copy`;
    const help = "Put the files into the image, or name a path of the instance: /srv/files.";
    report.error({ code: "cannot-honour", path, message, help });
    return undefined;
  }
  for (const key of ["propagation", "selinux", "recursive"].filter(
    (name) => isMapping(bind) && bind[name] !== undefined,
  )) {
    const message = `${key} does nothing: ECS mounts ${source} without it`;
    report.warn({ code: "no-effect", path: [...path, "bind", key], message });
  }
  const name = volumeName(`host${source}`);
  family.volumes.set(name, { Name: name, Host: { SourcePath: source } });
  return name;
}

function taskVolume(text: string, family: Family): string {
  const name = volumeName(text);
  const volume: Properties = { Name: name };
  family.volumes.set(name, volume);
  return name;
}

/** ECS names volumes with letters, digits, `_` and `-`; a hash keeps apart what only those make equal. */
function volumeName(text: string): string {
  const allowed = text.replaceAll(/[^A-Za-z0-9_-]+/g, "-");
  return allowed === text ? text : hashedId(`${allowed}-`, { text });
}
