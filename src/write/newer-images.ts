import type { Application, Environment } from "../application/application.ts";
import { environmentsFollowing } from "../application/follow.ts";
import { composeFilesOf, hasComposeFiles, variablesOf } from "../application/inputs.ts";
import { readText, type Source } from "../desired/source.ts";
import { fightsIn, movesIn } from "../images/fights.ts";
import { inspectionKey } from "../images/gates.ts";
import { type ImagesRead, type Merge, readImages, repositoriesIn } from "../images/read-images.ts";
import { type ImageUpdates, imageUpdates, type Registry } from "../images/updates.ts";
import { memoOf } from "../memo.ts";
import { canonicalJson, digestOf } from "../model/digest.ts";
import type { ImageRepository, IndexEntry, Inspection, Scan } from "../model/image.ts";
import type { Registration } from "../model/registration.ts";
import { inParallel } from "../parallel.ts";
import type { Holdings } from "../ports/images.ts";
import type { Ports } from "../ports/ports.ts";
import { unlessRefused } from "../refused.ts";

/** An application at one commit of its repository. */
export interface ImagePlace {
  readonly application: Application;
  readonly registration: Registration;
  readonly tip: Source;
}

/**
 * What the files at a commit should say of images, by what the registry holds now. What two
 * policies move to and fro stays where it is.
 */
export async function newerImages(place: ImagePlace, ports: Ports): Promise<ImageUpdates> {
  const files = filesOf(place);
  const held = await registryOf(await repositoriesAt(files, place, ports), ports);
  const found = digestOf([files.key, [...held]]);
  const rested = resting.get(found);
  if (rested !== undefined) return rested;

  const read = await imagesAt(files, place, ports);
  const registry: Registry = (one) => held.get(canonicalJson(one)) ?? unasked;
  const known: Known = { inspected: new Map(), barred: new Map() };
  const wanted = await certain({ read, registry, known }, ports);
  // What was inspected may be another thing by the next look.
  if (wanted.files.size === 0 && known.inspected.size === 0) resting.set(found, wanted);
  if (wanted.files.size === 0) return wanted;

  const messages = await automated(place, ports);
  const barred = fightsIn(wanted.changes, place.application.name, messages);
  if (barred.size === 0) return wanted;
  return certain({ read, registry, known: { ...known, barred } }, ports);
}

/**
 * What there was to say where nothing moves, by what the files and the registries say. Some 2 KB
 * each: a sweep goes through all that there are, and reads none of their files.
 */
const resting = memoOf<ImageUpdates>(5000);

const repositories = memoOf<readonly ImageRepository[]>(5000);

/** What the registries are asked. */
async function repositoriesAt(
  files: Files,
  place: ImagePlace,
  ports: Ports,
): Promise<readonly ImageRepository[]> {
  const known = repositories.get(files.key);
  if (known !== undefined) return known;
  const asked = repositoriesIn(await imagesAt(files, place, ports));
  repositories.set(files.key, asked);
  return asked;
}

interface Known {
  readonly inspected: Map<string, Awaited<ReturnType<typeof inspect>>>;
  readonly barred: ReadonlyMap<string, string>;
}

interface Asked {
  readonly read: ImagesRead;
  readonly registry: Registry;
  readonly known: Known;
}

/** Asks about single images until nothing more has to be known; an answer is kept in `known`. */
async function certain({ known, read, registry }: Asked, ports: Ports): Promise<ImageUpdates> {
  for (;;) {
    const asked = imageUpdates(read, registry, known);
    if (asked.kind === "updates") return asked.updates;
    await inParallel(asked.asks, 5, async (one) => {
      known.inspected.set(inspectionKey(one), await inspect(one, ports));
    });
  }
}

/** How far back a fight is looked for: two sides need two commits each to be seen. */
const mostCommits = 8;

/** The messages of the commits that policies made last, back to one that somebody else made. */
async function automated({ tip }: ImagePlace, { sources }: Ports): Promise<readonly string[]> {
  const messages: string[] = [];
  let commit: string | undefined = tip.commit;
  while (commit !== undefined && messages.length < mostCommits) {
    const { parent, text }: { readonly parent: string | undefined; readonly text: string } =
      await sources.message(tip.repository, commit);
    if (movesIn(text).length === 0) break;
    messages.push(text);
    commit = parent;
  }
  return messages;
}

/** The files of one commit that images are looked for in. */
interface Files {
  /** A digest of all that they say. */
  readonly key: string;
  readonly following: readonly Merge[];
  readonly others: readonly Merge[];
}

/** All of an environment in which images, or values with markers, may stand; `file`: its `trueup.yaml`. */
export const mergeOf = (
  application: Application,
  environment: Environment,
  { file, isThere }: { readonly file: string; readonly isThere: (path: string) => boolean },
): Merge => ({
  files: composeFilesOf(application, environment, isThere),
  variables: variablesOf(application.name, environment),
  others: [file],
});

function filesOf({ application, registration, tip }: ImagePlace): Files {
  const isThere = (path: string) => tip.tree.has(path);
  const merge = (environment: Environment): Merge =>
    mergeOf(application, environment, { isThere, file: registration.file });
  const follow = environmentsFollowing(application, { branch: registration.branch });
  const following = follow.map(merge);
  // They get these files by another way: with a tag, when they are verified, or in a branch of theirs.
  const others = Object.values(application.environments)
    .filter((environment) => !follow.includes(environment))
    .filter((environment) => hasComposeFiles(application, environment, isThere))
    .map(merge);
  return { key: digestOf([[...tip.tree], following, others]), following, others };
}

/** Some 70 KB for each compose file. */
const reads = memoOf<ImagesRead>(50);

/** Their images; files that only reading discovers are read too. */
async function imagesAt(
  { following, key, others }: Files,
  { tip }: ImagePlace,
  ports: Ports,
): Promise<ImagesRead> {
  const known = reads.get(key);
  if (known !== undefined) return known;
  const all = await readFrom(tip, following, others, ports);
  // What is wrong with files of others keeps nobody's images from moving who follows.
  const read =
    all.isWhole || following.length === 0 ? all : await readFrom(tip, following, [], ports);
  reads.set(key, read);
  return read;
}

async function readFrom(
  tip: Source,
  following: readonly Merge[],
  others: readonly Merge[],
  ports: Ports,
): Promise<ImagesRead> {
  const contents = new Map<string, string | undefined>();
  for (;;) {
    const asked = readImages(following, contents, others);
    if (asked.kind === "read") return asked.read;
    await inParallel(asked.paths, 5, async (path) => {
      contents.set(path, await readText(tip, path, ports));
    });
  }
}

/** What the registry holds now, whatever an event said. */
async function registryOf(
  repositories: readonly ImageRepository[],
  { images }: Ports,
): Promise<ReadonlyMap<string, Holdings>> {
  const listed = await inParallel(repositories, 5, async (repository) => {
    return [canonicalJson(repository), await images.list(repository)] as const;
  });
  return new Map(listed);
}

/** The registry is asked for every repository that can decide, so that nothing comes to this. */
const unasked: Holdings = { kind: "refused", reason: "its repository was not asked" };

/** What only one policy asks for keeps no other from moving. */
const inspect = ({ digest, repository, what }: Inspection, { images }: Ports) =>
  unlessRefused<Scan | readonly IndexEntry[] | undefined>(() =>
    what === "scan" ? images.scan(repository, digest) : images.index(repository, digest),
  );
