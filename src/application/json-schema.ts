import type { ObjectShape, Shape } from "./shape.ts";
import { trueupYaml } from "./trueup-yaml.ts";

/** JSON Schema, draft 2020-12. */
type Schema = Readonly<Record<string, unknown>>;

/**
 * `trueup.yaml` for editors. What only the whole file shows is not in it: that `from` names an
 * environment that is there, that a window ever comes.
 */
export const trueupSchema: Schema = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  $id: "trueup.schema.json",
  title: "trueup.yaml, at the root of a compose repository",
  ...schemaOf(trueupYaml),
};

function schemaOf(shape: Shape): Schema {
  switch (shape.kind) {
    case "text": {
      const { help, pattern, what } = shape.format;
      return { type: "string", pattern: pattern.source, description: `${what}: ${help}` };
    }
    case "choice":
      return { enum: shape.values };
    case "integer":
      return { type: "integer", minimum: shape.least, maximum: shape.most };
    case "flag":
      return { type: "boolean" };
    case "list":
      return {
        type: "array",
        items: schemaOf(shape.of),
        ...(shape.least === 0 ? {} : { minItems: shape.least }),
      };
    case "map":
      return {
        type: "object",
        propertyNames: { pattern: shape.names.pattern.source },
        additionalProperties: schemaOf(shape.of),
        minProperties: shape.least,
      };
    case "object":
      return objectSchema(shape);
    case "either":
      return { anyOf: shape.forms.map(schemaOf) };
  }
}

function objectSchema({ alone, exactlyOne, keys, required }: ObjectShape): Schema {
  return {
    type: "object",
    properties: Object.fromEntries(Object.entries(keys).map(([key, of]) => [key, schemaOf(of)])),
    additionalProperties: false,
    ...(required.length === 0 ? {} : { required }),
    ...(exactlyOne.length === 0 ? {} : { oneOf: exactlyOne.map((key) => ({ required: [key] })) }),
    ...(alone === undefined
      ? {}
      : { anyOf: [{ not: { required: [alone] } }, { maxProperties: 1 }] }),
  };
}
