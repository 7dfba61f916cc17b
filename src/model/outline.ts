import type { Origin } from "./bundle.ts";

/**
 * What a bundle holds, without its templates: which resources there are in which stack, and the
 * compose lines that ask for them. For people who look: nothing is decided by it.
 */
export interface Outline {
  readonly v: 1;
  /** The commit that its lines are counted in. */
  readonly revision: string;
  /** Digest of the bundle. */
  readonly bundle: string;
  readonly target: { readonly account: string; readonly region: string };
  /** In the order in which they are rolled out. */
  readonly stacks: readonly OutlinedStack[];
}

export interface OutlinedStack {
  readonly name: string;
  readonly unit: string;
  /** Units that are deployed before it. */
  readonly dependsOn: readonly string[];
  readonly resources: readonly OutlinedResource[];
  readonly images: readonly OutlinedImage[];
}

export interface OutlinedResource {
  readonly logicalId: string;
  readonly type: string;
  /** Undefined: no line of a compose file asks for it. */
  readonly cause: Origin | undefined;
}

/** What one container of a task definition runs. */
export interface OutlinedImage {
  readonly container: string;
  readonly image: string;
  readonly cause: Origin | undefined;
}

/** Where the outlines of an environment, or of an instance, lie. */
export const outlineFolder = (key: string): string => `outlines/${key}/`;

/** Lines move with the commit and not with the bundle, so that one has an outline for each. */
export const outlinePath = (key: string, { bundle, revision }: Outlined): string =>
  `${outlineFolder(key)}${revision}-${bundle.slice(0, 12)}.json`;

/** What an outline is of. */
export type Outlined = Pick<Outline, "bundle" | "revision">;
