import type { Properties, Value } from "../../model/template.ts";
import type { Path, Report } from "../report.ts";

/** What writing takes: a shell. */
const image = "public.ecr.aws/docker/library/busybox:1.37.0";

/** ECS takes task definitions of 64 KiB; half of it is left for the rest. */
const mostCharacters = 32 * 1024;

/** One file in a volume of the task. */
export interface WrittenFile {
  readonly volume: string;
  readonly name: string;
  readonly content: Value;
  readonly mode: string;
  readonly owner: string;
}

/**
 * A container that writes files and ends: ECS has no files to give. Their text stands in the task
 * definition, so that another text is another deployment.
 */
export function fileWriter(
  files: readonly WrittenFile[],
  { path, report }: { readonly path: Path; readonly report: Report },
): Properties {
  const size = files.reduce((sum, { content }) => sum + JSON.stringify(content).length, 0);
  if (size > mostCharacters) {
    const message = `files of ${size} characters do not fit into a task definition: at most ${mostCharacters}`;
    const help = "Put them into the image, or on a volume with x-efs.";
    report.error({ code: "too-big", path, message, help });
  }
  return {
    Image: image,
    Essential: false,
    Command: ["sh", "-c", ["set -e", ...files.flatMap(write)].join("\n")],
    Environment: files.map(({ content }, index) => ({ Name: variable(index), Value: content })),
    MountPoints: [...new Set(files.map(({ volume }) => volume))].map(
      (volume): Properties => ({ ContainerPath: `/${volume}`, SourceVolume: volume }),
    ),
  };
}

const variable = (index: number): string => `CONFIG_${index + 1}`;

/** The shell replaces nothing in what stands in a variable. */
function write({ volume, name, mode, owner }: WrittenFile, index: number): readonly string[] {
  const file = `'${`/${volume}/${name}`.replaceAll("'", "'\\''")}'`;
  return [
    `printf %s "$${variable(index)}" > ${file}`,
    `chown ${owner} ${file}`,
    `chmod ${mode} ${file}`,
  ];
}
