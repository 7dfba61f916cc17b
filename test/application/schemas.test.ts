import { globSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { describe, expect, test } from "vitest";

interface Schema {
  readonly [key: string]: unknown;
  readonly type?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: unknown;
}

const schemas = globSync("schemas/*.schema.json").map((path) => ({
  name: basename(path),
  schema: JSON.parse(readFileSync(path, "utf8")) as Schema,
}));

/** Every schema inside one, itself among them. */
const within = (schema: unknown): readonly Schema[] =>
  typeof schema === "object" && schema !== null
    ? [schema as Schema, ...Object.values(schema).flatMap(within)]
    : [];

/** What people hold on to, and could otherwise leave without noticing. */
const documents = [
  "application-status",
  "approval",
  "check",
  "consent",
  "contribution",
  "doctor",
  "environment-status",
  "hold",
  "init",
  "ledger-entry",
  "notice",
  "outline",
  "plan",
  "promote",
  "registration",
  "rejection",
  "requested-at",
  "stacks",
  "suspended",
  "trace",
  "tree",
  "trueup",
  "verdict",
  "verify-at",
];

test("every document that is stored or printed has a schema", () => {
  expect(schemas.map(({ name }) => name.split(".")[0]).sort()).toEqual(documents);
});

describe.for(schemas)("$name", ({ name, schema }) => {
  test("is of the draft it says, under its own name", () => {
    expect(schema.$schema).toBe("https://json-schema.org/draft/2020-12/schema");
    expect(schema.$id).toBe(name);
  });

  test("knows every key that it requires, and no others", () => {
    for (const part of within(schema).filter(({ properties }) => properties !== undefined)) {
      expect(Object.keys(part.properties ?? {})).toEqual(
        expect.arrayContaining([...(part.required ?? [])]),
      );
      expect(part.additionalProperties).toBe(false);
    }
  });

  test("defines all that it refers to", () => {
    const known = Object.keys((schema.$defs ?? {}) as object).map((key) => `#/$defs/${key}`);
    for (const { $ref } of within(schema)) if ($ref !== undefined) expect(known).toContain($ref);
  });
});
