// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references are what is tested.
import { describe, expect, test } from "vitest";
import { findings, projectOf } from "./loading.ts";

const composex = { dialect: "composex" } as const;
const web = "services: {web: {image: a}}\n";

describe("ECS ComposeX's dialect reads what the specification refuses", () => {
  test.for<[string, string]>([
    ["integer keys below x-*", `x-elbv2: {lb: {Listeners: {80: {Port: 80}}}}\n${web}`],
    [
      "secrets with only an x-* key",
      `secrets: {s: {x-secrets: {Name: n}}}\nservices: {web: {image: a, secrets: [s]}}`,
    ],
    ["secrets that say nothing of where they are", `secrets: {s: {}}\n${web}`],
    [
      "depends_on on a task family",
      "services: {web: {image: a, depends_on: [fam]}, b: {image: b, deploy: {labels: {ecs.task.family: 'x, fam'}}}}",
    ],
    ["CloudFormation's references", `x-a: {b: 'arn:\${AWS::Partition}:\${!Name}'}\n${web}`],
    ["the early X-Ray syntax", "services: {web: {image: a, configs: {x-ray: {enabled: true}}}}"],
  ])("%s", ([, text]) => {
    expect(findings({ "compose.yml": text })).not.toEqual([]);
    expect(findings({ "compose.yml": text }, composex)).toEqual([]);
  });
});

test("integer keys become text, CloudFormation's references stay, others are replaced", () =>
  expect(
    projectOf(
      { "compose.yml": `x-a: {80: '\${AWS::Region}/\${!Lit}/$V/$\${AWS::Region}'}\n${web}` },
      { ...composex, variables: { V: "v" } },
    ).extensions,
  ).toEqual({ "x-a": { "80": "${AWS::Region}/${!Lit}/v/${AWS::Region}" } }));

test("a date below x-* is what is written, as the version of a policy is", () => {
  const text = `x-a: {Version: 2012-10-17}\n${web}`;
  const read = (dialect: "compose" | "composex") =>
    projectOf({ "compose.yml": text }, { dialect }).extensions;
  expect(read("composex")).toEqual({ "x-a": { Version: "2012-10-17" } });
  expect(read("compose")).toEqual({ "x-a": { Version: "2012-10-17T00:00:00Z" } });
});

test.for([
  ["!Ref AWS::StackName", "x-a.b !Ref is read by CloudFormation only"],
  ["!Join ['-', [a, b]]", "x-a.b !Join is read by CloudFormation only"],
  ["!Sub ['$${A}', {A: b}]", "x-a.b !Sub is read by CloudFormation only"],
  ["!Sub 'a-${AWS::Region}'", undefined],
  ["!reset null", undefined],
  ["!other a", undefined],
] as const)("a function in YAML's short form would be text: %s", ([value, said]) => {
  const files = { "compose.yml": `x-a: {b: ${value}}\n${web}` };
  expect(findings(files)).toEqual(value.includes("AWS::R") ? [expect.anything()] : []);
  expect(findings(files, composex)).toEqual(said ? [expect.stringContaining(said)] : []);
});

test("what is lost of a file that is included is said", () => {
  const files = {
    "compose.yml": `include: [sub/a.yml]\n${web}`,
    "sub/a.yml":
      "x-sqs: {jobs: {}}\nx-common: &common {image: b}\nservices: {inner: {<<: *common, x-xray: true}}",
  };
  expect(findings(files)).toEqual([]);
  expect(findings(files, composex)).toEqual([
    "sub/a.yml:1:1 x-sqs x-sqs of a file that is included is not read: include takes services and what they name",
  ]);
});

test("keys outside x-* must still be text", () =>
  expect(findings({ "compose.yml": "services: {80: {image: a}}" }, composex)).toEqual([
    "compose.yml:1:12 services the key 80 is not text",
  ]));

test("the early X-Ray syntax becomes x-xray and leaves configs", () => {
  const text = `
services:
  web: {image: a, configs: {x-ray: {enabled: true}}}
  own: {image: a, x-xray: false, configs: {x-ray: {enabled: true}}}
configs: {composex: {x-ray: {enabled: true}}, c: {content: x}}`;
  const { services, extensions, configs } = projectOf(
    { "compose.yml": text },
    { ...composex, skip: new Set(["pruning"]) },
  );
  expect(services.web).toMatchObject({ "x-xray": true });
  expect(services.web).not.toHaveProperty("configs");
  expect(services.own).toMatchObject({ "x-xray": false });
  expect(extensions).toEqual({ "x-xray": true });
  expect(Object.keys(configs)).toEqual(["c"]);
});

test("a secret that only pulls the image is kept, in the dialect", () => {
  const text =
    "services: {web: {image: a, x-aws-pull_credentials: 'secrets::p'}}\nsecrets: {p: {file: f}}";
  expect(projectOf({ "compose.yml": text }, composex).secrets).toHaveProperty("p");
  expect(projectOf({ "compose.yml": text }).secrets).toEqual({});
});

test("x-* is carried at every level", () => {
  const text = `
services:
  web:
    image: a
    x-a: [1]
    deploy: {x-b: 2}
    healthcheck: {test: a, x-c: 3}
    ports: [{target: 80, x-d: 4}]
networks: {default: {x-e: 5}}
x-f: {g: null}`;
  const project = projectOf({ "compose.yml": text }, composex);
  expect(project.services.web).toMatchObject({
    "x-a": [1],
    deploy: { "x-b": 2 },
    healthcheck: { "x-c": 3 },
    ports: [{ "x-d": 4 }],
  });
  expect(project.networks.default).toMatchObject({ "x-e": 5 });
  expect(project.extensions).toEqual({ "x-f": { g: null } });
});
