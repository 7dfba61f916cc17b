import { shown } from "../../compose/shown.ts";
import type { Properties } from "../../model/template.ts";
import { suggestion } from "../nearest.ts";
import { asIs, boolean, integer, list, object, type Read, text } from "../read.ts";
import type { Path, Report } from "../report.ts";
import type { Scope } from "../scope.ts";
import type { Family } from "../services/family.ts";
import { launchOfProvider } from "../services/launch.ts";
import { execute } from "./execute-command.ts";
import type { ServiceKey } from "./service-key.ts";

const readEcs = object({
  EnableExecuteCommand: boolean,
  CapacityProviderStrategy: list(
    object({ CapacityProvider: text, Base: integer, Weight: integer }, ["CapacityProvider"]),
  ),
  // Read with `platform`, which says the same.
  CpuArchitecture: asIs,
  OperatingSystemFamily: asIs,
});

type Strategy = NonNullable<Read<typeof readEcs>["CapacityProviderStrategy"]>;

/** `x-ecs`: how ECS runs a family, where compose has no word for it. */
export const ecs: ServiceKey = (data, path, family, scope, member) => {
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
  for (const [index, { Base = 0, Weight = 0 }] of strategy.entries()) {
    if (Base >= 0 && Base <= 100_000 && Weight >= 0 && Weight <= 1000) continue;
    const message = "Base is 0 to 100000, and Weight 0 to 1000";
    scope.report.error({ code: "out-of-bounds", path: [...path, index], message });
  }
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

/** A provider of instances is the cluster's, by name: only AWS's two are there by themselves. */
function checkProvider(name: string, path: Path, { cluster, report }: Scope): void {
  if (/^(?:aws|ecs|fargate)/i.test(name) && launchOfProvider(name) === "EC2") {
    const message = `there is no capacity provider ${shown(name)}: such names are AWS's own`;
    const help = suggestion(name, ["FARGATE", "FARGATE_SPOT"]);
    report.error({ code: "unknown-value", path, message, help });
    return;
  }
  const { providers } = cluster();
  if (providers === undefined || providers.includes(name)) return;
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
