import { environmentKey } from "../model/key.ts";
import { type Outline, type Outlined, outlinePath } from "../model/outline.ts";
import { type EnvironmentRecord, emptyRecord } from "../model/record.ts";
import { isRefused } from "../model/refused.ts";
import type { EnvironmentStatus } from "../model/status.ts";
import { inParallel } from "../parallel.ts";
import type { Ports } from "../ports/ports.ts";
import { unlessRefused } from "../refused.ts";
import { environmentsOf } from "./applications.ts";
import type { Place } from "./usage.ts";

/** What the controller has published of one environment, or of one instance. */
export interface Site extends Place {
  /** Undefined: it has said nothing yet. */
  readonly status: EnvironmentStatus | undefined;
  readonly record: EnvironmentRecord;
  /** What is wanted, or was when that could be told last; undefined: nobody knows. */
  readonly wanted: Outline | undefined;
  /** What was last seen wholly deployed; undefined: nothing was, or nobody knows. */
  readonly deployed: Outline | undefined;
  /** Why nothing but the status is known: what refuses to be read; undefined: all could be. */
  readonly refused: string | undefined;
}

export async function siteAt(place: Place, ports: Ports): Promise<Site> {
  const { application, environment } = place;
  const key = environmentKey(application, environment);
  const status = await ports.statuses.readEnvironment(application, environment);
  const bare = { application, environment, status };
  const found = await unlessRefused(async () => {
    const { record } = await ports.records.read(key);
    return { record, ...(await outlinesOf(key, { record, status }, ports)) };
  });
  return isRefused(found)
    ? { ...bare, record: emptyRecord, wanted: undefined, deployed: undefined, ...found }
    : { ...bare, ...found, refused: undefined };
}

/** What is wanted cannot always be told: then it is what was rolled out, or deployed, last. */
async function outlinesOf(
  key: string,
  { record, status }: Pick<Site, "record" | "status">,
  ports: Ports,
): Promise<Pick<Site, "deployed" | "wanted">> {
  const bundle = status?.digest.bundle;
  const [desired, meant] = [status?.revision.desired, record.intent?.revision];
  const [atDesired, atMeant, deployed] = await Promise.all([
    outlineAt(key, outlinedAt(desired, bundle), ports),
    outlineAt(key, outlinedAt(meant, bundle), ports),
    outlineAt(key, record.deployed, ports),
  ]);
  return { wanted: atDesired ?? atMeant ?? deployed, deployed };
}

const outlinedAt = (revision?: string, bundle?: string): Outlined | undefined =>
  revision === undefined || bundle === undefined ? undefined : { revision, bundle };

async function outlineAt(
  key: string,
  of: Outlined | undefined,
  { artifacts }: Ports,
): Promise<Outline | undefined> {
  const text = of === undefined ? undefined : await artifacts.read(outlinePath(key, of));
  return text === undefined ? undefined : (JSON.parse(text) as Outline);
}

/** The instances of an environment: those that it tells of. */
const instancesOf = ({ environment, status }: Site): readonly string[] =>
  (status?.instances ?? []).map(({ name }) => `${environment}.${name}`);

/** Environments looked at at the same time. */
const width = 5;

/** Every environment of an application, each with its instances after it. */
export async function sitesOf(application: string, ports: Ports): Promise<readonly Site[]> {
  const status = await ports.statuses.readApplication(application);
  const names = await environmentsOf(application, status, ports);
  const sites = await inParallel(names, width, (environment) =>
    withInstances({ application, environment }, ports),
  );
  return sites.flat();
}

/** An environment, and its instances after it. */
export async function withInstances(place: Place, ports: Ports): Promise<readonly Site[]> {
  const { application } = place;
  const site = await siteAt(place, ports);
  const instances = await inParallel(instancesOf(site), width, (environment) =>
    siteAt({ application, environment }, ports),
  );
  return [site, ...instances];
}
