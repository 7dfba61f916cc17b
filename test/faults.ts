import { globSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";

const ajv = new Ajv2020({ allErrors: true, allowUnionTypes: true });
ajv.addFormat("date-time", /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/);
for (const path of globSync("schemas/*.schema.json").sort())
  ajv.addSchema(JSON.parse(readFileSync(path, "utf8")), basename(path, ".schema.json"));

/** What a schema finds wrong with a document. */
export function faults(schema: string, document: unknown): readonly string[] {
  const validate = ajv.getSchema(schema);
  if (validate === undefined) throw new Error(`There is no schema ${schema}.`);
  validate(document);
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}
