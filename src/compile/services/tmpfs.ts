import type { Data } from "../../compose/project.ts";
import type { Properties } from "../../model/template.ts";
import { asList, asMapping, isMapping } from "../read.ts";
import type { Path } from "../report.ts";
import { mebibytes } from "../units.ts";
import type { Member } from "./family.ts";

/** Options that ECS hands on. */
const known: ReadonlySet<string> = new Set(
  "defaults ro rw suid nosuid dev nodev exec noexec remount mand nomand atime noatime diratime nodiratime relatime norelatime strictatime nostrictatime sync dirsync async".split(
    " ",
  ),
);

interface Wanted {
  readonly target: string;
  readonly size: Data | undefined;
  readonly options: readonly string[];
  readonly path: Path;
}

/** `tmpfs`, and volumes of that type. */
const wantedBy = ({ service, path }: Member): readonly Wanted[] => [
  ...([service.tmpfs ?? []].flat() as readonly Data[]).map((text, index) =>
    short(String(text), [...path, "tmpfs", index]),
  ),
  ...asList(service.volumes).flatMap((volume, index) =>
    isMapping(volume) && volume.type === "tmpfs" ? long(volume, [...path, "volumes", index]) : [],
  ),
];

/** `/run:size=64m,noexec`. */
function short(text: string, path: Path): Wanted {
  const [target = "", options = ""] = text.split(/:(.*)/s);
  const all = options.split(",").filter((option) => option !== "");
  const size = all.find((option) => option.startsWith("size="))?.slice("size=".length);
  const rest = all.filter((option) => !option.startsWith("size="));
  return { target, size, options: rest, path };
}

/** `{type: tmpfs, target: /run, tmpfs: {size: 64m}}`. */
function long(
  { target, tmpfs, read_only }: Readonly<Record<string, Data | undefined>>,
  path: Path,
): Wanted {
  const { size, ...others } = asMapping(tmpfs);
  const options = Object.entries(others).map(([key, value]) => `${key}=${String(value)}`);
  if (read_only === true) options.push("ro");
  return { target: String(target ?? ""), size, options, path };
}

/** Those that ECS can have in memory, where it has to know their size. Others are on the task's disk. */
export const inMemory = (member: Member): readonly Properties[] =>
  wantedBy(member)
    .filter(({ options, size }) => unknownIn(options).length === 0 && sizeOf(size) !== undefined)
    .map(mount);

/** The options that are asked for at a path, but for its size. */
export const optionsAt = (target: string, member: Member): readonly string[] =>
  wantedBy(member).find((wanted) => wanted.target === target)?.options ?? [];

const unknownIn = (options: readonly string[]): readonly string[] =>
  options.filter((option) => !known.has(option));

const sizeOf = (size: Data | undefined): number | undefined =>
  size === undefined ? undefined : mebibytes(size);

const mount = ({ target, size, options }: Wanted): Properties => ({
  ContainerPath: target,
  Size: sizeOf(size) ?? 0,
  ...(options.length > 0 ? { MountOptions: options } : {}),
});
