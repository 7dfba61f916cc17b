import type { Data } from "../../compose/project.ts";
import type { Value } from "../../model/template.ts";
import { asIs, mapOf } from "../read.ts";
import type { Scope } from "../scope.ts";

/** What others may learn of one declared thing: `x-sqs::jobs::QueueName`. */
export type Values = Readonly<Record<string, Value>>;

/** An `x-` key at the top of a compose file. */
export interface TopLevelKey {
  readonly key: `x-${string}`;
  /** The values of what is declared under `name`, known before anything is made of it. */
  readonly values?: (name: string, definition: Data, scope: Scope) => Values;
  /** Makes its resources and gives services what they are promised. */
  readonly compile: (data: Data, scope: Scope) => void;
}

/** `compile` of a key whose definitions are made one by one. */
export const each =
  (
    key: string,
    make: (name: string, definition: Data, scope: Scope) => void,
  ): TopLevelKey["compile"] =>
  (data, scope) => {
    for (const [name, definition] of Object.entries(mapOf(asIs)(data, [key], scope.report) ?? {}))
      make(name, definition, scope);
  };
