import { readEnvFile } from "../compose/dotenv.ts";
import type { Tree } from "../compose/tree.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import type { ImageRepository, RegistryImage } from "../model/image.ts";
import type { PublishedImage } from "../model/status.ts";
import { type Chooser, choose } from "./choose.ts";
import type { Variables } from "./form.ts";
import { repositoryKey } from "./image.ts";
import { readPages } from "./page.ts";
import { type Edit, pin } from "./pin.ts";
import { markerName, type ReadFile, type Reference, referencesIn } from "./references.ts";
import { agreed, type Moved } from "./shared.ts";

/** Compose files in the order they are merged, and what `${…}` in them may refer to. */
export interface Merge {
  readonly files: readonly { readonly path: string; readonly text: string }[];
  readonly variables: Variables;
  /** The text of the repository's `.env`, if it has one: weaker than `variables`. */
  readonly envFile?: string | undefined;
}

/** What a registry holds; undefined: it has no such repository. */
export type Registry = (repository: ImageRepository) => readonly RegistryImage[] | undefined;

export interface ImageUpdates {
  /** The new text of every file that changes. */
  readonly files: ReadonlyMap<string, string>;
  readonly changes: readonly ImageChange[];
  /** Every image that a policy is to move, changed or not, in the order of the services' names. */
  readonly images: readonly PublishedImage[];
  /** Files and markers that nothing could be done with. */
  readonly problems: readonly Diagnostic[];
}

/** One scalar that is written anew. */
export interface ImageChange {
  readonly services: readonly string[];
  readonly repository: ImageRepository;
  readonly from: { readonly tag: string | undefined; readonly digest: string | undefined };
  readonly to: { readonly tag: string; readonly digest: string };
}

/** The repositories whose images decide: what the registry is asked before `imageUpdates`. */
export function repositoriesIn(merges: readonly Merge[]): readonly ImageRepository[] {
  const repositories = read(merges).groups.flatMap((group) => {
    const moved = agreed(group);
    return moved.kind === "moved" ? [moved.image.repository] : [];
  });
  const distinct = new Map(
    repositories.map((repository) => [repositoryKey(repository), repository]),
  );
  return [...distinct].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, repository]) => repository);
}

/**
 * Moves every image that a policy follows to what its registry holds. `merges`: the lists of files
 * that are merged, one for each environment; a text that serves several has to suit them all.
 */
export function imageUpdates(merges: readonly Merge[], registry: Registry): ImageUpdates {
  const { files, groups, problems } = read(merges);
  const ask = chooserOf(registry);
  const verdicts = groups.map((group) => verdictOn(group, ask));
  const pinned = [...files.values()].map((file) => pinAll(file, verdicts));
  const refusals = new Map(pinned.flatMap(({ refused }) => [...refused]));
  const settled = verdicts.map((verdict) => {
    const reason = refusals.get(verdict);
    return reason === undefined ? verdict : stalled(verdict.group, reason);
  });
  return {
    files: new Map(
      pinned.flatMap(({ path, text }) => (text === files.get(path)?.text ? [] : [[path, text]])),
    ),
    changes: settled.flatMap(({ change }) => (change === undefined ? [] : [change])),
    images: settled.flatMap(published).sort(byService),
    problems,
  };
}

/** All references to one scalar of one file. */
type Group = readonly [Reference, ...Reference[]];

interface Read {
  readonly files: ReadonlyMap<string, ReadFile>;
  readonly groups: readonly Group[];
  readonly problems: readonly Diagnostic[];
}

function read(merges: readonly Merge[]): Read {
  const files = new Map<string, ReadFile>();
  const problems: Diagnostic[] = [];
  for (const { path, text } of merges.flatMap((merge) => merge.files)) {
    if (files.has(path)) continue;
    const pages = readPages(text);
    files.set(path, { path, text, pages: pages.kind === "pages" ? pages.pages : [] });
    if (pages.kind === "refused") problems.push(problem({ path, text }, 0, pages.reason));
  }
  const variables = merges.map(({ variables: given, envFile = "" }) => {
    const file = readEnvFile(
      { file: ".env", text: envFile },
      (name) => (Object.hasOwn(given, name) ? given[name] : undefined),
      () => undefined,
    );
    if (file.kind === "read") return { ...Object.fromEntries(textsIn(file.values)), ...given };
    problems.push({ ...trouble(file.message), ...file.at });
    return given;
  });
  // A file that cannot be read may be the one that decides: then nothing is certain.
  if (problems.length > 0) return { files, groups: [], problems };

  const references = merges.flatMap((merge, index) =>
    referencesIn(
      merge.files.flatMap(({ path }) => files.get(path) ?? []),
      variables[index] ?? {},
    ),
  );
  const groups = Map.groupBy(references, ({ place }) => place.key);
  return {
    files,
    // What is grouped is never empty, which the type of a list does not say.
    groups: [...groups.values()].map((group) => group as unknown as Group),
    problems: [...files.values()].flatMap((file) => strayMarkers(file, references)),
  };
}

/** Markers that no service's image has: nothing would come of them. */
function strayMarkers(file: ReadFile, references: readonly Reference[]): readonly Diagnostic[] {
  const known = new Set(
    references.flatMap(({ marker }) => (marker?.file === file.path ? [marker.offset] : [])),
  );
  return [...file.text.matchAll(/#[^\r\n]*/g)]
    .flatMap(({ 0: comment, index }) => {
      const at = comment.indexOf(markerName);
      return at < 0 ? [] : [index + at];
    })
    .filter((offset) => !known.has(offset))
    .map((offset) => problem(file, offset, "this marker is not behind the `image` of a service"));
}

function problem(
  { path, text }: { readonly path: string; readonly text: string },
  offset: number,
  reason: string,
): Diagnostic {
  const before = text.slice(0, offset).split(/\r\n|[\r\n]/);
  const column = (before.at(-1)?.length ?? 0) + 1;
  return { ...trouble(reason), file: path, line: before.length, column };
}

const trouble = (message: string) =>
  ({
    severity: "error",
    code: "image-policy",
    path: "",
    message,
    help: "no image is moved because of it",
  }) as const;

const textsIn = (values: ReadonlyMap<string, Tree>): readonly (readonly [string, string])[] =>
  [...values].flatMap(([name, value]) =>
    value.kind === "leaf" && value.value !== null ? [[name, String(value.value)]] : [],
  );

interface Verdict {
  readonly group: Group;
  readonly state: PublishedImage["state"];
  readonly message: string;
  readonly repository: string;
  readonly change?: ImageChange;
  readonly edit?: Edit;
}

const stalled = (group: Group, message: string): Verdict => ({
  group,
  state: "stalled",
  message,
  repository: "",
});

type Ask = (moved: Moved) => Chooser | undefined;

/** Services share repositories and policies: each pair is thought through once. */
function chooserOf(registry: Registry): Ask {
  const choosers = new Map<string, Chooser | undefined>();
  return ({ policy, image: { repository } }) => {
    const key = `${repositoryKey(repository)} ${policy.text}`;
    if (!choosers.has(key)) {
      const images = registry(repository);
      choosers.set(key, images && choose(policy, images));
    }
    return choosers.get(key);
  };
}

function verdictOn(group: Group, ask: Ask): Verdict {
  const moved = agreed(group);
  if (moved.kind === "none") return { group, state: "unchanged", message: "", repository: "" };
  if (moved.kind === "stalled") return stalled(group, moved.reason);

  const { image } = moved;
  const repository = image.repository.name;
  const chooser = ask(moved);
  if (chooser === undefined)
    return { ...stalled(group, `there is no ECR repository ${repository}`), repository };
  const choice = chooser(image);
  if (choice.kind === "nothing")
    return { group, state: "unchanged", message: choice.reason, repository };
  const { tag, digest } = choice;
  if (tag === image.tag && digest === image.digest)
    return { group, state: "current", message: `${tag} is what the policy wants`, repository };
  return {
    group,
    state: "updated",
    message: `${image.tag ?? "no tag"} → ${tag}`,
    repository,
    change: {
      services: [...new Set(group.map(({ service }) => service))].sort(),
      repository: image.repository,
      from: { tag: image.tag, digest: image.digest },
      to: { tag, digest },
    },
    edit: editOf(group, moved, `${tag}@${digest}`),
  };
}

function editOf(group: Group, { before, after }: Moved, value: string): Edit {
  const [{ place }] = group;
  // A definition kept for aliases, in an extension of its own, means nothing by itself.
  const own = String(place.path[0]).startsWith("x-") ? [place.path] : [];
  const images = group.map(({ service }) => ["services", service, "image"]);
  return {
    document: place.document,
    path: place.path,
    value: `${before}${value}${after}`,
    reaches: [...own, ...images],
  };
}

interface PinnedFile {
  readonly path: string;
  readonly text: string;
  readonly refused: ReadonlyMap<Verdict, string>;
}

/** All edits of one file; if they cannot be made together, those that can be made alone. */
function pinAll({ path, text }: ReadFile, verdicts: readonly Verdict[]): PinnedFile {
  const wanted = verdicts.flatMap((verdict) =>
    verdict.edit !== undefined && verdict.group[0].place.file === path
      ? [{ verdict, edit: verdict.edit }]
      : [],
  );
  if (wanted.length === 0) return { path, text, refused: new Map() };
  const apply = (some: typeof wanted) =>
    pin(
      text,
      some.map(({ edit }) => edit),
    );
  const all = apply(wanted);
  if (all.kind === "pinned") return { path, text: all.text, refused: new Map() };

  const refused = new Map<Verdict, string>();
  for (const one of wanted) {
    const alone = apply([one]);
    if (alone.kind === "refused") refused.set(one.verdict, alone.reason);
  }
  const rest = apply(wanted.filter(({ verdict }) => !refused.has(verdict)));
  if (rest.kind === "pinned") return { path, text: rest.text, refused };
  return { path, text, refused: new Map(wanted.map(({ verdict }) => [verdict, rest.reason])) };
}

function published({ group, state, message, repository }: Verdict): readonly PublishedImage[] {
  const services = new Map(
    group
      .filter(({ follows }) => follows.kind !== "none")
      .map(({ service, image }) => [service, { service, image, repository, state, message }]),
  );
  return [...services.values()];
}

const byService = (a: PublishedImage, b: PublishedImage): number =>
  a.service === b.service ? (a.image < b.image ? -1 : 1) : a.service < b.service ? -1 : 1;
