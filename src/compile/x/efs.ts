import type { Answer } from "../../model/lookup.ts";
import { getAtt, type Properties, ref, type Value } from "../../model/template.ts";
import { warnBesideLookup } from "../beside-lookup.ts";
import { base } from "../graph.ts";
import { pascal } from "../ids.ts";
import { lookUp } from "../lookups.ts";
import { checkFileSystemPolicy } from "../policy-documents.ts";
import { asIs, asMapping, boolean, number, object, oneOf, passedOver, text } from "../read.ts";
import { silent } from "../report.ts";
import { layerOf, type Scope } from "../scope.ts";
import { securityGroup } from "../security-group.ts";
import type { Family, Member } from "../services/family.ts";
import { letIn } from "../services/rules.ts";
import { propertiesOf } from "../values.ts";
import { ownerOf, warnOfOwners } from "./file-owners.ts";
import { mountTargets, refuseOneZone } from "./mount-targets.ts";
import { kept } from "./x-resource.ts";

type Volume = Scope["project"]["volumes"][string];

const readEfs = object({
  Properties: asIs,
  MacroParameters: object({ EnforceIamAuth: boolean, RootDirectoryCreateMode: text }),
  Settings: object({ Subnets: text }),
  Lookup: asIs,
  Use: text,
  Services: passedOver("services have the volume that their volumes name"),
});

const usualMode = "0755";

/** How the retired ECS integration of Docker said it, too. */
const options = {
  backup_policy: oneOf("ENABLED", "DISABLED"),
  lifecycle_policy: text,
  performance_mode: oneOf("generalPurpose", "maxIO"),
  provisioned_throughput: number,
  throughput_mode: oneOf("bursting", "elastic", "provisioned"),
};
const readOptions = object(options);
const driverOptions = Object.keys(options);

/** Whether a volume is a file system that outlives its tasks. */
export const isFileSystem = (volume: Volume): boolean =>
  volume["x-efs"] !== undefined ||
  volume.driver === "efs" ||
  volume.driver === "nfs" ||
  isElsewhere(volume) ||
  Object.keys(optionsOf(volume)).some((key) => driverOptions.includes(key));

/** As the retired ECS integration of Docker had it: `external`, by its id for a name. */
const isElsewhere = ({ external, name }: Volume): boolean =>
  external === true && /^fs-[0-9a-f]+$/.test(String(name));

const optionsOf = ({ driver_opts }: Volume) => asMapping(driver_opts);

/** The file systems of a model, each with a mount target in every zone. */
export function emitFileSystems(scope: Scope): void {
  for (const [name, volume] of Object.entries(scope.project.volumes)) {
    if (isFileSystem(volume)) emitFileSystem(name, volume, scope);
  }
}

function emitFileSystem(name: string, volume: Volume, scope: Scope): void {
  const path = ["volumes", name];
  const settings = readEfs(volume["x-efs"] ?? null, [...path, "x-efs"], scope.report) ?? {};
  if (settings.MacroParameters?.EnforceIamAuth === false)
    scope.report.warn({
      code: "no-effect",
      path: [...path, "x-efs", "MacroParameters", "EnforceIamAuth"],
      message:
        "IAM decides on every mount: a service reaches the files that it mounts, and no others",
    });
  if (existing(name, scope) !== undefined) return;
  const { FileSystemPolicy } = asMapping(settings.Properties);
  const policyPath = [...path, "x-efs", "Properties", "FileSystemPolicy"];
  checkFileSystemPolicy(FileSystemPolicy, policyPath, scope.report);
  warnOfOwners(name, settings.MacroParameters?.RootDirectoryCreateMode ?? usualMode, scope);
  scope.add({
    id: fileSystem(name),
    type: "AWS::EFS::FileSystem",
    layer: base,
    properties: {
      Encrypted: true,
      ...fromOptions(name, volume, scope),
      ...propertiesOf(settings.Properties, [...path, "x-efs", "Properties"], scope),
    },
    ...kept,
    path,
    written: [...path, "x-efs", "Properties"],
  });
  const guard = guardOf(name, scope);
  scope.add({ ...guard, layer: base, path });
  const targets = mountTargets(name, settings.Settings?.Subnets, scope);
  refuseOneZone(name, settings.Properties, targets, scope.report);
  for (const { id, subnet } of targets)
    scope.add({
      id,
      type: "AWS::EFS::MountTarget",
      layer: base,
      properties: {
        FileSystemId: ref(fileSystem(name)),
        SecurityGroups: [ref(guard.id)],
        SubnetId: subnet,
      },
      path,
    });
}

/** What is looked for, and where the file says it: `x-efs.Lookup`, `x-efs.Use`, or an id of its own. */
function soughtOf(name: string, { project }: Scope) {
  const volume = project.volumes[name] ?? {};
  const { Lookup, Use } = asMapping(volume["x-efs"]);
  const path = ["volumes", name];
  if (Lookup !== undefined) return { by: Lookup, path: [...path, "x-efs", "Lookup"] };
  if (typeof Use === "string") return { by: Use, path: [...path, "x-efs", "Use"] };
  return isElsewhere(volume) ? { by: String(volume.name), path: [...path, "name"] } : undefined;
}

/** A file system that is there already. */
function existing(name: string, scope: Scope): Answer | undefined {
  const sought = soughtOf(name, scope);
  if (sought === undefined) return undefined;
  const given = asMapping(scope.project.volumes[name]?.["x-efs"]);
  // IAM decides on every mount of it as well.
  const { EnforceIamAuth: _, ...MacroParameters } = asMapping(given.MacroParameters);
  const others = { ...given, MacroParameters };
  const beside = given.Lookup === undefined ? { ...others, Use: null } : others;
  warnBesideLookup(beside, ["volumes", name, "x-efs"], scope.report);
  const { account, region } = scope.settings.target;
  const standIn = {
    FileSystemId: "fs-00000000000000000",
    Arn: `arn:aws:elasticfilesystem:${region}:${account}:file-system/fs-00000000000000000`,
  };
  const find = lookUp(`volumes.${name}`, "AWS::EFS::FileSystem", standIn);
  return find(sought.by, sought.path, scope);
}

const fileSystem = (name: string): string => `${pascal(name)}FileSystem`;

const guardOf = (name: string, scope: Scope) =>
  securityGroup(`${pascal(name)}VolumeSecurityGroup`, `Volume ${name}`, scope);

function fromOptions(name: string, volume: Volume, { report }: Scope): Properties {
  const path = ["volumes", name, "driver_opts"];
  const given = Object.entries(optionsOf(volume));
  const own = given.filter(([key]) => driverOptions.includes(key));
  for (const [key] of given) {
    if (driverOptions.includes(key)) continue;
    const message = `${key} does nothing: EFS has ${driverOptions.join(", ")}`;
    report.warn({ code: "no-effect", path: [...path, key], message });
  }
  const read = readOptions(Object.fromEntries(own), path, report) ?? {};
  const { backup_policy, lifecycle_policy, performance_mode, throughput_mode } = read;
  const { provisioned_throughput } = read;
  return {
    ...(backup_policy === undefined ? {} : { BackupPolicy: { Status: backup_policy } }),
    ...(lifecycle_policy === undefined
      ? {}
      : { LifecyclePolicies: [{ TransitionToIA: lifecycle_policy }] }),
    ...(performance_mode === undefined ? {} : { PerformanceMode: performance_mode }),
    ...(throughput_mode === undefined ? {} : { ThroughputMode: throughput_mode }),
    ...(provisioned_throughput === undefined
      ? {}
      : { ProvisionedThroughputInMibps: provisioned_throughput }),
  };
}

/** Where a member mounts a file system, and whether it may change what is there. */
interface Mounted {
  readonly member: Member;
  readonly isReadOnly: boolean;
}

/**
 * Gives a family a file system: an access point as its user, the way through the network, and the
 * right to mount. Answers the task volume's name.
 */
export function mountFileSystem(
  name: string,
  { member, isReadOnly }: Mounted,
  family: Family,
  scope: Scope,
): string {
  if (family.launch === "EXTERNAL") {
    const message = "instances elsewhere mount no file system of AWS";
    scope.report.error({ code: "cannot-honour", path: ["volumes", name], message });
  }
  const owner = ownerOf(member);
  const suffix = owner.uid === "0" && owner.gid === "0" ? "" : `-${owner.uid}-${owner.gid}`;
  const volume = `${name.replaceAll(/[^A-Za-z0-9_-]+/g, "-")}${suffix}`;
  const accessPoint = `${family.id}${pascal(volume)}AccessPoint`;
  const found = existing(name, { ...scope, report: silent });
  const arn = found?.Arn ?? getAtt(fileSystem(name), "Arn");
  allowMount(arn, accessPoint, { isRoot: owner.uid === "0", isReadOnly }, family);
  if (family.volumes.has(volume)) return volume;
  const FileSystemId = found?.FileSystemId ?? ref(fileSystem(name));
  scope.add({
    id: accessPoint,
    type: "AWS::EFS::AccessPoint",
    layer: layerOf(family),
    properties: {
      FileSystemId,
      PosixUser: { Uid: owner.uid, Gid: owner.gid },
      // What is there already lies wherever others put it: all of it is mounted.
      ...(found === undefined ? { RootDirectory: ownDirectory(name, owner, scope) } : {}),
    },
    path: member.path,
  });
  family.volumes.set(volume, {
    Name: volume,
    EFSVolumeConfiguration: {
      FilesystemId: FileSystemId,
      TransitEncryption: "ENABLED",
      AuthorizationConfig: { AccessPointId: ref(accessPoint), IAM: "ENABLED" },
    },
  });
  const sought = soughtOf(name, scope);
  if (sought === undefined) openTo(name, family, scope);
  else
    scope.report.warn({
      code: "no-way",
      path: sought.path,
      message: `nothing lets ${family.name} reach a file system that is looked up`,
      help: "Its mount targets have to let the tasks in on port 2049: by address, or by a group of x-network.AdditionalSecurityGroups.",
    });
  return volume;
}

/** Made by who mounts it first: the root of a new file system is root's. */
function ownDirectory(
  name: string,
  { uid: OwnerUid, gid: OwnerGid }: ReturnType<typeof ownerOf>,
  { project }: Scope,
): Properties {
  const settings = settingsOf(name, project);
  const Permissions = settings.MacroParameters?.RootDirectoryCreateMode ?? usualMode;
  return { Path: `/${name}`, CreationInfo: { OwnerUid, OwnerGid, Permissions } };
}

const settingsOf = (name: string, { volumes }: Scope["project"]) =>
  readEfs(volumes[name]?.["x-efs"] ?? null, [], silent) ?? {};

/** The way to a file system's mount targets, and when they are there. */
function openTo(name: string, family: Family, scope: Scope): void {
  const guarded = { name, group: ref(guardOf(name, scope).id), port: 2049 };
  letIn(family, guarded, { path: family.path, report: scope.report });
  const group = settingsOf(name, scope.project).Settings?.Subnets;
  const quiet = { ...scope, report: silent };
  const targets = mountTargets(name, group, quiet).map(({ id }) => id);
  family.waitsFor.push(...targets.filter((target) => !family.waitsFor.includes(target)));
}

/**
 * What mounting takes: writing where a container of the family writes, and being root where the
 * access point makes it root, who is nobody without.
 */
function allowMount(
  arn: Value,
  accessPoint: string,
  { isRoot, isReadOnly }: { readonly isRoot: boolean; readonly isReadOnly: boolean },
  { taskStatements }: Family,
): void {
  const AccessPointArn = getAtt(accessPoint, "Arn");
  const Condition = { StringEquals: { "elasticfilesystem:AccessPointArn": AccessPointArn } };
  const own = JSON.stringify(Condition);
  const at = taskStatements.findIndex((one) => JSON.stringify(one.Condition) === own);
  const before = taskStatements[at]?.Action ?? [];
  const actions = new Set([
    ...before,
    "elasticfilesystem:ClientMount",
    ...(isRoot ? ["elasticfilesystem:ClientRootAccess"] : []),
    ...(isReadOnly ? [] : ["elasticfilesystem:ClientWrite"]),
  ]);
  taskStatements.splice(at < 0 ? taskStatements.length : at, at < 0 ? 0 : 1, {
    Effect: "Allow",
    Action: [...actions].sort(),
    Resource: [arn],
    Condition,
  });
}
