import type { Diagnostic } from "../model/diagnostic.ts";
import type { ImageRepository } from "../model/image.ts";
import type { Variables } from "./form.ts";
import { repositoryKey } from "./image.ts";
import { type Contents, type Library, openLibrary, problemAt, type ReadFile } from "./library.ts";
import { markedValues } from "./marked.ts";
import { markersIn } from "./marker.ts";
import { type Reference, referencesIn } from "./references.ts";
import { agreed } from "./shared.ts";
import { type At, type Written, writtenIn } from "./written.ts";

/** The files that make up one environment, and what `${…}` in them may refer to. */
export interface Merge {
  /** Compose files in the order they are merged. */
  readonly files: readonly string[];
  readonly variables: Variables;
  /** Files of another kind in which values may have markers: `trueup.yaml`. */
  readonly others?: readonly string[];
}

/** `needs`: files that only reading discovers; fetch them, ask again. */
export type ReadImages =
  | { readonly kind: "needs"; readonly paths: readonly string[] }
  | { readonly kind: "read"; readonly read: ImagesRead };

/** All images of an application, by the scalar that decides them. */
export interface ImagesRead {
  readonly files: ReadonlyMap<string, ReadFile>;
  readonly groups: readonly Group[];
  /** Files and markers that nothing could be done with. */
  readonly problems: readonly Diagnostic[];
  /** Whether every file could be read: if not, nothing is certain. */
  readonly isWhole: boolean;
}

/** All references to one scalar of one file. */
export type Group = readonly [Reference, ...Reference[]];

/**
 * Finds every image that a policy moves, in all environments. What environments that follow say of a
 * scalar counts; `others` only have a say in what is theirs alone.
 */
export function readImages(
  following: readonly Merge[],
  contents: Contents,
  others: readonly Merge[] = [],
): ReadImages {
  const library = openLibrary(contents);
  const [projects, more] = [following, others].map((merges) =>
    merges.map((merge) => writtenBy(merge, library)),
  ) as [Written[], Written[]];
  if (library.needs.size > 0) return { kind: "needs", paths: [...library.needs] };
  const { files, problems } = library;
  // A file that cannot be read may be the one that decides: then nothing is certain.
  if (problems.length > 0)
    return { kind: "read", read: { files, groups: [], problems, isWhole: false } };

  const decisive = projects.flatMap(allReferences);
  const decided = new Set(decisive.map(({ place }) => place.key));
  const references = [
    ...decisive,
    ...more.flatMap(allReferences).filter(({ place }) => !decided.has(place.key)),
  ];
  const groups = Map.groupBy(references, ({ place }) => place.key);
  return {
    kind: "read",
    read: {
      files,
      // What is grouped is never empty, which the type of a list does not say.
      groups: [...groups.values()].map((group) => group as unknown as Group),
      problems: [...files.values()].flatMap((file) => strayMarkers(file, references)),
      isWhole: true,
    },
  };
}

function writtenBy({ files, others = [], variables }: Merge, library: Library): Written {
  const written = writtenIn(files, variables, library);
  const more = others.flatMap((path) => pagesOf(library.open(path), variables));
  return { ...written, documents: [...written.documents, ...more] };
}

const pagesOf = (file: ReadFile | undefined, variables: Variables): readonly At[] =>
  file?.pages.map((page, document) => ({ file, document, page, variables })) ?? [];

function allReferences(written: Written): readonly Reference[] {
  const references = referencesIn(written);
  return [...references, ...markedValues(written, references)];
}

/** Markers behind nothing that could be moved: nothing would come of them. */
function strayMarkers(file: ReadFile, references: readonly Reference[]): readonly Diagnostic[] {
  const known = new Set(
    references.flatMap(({ marker }) => (marker?.file === file.path ? [marker.offset] : [])),
  );
  return markersIn(file.text)
    .filter((offset) => !known.has(offset))
    .map((offset) => problemAt(file, offset, "this marker does not stand behind a value"));
}

/** The repositories whose images decide: what the registry is asked. */
export function repositoriesIn({ groups }: ImagesRead): readonly ImageRepository[] {
  const repositories = groups.flatMap((group) => {
    const moved = agreed(group);
    return moved.kind === "moved" ? [moved.form.image.repository] : [];
  });
  const distinct = new Map(
    repositories.map((repository) => [repositoryKey(repository), repository]),
  );
  return [...distinct].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, repository]) => repository);
}
