import type { Output, Template, Value } from "./state.ts";
import { evaluate, holds, type Scope } from "./templates/evaluate.ts";
import { intrinsicOf, isObject } from "./templates/references.ts";

/** The outputs of a template whose condition holds, by key. */
export function outputsOf({ Outputs = {} }: Template, scope: Scope): readonly Output[] {
  return Object.entries(Outputs)
    .filter(([, { Condition }]) => Condition === undefined || holds(Condition, scope))
    .map(([key, { Description, Export, Value }]) => {
      const name = Export === undefined ? undefined : evaluate(Export.Name, scope);
      return {
        key,
        value: shown(evaluate(Value, scope)),
        ...(Description === undefined ? {} : { description: Description }),
        ...(name === undefined ? {} : { exportName: String(name) }),
      };
    });
}

const shown = (value: Value | undefined): string =>
  typeof value === "object" ? JSON.stringify(value) : String(value ?? "");

/** The names of exports that a template reads, once its functions are carried out. */
export function importsOf(value: Value, scope: Scope): readonly string[] {
  const intrinsic = intrinsicOf(value);
  if (intrinsic?.[0] === "Fn::ImportValue") return [String(evaluate(intrinsic[1], scope))];
  if (Array.isArray(value)) return value.flatMap((item) => importsOf(item, scope));
  return isObject(value) ? Object.values(value).flatMap((item) => importsOf(item, scope)) : [];
}
