import type { Properties } from "../../model/template.ts";
import { asList } from "../read.ts";
import type { Path } from "../report.ts";
import type { Scope } from "../scope.ts";
import type { Attribute } from "./attribute.ts";
import type { Family, Member } from "./family.ts";

/** `volumes_from`: what another container of the same task mounts, at the same places. */
export const volumesFrom: Attribute = (member, family, scope) => {
  const sources = asList(member.service.volumes_from).flatMap(
    (text, index) =>
      sourceOf(String(text), [...member.path, "volumes_from", index], family, scope) ?? [],
  );
  return sources.length > 0 ? { VolumesFrom: sources } : {};
};

/** `service`, `service:ro`; undefined, and said so: no container of the task is called so. */
function sourceOf(
  text: string,
  path: Path,
  family: Pick<Family, "name" | "members">,
  { report }: Scope,
): Properties | undefined {
  const [name = "", mode] = text.split(":");
  const source = family.members.find((other: Member) => other.name === name);
  if (source !== undefined)
    return { SourceContainer: source.container, ...(mode === "ro" ? { ReadOnly: true } : {}) };
  const message =
    name === "container"
      ? `${text} is a container that compose did not start, which ECS has none of`
      : `${name} runs in another task than ${family.name}, and its volumes with it`;
  const help = `Give both services the label ecs.task.family: ${family.name}, or both a volume with x-efs.`;
  report.error({ code: "cannot-honour", path, message, help });
  return undefined;
}
