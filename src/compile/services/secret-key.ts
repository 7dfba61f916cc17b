import type { Value } from "../../model/template.ts";
import type { Statement } from "../iam.ts";
import { asIs, list, object, oneOf, type Read, text } from "../read.ts";

const transforms = ["capitalize", "java_properties", "title"] as const;

/** How the name of a variable is made of the key whose value it holds. */
export type Transform = (typeof transforms)[number];

/** `x-secrets`. */
export const readSecret = object({
  Name: text,
  VarName: text,
  LinksTo: list(oneOf("EcsExecutionRole", "EcsTaskRole")),
  JsonKeys: list(
    object({ SecretKey: text, VarName: text, Transform: oneOf(...transforms) }, ["SecretKey"]),
  ),
  Lookup: asIs,
});

export type Secret = Read<typeof readSecret>;

/** A secret as all who use it have it. */
export interface GivenSecret {
  readonly secret: Secret;
  readonly valueFrom: Value;
  /** The right to read it. */
  readonly statement: Statement;
}
