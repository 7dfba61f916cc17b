import type { Properties, Value } from "../../model/template.ts";
import type { Node } from "../graph.ts";
import type { Statement } from "../iam.ts";
import type { Path } from "../report.ts";
import type { Scope } from "../scope.ts";

/** A kind of resource that services use: one module, one line in the registry. */
export interface XResource {
  readonly key: `x-${string}`;
  /** What the logical ids of its resources end with. */
  readonly suffix: string;
  /** What services may be told. The first is what the variable with the resource's name holds. */
  readonly returnValues: Readonly<Record<string, (id: string) => Value>>;
  /** Levels of access: exactly the actions a service may take, and on what. */
  readonly access: Readonly<Record<string, readonly Grant[]>>;
  /** The metric that tells how much work waits in it, where services may scale on that. */
  readonly waiting?: (id: string) => Properties;
  /** The resources of one definition, without their layer: all of it is in `base`. */
  readonly resources: (definition: Definition, scope: Scope) => readonly Made[];
}

/** Actions, and what they are allowed on: by default the resource itself. */
export interface Grant {
  readonly actions: readonly string[];
  readonly on?: (arn: Value) => readonly Value[];
  readonly condition?: Statement["Condition"];
}

/** One entry under a kind's key. */
export interface Definition {
  readonly name: string;
  readonly id: string;
  readonly path: Path;
  readonly properties: Properties;
}

type Made = Omit<Node, "layer" | "origin">;
