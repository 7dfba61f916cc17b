import { globSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { describe, expect, test } from "vitest";
import { readApplication } from "../src/application/read.ts";
import { withStandIns } from "../src/application/stored-environment.ts";
import { render } from "../src/render.ts";

const pages = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", ...globSync("docs/*.md")].sort();
const read = (path: string): string => readFileSync(path, "utf8");

interface Example {
  readonly page: string;
  readonly line: number;
  readonly text: string;
}

/** Every example in YAML; what is cut short in it is filled up. */
const examples = pages.flatMap((page): readonly Example[] => {
  const whole = read(page);
  return [...whole.matchAll(/```yaml\n(.*?)```/gs)].map(({ 1: text = "", index }) => ({
    page,
    line: whole.slice(0, index).split("\n").length + 1,
    text: text.replaceAll(/sha256:[0-9]*…/g, `sha256:${"0".repeat(64)}`),
  }));
});

const isCompose = ({ text }: Example): boolean => /^(?:services|x-[\w-]+):/m.test(text);
const ofKind = (wanted: boolean) =>
  examples
    .filter((example) => isCompose(example) === wanted)
    .map((example) => [`${example.page}:${example.line}`, example.text] as const);

describe("examples", () => {
  test.for(ofKind(false))("%s is a trueup.yaml, or a part of one", ([, text]) => {
    const lacking = [
      ...(/^application:/m.test(text) ? [] : ["application: shop"]),
      ...(/^environments:/m.test(text) ? [] : ["environments: { dev: { on: { branch: main } } }"]),
    ];
    const found = readApplication("trueup.yaml", `${[text, ...lacking].join("\n")}\n`);
    expect(found).toMatchObject({ kind: "read", warnings: [] });
    if (found.kind === "read") Object.values(found.application.environments).map(withStandIns);
  });

  test.for(ofKind(true))("%s compiles, or asks what there is", ([, text]) => {
    const services = 'services: { web: { image: "web:1", ports: ["8080"] } }';
    const contents = new Map([
      ["compose.yml", /^services:/m.test(text) ? text : `${text}\n${services}\n`],
      [".env", undefined],
    ]);
    const compose = {
      projectDirectory: "",
      projectName: "shop",
      variables: new Map(),
      profiles: [],
    };
    const target = { account: "123456789012", region: "eu-west-1" };
    const settings = { application: "shop", environment: "dev", target, prefix: "trueup" };
    const rendered = render(
      { files: ["compose.yml"], contents, dialect: "composex", ...compose },
      { ...settings, layout: "per-service" },
    );
    if (rendered.kind === "failed") expect(rendered.diagnostics).toEqual([]);
    if (rendered.kind !== "rendered") return;
    expect(rendered.warnings.map(({ message }) => message)).not.toContain(
      "nobody can reach this load balancer",
    );
  });
});

/** As GitHub makes them of headings. */
const anchors = (page: string): readonly string[] =>
  [...read(page).matchAll(/^#+ (.*)$/gm)].map(({ 1: title = "" }) =>
    title
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, "")
      .replaceAll(" ", "-"),
  );

test.for(pages)("%s leads to what is there", (page) => {
  const dead = [...read(page).matchAll(/\]\(([^)\s]+)\)/g)].flatMap(({ 1: link = "" }) => {
    if (link.startsWith("https:")) return [];
    const [path = "", anchor] = link.split("#");
    const file = path === "" ? page : normalize(join(dirname(page), path));
    if (globSync(file).length === 0) return [link];
    return anchor === undefined || anchors(file).includes(anchor) ? [] : [link];
  });
  expect(dead).toEqual([]);
});

describe("reasons of a status", () => {
  const text = read("docs/status.md");
  const rooms = "{application,aws,desired,instances,model,plan,reconcile}";
  const source = globSync(`src/${rooms}/**/*.ts`).map(read).join("\n");
  const said = new Set(
    [
      ...source.matchAll(/\breason: "([A-Z]\w+)"/g),
      ...source.matchAll(/\b(?:invalid|TerminalError)\(\s*"([A-Z]\w+)"/g),
      ...source.matchAll(/^ {2}\| "([A-Z]\w+)"[;\n]/gm),
    ].map(({ 1: reason = "" }) => reason),
  );

  test("are all in docs/status.md", () => {
    expect(said.size).toBeGreaterThan(80);
    expect([...said].filter((one) => !text.includes(`\`${one}\``)).sort()).toEqual([]);
  });

  test("are in the code, all that are there", () => {
    const rows = [...text.matchAll(/^\| ((?:`\w+`(?:, )?)+) \|/gm)].map(({ 1: cell = "" }) => cell);
    const told = rows.flatMap((cell) => [...cell.matchAll(/`(\w+)`/g)].map(({ 1: one }) => one));
    expect(told.length).toBeGreaterThan(80);
    expect(told.filter((one) => !source.includes(`"${one}"`))).toEqual([]);
  });
});
