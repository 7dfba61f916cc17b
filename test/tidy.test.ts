import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";

// The house rules that a machine can hold. ARCHITECTURE.md says why they are what they are.

/** Every room of src/, and the rooms it may import from besides itself. */
const rooms: Readonly<Record<string, readonly string[]>> = {
  model: [],
  compose: ["model"],
  application: ["compose", "model"],
  compile: ["compose", "model"],
  link: ["compile", "model"],
  plan: ["link", "model"],
  images: ["compose", "model"],
  contribute: ["compose", "images", "model"],
  promote: ["application", "model"],
  triggers: ["model"],
  render: ["compile", "compose", "link", "model"],
  ports: ["model"],
  memo: [],
  parallel: [],
  // What passes by itself is told from what was refused by the words that `plan` sorts errors by.
  refused: ["model", "plan"],
  tell: ["model", "ports"],
  desired: [
    "application",
    "compose",
    "link",
    "memo",
    "model",
    "parallel",
    "plan",
    "ports",
    "promote",
    "render",
  ],
  instances: ["application", "desired", "model", "parallel", "plan", "ports", "promote"],
  reconcile: [
    "application",
    "desired",
    "images",
    "instances",
    "link",
    "model",
    "parallel",
    "plan",
    "ports",
    "promote",
    "refused",
    "tell",
  ],
  write: [
    "application",
    "compose",
    "contribute",
    "desired",
    "images",
    "memo",
    "model",
    "parallel",
    "plan",
    "ports",
    "refused",
  ],
  janitor: ["link", "model", "ports", "promote", "tell"],
  loops: ["ports", "reconcile", "write"],
  sweep: ["loops", "model", "parallel", "ports"],
  handle: [
    "application",
    "desired",
    "loops",
    "model",
    "parallel",
    "ports",
    "promote",
    "sweep",
    "triggers",
  ],
  aws: ["memo", "model", "parallel", "ports"],
  functions: ["handle", "janitor", "loops", "model", "ports", "triggers"],
  main: ["aws", "functions"],
  sandbox: [],
  cli: [
    "application",
    "aws",
    "compose",
    "desired",
    "functions",
    "images",
    "link",
    "model",
    "parallel",
    "plan",
    "ports",
    "promote",
    "reconcile",
    "refused",
    "render",
    "sandbox",
    "write",
  ],
};

/** The outside world, and the rooms that may know it. */
const outside: Readonly<Record<string, readonly string[]>> = {
  "@aws-cdk/aws-service-spec": ["sandbox"],
  "@aws-sdk/": ["aws"],
  "@middy/": ["functions"],
  "aws-lambda": ["functions", "triggers"],
  // aws: the git server takes a signature for a password, which no client of the SDK makes.
  "node:crypto": ["aws", "model", "sandbox", "cli"],
  // aws: pages are asked by address, which no client of the SDK does.
  "node:dns": ["aws"],
  "node:http": ["aws"],
  "node:net": ["aws"],
  "node:": ["main", "sandbox", "cli"], // main: the digest of its own code
  "ipaddr.js": ["aws"],
  croner: ["model"],
  "js-yaml": ["compose"],
  semver: ["images", "promote"],
  // aws: a template that somebody saved in CloudFormation's console.
  yaml: ["application", "aws", "cli", "compose", "contribute", "images", "sandbox"],
};

/** The functional core: the same input, the same output. */
const core = [
  "model",
  "application",
  "compose",
  "compile",
  "link",
  "plan",
  "images",
  "promote",
  "triggers",
  "render",
];
const impurities = /\b(?:Date\.now|new Date\(\)|Math\.random|process\.|fetch\(|await |async )/;

const roomOf = (path: string): string => path.split("/")[1]?.replace(/\.ts$/, "") ?? "";

const importsOf = (text: string): string[] =>
  [...text.matchAll(/^(?:.* from|import) "([^"]+)";/gm)].map(([, target = ""]) => target);

function trespasses(path: string, text: string): string[] {
  const room = roomOf(path);
  return importsOf(text).filter((target) => {
    if (!target.startsWith(".")) {
      return !Object.entries(outside).some(
        ([name, known]) => target.startsWith(name) && known.includes(room),
      );
    }
    const other = roomOf(join(dirname(path), target));
    return other !== room && !rooms[room]?.includes(other);
  });
}

/** The files of a circle of imports, if there is one. */
function circle(graph: ReadonlyMap<string, readonly string[]>): readonly string[] | undefined {
  const done = new Set<string>();
  const visit = (file: string, trail: readonly string[]): readonly string[] | undefined => {
    if (trail.includes(file)) return [...trail.slice(trail.indexOf(file)), file];
    if (done.has(file)) return undefined;
    for (const next of graph.get(file) ?? []) {
      const found = visit(next, [...trail, file]);
      if (found !== undefined) return found;
    }
    done.add(file);
    return undefined;
  };
  for (const file of graph.keys()) {
    const found = visit(file, []);
    if (found !== undefined) return found;
  }
  return undefined;
}

const files = globSync("src/**/*.ts").map((path) => ({ path, text: readFileSync(path, "utf8") }));

describe.for(files)("$path", ({ path, text }) => {
  test("is in a room", () => expect(Object.keys(rooms)).toContain(roomOf(path)));
  test("imports only what its room may", () => expect(trespasses(path, text)).toEqual([]));
  test("fits in 300 lines", () => expect(text.split("\n").length).toBeLessThanOrEqual(301));
  test.runIf(core.includes(roomOf(path)))("is pure", () => expect(text).not.toMatch(impurities));
});

test("no file imports itself by a detour", () => {
  const graph = new Map(
    files.map(({ path, text }) => [
      path,
      importsOf(text)
        .filter((target) => target.startsWith("."))
        .map((target) => join(dirname(path), target)),
    ]),
  );
  expect(circle(graph)).toBeUndefined();
});

// A check that has never failed may be checking nothing.
describe("the checks themselves", () => {
  test("see the files", () => expect(files.length).toBeGreaterThan(20));

  test("see an import of another room", () => {
    const text = 'import { reconcile } from "../reconcile/reconcile.ts";';
    expect(trespasses("src/plan/decide.ts", text)).toEqual(["../reconcile/reconcile.ts"]);
  });

  test("see an import over several lines", () => {
    const text = 'import {\n  SSMClient,\n} from "@aws-sdk/client-ssm";';
    expect(trespasses("src/plan/decide.ts", text)).toEqual(["@aws-sdk/client-ssm"]);
  });

  test("see a clock", () => expect("const now = Date.now();").toMatch(impurities));

  test("see a circle", () => {
    const graph = new Map([
      ["a", ["b"]],
      ["b", ["c"]],
      ["c", ["a"]],
    ]);
    expect(circle(graph)).toEqual(["a", "b", "c", "a"]);
  });
});
