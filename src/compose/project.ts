import type { Position } from "../model/diagnostic.ts";

/** Plain data as YAML gives it, after interpolation. */
export type Data =
  | string
  | number
  | boolean
  | null
  | readonly Data[]
  | { readonly [key: string]: Data };

/**
 * A compose model in its canonical form: one syntax, every default spelled out, as
 * `docker compose config --format json` prints it, plus `x-*` at every level. Keys are in order:
 * that of the file means nothing.
 */
export interface Project {
  readonly name: string;
  readonly services: Readonly<Record<string, Service>>;
  readonly networks: Readonly<Record<string, { readonly [key: string]: Data }>>;
  readonly volumes: Readonly<Record<string, { readonly [key: string]: Data }>>;
  readonly secrets: Readonly<Record<string, { readonly [key: string]: Data }>>;
  readonly configs: Readonly<Record<string, { readonly [key: string]: Data }>>;
  /** What stands between `${` and `}` anywhere in the files and was left for CloudFormation. */
  readonly leftAlone: readonly string[];
  /** Names of services whose profiles are off, and of the task families that these name. */
  readonly off: readonly string[];
  readonly models: Readonly<Record<string, { readonly [key: string]: Data }>>;
  /** Top-level `x-*` keys. */
  readonly extensions: Readonly<Record<string, Data>>;
  /** Whether any text or key may have two braces in a row, as what CloudFormation would resolve has. */
  readonly hasBraces: boolean;
  /** Those of them under which something has an anchor: parts of the file that are used elsewhere in it. */
  readonly fragments: readonly string[];
  /**
   * Where the text stands that a person edits to change what is at `path`; for a path that is not
   * there, the nearest above it. `path` is a list of keys and indexes from the top of the model.
   */
  positionOf(path: readonly (string | number)[]): Position;
}

/** One service, canonical; keys not named here are carried whole under their compose name. */
export interface Service {
  readonly [key: string]: Data | undefined;
  readonly image?: string;
  readonly command?: readonly string[] | null;
  readonly entrypoint?: readonly string[] | null;
  /** Null: named without a value, and nothing gave it one. */
  readonly environment?: Readonly<Record<string, string | null>>;
  readonly ports?: readonly Port[];
  readonly expose?: readonly string[];
  readonly depends_on?: Readonly<Record<string, Dependency>>;
}

// A type, not an interface: only a type can stand where Data is asked for.
export type Port = {
  readonly target: number;
  readonly published?: string;
  readonly protocol: string;
  readonly mode?: string;
  readonly host_ip?: string;
  readonly name?: string;
  readonly app_protocol?: string;
};

export type Dependency = {
  readonly condition: string;
  readonly required: boolean;
  readonly restart?: boolean;
};

/** `services.web.ports[0]`: a path as people read it. */
export const pathText = (path: readonly (string | number)[]): string =>
  path.reduce<string>(
    (text, part) =>
      typeof part === "number" ? `${text}[${part}]` : text === "" ? part : `${text}.${part}`,
    "",
  );

/** What stands at a path of plain data; undefined: nothing. */
export function dataAt(
  data: Data | undefined,
  path: readonly (string | number)[],
): Data | undefined {
  let found = data;
  for (const part of path) {
    if (typeof found !== "object" || found === null) return undefined;
    const isItem = typeof part === "number";
    if (isItem !== Array.isArray(found) || !Object.hasOwn(found, part)) return undefined;
    found = (found as { readonly [key: string | number]: Data })[part];
  }
  return found;
}

/** The same of a whole model, as its `positionOf` counts. */
export const dataIn = (
  { extensions, ...model }: Project,
  path: readonly (string | number)[],
): Data | undefined =>
  // The model of a project is plain data, whose interface has no index signature.
  dataAt({ ...model, ...extensions } as unknown as Data, path);
