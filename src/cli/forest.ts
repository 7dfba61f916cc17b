import type { OutlinedResource } from "../model/outline.ts";
import type { Registration } from "../model/registration.ts";
import type { Condition, EnvironmentStatus } from "../model/status.ts";
import { inParallel } from "../parallel.ts";
import type { Ports } from "../ports/ports.ts";
import { registered } from "./applications.ts";
import { refuseUnknown } from "./known.ts";
import { type Site, sitesOf, withInstances } from "./site.ts";
import { type SeenStack, stacksOf } from "./stacks-seen.ts";
import type { Place } from "./usage.ts";

/** What `trueup tree --json` prints: see schemas/tree.schema.json. What is not known is not there. */
export interface Forest {
  readonly applications: readonly ApplicationTree[];
}

export interface ApplicationTree {
  readonly application: string;
  readonly repository: string;
  readonly branch: string;
  /** The commit that was read last. */
  readonly revision: string | undefined;
  readonly conditions: readonly Condition[];
  readonly environments: readonly EnvironmentTree[];
}

export interface EnvironmentTree {
  /** `env` or `env.instance`. */
  readonly environment: string;
  /** Of an instance, what its environment says of it: a reason, as of `Ready`, or why it is not begun. */
  readonly state?: string;
  /** Undefined: nothing was ever said of it. */
  readonly revision: EnvironmentStatus["revision"] | undefined;
  readonly conditions: readonly Condition[];
  readonly target: { readonly account: string; readonly region: string } | undefined;
  /** The commit that the lines of its resources are counted in. */
  readonly linesOf: string | undefined;
  readonly stacks: readonly StackTree[];
  readonly instances: readonly EnvironmentTree[];
  /** Why no more is known of it. */
  readonly refused: string | undefined;
}

export interface StackTree extends Omit<SeenStack, "outline"> {
  /** Undefined: nobody knows, or nobody asks. */
  readonly resources: readonly OutlinedResource[] | undefined;
}

/** Undefined: any. */
interface Whereabouts {
  readonly application: string | undefined;
  readonly environment?: string;
}

/** Applications looked at at the same time. */
const width = 5;

/** What there is of everything, one application or one environment. Throws where that is not. */
export async function forestOf(
  { application, environment }: Whereabouts,
  isCompact: boolean,
  ports: Ports,
): Promise<Forest> {
  const grown = await inParallel(await registered(application, ports), width, async (followed) => {
    const sites = await (environment === undefined
      ? sitesOf(followed.application, ports)
      : thereAt({ application: followed.application, environment }, ports));
    return treeOf(followed, sites, { isCompact, ports });
  });
  return { applications: grown };
}

async function thereAt(place: Place, ports: Ports): Promise<readonly Site[]> {
  const sites = await withInstances(place, ports);
  if (sites[0]?.status === undefined) await refuseUnknown(place, ports);
  return sites;
}

async function treeOf(
  { application, branch, repository }: Registration,
  sites: readonly Site[],
  { isCompact, ports }: { readonly isCompact: boolean; readonly ports: Ports },
): Promise<ApplicationTree> {
  const status = await ports.statuses.readApplication(application);
  const grown = (site: Site): EnvironmentTree => ({
    ...environmentOf(site, isCompact),
    instances: sites
      .filter((one) => isInstanceOf(one, site))
      .map((one) => ({ ...grown(one), ...stateOf(one, site) })),
  });
  return {
    application,
    repository,
    branch,
    revision: status?.revision,
    conditions: status?.conditions ?? [],
    environments: sites
      .filter((site) => !sites.some((other) => isInstanceOf(site, other)))
      .map(grown),
  };
}

const isInstanceOf = (one: Site, { environment }: Site): boolean =>
  one.environment.startsWith(`${environment}.`);

function stateOf(one: Site, { environment, status }: Site): Pick<EnvironmentTree, "state"> {
  const isIt = ({ name }: { readonly name: string }) =>
    `${environment}.${name}` === one.environment;
  const { state } = status?.instances?.find(isIt) ?? {};
  return state === undefined ? {} : { state };
}

const environmentOf = (site: Site, isCompact: boolean): Omit<EnvironmentTree, "instances"> => ({
  environment: site.environment,
  revision: site.status?.revision,
  conditions: site.status?.conditions ?? [],
  target: site.wanted?.target,
  linesOf: site.wanted?.revision,
  stacks: stacksOf(site).map(({ outline, ...stack }) => ({
    ...stack,
    resources: isCompact ? undefined : outline?.resources,
  })),
  refused: site.refused,
});
