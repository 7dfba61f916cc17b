import type { Properties } from "../../model/template.ts";
import { isMapping, oneOf, text } from "../read.ts";
import type { Path, Report } from "../report.ts";
import type { Scope } from "../scope.ts";
import type { Family, Member } from "./family.ts";

const architectures: Readonly<Record<string, string>> = {
  amd64: "X86_64",
  x86_64: "X86_64",
  "x86-64": "X86_64",
  arm64: "ARM64",
  aarch64: "ARM64",
};

/** What a family's images are made for: `platform`, or `x-ecs`. All containers of a task share it. */
export function runtimePlatform(family: Family, { report }: Scope): Properties {
  const wanted = family.members.flatMap((member) => [
    ...fromPlatform(member, report),
    ...fromEcs(member, report),
  ]);
  const [first] = wanted;
  if (first === undefined) return {};
  for (const { architecture, path } of wanted) {
    if (architecture === first.architecture) continue;
    const message = `${family.name} is one task, and cannot run on ${first.architecture} and ${architecture}`;
    report.error({ code: "differs", path, message });
  }
  // The system of an instance is its own: a task says which instances it can run on.
  if (family.launch !== "FARGATE") return { PlacementConstraints: [runsOn(first.architecture)] };
  return {
    RuntimePlatform: { CpuArchitecture: first.architecture, OperatingSystemFamily: "LINUX" },
  };
}

const runsOn = (architecture: string): Properties => ({
  Type: "memberOf",
  Expression: `attribute:ecs.cpu-architecture == ${architecture.toLowerCase()}`,
});

interface Wanted {
  readonly architecture: string;
  readonly path: Path;
}

/** `linux/arm64`, `linux/arm64/v8`, or one of the two alone: Docker then takes what is usual for the other. */
function fromPlatform({ service, path }: Member, report: Report): readonly Wanted[] {
  const { platform } = service;
  if (typeof platform !== "string") return [];
  const [first = "", second] = platform.toLowerCase().split("/");
  const isAlone = second === undefined && Object.hasOwn(architectures, first);
  const [system, name] = isAlone ? ["linux", first] : [first, second];
  if (system === "linux" && name === undefined) return [];
  const at = [...path, "platform"];
  const architecture = Object.hasOwn(architectures, name ?? "")
    ? architectures[name ?? ""]
    : undefined;
  if (system === "linux" && architecture !== undefined) return [{ architecture, path: at }];
  const message = `no tasks run on ${platform} here`;
  const help = "linux/amd64 or linux/arm64.";
  // An image may be made for one of those as well, or run there: 32 bits do on most.
  if (system === "linux") report.warn({ code: "unknown-value", path: at, message, help });
  else report.error({ code: "unknown-value", path: at, message, help });
  return [];
}

/** `x-ecs: {CpuArchitecture, OperatingSystemFamily}`. */
function fromEcs({ service, path }: Member, report: Report): readonly Wanted[] {
  const given = service["x-ecs"];
  if (!isMapping(given)) return [];
  const { CpuArchitecture, OperatingSystemFamily } = given;
  const at = [...path, "x-ecs", "OperatingSystemFamily"];
  if (OperatingSystemFamily !== undefined && OperatingSystemFamily !== "LINUX") {
    const system = text(OperatingSystemFamily, at, report);
    const message = `tasks on ${system} are not supported yet`;
    if (system !== undefined)
      report.error({ code: "not-supported-yet", path: at, message, help: "LINUX." });
  }
  if (CpuArchitecture === undefined)
    return OperatingSystemFamily === undefined ? [] : [{ architecture: "X86_64", path: at }];
  const where = [...path, "x-ecs", "CpuArchitecture"];
  const architecture = oneOf("X86_64", "ARM64")(CpuArchitecture, where, report);
  return architecture === undefined ? [] : [{ architecture, path: where }];
}
