import { isScalar, type ParsedNode } from "yaml";
import { canonicalJson } from "../model/digest.ts";
import type { ImageRepository } from "../model/image.ts";
import { readForm } from "./form.ts";
import { parseImage, repositoryKey } from "./image.ts";
import { type Marker, markerOf, type Part, readMarker } from "./marker.ts";
import type { Policy } from "./policy.ts";
import {
  type Follows,
  namedPolicy,
  nameOf,
  placeOf,
  type Reference,
  textOf,
} from "./references.ts";
import type { At, Written } from "./written.ts";

/**
 * Values with a marker that are no service's image: whole images elsewhere, and the name, tag and
 * digest of an image that is written in parts. Parts of one mapping under one policy are one image.
 */
export function markedValues(
  written: Written,
  references: readonly Reference[],
): readonly Reference[] {
  const known = new Set(
    references.flatMap(({ marker }) => (marker ? [`${marker.offset} ${marker.file}`] : [])),
  );
  const documents = new Map(written.documents.map((at) => [`${at.document} ${at.file.path}`, at]));
  const marked = [...documents.values()].flatMap((at) =>
    scalarsOf(at).filter(({ marker }) => !known.has(`${marker.offset} ${at.file.path}`)),
  );
  const repositories = repositoriesOf(references, marked);
  return marked.map((value) => toReference(value, { marked, repositories, written }));
}

interface Marked {
  readonly at: At;
  readonly node: ParsedNode;
  readonly text: string | undefined;
  readonly marker: Marker;
  readonly policy: string;
  readonly part: Part | undefined;
  readonly refusal: string | undefined;
  /** The mapping it stands in and its policy: the same for the parts of one image. */
  readonly unit: string;
}

function scalarsOf(at: At): readonly Marked[] {
  const { document, file, page } = at;
  return [...page.paths].flatMap(([node, path]): Marked[] => {
    const marker = isScalar(node) ? markerOf(node, file.text) : undefined;
    if (marker === undefined) return [];
    const read = readMarker(marker);
    const policy = read.kind === "marker" ? read.policy : "";
    return [
      {
        at,
        node,
        text: textOf(node),
        marker,
        policy,
        part: read.kind === "marker" ? read.part : undefined,
        refusal: read.kind === "refused" ? read.reason : undefined,
        unit: canonicalJson([file.path, document, path.slice(0, -1), policy]),
      },
    ];
  });
}

interface Context {
  readonly marked: readonly Marked[];
  readonly repositories: ReadonlyMap<string, readonly ImageRepository[]>;
  readonly written: Written;
}

function toReference(value: Marked, context: Context): Reference {
  const { at, marker, node, part, text = "", unit } = value;
  const place = placeOf(at, node);
  return {
    service: nameOf(at, node),
    image: text,
    place,
    readAt: place.path,
    follows: follow(value, context),
    marker: { file: at.file.path, offset: marker.offset, policy: value.policy },
    unit: part === "image" ? undefined : unit,
  };
}

const stalled = (reason: string): Follows => ({ kind: "stalled", reason });

function follow(value: Marked, context: Context): Follows {
  const { at, part, policy: asks, refusal, text } = value;
  if (part === undefined) return stalled(refusal ?? "its marker cannot be read");
  const asked = namedPolicy(asks, context.written.policies);
  if (asked.kind === "refused") return stalled(asked.reason);
  if (text === undefined) return stalled("it is not text: put it in quotes");
  const { policy } = asked;
  if (part === "image") {
    const read = readForm(text, at.variables);
    return read.kind === "refused"
      ? stalled(read.reason)
      : { kind: "policy", policy, form: read.form };
  }
  return followPart({ ...value, part, text }, policy, context);
}

function followPart(
  value: Marked & { readonly part: Part; readonly text: string },
  policy: Policy,
  context: Context,
): Follows {
  const { part, text } = value;
  if (text.includes("$")) return stalled("a part of an image cannot come from a variable");
  const parts = partsWith(value, context);
  if (parts.kind === "refused") return stalled(parts.reason);
  const { digest, name, tag } = parts;
  const versioned = policy.kind === "semver" || policy.kind === "pattern";
  if (tag === undefined && digest !== undefined && versioned)
    return stalled(`a digest alone does not say which version it is: put \`:tag\` beside it`);
  const repository = repositoryOf(value, name, context);
  if (repository.kind === "refused") return stalled(repository.reason);
  const image = { repository: repository.of, name: text, tag, digest };
  return { kind: "policy", policy, form: { image, part, before: "", after: "" } };
}

type Parts =
  | {
      readonly kind: "parts";
      readonly name: string | undefined;
      readonly tag: string | undefined;
      readonly digest: string | undefined;
    }
  | { readonly kind: "refused"; readonly reason: string };

/** The parts of the image that a value is a part of. */
function partsWith({ part, text = "", unit }: Marked, { marked }: Context): Parts {
  const siblings = marked.filter((one) => one.unit === unit);
  const textsOf = (wanted: Part): readonly string[] =>
    wanted === part
      ? [text]
      : siblings.flatMap((one) => (one.part === wanted ? (one.text ?? []) : []));
  const [names, tags, digests] = [textsOf("name"), textsOf("tag"), textsOf("digest")];
  const several = Object.entries({ name: names, tag: tags, digest: digests }).find(
    ([, texts]) => new Set(texts).size > 1,
  );
  // A name is of whatever stands beside it.
  if (several !== undefined && part !== "name") {
    const reason = `several values beside it are its \`:${several[0]}\`: give each image a mapping of its own`;
    return { kind: "refused", reason };
  }
  return { kind: "parts", name: names[0], tag: tags[0], digest: digests[0] };
}

type Of =
  | { readonly kind: "found"; readonly of: ImageRepository }
  | { readonly kind: "refused"; readonly reason: string };

/** The repository of the name beside it, or else the one that its policy is of. */
function repositoryOf({ policy }: Marked, name: string | undefined, context: Context): Of {
  if (name !== undefined) {
    const read = parseImage(name);
    return read.kind === "ecr"
      ? { kind: "found", of: read.image.repository }
      : { kind: "refused", reason: read.reason };
  }
  const [only, ...others] = context.repositories.get(policy) ?? [];
  if (only !== undefined && others.length === 0) return { kind: "found", of: only };
  const many = "the policy is of several repositories: put the name beside it, with `:name`";
  const none = "nothing says which repository it is of: put the name beside it, with `:name`";
  return { kind: "refused", reason: only === undefined ? none : many };
}

/** Policy → the repositories of the whole images and the names that follow it. */
function repositoriesOf(
  references: readonly Reference[],
  marked: readonly Marked[],
): ReadonlyMap<string, readonly ImageRepository[]> {
  const found = new Map<string, Map<string, ImageRepository>>();
  const add = (policy: string, repository: ImageRepository): void => {
    const known = found.get(policy) ?? new Map();
    found.set(policy, known.set(repositoryKey(repository), repository));
  };
  for (const { follows, marker } of references)
    if (marker?.policy !== undefined && follows.kind === "policy")
      add(marker.policy, follows.form.image.repository);
  for (const value of marked) {
    const repository = repositoryIn(value);
    if (repository !== undefined) add(value.policy, repository);
  }
  return new Map(Array.from(found, ([policy, of]) => [policy, [...of.values()]]));
}

/** What a whole image or a name says of its repository. */
function repositoryIn({ at, part, text = "" }: Marked): ImageRepository | undefined {
  if (part === "image") {
    const read = readForm(text, at.variables);
    return read.kind === "form" ? read.form.image.repository : undefined;
  }
  const name = part === "name" ? parseImage(text) : undefined;
  return name?.kind === "ecr" ? name.image.repository : undefined;
}
