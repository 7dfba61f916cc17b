import type { Properties } from "../../model/template.ts";
import { asList, asMapping } from "../read.ts";
import type { Path } from "../report.ts";
import type { Scope } from "../scope.ts";
import { defaultProviders } from "../x/cluster.ts";
import { type Family, type Launch, label, type Member } from "./family.ts";

/** Whose capacity a provider is: all but AWS's own two stand for instances. */
export const launchOfProvider = (name: string): Launch =>
  name === "FARGATE" || name === "FARGATE_SPOT" ? "FARGATE" : "EC2";

/**
 * Where a family's tasks run: as its label `ecs.compute.platform` says (one service that needs
 * instances takes all of its family there), else as its capacity providers or those of the cluster.
 */
export function launchOf(
  members: readonly Member[],
  { project, report, settings }: Pick<Scope, "project" | "report" | "settings">,
): Launch {
  const labels = members.map(({ service }) => label(service, "ecs.compute.platform"));
  const written = (["EXTERNAL", "EC2", "FARGATE"] as const).find((name) => labels.includes(name));
  const strategies = members.flatMap(providersOf);
  const [first] = strategies;
  const chosen =
    written ?? first?.launch ?? launchOfDefault(defaultProviders({ project, settings }) ?? []);
  for (const { launch, provider, path } of strategies) {
    if (launch === chosen) continue;
    const message = `the tasks run on ${places[chosen]}, and ${provider} is not of that`;
    const help = "A family runs on one kind of capacity, never on several.";
    report.error({ code: "contradiction", path, message, help });
  }
  return chosen;
}

const places: Readonly<Record<Launch, string>> = {
  EC2: "container instances",
  EXTERNAL: "instances elsewhere, which no capacity provider has",
  FARGATE: "Fargate",
};

interface Asked {
  readonly launch: Launch;
  readonly provider: string;
  readonly path: Path;
}

/** The providers that `x-ecs.CapacityProviderStrategy` names, as far as it can be read. */
function providersOf({ service, path }: Member): readonly Asked[] {
  const strategy = asList(asMapping(service["x-ecs"]).CapacityProviderStrategy);
  return strategy.flatMap((entry, index) => {
    const provider = asMapping(entry).CapacityProvider;
    if (typeof provider !== "string") return [];
    const at = [...path, "x-ecs", "CapacityProviderStrategy", index];
    return [{ launch: launchOfProvider(provider), provider, path: at }];
  });
}

const launchOfDefault = (providers: readonly string[]): Launch =>
  providers.some((name) => launchOfProvider(name) === "EC2") ? "EC2" : "FARGATE";

/** `LaunchType`, unless a strategy of the family or of its cluster says what its tasks run on. */
export function launchTypeOf(family: Family, scope: Scope): Properties {
  const hasOwn = family.serviceProperties.some((own) => own.CapacityProviderStrategy);
  const providers = defaultProviders(scope);
  const isDefault = providers !== undefined && launchOfDefault(providers) === family.launch;
  return hasOwn || isDefault ? {} : { LaunchType: family.launch };
}
