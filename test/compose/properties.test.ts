import fc from "fast-check";
import { expect, test } from "vitest";
import { stringify } from "yaml";
import { attributes } from "../../src/compose/attributes/attributes.ts";
import { dialects } from "../../src/compose/dialect.ts";
import { merge } from "../../src/compose/merge.ts";
import { printYaml } from "../../src/compose/print.ts";
import type { Data, Project } from "../../src/compose/project.ts";
import { readDocuments } from "../../src/compose/read.ts";
import { createReport } from "../../src/compose/report.ts";
import { type Tree, toData } from "../../src/compose/tree.ts";
import { projectOf } from "./loading.ts";

const word = fc.constantFrom("a", "b", "c", "d");
const words = fc.array(word, { maxLength: 3 });
const pairs = fc.oneof(
  fc.dictionary(word, word, { maxKeys: 3 }),
  fc.uniqueArray(
    fc.tuple(word, word).map(([key, value]) => `${key}=${value}`),
    { maxLength: 3 },
  ),
);
const port = fc
  .tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }))
  .map(([host, container]) => `${host}:${container}`);

const service = fc.record(
  {
    image: word,
    user: word,
    command: fc.oneof(word, words),
    environment: pairs,
    labels: pairs,
    dns: fc.oneof(word, fc.uniqueArray(word, { maxLength: 3 })),
    ports: fc.uniqueArray(port, { maxLength: 3 }),
    volumes: fc.uniqueArray(
      word.map((name) => `/${name}${name}:/${name}`),
      { maxLength: 3 },
    ),
    deploy: fc.record({ replicas: fc.nat(3), labels: pairs }, { requiredKeys: [] }),
    "x-any": fc.dictionary(word, fc.oneof(word, words, fc.integer()), { maxKeys: 3 }),
  },
  { requiredKeys: [] },
);

const fileOf = (web: object): string => stringify({ services: { web: { image: "i", ...web } } });

const treeOf = (data: unknown): Tree => readText(stringify(data));

function readText(text: string): Tree {
  const report = createReport();
  const source = { file: "a.yml", text };
  const [document] = readDocuments(source, report, dialects.compose) ?? [];
  if (document === undefined) throw new Error(JSON.stringify(report.diagnostics));
  return document.tree;
}

const plain = ({
  positionOf: _,
  name: __,
  fragments: ___,
  hasBraces: ____,
  off: _____,
  leftAlone: ______,
  extensions,
  ...sections
}: Project): Data => ({ ...sections, ...extensions }) as Data;

test("loading what was loaded changes nothing", () =>
  fc.assert(
    fc.property(service, (web) => {
      const once = plain(projectOf({ "compose.yml": fileOf(web) }));
      const twice = plain(projectOf({ "compose.yml": stringify(doubled(once)) }));
      expect(twice).toEqual(once);
    }),
  ));

test("three files are the same whichever two are merged first", () => {
  const report = createReport();
  const over = (base: Tree, top: Tree): Tree =>
    merge(base, top, attributes.merge, { path: [], report });
  const file = service.map((web) => treeOf({ services: { web } }));
  fc.assert(
    fc.property(file, file, file, (a, b, c) => {
      fc.pre(![a, b, c].some((tree) => JSON.stringify(toData(tree)).includes("{}")));
      expect(toData(over(over(a, b), c))).toEqual(toData(over(a, over(b, c))));
    }),
  );
});

test("what is printed is read as it was", () => {
  // YAML, like JSON, knows one zero.
  const data = fc
    .jsonValue({ maxDepth: 4 })
    .map((one) => JSON.parse(JSON.stringify(one))) as fc.Arbitrary<Data>;
  const odd = [
    "0755",
    "1:30",
    "2024-1-2",
    "1_000",
    "yes",
    "0b1",
    "!reset",
    "<<",
    " a\n",
    "*a",
    "é😀\u2028",
  ];
  fc.assert(
    fc.property(data, (one) => {
      const printed = printYaml(one);
      const read = toData(readText(printed));
      expect(read).toEqual(one);
      expect(printYaml(read)).toBe(printed);
    }),
    { examples: [[odd], [Object.fromEntries(odd.map((key) => [key, 1]))]] },
  );
});

test("the order of keys does not matter", () =>
  fc.assert(
    fc.property(service, (web) => {
      const turned = Object.fromEntries(Object.entries(web).toReversed());
      expect(projectOf({ "compose.yml": fileOf(turned) }).services).toEqual(
        projectOf({ "compose.yml": fileOf(web) }).services,
      );
    }),
  ));

const doubled = (data: Data): Data => JSON.parse(JSON.stringify(data).replaceAll("$", () => "$$"));
