import { expect, test } from "vitest";
import { load } from "../../src/compose/load.ts";
import { compiledFrom } from "./from-text.ts";

// What is said of a name that is empty: it can be seen.

const file = (lines: string, rest = "") =>
  `services: { web: { image: "web:1", ${lines} } }\nx-vpc: { Properties: { SingleNat: true } }\n${rest}\n`;

const messages = (text: string): readonly string[] => {
  const compiled = compiledFrom(text, { lookups: "placeholder" });
  const said = compiled.kind === "failed" ? compiled.diagnostics : compiled.warnings;
  return said.map(({ message }) => message);
};

test.for([
  ['ulimits: { "": 1 }', "", 'ECS knows no limit ""'],
  ['cap_add: [""]', "", 'Fargate adds no capability but SYS_PTRACE: the container runs without ""'],
  ['expose: [""]', "", '"" is no port'],
  ['x-scaling: { Range: "" }', "", '"" is no range'],
  ['x-ecs: { "": a }', "", 'unknown key ""'],
  ['x-network: { x-cloudmap: "" }', "", 'there is no "" in x-cloudmap'],
  ['x-network: { Ingress: { Services: [{ Name: "" }] } }', "", 'there is no service or family ""'],
  ["", 'x-sqs: { q: { Services: { "": { Access: RO } } } }', 'there is no service or family ""'],
  ["", 'x-sqs: { q: { Services: { web: { Access: "" } } } }', 'x-sqs has no access ""'],
  ["", 'x-sqs: { q: { Properties: { "": a } } }', 'AWS::SQS::Queue has no property ""'],
  ["", 'x-cluster: { Lookup: { ClusterName: "" } }', "what to look for is empty"],
  ["", 'x-sqs: { q: { Lookup: { Arn: "" } } }', "what to look for is empty"],
  ["", "x-sqs: { q: { Lookup: {} } }", "Arn, Identifier or Tags is missing"],
  ["", 'x-events: { "": { Properties: {} } }', '"" starts no tasks, so it is not made'],
] as const)("in what is compiled: %s %s", ([lines, rest, message]) => {
  expect(messages(file(lines, rest))).toContain(message);
});

test.for([
  ['depends_on: [""]', 'there is no service ""'],
  ['networks: [""]', 'there is no network ""'],
  ['extends: { service: "" }', 'there is no service "" to extend in compose.yaml'],
  ['"": a', 'the key "" is not known here'],
] as const)("in what compose reads: %s", ([lines, message]) => {
  const loaded = load({
    files: ["compose.yaml"],
    projectDirectory: ".",
    projectName: "app",
    contents: new Map([
      ["compose.yaml", file(lines)],
      [".env", undefined],
    ]),
    variables: new Map(),
    profiles: [],
    dialect: "composex",
  });
  const said = loaded.kind === "failed" ? loaded.diagnostics : [];
  expect(said.map((one) => one.message)).toContain(message);
});
