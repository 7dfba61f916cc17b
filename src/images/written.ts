import { isScalar, isSeq, type ParsedNode } from "yaml";
import { limits } from "../compose/limits.ts";
import { directoryOf, joinPath } from "../compose/paths.ts";
import { canonicalJson } from "../model/digest.ts";
import { type Variables, variablesReplaced } from "./form.ts";
import type { Library, ReadFile } from "./library.ts";
import { entriesOf, type Page, type Path, resolved } from "./page.ts";

/** One document of a file, and the variables that its text may refer to. */
export interface At {
  readonly file: ReadFile;
  readonly document: number;
  readonly page: Page;
  readonly variables: Variables;
}

/** A value as it was found: the node that stands there, which may be an alias. */
export interface Found {
  readonly at: At;
  readonly node: ParsedNode;
  /** Where the document itself has it, merge keys followed. */
  readonly readAt: Path;
}

/** What some files say of images, those that they include and extend too. */
export interface Written {
  readonly services: ReadonlyMap<string, WrittenService>;
  /** The top-level `x-image-policies`. */
  readonly policies: ReadonlyMap<string, unknown>;
  /** Every document that was looked into. */
  readonly documents: readonly At[];
}

/** Later files over earlier ones, a service over the one it extends. */
export interface WrittenService {
  readonly image: Found | undefined;
  readonly policy: Found | undefined;
}

interface Scope {
  /** Paths of files are relative to it. */
  readonly directory: string;
  readonly variables: Variables;
  /** How many files include each other, or services extend each other, to get here. */
  readonly depth: number;
}

/** Reads compose files in the order in which they are merged. */
export function writtenIn(paths: readonly string[], given: Variables, library: Library): Written {
  library.begin();
  const variables = variablesOf([".env"], { known: given, library });
  return readProject(paths, { directory: "", variables, depth: 0 }, library);
}

type Values = ReadonlyMap<string, Found | undefined>;

/** What one document says of a service; undefined values are taken back. */
interface Layer {
  readonly replaces: boolean;
  readonly values: Values;
}

interface Reading {
  readonly services: Map<string, Values>;
  readonly policies: Map<string, unknown>;
  readonly documents: At[];
  /** The documents of files that services extend, and what such a service says: read once. */
  readonly extended: Map<string, readonly At[]>;
  readonly bases: Map<string, Values>;
}

function readProject(paths: readonly string[], scope: Scope, library: Library): Written {
  const reading: Reading = {
    services: new Map(),
    policies: new Map(),
    documents: [],
    extended: new Map(),
    bases: new Map(),
  };
  for (const path of paths)
    for (const at of documentsOf(path, scope.variables, library))
      readDocument(at, { scope, library, reading });
  const services = Array.from(reading.services, ([name, values]): [string, WrittenService] => [
    name,
    { image: values.get("image"), policy: values.get("x-image-policy") },
  ]);
  const { documents, policies } = reading;
  return { documents, policies, services: new Map(services) };
}

function documentsOf(path: string, variables: Variables, library: Library): readonly At[] {
  const file = library.open(path);
  return file?.pages.map((page, document) => ({ file, document, page, variables })) ?? [];
}

interface Context {
  readonly scope: Scope;
  readonly library: Library;
  readonly reading: Reading;
}

function readDocument(at: At, context: Context): void {
  const { reading } = context;
  reading.documents.push(at);
  const top = entriesOf(at.page, at.page.document.contents);
  for (const [name, node] of entriesOf(at.page, top.get("x-image-policies")))
    reading.policies.set(name, node && dataOf(at.page, node));
  const own = addServices(at, top.get("services"), context);
  for (const included of includesOf(at, top.get("include"), context))
    addIncluded(included, own, reading);
}

/** Adds what a document says of its services, and answers their names. */
function addServices(
  at: At,
  all: ParsedNode | null | undefined,
  context: Context,
): ReadonlySet<string> {
  const { services } = context.reading;
  if (replaces(all)) services.clear();
  // Any other name is an error of the compose file, and no text for a commit's message.
  const names = [...entriesOf(at.page, all).keys()].filter((name) => /^[\w.-]+$/.test(name));
  for (const name of names) {
    const layer = layerOf(name, at, context);
    const before = layer.replaces ? [] : (services.get(name) ?? []);
    services.set(name, new Map([...before, ...layer.values]));
  }
  return new Set(names);
}

function addIncluded(included: Written, own: ReadonlySet<string>, reading: Reading): void {
  const { documents, policies, services } = reading;
  documents.push(...included.documents);
  for (const [name, data] of included.policies) if (!policies.has(name)) policies.set(name, data);
  // A service that both have has to be the same in both: compose refuses anything else.
  for (const [name, written] of included.services)
    if (!own.has(name)) services.set(name, overlaid(services.get(name), written));
}

const overlaid = (before: Values | undefined, { image, policy }: WrittenService): Values =>
  new Map([
    ...(before ?? []),
    ...(image === undefined ? [] : [["image", image] as const]),
    ...(policy === undefined ? [] : [["x-image-policy", policy] as const]),
  ]);

/** A service as a document has it, over what it extends. */
function layerOf(name: string, at: At, context: Context): Layer {
  const { page } = at;
  const all = entriesOf(page, page.document.contents).get("services");
  const service = entriesOf(page, all).get(name);
  const entries = entriesOf(page, service);
  const values = ["image", "x-image-policy"].flatMap((key) => {
    const node = entries.get(key) ?? undefined;
    if (node === undefined) return [];
    const found = { at, node, readAt: ["services", name, key] };
    return [[key, node.tag === "!reset" ? undefined : found] as const];
  });
  const base = baseOf(entries.get("extends"), at, context);
  return { replaces: replaces(service), values: new Map([...base, ...values]) };
}

/** What the service says that another one extends: of the same document, or of another file. */
function baseOf(extending: ParsedNode | null | undefined, at: At, context: Context): Values {
  const { scope, library, reading } = context;
  if (!extending || scope.depth >= limits.chain) return new Map();
  const deeper = { ...scope, depth: scope.depth + 1 };
  const written = entriesOf(at.page, extending);
  const [name, file] = [written.get("service") ?? extending, written.get("file")].map((node) =>
    textAt(node, at),
  );
  if (name === undefined) return new Map();
  if (file === undefined) return layerOf(name, at, { scope: deeper, library, reading }).values;

  const path = joinPath(scope.directory, file);
  const inner = { ...deeper, directory: directoryOf(path) };
  return baseIn(path, name, { scope: inner, library, reading });
}

/** What another file says of a service. */
function baseIn(path: string, name: string, context: Context): Values {
  const { library, reading, scope } = context;
  const key = canonicalJson([path, name]);
  const known = reading.bases.get(key);
  if (known !== undefined) return known;
  // One that extends itself says nothing more by it.
  reading.bases.set(key, new Map());
  const others = reading.extended.get(path) ?? documentsOf(path, scope.variables, library);
  if (!reading.extended.has(path)) reading.documents.push(...others);
  reading.extended.set(path, others);
  let values: Values = new Map();
  for (const other of others) {
    const layer = layerOf(name, other, context);
    values = new Map([...(layer.replaces ? [] : values), ...layer.values]);
  }
  reading.bases.set(key, values);
  return values;
}

/** Each include is a project of its own, with variables of its own under those of the includer. */
function includesOf(
  at: At,
  include: ParsedNode | null | undefined,
  { library, scope }: Context,
): readonly Written[] {
  if (!include || scope.depth >= limits.chain) return [];
  return itemsOf(at.page, include).map((entry) => {
    const written = entriesOf(at.page, entry);
    const textsOf = (node: ParsedNode | null | undefined): readonly string[] =>
      node ? itemsOf(at.page, node).flatMap((item) => textAt(item, at) ?? []) : [];
    const files = textsOf(written.size === 0 ? entry : written.get("path"));
    const prefix = textAt(written.get("project_directory"), at) ?? directoryOf(files[0] ?? "");
    const directory = joinPath(scope.directory, prefix);
    const named = textsOf(written.get("env_file")).map((one) => joinPath(scope.directory, one));
    const variables = variablesOf(named.length > 0 ? named : [joinPath(directory, ".env")], {
      known: scope.variables,
      library,
    });
    const inner = { directory: rooted(directory), variables, depth: scope.depth + 1 };
    return readProject(
      files.map((one) => joinPath(scope.directory, one)),
      inner,
      library,
    );
  });
}

interface Surroundings {
  readonly known: Variables;
  readonly library: Library;
}

/** The variables of env files, later ones over earlier ones, and what is known already over all. */
function variablesOf(paths: readonly string[], { known, library }: Surroundings): Variables {
  let read: Variables = {};
  for (const path of paths) read = { ...read, ...library.variables(path, { ...read, ...known }) };
  return { ...read, ...known };
}

const rooted = (directory: string): string => (directory === "." ? "" : directory);

/** The items of a list; a single value is a list of one. */
function itemsOf(page: Page, node: ParsedNode): readonly ParsedNode[] {
  const list = resolved(page, node);
  return isSeq(list) ? (list.items as ParsedNode[]) : [list];
}

/** A text, its variables replaced; undefined: there is none, or they cannot be. */
function textAt(node: ParsedNode | null | undefined, { page, variables }: At): string | undefined {
  const scalar = node && resolved(page, node);
  if (!isScalar(scalar) || typeof scalar.value !== "string") return undefined;
  const text = variablesReplaced(scalar.value, variables);
  return text.kind === "text" ? text.text : undefined;
}

/** A policy's data; undefined: it has more aliases than a policy can need. */
export function dataOf(page: Page, node: ParsedNode): unknown {
  try {
    return resolved(page, node).toJS(page.document);
  } catch {
    return undefined;
  }
}

/** Compose's own tags: what earlier files say of this does not count. */
const replaces = (node: ParsedNode | null | undefined): boolean =>
  node?.tag === "!override" || node?.tag === "!reset";
