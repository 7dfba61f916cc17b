import type { Application } from "./application/application.ts";
import { environmentsFollowing } from "./application/follow.ts";
import { composeFilesOf, variablesOf } from "./application/inputs.ts";
import { commitMessage } from "./images/message.ts";
import { type ImageUpdates, imageUpdates, type Merge, repositoriesIn } from "./images/updates.ts";
import { canonicalJson } from "./model/digest.ts";
import { ConflictError, TerminalError } from "./model/errors.ts";
import type { ImageRepository, RegistryImage } from "./model/image.ts";
import type { Registration } from "./model/registration.ts";
import type { ApplicationStatus } from "./model/status.ts";
import { inParallel } from "./parallel.ts";
import {
  applicationStatus,
  brokenApplication,
  emptyApplication,
} from "./plan/application-status.ts";
import type { Ports } from "./ports.ts";
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

async function updatesOf(
  { application, registration: { branch }, tip }: Place,
  ports: Ports,
): Promise<ImageUpdates> {
  const envFile = await readText(tip, ".env", ports);
  const merges = await Promise.all(
    environmentsFollowing(application, { branch }).map(async (environment): Promise<Merge> => {
      const paths = composeFilesOf(application, environment, (path) => tip.tree.has(path));
      const files = paths.map(async (path) => ({ path, text: await readText(tip, path, ports) }));
      const found = (await Promise.all(files)).flatMap(({ path, text }) =>
        text === undefined ? [] : [{ path, text }],
      );
      const variables = variablesOf(application.name, environment);
      return { files: found, variables, ...(envFile === undefined ? {} : { envFile }) };
    }),
  );
  const held = await registryOf(repositoriesIn(merges), ports);
  return imageUpdates(merges, (repository) => held.get(canonicalJson(repository)));
}

/** What the registry holds now, whatever an event said. */
async function registryOf(
  repositories: readonly ImageRepository[],
  { images }: Ports,
): Promise<ReadonlyMap<string, readonly RegistryImage[] | undefined>> {
  const listed = await inParallel(repositories, 5, async (repository) => {
    return [canonicalJson(repository), await images.list(repository)] as const;
  });
  return new Map(listed);
}

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
