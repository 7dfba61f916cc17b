import { parseKey } from "../model/key.ts";
import { nearest } from "../model/nearest.ts";
import { indexedIn, indexPath, mayBeIndexed } from "../model/stack-index.ts";
import { inParallel } from "../parallel.ts";
import type { Ports } from "../ports/ports.ts";
import { registered } from "./applications.ts";
import { type Held, heldIn } from "./held.ts";
import { unknown } from "./known.ts";
import { type Site, siteAt, sitesOf, withInstances } from "./site.ts";
import { linkOf, type StackLink } from "./trace-chain.ts";
import type { Question } from "./trace-question.ts";
import { type Place, UsageError } from "./usage.ts";

/** What a question is about in one environment. */
export interface Found {
  readonly site: Site;
  readonly stacks: readonly StackLink[];
}

type Of<K extends Question["kind"]> = Extract<Question, { readonly kind: K }>;

/** Applications looked at at the same time. */
const width = 5;

/** Every environment and instance of every application. */
export async function everySite(ports: Ports): Promise<readonly Site[]> {
  const all = await registered(undefined, ports);
  const sites = await inParallel(all, width, ({ application }) => sitesOf(application, ports));
  return sites.flat();
}

/** Environments in words, as many as anybody would read. */
export function named(sites: readonly Site[]): string {
  const names = sites.map(({ application, environment }) => `${application}/${environment}`);
  const more = names.length > 10 ? ` and ${names.length - 10} more` : "";
  return names.length === 0 ? "no environment" : `${names.slice(0, 10).join(", ")}${more}`;
}

/** That nobody can tell what these hold, and why. */
export function untold(sites: readonly Site[]): string {
  const [why] = sites.flatMap(({ refused }) => refused ?? []);
  const said = why === undefined ? "is not published" : `may not be read: ${why}`;
  return `What ${named(sites)} should hold ${said}.`;
}

/** One stack with all that is in it. */
export async function foundStack({ stack }: Of<"stack">, ports: Ports): Promise<readonly Found[]> {
  const { held, site } = await heldAt(stack, ports);
  return [{ site, stacks: [linkOf(held)] }];
}

export async function foundResource(
  { logicalId, stack }: Of<"resource">,
  ports: Ports,
): Promise<readonly Found[]> {
  const { held, site } = await heldAt(stack, ports);
  const resources = held.resources.filter((one) => one.logicalId === logicalId);
  if (resources.length > 0) return [{ site, stacks: [linkOf(held, { resources, images: [] })] }];
  const { name } = held.stack;
  if (held.resources.length === 0) throw new UsageError(untold([site]));
  const ids = held.resources.map((one) => one.logicalId);
  const begun = ids.filter((id) => id.startsWith(logicalId));
  const near = nearest(logicalId, ids);
  const meant = begun.length > 0 ? begun : near === undefined ? ids : [near];
  throw new UsageError(`${name} has no ${logicalId}; it has ${meant.join(", ")}.`);
}

interface HeldAt {
  readonly site: Site;
  readonly held: Held;
}

/** By its whole name from the index; else whichever begins so, of all that there are. */
async function heldAt(name: string, ports: Ports): Promise<HeldAt> {
  const place = await indexedAt(name, ports);
  const sites = place === undefined ? await everySite(ports) : [await siteAt(place, ports)];
  const all = sites.flatMap((site) => heldIn(site).map((held) => ({ site, held })));
  const begun = all.filter(({ held: { stack } }) => stack.name.startsWith(name));
  const exact = begun.filter(({ held: { stack } }) => stack.name === name);
  const [only, ...more] = exact.length > 0 ? exact : begun;
  if (only !== undefined && more.length === 0) return only;
  if (only !== undefined) {
    const names = begun.map(({ held }) => held.stack.name).join(", ");
    throw new UsageError(`${name} begins the names of several stacks: ${names}.`);
  }
  throw new UsageError(
    place === undefined
      ? `There is no stack ${name}. Looked at: the index of stacks, ${named(sites)}.`
      : `${name} was a stack of ${named(sites)}, of which nothing is told any more.`,
  );
}

async function indexedAt(name: string, { artifacts }: Ports): Promise<Place | undefined> {
  const text = mayBeIndexed(name) ? await artifacts.read(indexPath(name)) : undefined;
  const key = parseKey(indexedIn(text, name)?.key ?? "");
  return key === undefined || "look" in key ? undefined : key;
}

/** What a place in a compose file became: in the environment, or in each of its instances. */
export async function foundPath(
  { path, place }: Of<"path">,
  ports: Ports,
): Promise<readonly Found[]> {
  const sites = await withInstances(place, ports);
  if (sites[0]?.status === undefined) throw await unknown(place, ports);
  const all = sites.map((site) => ({ site, held: heldIn(site) }));
  const paths = [...new Set(all.flatMap(({ held }) => held.flatMap(pathsIn)))];
  if (paths.length === 0) throw new UsageError(untold(sites));
  const meant = paths.filter((one) => isAtOrBelow(one, path));
  // What has nothing of its own is part of what it stands in.
  const around = paths.filter((one) => isAtOrBelow(path, one)).sort((a, b) => b.length - a.length);
  const wanted = new Set(meant.length > 0 ? meant : around.slice(0, 1));
  if (wanted.size === 0) {
    const near = nearest(path, paths);
    const known = near === undefined ? tops(paths).join(", ") : near;
    throw new UsageError(`Nothing of ${named(sites)} comes from ${path}; it has ${known}.`);
  }
  const isMeant = ({ cause }: { readonly cause: { readonly path: string } | undefined }) =>
    cause !== undefined && wanted.has(cause.path);
  return all.flatMap(({ held, site }) => {
    const stacks = held
      .map((one) =>
        linkOf(one, {
          resources: one.resources.filter(isMeant),
          images: one.images.filter(isMeant),
        }),
      )
      .filter(({ images, resources }) => images.length + resources.length > 0);
    return stacks.length === 0 ? [] : [{ site, stacks }];
  });
}

const pathsIn = ({ images, resources }: Held): readonly string[] =>
  [...resources, ...images].flatMap(({ cause }) => (cause === undefined ? [] : [cause.path]));

const isAtOrBelow = (path: string, top: string): boolean =>
  path === top || path.startsWith(`${top}.`) || path.startsWith(`${top}[`);

/** Those that stand in no other. */
const tops = (paths: readonly string[]): readonly string[] =>
  paths.filter((path) => paths.every((other) => other === path || !isAtOrBelow(path, other)));
