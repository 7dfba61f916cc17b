import { dataIn, type Project } from "../compose/project.ts";
import type { Origin } from "../model/bundle.ts";
import { originOf, type Path } from "./report.ts";

/** Property → the keys below a service that decide it, the most telling first: `deploy/replicas`. */
export type PropertyKeys = Readonly<Record<string, readonly string[]>>;

/** What a resource's properties come from, where that is not what is called like them. */
export interface Sources {
  readonly keys: PropertyKeys;
  /** What the keys are looked for in. A property that several of these decide has no one line. */
  readonly of: readonly { readonly path: Path }[];
  /** What asks for the container of a name, where one is asked after by its name. */
  readonly containerAt?: (name: string) => Path | undefined;
}

/** The part of a node that tells where it comes from. */
export interface Claim {
  readonly path: Path;
  /** Where its properties are written, if that is not below `path`. */
  readonly written?: Path | undefined;
  readonly sources?: Sources | undefined;
}

/**
 * Where one property of a resource comes from; `property` is its path from the top of the
 * properties, as deep as is known. Undefined: no line of its own says it. Nothing is worked out
 * before somebody asks.
 */
export const propertyOrigins =
  (project: Project, claims: ReadonlyMap<string, Claim>) =>
  (id: string, property: readonly string[]): Origin | undefined => {
    const claim = claims.get(id);
    const path = claim && pathOf(project, claim, property);
    return path && originOf(project, path);
  };

/** The path in the model that a property comes from. Undefined: no line of its own says it. */
export const pathOf = (project: Project, claim: Claim, property: Path): Path | undefined =>
  decided(project, claim, property) ?? named(project, claim, property);

/** By a key of exactly one service. */
function decided(project: Project, claim: Claim, property: Path): Path | undefined {
  const { sources } = claim;
  if (sources === undefined) return undefined;
  const [list = "", name, ...rest] = property;
  const one = rest.length > 0 ? sources.containerAt?.(String(name)) : undefined;
  if (list === "ContainerDefinitions" && one !== undefined) {
    const own = { keys: sources.keys, of: [{ path: one }] };
    return decided(project, { ...claim, sources: own }, [list, ...rest]) ?? one;
  }
  const known = prefixesOf(property.filter((part) => typeof part === "string"))
    .map((prefix) => prefix.join("."))
    .find((name) => Object.hasOwn(sources.keys, name));
  const keys = known === undefined ? undefined : sources.keys[known];
  const places = sources.of.flatMap(({ path }) => {
    const candidates = (keys ?? []).map((key) => [...path, ...key.split("/")]);
    const found = candidates.find((candidate) => isThere(project, candidate));
    return found === undefined ? [] : [found];
  });
  return places.length === 1 ? places[0] : undefined;
}

/** What is passed through stands below the resource, under the name that it has in CloudFormation. */
function named(project: Project, { path, written }: Claim, property: Path): Path | undefined {
  const below = [["Properties"], [], ["MacroParameters"]].map((part) => [...path, ...part]);
  const places = written === undefined ? below : [written, ...below];
  for (const prefix of prefixesOf(property)) {
    const found = places
      .map((place) => [...place, ...prefix])
      .find((place) => isThere(project, place));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The longest first. */
const prefixesOf = (property: Path): readonly Path[] =>
  property.map((_, at) => property.slice(0, property.length - at));

const isThere = (project: Project, path: Path): boolean => (dataIn(project, path) ?? null) !== null;
