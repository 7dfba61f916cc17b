import { pathText } from "../../compose/project.ts";
import type { Report } from "../report.ts";
import type { Injected, Member } from "./family.ts";

const nouns = { environment: "variable", secrets: "secret" } as const;

/** What a container is given under a name, and what to do where that is taken. */
interface Gift extends Injected {
  readonly name: string;
  readonly help: string;
}

/** Gives a container a variable or a secret; refuses what something else is called already. */
export function inject(
  { name, value, path, help }: Gift,
  member: Member,
  as: keyof typeof nouns,
  report: Report,
): void {
  const other = member[as].get(name);
  if (other === undefined || JSON.stringify(other.value) === JSON.stringify(value)) {
    member[as].set(name, { value, path });
    return;
  }
  const message = `gives ${member.name} a ${nouns[as]} ${name}, and so does ${pathText(other.path)}`;
  report.error({ code: "same-name", path, message, help });
}
