import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { base, familyLayer, type Graph, type Layer, type Node } from "../../src/compile/graph.ts";
import { templateText } from "../../src/link/digests.ts";
import { type Linked, link } from "../../src/link/link.ts";
import { stackName } from "../../src/link/stack-name.ts";
import { canonicalJson, digestOf } from "../../src/model/digest.ts";
import { getAtt, type Properties, ref } from "../../src/model/template.ts";
import { graphOf } from "../compile/from-text.ts";

const settings = {
  prefix: "trueup",
  application: "app",
  environment: "test",
  layout: "per-service",
  target: { account: "123456789012", region: "eu-west-1" },
} as const;

const node = (
  id: string,
  layer: Layer,
  properties: Properties = {},
  type = "AWS::SQS::Queue",
): Node => ({
  id,
  type,
  layer,
  properties,
  origin: { file: "compose.yaml", line: 1, column: 1, path: id },
});

const graph = (nodes: readonly Node[], order: Graph["order"] = new Map()): Graph => ({
  nodes: new Map(nodes.map((item) => [item.id, item])),
  outputs: [],
  order,
  tags: {},
});

const bundleOf = (linked: Linked) => {
  if (linked.kind === "failed") throw new Error(JSON.stringify(linked.diagnostics));
  return linked.bundle;
};
const diagnosticsOf = (linked: Linked) => (linked.kind === "failed" ? linked.diagnostics : []);
const codes = (linked: Linked): readonly string[] =>
  linked.kind === "failed" ? linked.diagnostics.map(({ code }) => code) : [];

describe("a reference that crosses a cut", () => {
  const crossing = graph([
    node("Queue", base),
    node("Web", familyLayer("web"), { A: ref("Queue"), B: [getAtt("Queue", "Arn")] }),
  ]);

  test("is an output there and a parameter here", () => {
    const [left, right] = bundleOf(link(crossing, settings)).stacks;
    expect(left?.template.Outputs).toEqual({
      QueueArn: { Value: getAtt("Queue", "Arn") },
      QueueRef: { Value: ref("Queue") },
    });
    expect(right?.template.Resources.Web?.Properties).toEqual({
      A: ref("QueueRef"),
      B: [ref("QueueArn")],
    });
    expect(right?.parameters).toEqual({
      QueueArn: { output: ["base", "QueueArn"] },
      QueueRef: { output: ["base", "QueueRef"] },
    });
    expect(right?.dependsOn).toEqual(["base"]);
  });

  test("is none where there is no cut, with the same logical ids", () => {
    const { stacks } = bundleOf(link(crossing, { ...settings, layout: "single" }));
    expect(stacks.map(({ unit }) => unit)).toEqual(["all"]);
    expect(stacks[0]?.template.Resources.Web?.Properties?.A).toEqual(ref("Queue"));
    expect(Object.keys(stacks[0]?.template.Resources ?? {})).toEqual(["Queue", "Web"]);
  });

  test.for([
    [familyLayer("web"), base],
    [familyLayer("web"), familyLayer("api")],
    [{ layer: "watch" }, familyLayer("web")],
  ] as const)("goes to the left only: not from the second to the first of %j", ([to, from]) => {
    const wrong = graph([node("To", to), node("From", from, { A: ref("To") })]);
    expect(codes(link(wrong, settings))).toEqual(["refers-to-the-right"]);
    expect(codes(link(wrong, { ...settings, layout: "single" }))).toEqual(["refers-to-the-right"]);
  });
});

test("what looks like a reference to nothing is an error of the file", () => {
  const wrong = graph([node("Web", base, { Labels: { Ref: "v1" } })]);
  expect(link(wrong, settings)).toMatchObject({
    kind: "failed",
    diagnostics: [{ code: "unknown-resource", path: "Web", file: "compose.yaml" }],
  });
});

describe("resources that need each other", () => {
  test.for(["per-service", "single"] as const)("are an error at each, %s", (layout) => {
    const circle = graph([
      node("A", base, { To: ref("B") }),
      node("B", base, { To: getAtt("C", "Arn") }),
      { ...node("C", base), dependsOn: ["A"] },
      node("Own", familyLayer("web"), { To: ref("Own") }),
      // They only lead there, or come from there.
      node("D", base, { To: ref("A") }),
      node("E", base),
      { ...node("F", base, { To: ref("E") }), dependsOn: ["E"] },
    ]);
    const diagnostics = diagnosticsOf(link(circle, { ...settings, layout }));
    expect(diagnostics.map(({ code, message }) => [code, message.split(" ")[0]])).toEqual([
      ["circular", "A"],
      ["circular", "B"],
      ["circular", "C"],
      ["circular", "Own"],
    ]);
  });

  test("are told at their lines", () => {
    const copies = (to: string) =>
      `{ Properties: { VersioningConfiguration: { Status: Enabled }, ReplicationConfiguration: { Role: "arn:aws:iam::123456789012:role/r", Rules: [{ Status: Enabled, Destination: { Bucket: "x-s3::${to}::Arn" } }] } } }`;
    const text = `services: { web: { image: "web:1" } }\nx-s3:\n  a: ${copies("b")}\n  b: ${copies("a")}`;
    expect(diagnosticsOf(link(graphOf(text), settings))).toMatchObject([
      { code: "circular", line: 3, path: "x-s3.a" },
      { code: "circular", line: 4, path: "x-s3.b" },
    ]);
  });
});

describe("the text of a stack, which is known before its template is made", () => {
  const text = `
services:
  web: { image: "web:1", ports: ["80"], environment: { "10": ten, "9": nine } }
  worker: { image: "worker:1" }
x-sqs:
  jobs: { Services: { worker: { Access: RWMessages } } }
x-vpc: { Properties: { SingleNat: true } }`;

  test.for(["per-service", "single"] as const)("is its canonical text, %s", (layout) => {
    const { digest, stacks, target } = bundleOf(link(graphOf(text), { ...settings, layout }));
    const texts = stacks.map(({ template }) => templateText(template));
    expect(texts).toEqual(stacks.map(({ template }) => canonicalJson(template)));
    const inOrder = stacks
      .map(({ origins: _, originOf: __, ...stack }) => stack)
      .toSorted((a, b) => (a.name < b.name ? -1 : 1));
    expect(digest).toBe(digestOf({ stacks: inOrder, target }));
  });
});

describe("families that wait for each other", () => {
  const families = ["a", "b", "c"].map((name) => node(name, familyLayer(name)));

  test("are deployed one after the other", () => {
    const order = new Map([["a", ["b"]]]);
    const { stacks } = bundleOf(link(graph(families, order), settings));
    expect(stacks.map(({ unit }) => unit)).toEqual(["s-b", "s-a", "s-c"]);
  });
});

describe("CloudFormation's limits", () => {
  const queues = (count: number, layer: Layer = base) =>
    Array.from({ length: count }, (_, index) => node(`Queue${index}`, layer));

  test("on resources are kept at nine tenths", () => {
    expect(codes(link(graph(queues(450)), settings))).toEqual([]);
    expect(codes(link(graph(queues(451)), settings))).toEqual(["stack-too-big"]);
  });

  test("on outputs and parameters are too", () => {
    const using = (count: number) =>
      graph([
        ...queues(count),
        node("Web", familyLayer("web"), { All: queues(count).map(({ id }) => ref(id)) }),
      ]);
    expect(codes(link(using(179), settings))).toEqual([]);
    expect(codes(link(using(180), settings))).toEqual(["stack-too-big"]);
    expect(codes(link(using(181), settings))).toEqual(["stack-too-big", "stack-too-big"]);
  });

  test("on bytes are too", () => {
    const big = graph([node("Queue", base, { A: "x".repeat(900_000) })]);
    expect(codes(link(big, settings))).toEqual(["stack-too-big"]);
  });

  test("on stacks are too", () => {
    const families = (count: number) =>
      graph(Array.from({ length: count }, (_, at) => node(`Service${at}`, familyLayer(`f${at}`))));
    expect(codes(link(families(1800), settings))).toEqual([]);
    expect(codes(link(families(1801), settings))).toEqual(["stack-too-big"]);
  });

  test.for([
    [
      "base",
      base,
      "per-service",
      /^the stack base has 451 resources .* 500/,
      /an application of their own/,
    ],
    ["s-web", familyLayer("web"), "per-service", /^the stack s-web has 451 /, /ecs\.task\.family/],
    ["watch", { layer: "watch" }, "per-service", /^the stack watch has 451 /, /dashboards/],
    ["all", base, "single", /^the stack all has 451 /, /layout: per-service/],
  ] as const)("name the stack %s and the way out", ([, layer, layout, message, help]) => {
    const nodes = Array.from({ length: 451 }, (_, at) => node(`Queue${at}`, layer));
    const linked = link(graph(nodes), { ...settings, layout });
    const [said] = linked.kind === "failed" ? linked.diagnostics : [];
    expect(said?.message).toMatch(message);
    expect(said?.help).toMatch(help);
    expect(said).toMatchObject({ file: "compose.yaml", line: 1 });
  });
});

describe("a stack's name", () => {
  const part = fc.stringMatching(/^[a-zA-Z][a-zA-Z0-9._-]{0,150}$/);

  test("is one that CloudFormation takes", () => {
    fc.assert(
      fc.property(part, part, part, (application, environment, unit) => {
        const name = stackName("trueup", application, environment, unit);
        expect(name).toMatch(/^[a-z][a-z0-9-]{0,99}$/);
      }),
    );
  });

  test("tells apart what folds together", () => {
    const names = [
      stackName("trueup", "my", "apps-test", "base"),
      stackName("trueup", "my-apps", "test", "base"),
      stackName("trueup", "my_apps", "test", "base"),
    ];
    expect(new Set(names).size).toBe(3);
  });
});

test("tags are a stack's for life, and only what changes roles needs a capability", () => {
  const { stacks } = bundleOf(
    link(
      graph([node("Queue", base), node("Role", familyLayer("web"), {}, "AWS::IAM::Role")]),
      settings,
    ),
  );
  expect(stacks.map(({ capabilities }) => capabilities)).toEqual([[], ["CAPABILITY_IAM"]]);
  expect(stacks[0]?.tags).toEqual({
    "trueup:application": "app",
    "trueup:environment": "test",
    "trueup:unit": "base",
  });
});

test("an image that changes, changes one stack", () => {
  const text = (tag: string) => `
services:
  web: { image: "web:${tag}" }
  api: { image: "api:1" }
x-vpc: { Properties: { SingleNat: true } }`;
  const [one, other] = ["1", "2"].map((tag) => bundleOf(link(graphOf(text(tag)), settings)).stacks);
  const changed = one?.filter((stack, index) => {
    const { origins: _, ...before } = stack;
    const { origins: __, ...after } = other?.[index] ?? stack;
    return JSON.stringify(before) !== JSON.stringify(after);
  });
  expect(changed?.map(({ unit }) => unit)).toEqual(["s-web"]);
});

test("a task definition has 64 KiB at most, whatever of it is not known before", () => {
  const said = (length: number) => {
    const text = `services:
  web: { image: "web:1", environment: { TEXT: "${"ä".repeat(length / 2)}", REGION: "\${AWS::Region}" } }
x-vpc: {}
`;
    const linked = link(graphOf(text), settings);
    return diagnosticsOf(linked).map(({ code, message, path }) => `${code} ${path}: ${message}`);
  };
  expect(said(60_000)).toEqual([]);
  expect(said(66_000)).toEqual([
    "too-big services.web: the task has 65 KiB of text, and ECS takes a definition of 64 KiB",
  ]);
});
