// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references are what is tested.
import { describe, expect, test } from "vitest";
import { findings, projectOf } from "./loading.ts";

const environmentOf = (env: string, more = "", variables: Readonly<Record<string, string>> = {}) =>
  projectOf(
    { "compose.yml": `services: {web: {image: a, env_file: e.env${more}}}`, "e.env": env },
    { variables },
  ).services.web?.environment;

describe("a line of an env file", () => {
  test.for<[string, Readonly<Record<string, string>> | undefined]>([
    ["A=b", { A: "b" }],
    ["A = b ", { A: "b" }],
    ["A: b", { A: "b" }],
    ["export A=b", { A: "b" }],
    ["A=", { A: "" }],
    ["A=b # c", { A: "b" }],
    ["A=b#c", { A: "b#c" }],
    ["# c\n\nA=b", { A: "b" }],
    ["A=b\r\nB=c\r\n", { A: "b", B: "c" }],
    ["\ufeffA=b", { A: "b" }],
    ["A=b\nA=c", { A: "c" }],
    ["A.b-c[0]=d", { "A.b-c[0]": "d" }],
    ['A="b # c" # d', { A: "b # c" }],
    ['A="b\nc"', { A: "b\nc" }],
    ['A="b\\nc\\td\\\\e\\"f\\$g"', { A: 'b\nc\td\\e"f$g' }],
    ['A="\\0101\\c"', { A: "A\\c" }],
    ["A='b\\nc $D'", { A: "b\\nc $D" }],
    ["A='b\\'c'", { A: "b'c" }],
    ["A=1\nB=$A${A}${C:-x}", { A: "1", B: "11x" }],
    ["A=$OUT", { A: "out" }],
    ["OUT", { OUT: "out" }],
    ["GONE\nA=b", { A: "b" }],
    ["=a\nA=b", { "": "a", A: "b" }],
    ["A\tB\nA=b", { A: "b" }],
  ])("%j", ([text, values]) => expect(environmentOf(text, "", { OUT: "out" })).toEqual(values));

  test.for([
    ["A B=c", 'the name "A B" has a space in it'],
    ["ok=1\nA!b=c", '"!" cannot stand in a name: A!b'],
    ["A='b", "a quote is not closed"],
    ["A=${b", "is no valid reference"],
    ["A=${B:?say}", "the variable B must be set: say"],
  ])("%j is an error at its line", ([text = "", message = ""]) => {
    const files = { "compose.yml": "services: {web: {image: a, env_file: e.env}}", "e.env": text };
    const line = text.startsWith("ok") ? 2 : 1;
    expect(findings(files)).toEqual([expect.stringMatching(`^e.env:${line}:1 `)]);
    expect(findings(files)[0]).toContain(message);
  });
});

describe("what wins", () => {
  test("environment over files, also with a name that nothing resolves", () =>
    expect(environmentOf("A=file\nB=file\nC=file", ", environment: {A: own, B: }")).toEqual({
      A: "own",
      B: null,
      C: "file",
    }));

  test("a name without a value takes the surroundings', not the file's", () =>
    expect(environmentOf("A=file", ", environment: [A]", { A: "out" })).toEqual({ A: "out" }));

  test("later files over earlier ones", () =>
    expect(
      projectOf({
        "compose.yml": "services: {web: {image: a, env_file: [one.env, {path: two.env}]}}",
        "one.env": "A=1\nB=1",
        "two.env": "B=2",
      }).services.web,
    ).toEqual(expect.objectContaining({ environment: { A: "1", B: "2" } })));

  test("labels over label files", () =>
    expect(
      projectOf({
        "compose.yml": "services: {web: {image: a, label_file: l, labels: [x=own]}}",
        l: "x=file\ny=file",
      }).services.web?.labels,
    ).toEqual({ x: "own", y: "file" }));
});

test("raw files are taken as they are", () =>
  expect(
    projectOf(
      {
        "compose.yml": "services: {web: {image: a, env_file: [{path: e.env, format: raw}]}}",
        "e.env": 'A="b" # c\nB=$X\n# no\nOUT\nGONE\n',
      },
      { variables: { OUT: "out" } },
    ).services.web?.environment,
  ).toEqual({ A: '"b" # c', B: "$X", OUT: "out" }));

test("what is found wrong in one is told at its line", () => {
  const files = (env: string) => ({
    "compose.yml": "services: {web: {image: a, env_file: e.env}}",
    "e.env": env,
  });
  expect(findings(files("A=1\n\nB=$GONE\nC=${GONE}$A\n"))).toEqual([
    "e.env:3:1 services.web.env_file[0] the variable GONE is not set and becomes an empty text",
  ]);
  expect(findings(files("A=1\nB C=2\n"))).toEqual([
    'e.env:2:1 services.web.env_file[0] the name "B C" has a space in it',
  ]);
});

describe("a file that is not there", () => {
  test("is an error where it is named", () =>
    expect(findings({ "compose.yml": "services: {web: {image: a, env_file: gone.env}}" })).toEqual([
      "compose.yml:1:38 services.web.env_file[0] there is no file gone.env",
    ]));

  test("but not when it need not be there, nor for a service that is off", () =>
    expect(
      projectOf({
        "compose.yml":
          "services: {web: {image: a, env_file: [{path: gone.env, required: false}]}, off: {image: a, profiles: [p], env_file: gone.env}}",
      }).services,
    ).toHaveProperty("web"));

  test("its format must be known", () =>
    expect(
      findings({
        "compose.yml": "services: {web: {image: a, env_file: [{path: e.env, format: x}]}}",
        "e.env": "",
      }),
    ).toEqual([expect.stringContaining("x is no format of an env file")]));
});
