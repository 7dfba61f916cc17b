import type { Origin, PropertyOrigins } from "../model/bundle.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import type { FixedName } from "../model/fixed-name.ts";
import type { OpenLookup } from "../model/lookup.ts";
import type { DeletionPolicy, Properties, Value } from "../model/template.ts";

/**
 * Which stack a node belongs to. Fixed by its kind (and, in `family`, by which family it is of),
 * never by other resources: a live resource never changes its stack (design-aws 5, 6).
 */
export type Layer =
  | { readonly layer: "base" }
  | { readonly layer: "family"; readonly family: string }
  | { readonly layer: "watch" };

export const base: Layer = { layer: "base" };

export const familyLayer = (family: string): Layer => ({ layer: "family", family });

/** One CloudFormation resource. References are CloudFormation's own: Ref and Fn::GetAtt. */
export interface Node {
  /** Logical id: unique in the environment, equal in both layouts. */
  readonly id: string;
  readonly type: string;
  readonly layer: Layer;
  readonly properties: Properties;
  /** What only the controller reads. */
  readonly metadata?: Properties | undefined;
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

/** Every resource of one environment, with its references: what `link` cuts into stacks. */
export interface Graph {
  /** In the order in which the compiler made them, which templates keep. */
  readonly nodes: ReadonlyMap<string, Node>;
  readonly outputs: readonly NamedOutput[];
  /** Family → families that must be deployed before it (`depends_on`): never in a circle. */
  readonly order: ReadonlyMap<string, readonly string[]>;
  /** `x-tags`: on every stack, and so on every resource. */
  readonly tags: Readonly<Record<string, string>>;
  readonly originOf?: PropertyOrigins;
}

export type Compiled =
  | {
      readonly kind: "failed";
      readonly diagnostics: readonly Diagnostic[];
      /** What has to be looked up before there can be an answer. */
      readonly lookups: readonly OpenLookup[];
      /** As far as they can be told without it. */
      readonly names: readonly FixedName[];
    }
  | {
      readonly kind: "compiled";
      readonly graph: Graph;
      /** All that was looked up for it. */
      readonly lookups: readonly OpenLookup[];
      readonly names: readonly FixedName[];
      readonly warnings: readonly Diagnostic[];
    };
