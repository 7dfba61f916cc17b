import { notRegistered } from "../desired/place.ts";
import { fetchApplication, fetchTip } from "../desired/source.ts";
import { commitMessage, updateId } from "../images/message.ts";
import { dueAt } from "../images/pace.ts";
import type { ImageUpdates } from "../images/updates.ts";
import { ConflictError, TerminalError } from "../model/errors.ts";
import { imagesKey } from "../model/key.ts";
import type { Registration } from "../model/registration.ts";
import { isSameJson } from "../model/same.ts";
import type { ApplicationStatus } from "../model/status.ts";
import { fitting } from "../model/status-text.ts";
import {
  applicationStatus,
  brokenApplication,
  emptyApplication,
  retryingApplication,
} from "../plan/application-status.ts";
import { textOf } from "../plan/backoff.ts";
import { wakeUp } from "../plan/next-look.ts";
import type { Ports } from "../ports/ports.ts";
import { type ImagePlace, newerImages } from "./newer-images.ts";
import { type Edit, type WriteBack, withdraw, writeBack } from "./write-back.ts";

/**
 * Writes the images that the registry holds now into the compose files that follow them, in one
 * commit, and publishes how the application stands.
 *
 * It only ever edits what should be, never what is: the commit is a push like any other, and the
 * push is what deploys it. The files are read at the commit that is named as parent, so a person's
 * commit in between makes it start over from there. Nothing to edit, nothing committed.
 */
export async function automate(application: string, ports: Ports): Promise<void> {
  const published = await ports.statuses.readApplication(application);
  const before = published ?? emptyApplication;
  try {
    const registration = await ports.registrations.read(application);
    // Of what was never looked at nothing is said either.
    if (registration === undefined && published === undefined) return;
    if (registration === undefined) throw notRegistered(application);
    await publish(application, before, await follow(registration, before, ports), ports);
  } catch (error) {
    const now = ports.clock.now();
    if (error instanceof ConflictError) throw error;
    if (error instanceof TerminalError) {
      await publish(application, before, brokenApplication(error, before, now), ports);
      return;
    }
    const key = imagesKey(application);
    ports.log("images not looked after", { application, error: textOf(error) });
    const status = retryingApplication(error, { before, key, now });
    await publish(application, before, status, ports);
  }
}

/** As often as the branch may move between a look and a commit before this pass gives up. */
const mostTries = 3;

/** Milliseconds that a pass may wait for a burst of pushes to end; what takes longer is scheduled. */
const mostPatience = 20_000;

async function follow(
  registration: Registration,
  before: ApplicationStatus,
  ports: Ports,
): Promise<ApplicationStatus> {
  let patience = mostPatience;
  for (let tries = 1; ; ) {
    const tip = await fetchTip(registration, registration.branch, ports);
    const { application } = await fetchApplication(registration, tip, ports);
    const place = { application, registration, tip };
    const updates = await newerImages(place, ports);
    const seen = { application, revision: tip.commit, updates, now: ports.clock.now() };
    const pause = pauseBefore(updates, place, seen.now);
    if (pause > 0 && pause <= patience) {
      patience -= pause;
      await ports.clock.sleep(pause);
    } else if (pause > 0 && application.images.quiet * 1000 > mostPatience) {
      await wakeLater(application.name, Date.parse(seen.now) + pause, ports);
      return applicationStatus(
        { ...seen, updates: instead(updates, "waiting", "once pushes come to rest") },
        before,
      );
    } else {
      const told = await written(updates, { ...place, before }, ports, tries < mostTries);
      if (told !== undefined) return applicationStatus({ ...seen, updates: told }, before);
      tries += 1;
    }
  }
}

/** Undefined: the branch has moved on, and there is another try. */
async function written(
  updates: ImageUpdates,
  place: Told,
  ports: Ports,
  isTriedAgain: boolean,
): Promise<ImageUpdates | undefined> {
  try {
    return await write(updates, place, ports);
  } catch (error) {
    if (error instanceof ConflictError && isTriedAgain) return undefined;
    throw error;
  }
}

/** Milliseconds until what changes may be written; 0 or less: now. */
function pauseBefore(
  { changes, files }: ImageUpdates,
  { application }: ImagePlace,
  time: string,
): number {
  if (files.size === 0) return 0;
  const now = Date.parse(time);
  return dueAt(changes, { now, quiet: application.images.quiet * 1000 }) - now;
}

/** A wake-up is at least a minute ahead, in whole seconds. */
async function wakeLater(application: string, due: number, { clock, wakeups }: Ports) {
  const soonest = Math.max(due, Date.parse(clock.now()) + 60_000);
  const at = new Date(Math.ceil(soonest / 1000) * 1000).toISOString();
  await wakeups.set(imagesKey(application), at, "images");
}

/** Where images are, and what was said of them last. */
interface Told extends ImagePlace {
  readonly before: ApplicationStatus;
}

/** Writes what changes, and answers what is to be said of it. */
async function write(
  updates: ImageUpdates,
  { before, ...place }: Told,
  ports: Ports,
): Promise<ImageUpdates> {
  const { application, registration, tip } = place;
  const { author, message, writeBack: way } = application.images;
  const editOf = ({ changes, files }: ImageUpdates): Edit => ({
    files,
    message: commitMessage(changes, { application: application.name, message }),
  });
  const change: WriteBack = {
    registration,
    author,
    way,
    prefix: `trueup/${application.name}/images-`,
    id: updateId(updates.changes),
    editAt: async (at) => editOf(await newerImages({ ...place, tip: at }, ports)),
  };
  // Whatever the way is now, one may be open where something waited.
  const mayBeOpen =
    way === "pull-request" || before.images.some(({ state }) => state === "waiting");
  if (updates.files.size === 0) {
    if (mayBeOpen) await withdraw(change, ports);
    return updates;
  }
  const done = await writeBack(change, { tip, edit: editOf(updates) }, ports);
  switch (done.kind) {
    case "committed":
      if (mayBeOpen) await withdraw(change, ports);
      return updates;
    case "proposed":
      return instead(updates, "waiting", `in pull request ${done.pullRequest}`);
    case "declined": {
      const why = `pull request ${done.pullRequest} was closed without it`;
      return instead(updates, "unchanged", why);
    }
  }
}

/** The same, where what was to be written is not written yet. */
const instead = (
  updates: ImageUpdates,
  state: "waiting" | "unchanged",
  why: string,
): ImageUpdates => ({
  ...updates,
  images: updates.images.map((image) =>
    image.state === "updated" ? { ...image, state, message: `${image.message}, ${why}` } : image,
  ),
});

async function publish(
  application: string,
  before: ApplicationStatus,
  status: ApplicationStatus,
  { clock, statuses, wakeups }: Ports,
): Promise<void> {
  const at = wakeUp(status, before, clock.now());
  if (at !== undefined) await wakeups.set(imagesKey(application), at);
  if (isSameJson(before, fitting(status))) return;
  await statuses.writeApplication(application, status);
}
