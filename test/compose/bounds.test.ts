// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references are what is tested.
import { describe, expect, test } from "vitest";
import type { LoadInputs } from "../../src/compose/inputs.ts";
import { limits } from "../../src/compose/limits.ts";
import { load } from "../../src/compose/load.ts";
import { answerOf, findings } from "./loading.ts";

const inputs: Omit<LoadInputs, "contents"> = {
  files: ["compose.yml"],
  projectDirectory: "",
  projectName: "app",
  profiles: [],
  dialect: "compose",
  variables: new Map(),
};
const web = "services: {web: {image: a}}\n";
const nested = (open: string, close: string, depth: number): string =>
  `x-a: ${open.repeat(depth)}1${close.repeat(depth)}\n${web}`;
const bomb = (item: (last: number) => string): string => {
  const levels = Array.from({ length: 30 }, (_, i) => `x-${i + 1}: &a${i + 1} ${item(i)}\n`);
  return `x-0: &a0 {k: [1, 2, 3]}\n${levels.join("")}${web}`;
};
const chain = (length: number): string =>
  Array.from({ length }, (_, i) => `  s${i}: {extends: s${i + 1}}\n`).join("");

describe("hostile text ends in an error", () => {
  test.for<[string, string]>([
    ["lists of 10,000 levels", nested("[", "]", 10_000)],
    ["mappings of 10,000 levels", nested("{a: ", "}", 10_000)],
    ["block lists of 10,000 levels", `x-a:\n  ${"- ".repeat(10_000)}1\n${web}`],
    ["lists that are never closed", `x-a: ${"[".repeat(100_000)}\n`],
    ["an alias bomb", bomb((last) => `[*a${last}, *a${last}, *a${last}]`)],
    ["a merge bomb", bomb((last) => `{<<: [*a${last}, *a${last}], k${last}: *a${last}}`)],
    ["variables in variables", `x-a: '${"${A:-".repeat(1_000)}${"}".repeat(1_000)}'\n${web}`],
    ["braces that are never closed", `x-a: '${"${".repeat(100_000)}'\n${web}`],
    ["a long chain of extends", `services:\n${chain(2_000)}  s2000: {image: a}\n`],
    ["a file that is too long", `x-a: ${"y".repeat(limits.fileLength)}\n${web}`],
    ["a control character", `x-a: "\0"\n${web}`],
    ["tabs", "services:\n\tweb: {image: a}\n"],
    [
      "a number with many digits where a duration is due",
      `services: {web: {image: a, stop_grace_period: "${"1".repeat(50_000)}x"}}`,
    ],
    ["a size of many parts", `services: {web: {image: a, mem_limit: "${"1.".repeat(50_000)}"}}`],
  ])("%s", ([, text]) => expect(answerOf({ "compose.yml": text }).kind).toBe("failed"));

  test.for([[250], [10_000]])("which says that %d levels are too many", ([depth = 0]) =>
    expect(findings({ "compose.yml": nested("[", "]", depth) })).toEqual([
      expect.stringContaining("nested more than 200 deep"),
    ]),
  );
});

describe("odd but harmless text is read", () => {
  test.for<[string, string]>([
    ["a plain scalar of ten megabytes", `x-a: ${"y".repeat(10_000_000)}\n${web}`],
    ["a quoted one", `x-a: "${"\\n".repeat(5_000_000)}"\n${web}`],
    ["one in a block", `x-a: |\n${"  yyyyyyy\n".repeat(1_000_000)}${web}`],
    ["nesting below the limit", nested("[", "]", limits.depth - 10)],
    [
      "a chain of dependencies",
      `services:\n${Array.from({ length: 2_000 }, (_, i) => `  s${i}: {image: a, depends_on: [s${i + 1}]}\n`).join("")}  s2000: {image: a}\n`,
    ],
    ["dollars alone", `x-a: '${"$".repeat(100_000)}'\n${web}`],
  ])("%s", ([, text]) => expect(answerOf({ "compose.yml": text }).kind).toBe("loaded"));
});

test("a chain of includes ends in an error", () => {
  const files = Array.from({ length: limits.chain + 5 }, (_, i): [string, string] => [
    i === 0 ? "compose.yml" : `i${i}.yml`,
    `include: [i${i + 1}.yml]\n${web}`,
  ]);
  expect(answerOf(Object.fromEntries(files)).kind).toBe("failed");
});

describe("a file outside a repository is refused and not even asked for", () => {
  const other = "services: {web: {image: b}}";
  test.for<[string, string]>([
    ["extends", "services: {web: {extends: {file: ../other.yml, service: web}}}"],
    ["include", `include: [../other.yml]\n${web}`],
    ["an env file", "services: {web: {image: a, env_file: /etc/environment}}"],
    [
      "one that need not be there",
      "services: {web: {image: a, env_file: [{path: a/../../x, required: false}]}}",
    ],
    ["labels", "services: {web: {image: a, label_file: ../labels}}"],
    ["the variables of an include", `include: [{path: sub/i.yml, env_file: ../x.env}]\n${web}`],
    ["the directory of an include", `include: [{path: i.yml, project_directory: ..}]\n${web}`],
  ])("%s", ([, text]) => {
    const files = { "compose.yml": text, "../other.yml": other, "i.yml": "", "sub/i.yml": "" };
    expect(findings(files)).toContainEqual(
      expect.stringMatching(/^compose\.yml:1:\d+ .* is outside the project directory$/),
    );
    const contents = new Map([["compose.yml", text]]);
    const asked = load({ ...inputs, contents });
    expect(asked.kind === "needs" ? asked.paths.filter((path) => /^[/.]/.test(path)) : []).toEqual([
      ".env",
    ]);
  });
});

test("whatever kind of value stands in place of another, it is an error and no crash", () => {
  const keys =
    "build command configs depends_on deploy develop devices dns env_file environment expose extends extra_hosts gpus healthcheck labels logging models networks ports secrets sysctls tmpfs ulimits volumes";
  for (const key of keys.split(" "))
    for (const value of [
      "5",
      "true",
      "a",
      "[]",
      "[1]",
      "[[]]",
      "[{}]",
      "{}",
      "{a: 1}",
      "{a: []}",
      "{a: {b: []}}",
      "null",
    ])
      expect(["failed", "loaded"]).toContain(
        answerOf({ "compose.yml": `services: {web: {image: a, ${key}: ${value}}}` }).kind,
      );
});
