import semver from "semver";
import { globMatches, literalOf } from "../application/glob.ts";

export interface Tag {
  readonly name: string;
  readonly commit: string;
}

/** The tags that a glob means, by name. */
export const tagsMatching = (glob: string, tags: ReadonlyMap<string, string>): readonly Tag[] =>
  [...tags]
    .filter(([name]) => globMatches(glob, name))
    .map(([name, commit]) => ({ name, commit }))
    .sort(byName);

// Stryker disable next-line EqualityOperator: no two tags have the same name
const byName = (a: Tag, b: Tag): number => (a.name < b.name ? -1 : 1);

/**
 * The tag that is the highest semantic version; undefined where none is one. The version is the
 * whole tag, or what follows the text that all of its kind begin with.
 */
export function highestVersion(glob: string, tags: readonly Tag[]): Tag | undefined {
  const versioned = tags.flatMap((tag) => {
    const version = versionIn(tag.name, literalOf(glob));
    return version === undefined ? [] : [{ tag, version }];
  });
  return versioned.sort((a, b) => semver.compareBuild(a.version, b.version)).at(-1)?.tag;
}

const versionIn = (name: string, literal: string): semver.SemVer | undefined =>
  semver.parse(name) ?? semver.parse(name.slice(literal.length)) ?? undefined;

/** The tag whose commit is the newest: what is left where nothing is a version. */
export const newestOf = (
  tags: readonly Tag[],
  dates: ReadonlyMap<string, number>,
): Tag | undefined =>
  tags
    .flatMap((tag) => {
      const date = dates.get(tag.commit);
      return date === undefined ? [] : [{ tag, date }];
    })
    .sort((a, b) => a.date - b.date)
    .at(-1)?.tag;
