import { describe, expect, test } from "vitest";
import { findings, projectOf } from "./loading.ts";

const web = "services: {web: {image: a}}\n";
const extension = (text: string): unknown =>
  projectOf({ "compose.yml": `x-it: ${text}\n${web}` }).extensions["x-it"];

describe("an unquoted word means what it means to the reference", () => {
  test.for<[string, unknown]>([
    ["true", true],
    ["False", false],
    ["yes", "yes"],
    ["off", "off"],
    ["~", null],
    ["", null],
    ["10", 10],
    ["0x1F", 31],
    ["0o17", 15],
    ["0b11", 3],
    ["0755", 493],
    ["089", 89],
    ["1_000", 1000],
    ["-3", -3],
    ["1.50", 1.5],
    [".5", 0.5],
    ["1e3", 1000],
    ["1e400", "1e400"],
    ["0xFFFFFFFFFFFFFFFFF", "0xFFFFFFFFFFFFFFFFF"],
    ["1:30", "1:30"],
    ["1.2.3", "1.2.3"],
    ["2024-01-02", "2024-01-02T00:00:00Z"],
    ["2024-02-30", "2024-02-30"],
    ["'10'", "10"],
    ['"true"', "true"],
    ["!!str 10", "10"],
    ["!custom x", "x"],
  ])("%s", ([text, value]) => expect(extension(text)).toEqual(value));
});

test.for([
  ["1.0", "1"],
  ["1.50", "1.5"],
  ["1e21", "1e+21"],
  ["1e3", "1000"],
  ["1000000", "1000000"],
  ["1000000.0", "1e+06"],
  ["123456.5", "123456.5"],
  ["0.00001", "1e-05"],
  ["0755", "493"],
  ["true", "true"],
  ["18446744073709551615", "18446744073709551615"],
])("in environment %s is the text %s", ([value, text]) =>
  expect(
    projectOf({ "compose.yml": `services: {web: {image: a, environment: {A: ${value}}}}` }).services
      .web?.environment,
  ).toEqual({ A: text }),
);

test("an unquoted date is no text where text is wanted", () =>
  expect(findings({ "compose.yml": "services: {web: {image: 2024-01-02}}" })).toEqual([
    "compose.yml:1:25 services.web.image must be text",
  ]));

describe("aliases and merge keys", () => {
  test("written keys win wherever they stand, and of several mappings the earlier", () =>
    expect(
      projectOf({
        "compose.yml": `x-a: &a {A: a, B: a}\nx-b: &b {B: b, C: b}\nx-it: {C: own, <<: [*a, *b]}\n${web}`,
      }).extensions["x-it"],
    ).toEqual({ A: "a", B: "a", C: "own" }));

  test("an anchor may be redefined", () =>
    expect(
      projectOf({ "compose.yml": `x-a: &a 1\nx-b: &a 2\nx-it: *a\n${web}` }).extensions["x-it"],
    ).toBe(2));

  test.for([
    ["x-it: *gone", "the anchor *gone is not known in this file"],
    ["x-it: &a {b: *a}", "the alias *a stands inside what it refers to"],
    ["x-it: {<<: 5}", "<< takes a mapping or a list of mappings"],
    ["x-a: &a {}\nx-it: {<<: *a, <<: *a}", "the key << is already set in line 2"],
  ])("%s is an error", ([text, message]) =>
    expect(findings({ "compose.yml": `${text}\n${web}` })).toEqual([
      expect.stringContaining(message ?? ""),
    ]),
  );

  test("anchors end with their file", () =>
    expect(
      findings({ "compose.yml": `x-a: &a 1\n${web}`, "compose.over.yml": "x-b: *a\n" }),
    ).toEqual(["compose.over.yml:1:6 x-b the anchor *a is not known in this file"]));
});

test("a key that is set twice is an error at the second, naming the first", () =>
  expect(findings({ "compose.yml": "services:\n  web: {image: a}\n  web: {image: b}\n" })).toEqual([
    "compose.yml:3:3 services.web the key web is already set in line 2",
  ]));

test.for([["1"], ["true"], ["null"], ["1.5"], ["2024-01-02"]])(
  "the key %s is not text, not even in an extension",
  ([key]) =>
    expect(findings({ "compose.yml": `x-it: {a: {${key}: b}}\n${web}` })).toEqual([
      `compose.yml:1:12 x-it.a the key ${key === "2024-01-02" ? "2024-01-02T00:00:00Z" : key} is not text`,
    ]),
);

test("several documents of a file are merged like several files", () =>
  expect(
    projectOf({
      "compose.yml": "services: {web: {image: a}}\n---\nservices: {web: {image: b, user: c}}\n",
    }).services.web,
  ).toMatchObject({ image: "b", user: "c" }));

test.for([[""], ["# nothing\n"], ["{}\n"], ["version: '3'\n"]])(
  "%j alone is an empty file",
  ([text]) =>
    expect(findings({ "compose.yml": text ?? "" }).at(-1)).toContain("the compose file is empty"),
);

test("a file of comments overrides nothing", () =>
  expect(
    projectOf({ "compose.yml": web, "compose.over.yml": "# later\n" }).services.web?.image,
  ).toBe("a"));

test("line ends of Windows and a byte order mark are read", () =>
  expect(
    projectOf({ "compose.yml": "\ufeffservices:\r\n  web:\r\n    image: a\r\n" }).services.web
      ?.image,
  ).toBe("a"));

test("names that mean something to JavaScript are names", () =>
  expect(
    projectOf({
      "compose.yml": "services: {constructor: {image: a, labels: {__proto__: b, toString: c}}}",
    }).services.constructor,
  ).toMatchObject({ image: "a", labels: JSON.parse('{"__proto__": "b", "toString": "c"}') }));

describe("quoted text that goes on in a line indented less than its key", () => {
  const text = (rest = ""): string =>
    `services:\n  web:\n    image: 'a\n  b\nc'\n    labels: {x: "d\n e", y: f}\n${rest}`;
  const found = (whole: string) => findings({ "compose.yml": whole });

  test("means what it means indented", () => {
    const { web: service } = projectOf({ "compose.yml": text() }).services;
    expect(service).toMatchObject({ image: "a b c", labels: { x: "d e", y: "f" } });
  });

  test("moves nothing that comes after it", () => {
    expect(found(text("    foo: 1\n"))).toEqual([
      "compose.yml:8:5 services.web.foo the key foo is not known here",
    ]);
  });

  test("has an end", () => {
    const unclosed = "services:\n  web:\n    image: 'a\n    user: b\n";
    expect(found(unclosed)[0]).toContain("Missing closing 'quote");
    expect(found(`${unclosed}---\nservices: {}\n# it's\n`)[0]).toContain("not YAML");
    expect(found(`services:\n  web:\n    image: 'a\n${"b\n".repeat(60)}'\n`)[0]).toContain(
      "Missing closing 'quote",
    );
  });
});
