import type { Application } from "./application/application.ts";
import { environmentsFollowing } from "./application/follow.ts";
import { composeFilesOf, variablesOf } from "./application/inputs.ts";
import { inspectionKey } from "./images/gates.ts";
import { commitMessage } from "./images/message.ts";
import { type ImagesRead, type Merge, readImages, repositoriesIn } from "./images/read-images.ts";
import { type ImageUpdates, imageUpdates } from "./images/updates.ts";
import { canonicalJson } from "./model/digest.ts";
import { ConflictError, TerminalError } from "./model/errors.ts";
import type { ImageRepository, Inspection } from "./model/image.ts";
import type { Registration } from "./model/registration.ts";
import type { ApplicationStatus } from "./model/status.ts";
import { inParallel } from "./parallel.ts";
import {
  applicationStatus,
  brokenApplication,
  emptyApplication,
} from "./plan/application-status.ts";
import type { Holdings, Ports } from "./ports.ts";
import { fetchApplication, fetchTip, readText, type Source } from "./source.ts";

/**
 * Writes the images that the registry holds now into the compose files that follow them, in one
 * commit, and publishes how the application stands.
 *
 * It only ever edits what should be, never what is: the commit is a push like any other, and the
 * push is what deploys it. The files are read at the commit that is named as parent, so a person's
 * commit in between makes it start over from there. Nothing to edit, nothing committed.
 */
export async function automate(application: string, ports: Ports): Promise<void> {
  const registration = await ports.registrations.read(application);
  if (registration === undefined) return;
  const before = (await ports.statuses.readApplication(application)) ?? emptyApplication;
  try {
    await publish(application, before, await follow(registration, before, ports), ports);
  } catch (error) {
    if (!(error instanceof TerminalError)) throw error;
    await publish(application, before, brokenApplication(error, before, ports.clock.now()), ports);
  }
}

/** As often as the branch may move between a look and a commit before this pass gives up. */
const mostTries = 3;

async function follow(
  registration: Registration,
  before: ApplicationStatus,
  ports: Ports,
): Promise<ApplicationStatus> {
  for (let tries = 1; ; tries += 1) {
    const tip = await fetchTip(registration, registration.branch, ports);
    const { application } = await fetchApplication(registration, tip, ports);
    const updates = await updatesOf({ application, registration, tip }, ports);
    try {
      await commit(updates, { application, registration, tip }, ports);
    } catch (error) {
      if (error instanceof ConflictError && tries < mostTries) continue;
      throw error;
    }
    const seen = { application, revision: tip.commit, updates, now: ports.clock.now() };
    return applicationStatus(seen, before);
  }
}

async function updatesOf(place: Place, ports: Ports): Promise<ImageUpdates> {
  const read = await imagesAt(place, ports);
  const held = await registryOf(repositoriesIn(read), ports);
  const inspected = new Map<string, Awaited<ReturnType<typeof inspect>>>();
  for (;;) {
    const asked = imageUpdates(read, (one) => held.get(canonicalJson(one)) ?? unasked, inspected);
    if (asked.kind === "updates") return asked.updates;
    const answers = await inParallel(asked.asks, 5, async (one) => {
      return [inspectionKey(one), await inspect(one, ports)] as const;
    });
    for (const [key, answer] of answers) inspected.set(key, answer);
  }
}

/** The images of the files of one commit; those that only reading discovers are read too. */
async function imagesAt(
  { application, registration, tip }: Place,
  ports: Ports,
): Promise<ImagesRead> {
  const environments = environmentsFollowing(application, { branch: registration.branch });
  const merges = environments.map(
    (environment): Merge => ({
      files: composeFilesOf(application, environment, (path) => tip.tree.has(path)),
      variables: variablesOf(application.name, environment),
      others: [registration.file],
    }),
  );
  const contents = new Map<string, string | undefined>();
  for (;;) {
    const asked = readImages(merges, contents);
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

const inspect = ({ digest, repository, what }: Inspection, { images }: Ports) =>
  what === "scan" ? images.scan(repository, digest) : images.index(repository, digest);

interface Place {
  readonly application: Application;
  readonly registration: Registration;
  readonly tip: Source;
}

async function commit(
  { changes, files }: ImageUpdates,
  { application, registration, tip }: Place,
  { sources }: Ports,
): Promise<void> {
  if (files.size === 0) return;
  const { author, message } = application.images;
  await sources.commit(registration.repository, registration.branch, {
    parent: tip.commit,
    files,
    author,
    message: commitMessage(changes, { application: application.name, message }),
  });
}

async function publish(
  application: string,
  before: ApplicationStatus,
  status: ApplicationStatus,
  { statuses }: Ports,
): Promise<void> {
  if (canonicalJson(before) === canonicalJson(status)) return;
  await statuses.writeApplication(application, status);
}
