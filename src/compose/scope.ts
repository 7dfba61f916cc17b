import type { Path, Place } from "./tree.ts";

/** What a compose file is read against: it differs between a project and what it includes. */
export interface Scope {
  /** Where relative files are looked for. */
  readonly directory: string;
  /** What relative paths in the model are made relative to: the including project's view of `directory`. */
  readonly prefix: string;
  /** Whether relative paths are made paths of `prefix` at all. */
  readonly locates: boolean;
  variable(name: string): string | undefined;
  /** The files that led here by `include`, outermost first. */
  readonly includedBy: readonly string[];
  /** Where the files of this scope were asked for. */
  readonly mention: { readonly at: Place | undefined; readonly path: Path };
}
