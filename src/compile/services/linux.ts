import type { Data } from "../../compose/project.ts";
import type { Properties } from "../../model/template.ts";
import { isMapping } from "../read.ts";
import type { Scope } from "../scope.ts";
import type { Attribute } from "./attribute.ts";
import type { Launch, Member } from "./family.ts";
import { instanceParameters } from "./instance.ts";

/** Capabilities, init, sysctls and ulimits: all on an instance, on Fargate what it has of them. */
export const linux: Attribute = (member, { launch }, scope) => {
  const parameters = {
    ...capabilities(member, launch, scope),
    ...(member.service.init === true ? { InitProcessEnabled: true } : {}),
    ...(launch !== "FARGATE" ? instanceParameters(member, scope) : {}),
  };
  return {
    ...(Object.keys(parameters).length > 0 ? { LinuxParameters: parameters } : {}),
    ...systemControls(member),
    ...ulimits(member, launch, scope),
  };
};

/** Fargate takes any capability away, but adds one only. */
function capabilities({ service, path }: Member, launch: Launch, { report }: Scope): Properties {
  const drop = texts(service.cap_drop).map(bare);
  const add = texts(service.cap_add)
    .map(bare)
    .filter((name, index) => {
      if (launch !== "FARGATE" || name === "SYS_PTRACE") return true;
      const message = `Fargate adds no capability but SYS_PTRACE: the container runs without ${name}`;
      report.warn({ code: "no-effect", path: [...path, "cap_add", index], message });
      return false;
    });
  if (add.length === 0 && drop.length === 0) return {};
  return {
    Capabilities: {
      ...(add.length > 0 ? { Add: add } : {}),
      ...(drop.length > 0 ? { Drop: drop } : {}),
    },
  };
}

/** Docker takes `CAP_NET_ADMIN` too. */
const bare = (capability: string): string => capability.replace(/^CAP_/, "");

function systemControls({ service }: Member): Properties {
  const sysctls = isMapping(service.sysctls)
    ? Object.entries(service.sysctls)
    : texts(service.sysctls).map((text) => text.split(/=(.*)/s));
  if (sysctls.length === 0) return {};
  return {
    SystemControls: sysctls.map(([name, value]) => ({
      Namespace: String(name),
      Value: String(value),
    })),
  };
}

function ulimits({ service, path }: Member, launch: Launch, { report }: Scope): Properties {
  if (!isMapping(service.ulimits)) return {};
  const limits = Object.entries(service.ulimits).flatMap(([name, limit]) => {
    if (launch === "FARGATE" && name !== "nofile") {
      const message = `Fargate sets no limit but nofile: ${name} is the platform's`;
      report.warn({ code: "no-effect", path: [...path, "ulimits", name], message });
      return [];
    }
    // The loader leaves out what is 0.
    const { soft = 0, hard = 0 } = isMapping(limit) ? limit : { soft: limit, hard: limit };
    return [{ Name: name, SoftLimit: Number(soft), HardLimit: Number(hard) }];
  });
  return limits.length > 0 ? { Ulimits: limits } : {};
}

const texts = (data: Data | undefined): readonly string[] =>
  Array.isArray(data) ? data.map(String) : [];
