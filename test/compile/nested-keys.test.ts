import { expect, test } from "vitest";
import { errorsOf, saidOf } from "./from-text.ts";

const pinned = `image: "a@sha256:${"0".repeat(64)}"`;

const file = (own: string, beside = ""): string =>
  `services:\n  web: { ${pinned}, ${own} }\n  other: { ${pinned} }\nx-vpc: { Properties: { SingleNat: true } }\n${beside}\n`;

test.for([
  [
    "services.web.ports[0]",
    "ports: [{ target: 80, x-aws-protocol: http }], x-network: { Ingress: { Myself: true } }",
    "",
  ],
  [
    "services.web.secrets[0]",
    "secrets: [{ source: s, x-aws-protocol: a }]",
    "secrets: { s: { x-secrets: { Name: s } } }",
  ],
  ["services.web.networks.n", "networks: { n: { x-aws-protocol: a } }", "networks: { n: {} }"],
  [
    "services.web.depends_on.other",
    "depends_on: { other: { condition: service_started, x-aws-protocol: a } }",
    "",
  ],
  ["services.web.healthcheck", "healthcheck: { test: [CMD, up], x-aws-protocol: a }", ""],
  ["services.web.logging", "logging: { driver: awslogs, x-aws-protocol: a }", ""],
  ["networks.n", "networks: [n]", "networks: { n: { x-aws-protocol: a } }"],
  ["secrets.s", "secrets: [s]", "secrets: { s: { x-secrets: { Name: s }, x-aws-protocol: a } }"],
])("an x-… key where nothing reads one is told of: %s", ([path, own = "", beside]) => {
  expect(saidOf(file(own, beside))).toEqual([`warning no-effect ${path}.x-aws-protocol`]);
});

test("those that are read are not", () => {
  const beside =
    "networks: { n: { x-vpc: AppSubnets } }\nvolumes: { vv: { x-efs: {} } }\nsecrets: { s: { x-secrets: { Name: s } } }";
  expect(saidOf(file('networks: [n], secrets: [s], volumes: ["vv:/v:ro"]', beside))).toEqual([]);
});

test("keys of Docker's retired integration name what says it here", () => {
  const said = errorsOf(file("x-aws-autoscaling: { max: 2 }", "x-aws-vpc: vpc-1"));
  expect(said).toEqual([
    "unknown-key x-aws-vpc: unknown key x-aws-vpc (Write x-vpc: {Lookup: …}, with VpcId, AppSubnets, PublicSubnets, StorageSubnets.)",
    "unknown-key services.web.x-aws-autoscaling: unknown key x-aws-autoscaling (It belongs below deploy; x-scaling says more.)",
  ]);
});
