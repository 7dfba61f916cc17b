import type { Data } from "../../compose/project.ts";
import type { Value } from "../../model/template.ts";
import { asList, asMapping, isMapping } from "../read.ts";
import type { Path } from "../report.ts";
import type { Scope } from "../scope.ts";
import { textValue } from "../values.ts";
import type { Family, Member } from "./family.ts";
import { fileWriter } from "./file-writer.ts";

/** The container that writes them. */
const container = "config-files";

/** Folders that images keep what they need in: a volume in their place would hide it. */
const ofImages: ReadonlySet<string> = new Set([
  "/",
  ...["/bin", "/boot", "/dev", "/etc", "/lib", "/lib64", "/proc", "/root", "/run", "/sbin", "/sys"],
  ...["/usr", "/usr/bin", "/usr/lib", "/usr/local", "/usr/local/bin", "/usr/local/lib"],
  ...["/usr/sbin", "/usr/share", "/var", "/var/lib", "/var/run"],
]);

/** One file of one container. */
interface ConfigFile {
  readonly member: Member;
  readonly folder: string;
  readonly name: string;
  readonly content: Value;
  readonly mode: string;
  readonly owner: string;
  readonly path: Path;
}

/**
 * `configs`: files that are there before a container starts. ECS has no such thing, so a container
 * that ends writes them into a folder that both have, which is as long-lived as the task; their
 * text stands in the task definition, so that another text is another deployment.
 */
export function writeConfigs(family: Family, scope: Scope): void {
  const files = family.members.flatMap((member) => filesOf(member, scope));
  const [first] = files;
  if (first === undefined) return;
  const folders = new Map<string, { readonly volume: string; readonly member: Member }>();
  for (const { folder, member, path } of files) {
    const key = `${member.container}:${folder}`;
    if (folders.has(key)) continue;
    const volume = `config-files-${folders.size + 1}`;
    folders.set(key, { volume, member });
    family.volumes.set(volume, { Name: volume });
    member.mounts.push({ ContainerPath: folder, SourceVolume: volume, ReadOnly: true });
    const message = `the folder ${folder} holds configs alone: what the image has there is not seen`;
    scope.report.warn({ code: "covers", path, message });
  }
  for (const member of new Set(files.map((file) => file.member)))
    member.dependsOn.push({ ContainerName: container, Condition: "SUCCESS" });
  const written = files.map(({ folder, member, ...file }) => ({
    ...file,
    volume: folders.get(`${member.container}:${folder}`)?.volume ?? "",
  }));
  family.sidecars.push({
    container,
    path: first.path,
    cpu: 2,
    memory: 16,
    definition: fileWriter(written, { path: first.path, report: scope.report }),
  });
}

function filesOf(member: Member, scope: Scope): readonly ConfigFile[] {
  const given = asList(member.service.configs);
  return given.filter(isMapping).flatMap((use, index) => {
    const source = String(use.source ?? "");
    const path = [...member.path, "configs", index];
    if (source === "") {
      scope.report.error({ code: "missing-key", path, message: "source is missing" });
      return [];
    }
    const content = contentOf(source, path, scope);
    const target = String(use.target ?? source);
    const whole = target.startsWith("/") ? target : `/${target}`;
    const end = whole.lastIndexOf("/");
    const folder = whole.slice(0, end) || "/";
    checkFolder(folder, source, member, path, scope);
    if (content === undefined) return [];
    const owner = `${number(use.uid)}:${number(use.gid)}`;
    const mode = String(use.mode ?? "0444");
    return [{ member, folder, name: whole.slice(end + 1), content, mode, owner, path }];
  });
}

const number = (id: Data | undefined): string => (/^\d+$/.test(String(id)) ? String(id) : "0");

/** What a config holds. Only what compose files say themselves may refer to resources. */
function contentOf(name: string, path: Path, scope: Scope): Value | undefined {
  const config = scope.project.configs[name];
  const { content, file } = config ?? {};
  if (typeof content === "string")
    return file === undefined ? textValue(content, ["configs", name, "content"], scope) : content;
  const message = `the config ${name} says nothing of what it holds`;
  const help = `Add content or file to configs.${name}.`;
  scope.report.error({ code: "no-source", path, message, help });
  return undefined;
}

function checkFolder(
  folder: string,
  name: string,
  { service }: Member,
  path: Path,
  { report }: Scope,
): void {
  const help = `Give it a folder of its own, such as target: /config/${name}.`;
  if (ofImages.has(folder)) {
    const message = `ECS mounts folders, not files, and ${folder} is full of the image's own`;
    report.error({ code: "cannot-honour", path: [...path, "target"], message, help });
  }
  const volumes = asList(service.volumes);
  const memory = [service.tmpfs ?? []].flat().map((text) => String(text).split(":")[0]);
  const isMounted = volumes.some((volume) => asMapping(volume).target === folder);
  if (!(isMounted || memory.includes(folder))) return;
  const message = `a volume is mounted at ${folder}, too`;
  report.error({ code: "contradiction", path: [...path, "target"], message, help });
}
