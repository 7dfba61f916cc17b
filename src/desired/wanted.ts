import type { Follows } from "../application/application.ts";
import { isGlob } from "../application/glob.ts";
import { sha256 } from "../model/digest.ts";
import { TerminalError } from "../model/errors.ts";
import type { Ports } from "../ports/ports.ts";
import { highestVersion, newestOf, type Tag, tagsMatching } from "../promote/tags.ts";
import { fetchCommit, fetchTip, type Source } from "./source.ts";

/** Who follows what in which repository. */
export interface Following {
  readonly application: string;
  readonly environment: string;
  readonly repository: string;
  readonly on: Follows;
}

/** The commit that an environment follows now, with its tree. Throws a TerminalError where there is none. */
export async function followed(following: Following, ports: Ports): Promise<Source> {
  const { on, repository } = following;
  if ("branch" in on) return fetchTip({ repository }, on.branch, ports);
  if ("environment" in on) throw new Error(`${following.environment} follows no reference.`);
  const tag = await tagFollowed(on.tag, following, ports);
  return fetchCommit({ repository }, tag.commit, ports);
}

/** Of the tags that match, the highest semantic version; where none is one, the newest commit. */
async function tagFollowed(glob: string, following: Following, ports: Ports): Promise<Tag> {
  const { repository } = following;
  const { tags } = await ports.sources.refs(repository);
  const matching = tagsMatching(glob, tags);
  const chosen = highestVersion(glob, matching) ?? (await newest(matching, repository, ports));
  if (chosen === undefined) {
    const what = isGlob(glob) ? "tag that matches" : "tag";
    throw new TerminalError("TagMissing", `${repository} has no ${what} ${glob}.`);
  }
  await refuseMoved(chosen, following, ports);
  return chosen;
}

async function newest(
  matching: readonly Tag[],
  repository: string,
  { sources }: Ports,
): Promise<Tag | undefined> {
  if (matching.length < 2) return matching[0];
  const commits = matching.map(({ commit }) => commit);
  return newestOf(matching, await sources.dates(repository, commits));
}

/**
 * A tag is what people agree on once. Where it was first seen is written down for good: by one that
 * moves, somebody would deploy under a name that others believe they know.
 */
async function refuseMoved(
  { commit, name }: Tag,
  { application, environment, repository }: Following,
  { artifacts }: Ports,
): Promise<void> {
  // Where an application comes from another repository by now, a tag of that is another.
  const path = `tags/${application}/${environment}/${sha256(`${repository} ${name}`)}.json`;
  const known = await artifacts.read(path);
  if (known === undefined) {
    await artifacts.put(path, JSON.stringify({ tag: name, commit }));
    return;
  }
  const { commit: first } = JSON.parse(known);
  if (first === commit) return;
  const message = `The tag ${name} moved from ${first.slice(0, 8)} to ${commit.slice(0, 8)}.`;
  throw new TerminalError("TagMoved", `${message} Make another tag, or move it back.`);
}
