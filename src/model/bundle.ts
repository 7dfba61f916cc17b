import type { Position } from "./diagnostic.ts";
import type { Template } from "./template.ts";

/** Where an environment's stacks live, and as whom they are deployed. */
export interface Target {
  readonly account: string;
  readonly region: string;
  /** Assumed by the controller; none: the controller's own account, with its own credentials. */
  readonly role?: string;
  readonly externalId?: string;
  /** Passed to CloudFormation, which works as this role. */
  readonly cloudFormationRole?: string;
  /** The ARN of the policy that every role of the templates has as its boundary. */
  readonly permissionsBoundary?: string;
}

/** A parameter's value: known now, or an output of another unit of the same bundle. */
export type ParameterValue = string | { readonly output: readonly [unit: string, name: string] };

/** Where a resource comes from: the compose text that asks for it. */
export interface Origin extends Position {
  readonly path: string;
}

/** One stack as it should be. Cross-stack parameters are symbolic until their provider is deployed. */
export interface DesiredStack {
  readonly name: string;
  /** `base`, `s-<family>`, `watch`, or `all` in the layout `single`. */
  readonly unit: string;
  /** Without the `TrueupDigest` output, which is added when it is applied. */
  readonly template: Template;
  readonly parameters: Readonly<Record<string, ParameterValue>>;
  /** Constant for the life of the stack. */
  readonly tags: Readonly<Record<string, string>>;
  readonly capabilities: readonly string[];
  /** Units that must be deployed before this one: those it imports from, and those it `depends_on`. */
  readonly dependsOn: readonly string[];
  /** Logical id → the compose line that causes it. Never part of a digest. */
  readonly origins: Readonly<Record<string, Origin>>;
  /** Worked out when it is asked for; without it nothing is known below the resource. */
  readonly originOf?: PropertyOrigins;
}

/**
 * The compose line of one property, by its path in the resource; undefined: it has none of its own.
 * A container may stand in it by its name: `ContainerDefinitions`, `web`, `Image`.
 */
export type PropertyOrigins = (
  logicalId: string,
  property: readonly string[],
) => Origin | undefined;

/** The desired state of one environment: what `link` makes and the reconciler applies. */
export interface Bundle {
  /** Of all stacks with cross-stack parameters symbolic: known before anything is deployed. */
  readonly digest: string;
  readonly target: Target;
  /** In an order in which every stack comes after the stacks it depends on. */
  readonly stacks: readonly DesiredStack[];
}
