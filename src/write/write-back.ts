import { fetchTip, type Source } from "../desired/source.ts";
import { digestOf } from "../model/digest.ts";
import type { Registration } from "../model/registration.ts";
import type { Ports } from "../ports/ports.ts";

/** What is written on top of one commit. */
export interface Edit {
  /** Path → the new text of a file; empty: it is all there. */
  readonly files: ReadonlyMap<string, string>;
  /** The subject, an empty line, and more. */
  readonly message: string;
}

/** Something to be written into an application's repository. */
export interface WriteBack {
  readonly registration: Registration;
  readonly author: { readonly name: string; readonly email: string };
  readonly way: "commit" | "pull-request";
  /** What its branches begin with, where it takes a pull request: the same for all of its kind. */
  readonly prefix: string;
  /** The same for the same change: one that people turned down is not asked for again. */
  readonly id: string;
  /** What has to change on top of a commit, by what it holds. */
  editAt(source: Source): Promise<Edit>;
}

/** `declined`: people have closed the pull request with this change without merging it. */
export type WrittenBack =
  | { readonly kind: "committed" }
  | { readonly kind: "proposed"; readonly pullRequest: string }
  | { readonly kind: "declined"; readonly pullRequest: string };

/**
 * Writes an edit of the branch's tip: in a commit on top of it, or in one pull request, which is
 * brought up to date as long as it is open. Branches with approval rules take pull requests only.
 * Throws a ConflictError where a branch has moved on: read again, and try again.
 */
export async function writeBack(
  change: WriteBack,
  at: { readonly tip: Source; readonly edit: Edit },
  ports: Ports,
): Promise<WrittenBack> {
  const { branch, repository } = change.registration;
  const isProposed =
    change.way === "pull-request" || (await ports.pullRequests.isGuarded(repository, branch));
  if (isProposed) return propose(change, at, ports);
  await commit(change, { branch, ...at }, ports);
  return { kind: "committed" };
}

/** Closes the pull request whose change the branch has no need of any more. */
export async function withdraw(
  { prefix, registration }: Pick<WriteBack, "prefix" | "registration">,
  { artifacts, pullRequests }: Ports,
): Promise<void> {
  const { branch, repository } = registration;
  const open = await pullRequests.find(repository, branch, prefix);
  if (open === undefined) return;
  // Before it is closed: what nobody turned down must not be taken for that.
  await artifacts.put(withdrawnPath(open.id), "{}");
  await pullRequests.close(open.id);
}

const withdrawnPath = (pullRequest: string): string => `pull-requests/withdrawn/${pullRequest}`;

interface At {
  readonly tip: Source;
  readonly edit: Edit;
}

async function propose(change: WriteBack, { edit, tip }: At, ports: Ports): Promise<WrittenBack> {
  const { id, prefix, registration } = change;
  const { branch, repository } = registration;
  const text = textOf(edit.message);
  const open = await ports.pullRequests.find(repository, branch, prefix);
  const first = `pull-requests/${registration.application}/${id}`;
  if (open !== undefined) {
    await catchUp(change, open.source, ports);
    const isSaid = open.title === text.title && open.description === text.description;
    if (!isSaid) await ports.pullRequests.describe(open.id, text);
    const { isKnown, path } = await recall(first, ports, open.id);
    if (!isKnown) await ports.artifacts.put(path, JSON.stringify({ pullRequest: open.id }));
    return { kind: "proposed", pullRequest: open.id };
  }

  const memory = await recall(first, ports);
  if (memory.declined !== undefined) return { kind: "declined", pullRequest: memory.declined };
  // The same branch would be answered with the same pull request, though that is closed by now.
  const source = `${prefix}${digestOf([id, tip.commit, memory.path]).slice(0, 12)}`;
  await ports.pullRequests.branch(repository, source, tip.commit);
  await catchUp(change, source, ports);
  const asked = { ...text, source, destination: branch };
  const pullRequest = await ports.pullRequests.create(repository, asked);
  await ports.artifacts.put(memory.path, JSON.stringify({ pullRequest }));
  return { kind: "proposed", pullRequest };
}

/** Edits the branch of a pull request by what it holds itself: what people add to it is kept. */
async function catchUp(change: WriteBack, branch: string, ports: Ports): Promise<void> {
  const tip = await fetchTip(change.registration, branch, ports);
  await commit(change, { branch, tip, edit: await change.editAt(tip) }, ports);
}

async function commit(
  { author, registration }: WriteBack,
  { branch, edit, tip }: At & { readonly branch: string },
  { sources }: Ports,
): Promise<void> {
  const { files, message } = edit;
  if (files.size === 0) return;
  const request = { parent: tip.commit, files, author, message };
  await sources.commit(registration.repository, branch, request);
}

/**
 * What became of earlier pull requests with this change, each remembered below the one before it.
 * `path`: where the next one is to be remembered; `isKnown`: the one that is open is among them.
 */
async function recall(path: string, ports: Ports, open?: string): Promise<Recalled> {
  const text = await ports.artifacts.read(path);
  if (text === undefined) return { path, declined: undefined, isKnown: false };
  const { pullRequest }: { readonly pullRequest: string } = JSON.parse(text);
  if (pullRequest === open) return { path, declined: undefined, isKnown: true };
  if (open === undefined && (await isTurnedDown(pullRequest, ports)))
    return { path, declined: pullRequest, isKnown: false };
  return recall(`${path}/${pullRequest}`, ports, open);
}

interface Recalled {
  readonly path: string;
  readonly declined: string | undefined;
  readonly isKnown: boolean;
}

async function isTurnedDown(
  pullRequest: string,
  { artifacts, pullRequests }: Ports,
): Promise<boolean> {
  if ((await pullRequests.state(pullRequest)) !== "closed") return false;
  return (await artifacts.read(withdrawnPath(pullRequest))) === undefined;
}

/** A title has at most 150 characters, a description 10,240. */
function textOf(message: string) {
  const [title = "", ...rest] = message.split("\n");
  return { title: title.slice(0, 150), description: rest.join("\n").trim().slice(0, 10_000) };
}
