import type { Diagnostic, Position } from "../model/diagnostic.ts";
import type { Project } from "./project.ts";
import type { Path } from "./tree.ts";

/** All that loading depends on. The same inputs, the same answer. */
export interface LoadInputs {
  /** Compose files in merge order; paths as keys of `contents`. */
  readonly files: readonly string[];
  /** Where another file names them, for the error when one is not there. */
  readonly namedAt?: ReadonlyMap<string, NamedAt>;
  /**
   * Relative paths of the model are resolved against it. A relative one is of a repository, whose
   * files are all there is: a file outside is refused. An absolute one is of a machine: it is told.
   */
  readonly projectDirectory: string;
  /** Given by `-p`; else `name:` of the files, else the directory's name. */
  readonly projectName?: string | undefined;
  /** What has been read so far; undefined: looked for, and not there. */
  readonly contents: ReadonlyMap<string, string | undefined>;
  /** For `${…}`: the process environment of `trueup config`, or `variables:` of trueup.yaml. */
  readonly variables: ReadonlyMap<string, string>;
  readonly profiles: readonly string[];
  /**
   * `compose`: the Compose Specification, strictly. `composex`: the same plus what ECS ComposeX
   * allows (compose/dialect.ts).
   */
  readonly dialect: "compose" | "composex";
  /** Env files for `variables`' sake, later ones first; else `.env` of the project directory, if there. */
  readonly envFiles?: readonly string[];
  /** Only these services and what they need; their own profiles are on. */
  readonly services?: readonly string[];
  /** What `docker compose config --no-…` leaves out. */
  readonly skip?: ReadonlySet<Skippable>;
}

interface NamedAt {
  readonly at: Position;
  /** As the error has it: `environments.dev.compose[0]`. */
  readonly path: Path;
}

export type Skippable =
  | "interpolation"
  | "consistency"
  | "paths"
  | "normalization"
  | "environment"
  /** Leaving out networks, volumes, secrets, configs and models that no service uses. */
  | "pruning";

/** `needs`: files that only loading discovers (include, extends, env_file); read them, call again. */
export type Loaded =
  | { readonly kind: "needs"; readonly paths: readonly string[] }
  | { readonly kind: "failed"; readonly diagnostics: readonly Diagnostic[] }
  | {
      readonly kind: "loaded";
      readonly project: Project;
      readonly warnings: readonly Diagnostic[];
    };
