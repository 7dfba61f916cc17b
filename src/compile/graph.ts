import type { Origin } from "../model/bundle.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import type { DeletionPolicy, Properties, Value } from "../model/template.ts";

/**
 * Which stack a node belongs to. Fixed by its kind (and, in `family`, by which family it is of),
 * never by other resources: a live resource never changes its stack (design-aws 5, 6).
 */
export type Layer =
  | { readonly layer: "base" }
  | { readonly layer: "family"; readonly family: string }
  | { readonly layer: "watch" };

/** One CloudFormation resource. References are CloudFormation's own: Ref, Fn::GetAtt, Fn::Sub. */
export interface Node {
  /** Logical id: unique in the environment, equal in both layouts. */
  readonly id: string;
  readonly type: string;
  readonly layer: Layer;
  readonly properties: Properties;
  readonly dependsOn?: readonly string[];
  readonly deletionPolicy?: DeletionPolicy;
  readonly updateReplacePolicy?: "Delete" | "Retain" | "Snapshot";
  readonly origin: Origin;
}

/** An output people and `verify` ask for, e.g. `PublicUrl`. */
export interface NamedOutput {
  readonly name: string;
  readonly layer: Layer;
  readonly value: Value;
  readonly description: string;
}

/** A value that is given from outside (`parameters:` of trueup.yaml). */
export interface Graph {
  /** In the order of the compose file, which templates keep. */
  readonly nodes: ReadonlyMap<string, Node>;
  readonly outputs: readonly NamedOutput[];
  /** Family → families that must be deployed before it (`depends_on`). */
  readonly order: ReadonlyMap<string, readonly string[]>;
}

export type Compiled =
  | { readonly kind: "failed"; readonly diagnostics: readonly Diagnostic[] }
  | { readonly kind: "compiled"; readonly graph: Graph; readonly warnings: readonly Diagnostic[] };
