import type { Data } from "../../compose/project.ts";
import type { Properties, Value } from "../../model/template.ts";
import { suggestion } from "../nearest.ts";
import { asIs, boolean, integer, isMapping, list, object, oneOf, type Read, text } from "../read.ts";
import type { Path, Report } from "../report.ts";
import { extension, type Scope } from "../scope.ts";
import type { Family, Member } from "../services/family.ts";
import { execute } from "./execute-command.ts";
import type { ServiceKey } from "./service-key.ts";

const providers = ["FARGATE", "FARGATE_SPOT"] as const;

const readEcs = object({
  EnableExecuteCommand: boolean,
  CapacityProviderStrategy: list(
    object({ CapacityProvider: text, Base: integer, Weight: integer }, ["CapacityProvider"]),
  ),
  // Read where a family's platform is.
  CpuArchitecture: asIs,
  OperatingSystemFamily: asIs,
});

type Strategy = NonNullable<NonNullable<Read<typeof readEcs>>["CapacityProviderStrategy"]>;

/** `x-ecs`: how ECS runs a family, where compose has no word for it. */
export const ecs: ServiceKey = (data, member, family, scope) => {
  const path = [...member.path, "x-ecs"];
  const settings = readEcs(data, path, scope.report) ?? {};
  if (settings.EnableExecuteCommand === true)
    execute(member, family, [...path, "EnableExecuteCommand"], scope);
  const strategy = settings.CapacityProviderStrategy ?? [];
  if (strategy.length > 0)
    takeCapacity(strategy, [...path, "CapacityProviderStrategy"], family, scope);
};

/** Of several members each provider has the most that any asks for. */
function takeCapacity(strategy: Strategy, path: Path, family: Family, scope: Scope): void {
  for (const [index, { CapacityProvider = "" }] of strategy.entries())
    checkProvider(CapacityProvider, [...path, index], scope);
  const at = family.serviceProperties.findIndex((one) => "CapacityProviderStrategy" in one);
  const before = (family.serviceProperties[at]?.CapacityProviderStrategy ?? []) as Strategy;
  const merged = new Map<string, { readonly Base: number; readonly Weight: number }>();
  for (const { CapacityProvider = "", Base = 0, Weight = 0 } of [...before, ...strategy]) {
    const other = merged.get(CapacityProvider) ?? { Base: 0, Weight: 0 };
    merged.set(CapacityProvider, {
      Base: Math.max(Base, other.Base),
      Weight: Math.max(Weight, other.Weight),
    });
  }
  const CapacityProviderStrategy: readonly Properties[] = [...merged].map(
    ([CapacityProvider, { Base, Weight }]) => ({
      CapacityProvider,
      ...(Base > 0 ? { Base } : {}),
      Weight,
    }),
  );
  checkTogether([...merged.values()], path, scope.report);
  if (at >= 0) family.serviceProperties.splice(at, 1);
  family.serviceProperties.push({ CapacityProviderStrategy });
}

function checkProvider(name: string, path: Path, { project, report }: Scope): void {
  if (!(providers as readonly string[]).includes(name)) {
    const message = `tasks run on Fargate, so there is no capacity provider ${name} for them`;
    const help = suggestion(name, providers);
    report.error({ code: "cannot-honour", path, message, help });
    return;
  }
  const cluster = extension(project, "x-cluster");
  const properties = isMapping(cluster) ? cluster.Properties : undefined;
  const own: Data | undefined = isMapping(properties) ? properties.CapacityProviders : undefined;
  if (!Array.isArray(own) || own.includes(name)) return;
  const message = `x-cluster has no capacity provider ${name}`;
  const help = "Add it to x-cluster.Properties.CapacityProviders.";
  report.error({ code: "unknown-value", path, message, help });
}

/** What ECS would refuse. */
function checkTogether(
  all: readonly { readonly Base: number; readonly Weight: number }[],
  path: Path,
  report: Report,
): void {
  if (all.filter(({ Base }) => Base > 0).length > 1) {
    const message = "only one capacity provider may have a Base";
    report.error({ code: "contradiction", path, message });
  }
  if (all.every(({ Weight }) => Weight === 0)) {
    const message = "no capacity provider has a Weight, so no task beyond Base could start";
    report.error({ code: "contradiction", path, message, help: "Add Weight: 1." });
  }
}

const readRuntime = object({
  EnableExecuteCommand: asIs,
  CapacityProviderStrategy: asIs,
  CpuArchitecture: oneOf("X86_64", "ARM64"),
  OperatingSystemFamily: text,
});

const architectures: Readonly<Record<string, string>> = {
  amd64: "X86_64",
  x86_64: "X86_64",
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
  const value: Value = {
    CpuArchitecture: first.architecture,
    OperatingSystemFamily: "LINUX",
  };
  return { RuntimePlatform: value };
}

interface Wanted {
  readonly architecture: string;
  readonly path: Path;
}

/** `platform: linux/arm64`. */
function fromPlatform({ service, path }: Member, report: Report): readonly Wanted[] {
  if (typeof service.platform !== "string") return [];
  const [system, name = ""] = service.platform.split("/");
  const architecture = architectures[name];
  const at = [...path, "platform"];
  if (system === "linux" && architecture !== undefined) return [{ architecture, path: at }];
  const message = `Fargate runs no ${service.platform} here`;
  const help = "linux/amd64 or linux/arm64.";
  report.error({ code: "unknown-value", path: at, message, help });
  return [];
}

function fromEcs({ service, path }: Member, report: Report): readonly Wanted[] {
  const at = [...path, "x-ecs"];
  if (!isMapping(service["x-ecs"])) return [];
  const { CpuArchitecture, OperatingSystemFamily = "LINUX" } =
    readRuntime(service["x-ecs"], at, report) ?? {};
  if (OperatingSystemFamily !== "LINUX") {
    const message = `tasks on ${OperatingSystemFamily} are not supported yet`;
    const where = [...at, "OperatingSystemFamily"];
    report.error({ code: "not-supported-yet", path: where, message, help: "LINUX." });
  }
  const named = service["x-ecs"].OperatingSystemFamily !== undefined;
  if (CpuArchitecture === undefined && !named) return [];
  return [{ architecture: CpuArchitecture ?? "X86_64", path: [...at, "CpuArchitecture"] }];
}
