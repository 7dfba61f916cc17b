import type { ImageRepository, Inspection, RegistryImage } from "../model/image.ts";
import type { PublishedImage } from "../model/status.ts";
import { type Chooser, choose } from "./choose.ts";
import type { Form } from "./form.ts";
import { gateOf, type Inspected } from "./gates.ts";
import { repositoryKey } from "./image.ts";
import type { ReadFile } from "./library.ts";
import { type Edit, pin } from "./pin.ts";
import type { Group, ImagesRead } from "./read-images.ts";
import { agreed, type Moved } from "./shared.ts";

/** What a registry holds, or why nobody can tell. */
export type Registry = (repository: ImageRepository) => Held;

type Held =
  | { readonly kind: "images"; readonly images: readonly RegistryImage[] }
  | { readonly kind: "refused"; readonly reason: string };

export interface ImageUpdates extends Pick<ImagesRead, "problems"> {
  /** The new text of every file that changes. */
  readonly files: ReadonlyMap<string, string>;
  readonly changes: readonly ImageChange[];
  /** Every image that a policy is to move, changed or not, in the order of the services' names. */
  readonly images: readonly PublishedImage[];
}

/** One scalar that is written anew. */
export interface ImageChange {
  /** The same text for the same scalar. */
  readonly key: string;
  readonly services: readonly string[];
  readonly file: string;
  /** Where the scalar stands in its file, dots between the keys. */
  readonly path: string;
  readonly policy: string;
  readonly repository: ImageRepository;
  readonly from: { readonly tag: string | undefined; readonly digest: string | undefined };
  readonly to: { readonly tag: string; readonly digest: string };
  /** Epoch milliseconds: when the image was pushed, and the first that the policy prefers. */
  readonly pushed: number;
  readonly since: number;
}

/** `asks`: what has to be known of single images before anything is certain. */
export type Updated =
  | { readonly kind: "asks"; readonly asks: readonly Inspection[] }
  | { readonly kind: "updates"; readonly updates: ImageUpdates };

/** What is known besides what registries list. */
interface Known {
  readonly inspected: Inspected;
  /** Scalars by key that must not be moved, and why. */
  readonly barred: ReadonlyMap<string, string>;
}

const nothingElse: Known = { inspected: new Map(), barred: new Map() };

/**
 * Moves every image that a policy follows to what its registry holds. A text that serves several
 * environments has to suit them all.
 */
export function imageUpdates(
  { files, groups, problems }: ImagesRead,
  registry: Registry,
  { barred, inspected }: Known = nothingElse,
): Updated {
  const ask = chooserOf(registry, inspected);
  const found = groups.map((group) => {
    const reason = barred.get(group[0].place.key);
    return reason === undefined ? verdictOn(group, ask) : stalled(group, reason);
  });
  const asks = found.flatMap((verdict) => verdict.asks ?? []);
  if (asks.length > 0) return { kind: "asks", asks };

  const units = unitsOf(found);
  const pinned = [...files.values()].map((file) => pinAll(file, units));
  const refusals = new Map(pinned.flatMap(({ refused }) => [...refused]));
  const settled = units.flatMap((unit) => {
    const reason = refusals.get(unit);
    return reason === undefined ? unit : halted(unit, reason);
  });
  return {
    kind: "updates",
    updates: {
      files: new Map(
        pinned.flatMap(({ path, text }) => (text === files.get(path)?.text ? [] : [[path, text]])),
      ),
      changes: settled.flatMap(({ change }) => (change === undefined ? [] : [change])),
      images: settled.flatMap(published).sort(byService),
      problems,
    },
  };
}

interface Verdict {
  readonly group: Group;
  readonly state: PublishedImage["state"];
  readonly message: string;
  readonly repository: string;
  readonly change?: ImageChange;
  readonly edit?: Edit;
  readonly asks?: readonly Inspection[];
}

/** Verdicts that are carried out together or not at all. */
type Unit = readonly Verdict[];

const stalled = (group: Group, message: string, repository = ""): Verdict => ({
  group,
  state: "stalled",
  message,
  repository,
});

/** Its repository stays known: what is pushed to it is heard. */
const halted = (unit: Unit, message: string): Unit =>
  unit.map(({ group, repository }) => stalled(group, message, repository));

type Ask = (moved: Moved) => Chooser | Extract<Held, { readonly kind: "refused" }>;

/** Services share repositories and policies: each pair is thought through once. */
function chooserOf(registry: Registry, inspected: Inspected): Ask {
  const choosers = new Map<string, ReturnType<Ask>>();
  return ({ policy, form: { image } }) => {
    const { repository } = image;
    const key = `${repositoryKey(repository)} ${policy.text}`;
    const known = choosers.get(key);
    if (known !== undefined) return known;
    const held = registry(repository);
    const gate = gateOf(policy.gates, repository, inspected);
    const chooser = held.kind === "refused" ? held : choose(policy, held.images, gate);
    choosers.set(key, chooser);
    return chooser;
  };
}

function verdictOn(group: Group, ask: Ask): Verdict {
  const moved = agreed(group);
  if (moved.kind === "none") return { group, state: "unchanged", message: "", repository: "" };
  if (moved.kind === "stalled") return stalled(group, moved.reason);

  const { image } = moved.form;
  const repository = image.repository.name;
  const chooser = ask(moved);
  if (typeof chooser !== "function") return stalled(group, chooser.reason, repository);
  const choice = chooser(image);
  if (choice.kind === "asks") return { ...stalled(group, ""), asks: choice.asks };
  if (choice.kind === "nothing")
    return { group, state: "unchanged", message: choice.reason, repository };
  const { note, pushed, since, ...to } = choice;
  const noted = (message: string) => (note === "" ? message : `${message}; ${note}`);
  const value = writtenAs(moved.form, to);
  if (value === undefined)
    return {
      group,
      state: "current",
      message: noted(`${to.tag} is what the policy wants`),
      repository,
    };
  const [{ place }] = group;
  return {
    group,
    state: "updated",
    message: noted(`${image.tag ?? "no tag"} → ${to.tag}`),
    repository,
    change: {
      key: place.key,
      services: [...new Set(group.map(({ service }) => service))].sort(),
      file: place.file,
      path: place.path.join("."),
      policy: moved.policy.text,
      repository: image.repository,
      from: { tag: image.tag, digest: image.digest },
      to: { tag: to.tag, digest: to.digest },
      pushed,
      since,
    },
    edit: editOf(group, moved, value),
  };
}

/** What is to be written; undefined: it is there already. */
function writtenAs(
  { image, part }: Form,
  { digest, tag }: { readonly digest: string; readonly tag: string },
): string | undefined {
  switch (part) {
    case "image":
      return tag === image.tag && digest === image.digest ? undefined : `${tag}@${digest}`;
    case "tag":
      return tag === image.tag ? undefined : tag;
    case "digest":
      return digest === image.digest ? undefined : digest;
    case "name":
      // It says which repository is meant: there is nothing to choose.
      return undefined;
  }
}

function editOf(group: Group, { form: { after, before } }: Moved, value: string): Edit {
  const [{ place }] = group;
  // A definition kept for aliases, in an extension of its own, means nothing by itself.
  const own = String(place.path[0]).startsWith("x-") ? [place.path] : [];
  return {
    document: place.document,
    path: place.path,
    value: `${before}${value}${after}`,
    reaches: [...own, ...group.map(({ readAt }) => readAt)],
  };
}

/** The parts of one image, in whatever environment, are one unit; of which none moves if one cannot. */
function unitsOf(verdicts: readonly Verdict[]): readonly Unit[] {
  const keyOf = ({ group }: Verdict) => group.find(({ unit }) => unit)?.unit ?? group[0].place.key;
  const units = Map.groupBy(verdicts, keyOf);
  return [...units.values()].map((unit) => {
    const stuck = unit.find(({ state }) => state === "stalled");
    return stuck === undefined ? unit : halted(unit, stuck.message);
  });
}

interface PinnedFile {
  readonly path: string;
  readonly text: string;
  readonly refused: ReadonlyMap<Unit, string>;
}

/** All edits of one file; if they cannot be made together, those that can be made without the others. */
function pinAll({ path, text }: ReadFile, units: readonly Unit[]): PinnedFile {
  const wanted = units.flatMap((unit) => {
    const edits = unit.flatMap(({ edit, group }) =>
      edit !== undefined && group[0].place.file === path ? [edit] : [],
    );
    return edits.length === 0 ? [] : [{ unit, edits }];
  });
  if (wanted.length === 0) return { path, text, refused: new Map() };
  const apply = (some: typeof wanted) =>
    pin(
      text,
      some.flatMap(({ edits }) => edits),
    );
  const all = apply(wanted);
  if (all.kind === "pinned") return { path, text: all.text, refused: new Map() };

  // By halves: a few of thousands are found without reading the file for each one.
  const refusedOf = (some: typeof wanted): ReadonlyMap<Unit, string> => {
    const made = apply(some);
    const [one, ...more] = some;
    if (made.kind === "pinned" || one === undefined) return new Map();
    if (more.length === 0) return new Map([[one.unit, made.reason]]);
    const half = Math.ceil(some.length / 2);
    return new Map([...refusedOf(some.slice(0, half)), ...refusedOf(some.slice(half))]);
  };
  const refused = refusedOf(wanted);
  const rest = apply(wanted.filter(({ unit }) => !refused.has(unit)));
  if (rest.kind === "pinned") return { path, text: rest.text, refused };
  return { path, text, refused: new Map(wanted.map(({ unit }) => [unit, rest.reason])) };
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
