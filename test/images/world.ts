import { type ImagesRead, readImages, repositoriesIn } from "../../src/images/read-images.ts";
import { type ImageUpdates, imageUpdates } from "../../src/images/updates.ts";
import type { ImageRepository, RegistryImage } from "../../src/model/image.ts";

export const registry = "123456789012.dkr.ecr.eu-west-1.amazonaws.com";

/** `sha256:` and one hex digit, 64 times. */
export const digest = (digit: string): string => `sha256:${digit.repeat(64)}`;

/** An image with these tags, pushed in this minute of an hour. */
export const image = (
  tags: string | readonly string[],
  digit: string,
  minute = 0,
): RegistryImage => ({
  digest: digest(digit),
  tags: typeof tags === "string" ? [tags] : tags,
  pushedAt: `2026-01-01T00:${String(minute).padStart(2, "0")}:00.000Z`,
  active: true,
  mediaType: "application/vnd.oci.image.manifest.v1+json",
});

/** The files of one environment: those that are merged, and what else lies beside them. */
export interface Project {
  readonly files: Readonly<Record<string, string>>;
  readonly beside?: Readonly<Record<string, string>>;
  readonly variables: Readonly<Record<string, string>>;
  readonly others?: readonly string[];
}

/** Reads projects whose files lie in one repository. */
function readAll(projects: readonly Project[], others: readonly Project[] = []): ImagesRead {
  const there = new Map(
    [...projects, ...others].flatMap(({ beside = {}, files }) =>
      Object.entries({ ...beside, ...files }),
    ),
  );
  const mergeOf = ({ files, others: more = [], variables }: Project) => ({
    files: Object.keys(files),
    variables,
    others: more,
  });
  const contents = new Map<string, string | undefined>();
  for (;;) {
    const asked = readImages(projects.map(mergeOf), contents, others.map(mergeOf));
    if (asked.kind === "read") return asked.read;
    for (const path of asked.paths) {
      if (contents.has(path)) throw new Error(`Asked twice for ${path}.`);
      contents.set(path, there.get(path));
    }
  }
}

/** What becomes of projects, with a registry of these repositories. */
export function lookWith(
  held: Readonly<Record<string, readonly RegistryImage[]>>,
  projects: readonly Project[],
  others: readonly Project[] = [],
): ImageUpdates {
  const registry = ({ name }: ImageRepository) => {
    const images = held[name];
    return images === undefined
      ? ({ kind: "refused", reason: `there is no ECR repository ${name}` } as const)
      : ({ kind: "images", images } as const);
  };
  const asked = imageUpdates(readAll(projects, others), registry);
  if (asked.kind === "asks") throw new Error("It asks.");
  return asked.updates;
}

export const repositoriesOf = (projects: readonly Project[]): readonly ImageRepository[] =>
  repositoriesIn(readAll(projects));
