import { digestOf } from "../model/digest.ts";
import { moveLine, moveOf } from "./fights.ts";
import { repositoryKey } from "./image.ts";
import type { ImageChange } from "./updates.ts";

/** The message of the one commit that holds all changes: what moved, for people and for machines. */
export function commitMessage(
  changes: readonly ImageChange[],
  { application, message }: { readonly application: string; readonly message: string | undefined },
): string {
  const sorted = changes.toSorted((a, b) => (line(a) < line(b) ? -1 : 1));
  const services = [...new Set(sorted.flatMap((change) => change.services))].sort();
  const subject = (message ?? defaultSubject(sorted, services))
    .replaceAll("{application}", application)
    .replaceAll("{services}", () => services.join(", "));
  const moves = sorted.map((change) => moveLine(moveOf(application, change)));
  const trailers = [`Image-Update-Id: ${updateId(changes)}`, ...moves];
  return `${subject}\n\n${sorted.map(line).join("\n")}\n\n${trailers.join("\n")}\n`;
}

/** The same changes have the same id, whoever makes them and when. */
export function updateId(changes: readonly ImageChange[]): string {
  const sorted = changes.toSorted((a, b) => (line(a) < line(b) ? -1 : 1));
  return digestOf(
    sorted.map(({ services, repository, to }) => [services, repositoryKey(repository), to]),
  );
}

function defaultSubject(
  [only, ...others]: readonly ImageChange[],
  services: readonly string[],
): string {
  const names = services.join(", ");
  if (only !== undefined && others.length === 0) return `Update ${names} to ${only.to.tag}`;
  const subject = `Update the images of ${names}`;
  return subject.length <= 72 ? subject : `Update the images of ${services.length} services`;
}

function line({ services, repository, from, to }: ImageChange): string {
  const old = from.tag ?? "no tag";
  const pinned = to.digest.slice(0, "sha256:".length + 12);
  return `${services.join(", ")}: ${repository.name} ${old} → ${to.tag} (${pinned})`;
}
