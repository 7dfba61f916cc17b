import { globSync, readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { trueupSchema } from "../../src/application/json-schema.ts";
import { readApplication } from "../../src/application/read.ts";

const validate = new Ajv2020({ allErrors: true }).compile(trueupSchema);

// `npx trueup init --schema > schemas/trueup.schema.json && npm run fix` writes it.
test("the schema is in schemas/", () =>
  expect(JSON.parse(readFileSync("schemas/trueup.schema.json", "utf8"))).toEqual(trueupSchema));

const isRead = (text: string) => readApplication("trueup.yaml", text).kind === "read";

const whole = (text: string) =>
  [
    text,
    ...(/^application:/m.test(text) ? [] : ["application: shop"]),
    ...(/^environments:/m.test(text) ? [] : ["environments: { dev: { on: { branch: main } } }"]),
  ].join("\n");

const documented = globSync("docs/*.md").flatMap((page) =>
  [...readFileSync(page, "utf8").matchAll(/```yaml\n(.*?)```/gs)]
    .map(({ 1: text = "" }) => text)
    .filter((text) => !/^(?:services|x-[\w-]+):/m.test(text))
    .map(whole),
);

test("editors find nothing wrong in what is documented", () => {
  expect(documented.length).toBeGreaterThan(5);
  const example = readFileSync("examples/myapps/trueup.yaml", "utf8");
  for (const text of [...documented, example]) {
    validate(parse(text));
    expect({ text, errors: validate.errors }).toEqual({ text, errors: null });
  }
});

const dev = (said: string) => `application: shop\nenvironments: { dev: { ${said} } }`;

describe("editors and the controller think the same of", () => {
  test.for([
    dev("on: { branch: main }"),
    dev("on: { branch: main, tag: v1 }"),
    dev("on: { branch: '-x' }"),
    dev("from: dev, on: { branch: main }"),
    dev("selfHeal: report"),
    dev("on: { branch: main }, selfHeal: never"),
    dev("on: { branch: main }, selfheal: report"),
    dev("on: { branch: main }, parameters: { from: a/b, VpcId: vpc-1 }"),
    dev("on: { branch: main }, parameters: { from: a/b }"),
    dev("on: { branch: main }, parameters: { AppSubnets: [a, b] }"),
    dev("on: { branch: main }, parameters: params.json"),
    dev("on: { branch: main }, parameters: /params.json"),
    dev("on: { branch: main }, approval: { expires: 1h }"),
    dev("on: { branch: main }, approval: manual"),
    dev("on: { branch: main }, ephemeral: { max: 0 }"),
    dev("on: { branch: main }, ephemeral: { max: 1.5 }"),
    dev("on: { branch: main }, ephemeral: { ttl: 2 hours }"),
    dev("on: { branch: main }, target: { account: 123456789012 }"),
    dev("on: { branch: main }, target: { account: ssm:/trueup/shared/a }"),
    dev("on: { branch: main }, verify: [{ http: {} }]"),
    dev("on: { branch: main }, windows: [{ allow: 0 1 * * *, for: 1h, overrun: maybe }]"),
    dev("on: { branch: main }, variables: { 1A: b }"),
    dev("on: { branch: a..b }"),
    dev("on: { branch: 'feature/*' }"),
    dev("on: { branch: main }, compose: [./a.yml]"),
    dev("on: { branch: main }, parameters: { AppSubnets: [] }"),
    dev("on: { branch: main }, parameters: { VpcId: 'ssm:' }"),
    dev("on: { branch: main }, variables: { A: 'a,ssm:/b' }"),
    dev(`on: { branch: main }, verify: [{ lambda: { function: '\${revision}' } }]`),
    dev(`on: { branch: main }, verify: [{ lambda: { function: '\${VAR}' } }]`),
    "application: registration\nenvironments: { dev: { on: { branch: main } } }",
    "application: shop\nenvironments: {}",
    "application: shop",
  ])("%s", (text) => expect(validate(parse(text))).toBe(isRead(text)));
});
