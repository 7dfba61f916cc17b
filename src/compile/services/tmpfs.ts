import type { Data } from "../../compose/project.ts";
import type { Properties } from "../../model/template.ts";
import { isMapping } from "../read.ts";
import type { Path, Report } from "../report.ts";
import type { Scope } from "../scope.ts";
import { mebibytes } from "../units.ts";
import type { Member } from "./family.ts";

/** Options that ECS hands on to an instance's Docker. */
const known: ReadonlySet<string> = new Set(
  "defaults ro rw suid nosuid dev nodev exec noexec remount mand nomand atime noatime diratime nodiratime relatime norelatime strictatime nostrictatime".split(
    " ",
  ),
);

/** `tmpfs`, and volumes of that type: files in an instance's memory, of a size that ECS must know. */
export const tmpfsOf = ({ service, path }: Member, { report }: Scope): readonly Properties[] => [
  ...([service.tmpfs ?? []].flat() as readonly Data[]).flatMap((text, index) =>
    short(String(text), [...path, "tmpfs", index], report),
  ),
  ...(Array.isArray(service.volumes) ? service.volumes : []).flatMap((volume: Data, index) =>
    isMapping(volume) && volume.type === "tmpfs"
      ? long(volume, [...path, "volumes", index], report)
      : [],
  ),
];

/** `/run:size=64m,noexec`. */
function short(text: string, path: Path, report: Report): readonly Properties[] {
  const [target = "", options = ""] = text.split(/:(.*)/s);
  const all = options.split(",").filter((option) => option !== "");
  const size = all.find((option) => option.startsWith("size="))?.slice("size=".length);
  const rest = all.filter((option) => !option.startsWith("size="));
  return mount({ target, size, options: rest }, path, report);
}

/** `{type: tmpfs, target: /run, tmpfs: {size: 64m}}`. */
function long(
  { target, tmpfs, read_only }: Readonly<Record<string, Data | undefined>>,
  path: Path,
  report: Report,
): readonly Properties[] {
  const { size, ...others } = isMapping(tmpfs) ? tmpfs : {};
  const options = Object.entries(others).map(([key, value]) => `${key}=${String(value)}`);
  if (read_only === true) options.push("ro");
  return mount({ target: String(target ?? ""), size, options }, path, report);
}

interface Wanted {
  readonly target: string;
  readonly size: Data | undefined;
  readonly options: readonly string[];
}

function mount(
  { target, size, options }: Wanted,
  path: Path,
  report: Report,
): readonly Properties[] {
  const unknown = options.filter((option) => !known.has(option));
  for (const option of unknown) {
    const message = `ECS mounts memory at ${target} without ${option}`;
    const help = `Remove it. These work: ${[...known].slice(0, 9).join(", ")} …`;
    report.error({ code: "cannot-honour", path, message, help });
  }
  const mebi = size === undefined ? undefined : mebibytes(size);
  if (mebi === undefined) {
    const message = `ECS mounts memory at ${target} of a known size only`;
    report.error({ code: "missing-key", path, message, help: `For example ${target}:size=64m.` });
  }
  return [
    {
      ContainerPath: target,
      Size: mebi ?? 0,
      ...(options.length > 0 ? { MountOptions: options } : {}),
    },
  ];
}
