import type { Properties } from "../../model/template.ts";
import { asList } from "../read.ts";
import type { Report } from "../report.ts";
import type { Member } from "./family.ts";

/** Options that take isolation away: who has them in vain is the safer for it. */
export const lessIsolation =
  /^(?:(?:apparmor|seccomp|systempaths)[:=]unconfined|label[:=]disable|no-new-privileges[:=]false)$/;

/** `no-new-privileges:true`, `label=…`, `apparmor=…`: what ECS hands on to an instance's Docker. */
export function securityOptions({ service, path }: Member, report: Report): Properties {
  const given = asList(service.security_opt).map(String);
  const options = given.flatMap((text, index) => {
    const [, key = "", value = ""] = /^([^:=]+)(?:[:=](.*))?$/s.exec(text) ?? [];
    if (key === "no-new-privileges") return value === "false" ? [] : [key];
    if (["apparmor", "credentialspec", "label"].includes(key)) return [`${key}:${value}`];
    const message = `ECS hands ${key} not on to the instance's Docker`;
    const help = "no-new-privileges, label and apparmor work.";
    const at = [...path, "security_opt", index];
    if (lessIsolation.test(text)) report.warn({ code: "no-effect", path: at, message, help });
    else report.error({ code: "cannot-honour", path: at, message, help });
    return [];
  });
  return options.length > 0 ? { DockerSecurityOptions: options } : {};
}
