import { composeFilesNamed, composeFilesOf, variablesOf } from "../application/inputs.ts";
import type { Loaded, LoadInputs } from "../compose/inputs.ts";
import { load } from "../compose/load.ts";
import { memoOf } from "../memo.ts";
import { digestOf } from "../model/digest.ts";
import type { Ports } from "../ports/ports.ts";
import { type Rendered, type RenderSettings, renderLoaded } from "../render.ts";
import { nameOf, type Place } from "./place.ts";
import { readText, type Source } from "./source.ts";

/** What an environment's files come to; `lookups`: they are still to be answered. */
export type Open = Exclude<Rendered, { readonly kind: "needs" }>;

interface Means {
  readonly ports: Ports;
  readonly settings: RenderSettings;
}

const rendered = memoOf<Open>(50);

/** An environment rendered from its files at a source, as far as its lookups are answered. */
export async function renderedAt(
  source: Source,
  place: Place,
  { ports, settings }: Means,
): Promise<Open> {
  const { lookups, ...others } = settings;
  const { compose, name } = place.application;
  const tree = digestOf([...source.tree]);
  const from = digestOf([tree, name, compose, place.environment, nameOf(place)]);
  const key = digestOf([from, plain(lookups), others]);
  const kept = rendered.get(key);
  if (kept !== undefined) return kept;
  const read: Files = contents.of(tree, () => new Map());
  const made = renderLoaded(await loadedAt({ from, read }, source, place, ports), settings);
  if (made.kind === "needs") throw new Error(`Asked twice for ${made.paths.join(", ")}.`);
  rendered.set(key, made);
  return made;
}

/** Texts by path; undefined: there is none. */
type Files = Map<string, string | undefined>;

/** What was read of a tree: what it holds is the same for each environment, and parsed once. */
const contents = memoOf<Files>(10);

/** What an environment is rendered from twice, before lookups and after; and once for each beside it. */
const loaded = memoOf<Loaded>(10);

async function loadedAt(
  { from, read }: { readonly from: string; readonly read: Files },
  source: Source,
  place: Place,
  ports: Ports,
): Promise<Loaded> {
  const kept = loaded.get(from);
  if (kept !== undefined) return kept;
  const { application, environment, positionOf } = place;
  const inputs: LoadInputs = {
    files: composeFilesOf(application, environment, (path) => source.tree.has(path)),
    namedAt: composeFilesNamed(application, environment, positionOf),
    projectDirectory: "",
    projectName: application.name,
    contents: read,
    variables: new Map(
      Object.entries(variablesOf(application.name, { ...environment, name: nameOf(place) })),
    ),
    profiles: [],
    dialect: "composex",
  };
  for (;;) {
    const made = load(inputs);
    const missing = made.kind === "needs" ? made.paths.filter((path) => !read.has(path)) : [];
    if (missing.length === 0) {
      loaded.set(from, made);
      return made;
    }
    for (const path of missing) read.set(path, await readText(source, path, ports));
  }
}

const plain = (value: unknown): unknown => (value instanceof Map ? [...value] : value);
