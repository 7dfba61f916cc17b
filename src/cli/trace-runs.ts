import { environmentKey } from "../model/key.ts";
import { type Outline, outlineFolder } from "../model/outline.ts";
import { isRefused } from "../model/refused.ts";
import type { Registration } from "../model/registration.ts";
import type { Ports } from "../ports/ports.ts";
import { unlessRefused } from "../refused.ts";
import type { Connection } from "./connection.ts";
import { heldIn } from "./held.ts";
import type { Site } from "./site.ts";
import { linkOf, mostEntries, type StackLink, subjectOf } from "./trace-chain.ts";
import { everySite, type Found, named, untold } from "./trace-found.ts";
import { type ImageAsked, isImage, isOfRepository } from "./trace-image.ts";
import { commitsIn } from "./trace-ledger.ts";
import { UsageError } from "./usage.ts";

/** Who runs an image, or is on the way to it. */
export async function foundImage(
  word: string,
  asked: ImageAsked,
  connection: Connection,
): Promise<readonly Found[]> {
  const { ports } = connection;
  const sites = await everySite(ports);
  const found: Found[] = [];
  for (const site of sites) {
    const stacks = runningIn(site, asked);
    if (stacks.length > 0) found.push({ site, stacks: await dated(stacks, site, connection) });
  }
  if (found.length > 0) return found;
  throw new UsageError(nowhere(word, asked, sites));
}

const runningIn = (site: Site, asked: ImageAsked): readonly StackLink[] =>
  heldIn(site)
    .map((held) => {
      const images = held.images.filter(({ image }) => isImage(image, asked));
      return linkOf(held, { resources: [], images });
    })
    .filter(({ images }) => images.length > 0);

function nowhere(word: string, asked: ImageAsked, sites: readonly Site[]): string {
  const others = sites.flatMap((site) =>
    heldIn(site).flatMap(({ images }) =>
      images.filter(({ image }) => isOfRepository(image, asked)).map(({ image }) => image),
    ),
  );
  const unknown = sites.filter(
    ({ status, wanted }) => wanted === undefined && status !== undefined,
  );
  const said = [
    `Nothing runs ${word} or is on its way to it. Looked at: ${named(sites)}.`,
    ...(others.length === 0 ? [] : [`There is ${[...new Set(others)].join(", ")}.`]),
    ...(unknown.length === 0 ? [] : [untold(unknown)]),
  ];
  return said.join(" ");
}

/** With the commits that brought the images, as far back as outlines and the ledger go. */
async function dated(
  stacks: readonly StackLink[],
  site: Site,
  { people, ports }: Connection,
): Promise<readonly StackLink[]> {
  const { application, environment } = site;
  const read = await unlessRefused(async () => ({
    registration: await ports.registrations.read(application),
    entries: await people.history(application, environment, mostEntries),
    paths: await people.outlines(application, environment),
  }));
  if (isRefused(read)) return stacks;
  const { entries, paths, registration } = read;
  const past: Past = { commits: commitsIn(entries), paths, registration, site, ports };
  return Promise.all(
    stacks.map(async (stack) => {
      const images = stack.images.map(async (image) => ({
        ...image,
        from: await broughtBy(image, past),
      }));
      return { ...stack, images: await Promise.all(images) };
    }),
  );
}

interface Past {
  /** The newest first. */
  readonly commits: readonly string[];
  readonly paths: readonly string[];
  readonly registration: Registration | undefined;
  readonly site: Site;
  readonly ports: Ports;
}

/** Commits looked at, at most. */
const mostCommits = 50;

/** The oldest commit of those without a gap at which the container has this image. */
async function broughtBy(
  { container, image, presence }: StackLink["images"][number],
  { commits, paths, ports, registration, site }: Past,
): Promise<StackLink["images"][number]["from"]> {
  const { deployed, wanted } = site;
  const last = (presence === "leaving" ? deployed : wanted)?.revision;
  if (last === undefined) return undefined;
  const key = environmentKey(site.application, site.environment);
  let commit = last;
  const older = commits.slice(commits.indexOf(last) + 1, commits.indexOf(last) + 1 + mostCommits);
  for (const candidate of older) {
    const path = paths.find((one) => one.startsWith(`${outlineFolder(key)}${candidate}-`));
    // A commit that could not be compiled has none: it brought nothing.
    if (path === undefined) continue;
    const text = await ports.artifacts.read(path);
    const { stacks }: Pick<Outline, "stacks"> =
      text === undefined ? { stacks: [] } : JSON.parse(text);
    const isThere = stacks.some(({ images }) =>
      images.some((other) => other.container === container && other.image === image),
    );
    if (!isThere) break;
    commit = candidate;
  }
  return { commit, subject: await subjectOf(commit, registration, ports) };
}
