import { describe, expect, test } from "vitest";
import { acm } from "../../src/compile/x/acm.ts";
import { dynamodb } from "../../src/compile/x/dynamodb.ts";
import { kinesis } from "../../src/compile/x/kinesis.ts";
import { kms } from "../../src/compile/x/kms.ts";
import { rds } from "../../src/compile/x/rds/rds.ts";
import { s3 } from "../../src/compile/x/s3.ts";
import { sns } from "../../src/compile/x/sns.ts";
import { sqs } from "../../src/compile/x/sqs.ts";
import { ssmParameter } from "../../src/compile/x/ssm-parameter.ts";
import { graphOf, nodesOf, saidOf } from "./from-text.ts";

const levels = [acm, dynamodb, kinesis, kms, rds, s3, sns, sqs, ssmParameter].flatMap(
  ({ key, access }) => Object.entries(access).map(([level, grants]) => ({ key, level, grants })),
);

describe.for(levels)("$key $level", ({ grants }) => {
  test("is a list of exact actions", () => {
    for (const action of grants.flatMap(({ actions }) => actions))
      expect(action).toMatch(/^[a-z0-9]+:[A-Za-z]+$/);
  });
});

test.for(["Consumer", "PowerUser", "KinesisCrudPolicy", "KinesisStreamReadPolicy"])(
  "%s of a stream has a shard's records sent to its consumers, which are what IAM asks for",
  (level) => {
    const text = `services: { web: { image: "w:1" } }\nx-vpc: { Properties: { SingleNat: true } }\nx-kinesis: { s: { Services: { web: { Access: ${level} } } } }`;
    const statements = nodesOf(graphOf(text), "AWS::IAM::Policy").flatMap(
      // biome-ignore lint/suspicious/noExplicitAny: tests look into properties as a reader does.
      ({ properties }) => (properties.PolicyDocument as any).Statement,
    );
    const arn = { "Fn::GetAtt": ["SStream", "Arn"] };
    expect(statements.filter(({ Action }) => Action.includes("kinesis:SubscribeToShard"))).toEqual([
      {
        Effect: "Allow",
        Action: ["kinesis:SubscribeToShard"],
        Resource: [{ "Fn::Join": ["", [arn, "/consumer/*"]] }],
      },
    ]);
  },
);

const readOnly = levels.filter(({ level }) =>
  /(?:^|\.)(?:RO|ReadOnly|StrictReadOnly|ListOnly)$/.test(level),
);

test.for(readOnly)("$key $level changes nothing", ({ grants }) => {
  for (const action of grants.flatMap(({ actions }) => actions))
    expect(action).toMatch(/:(?:Get|List|Describe|Query|Scan|BatchGet|ConditionCheck)/);
});

test("SAM's names for the same are known: who may read may not change, nor who may encrypt decrypt", () => {
  const actions = (grants: readonly { readonly actions: readonly string[] }[] = []) =>
    grants.flatMap((grant) => grant.actions);
  expect(actions(ssmParameter.access.SSMParameterReadPolicy)).toEqual([
    "ssm:GetParameter",
    "ssm:GetParameters",
  ]);
  expect(actions(kms.access.KMSDecryptPolicy)).toEqual(["kms:Decrypt"]);
  expect(actions(kms.access.KMSEncryptPolicy)).toContain("kms:Encrypt");
  expect(actions(kms.access.KMSEncryptPolicy)).not.toContain("kms:Decrypt");
});

test("RWPermissions of a queue is its messages, and who else may have them", () => {
  const actions = (level: string) => (sqs.access[level] ?? []).flatMap((grant) => grant.actions);
  expect(actions("RWPermissions").toSorted()).toEqual(
    [...actions("RWMessages"), "sqs:AddPermission", "sqs:RemovePermission"].toSorted(),
  );
});

test("a role may do nothing that its service was not given", () => {
  const graph = graphOf(`
services:
  web: { image: "web:1" }
  api: { image: "api:1" }
x-sqs: { q: { Services: { web: { Access: RWMessages } } } }
x-vpc: { Properties: { SingleNat: true } }`);
  const policies = nodesOf(graph, "AWS::IAM::Policy").map(({ id }) => id);
  expect(policies.sort()).toEqual(["ApiExecutionPolicy", "WebExecutionPolicy", "WebTaskPolicy"]);
});

interface Document {
  readonly Statement: readonly { readonly Action: readonly string[] }[];
}

describe("the right to mount a file system", () => {
  const actions = (...services: readonly string[]): readonly unknown[] => {
    const lines = services.map(
      (line, index) =>
        `  s${index}: { image: "s:1", deploy: { labels: { ecs.task.family: f } }, ${line} }\n`,
    );
    const graph = graphOf(
      `services:\n${lines.join("")}volumes: { data: { x-efs: {} } }\nx-vpc: { Properties: { SingleNat: true } }`,
    );
    const policy = nodesOf(graph, "AWS::IAM::Policy").find(({ id }) => id === "FTaskPolicy");
    const document = policy?.properties.PolicyDocument as Document | undefined;
    return (document?.Statement ?? []).map(({ Action }) =>
      Action.map((action) => action.replace("elasticfilesystem:Client", "")).join(" "),
    );
  };

  test.for([
    [["volumes: ['data:/d']"], ["Mount RootAccess Write"]],
    [["volumes: ['data:/d:ro']"], ["Mount RootAccess"]],
    [["volumes: ['data:/d:ro'], user: '1000'"], ["Mount"]],
    [["volumes: ['data:/d:ro']", "volumes: ['data:/d']"], ["Mount RootAccess Write"]],
    [
      ["volumes: ['data:/d']", "volumes: ['data:/d:ro'], user: '1000'"],
      ["Mount RootAccess Write", "Mount"],
    ],
  ] as const)("is what its mounts need: %s", ([services, expected]) => {
    expect(actions(...services)).toEqual(expected);
  });
});

describe("a file system of several users", () => {
  const said = (mode: string, ...services: readonly string[]) => {
    const lines = services.map((line, index) => `  s${index}: { image: "s:1", ${line} }\n`);
    const macros = mode === "" ? "" : `MacroParameters: { RootDirectoryCreateMode: "${mode}" }`;
    return saidOf(
      `services:\n${lines.join("")}volumes: { data: { x-efs: { ${macros} } } }\nx-vpc: { Properties: { SingleNat: true } }`,
    );
  };
  const warning = ["warning shared-files volumes.data"];
  const a = "user: '500', volumes: ['data:/d']";
  const b = "user: '600', volumes: ['data:/d']";
  const reads = "user: '600', volumes: ['data:/d:ro']";
  const root = "volumes: ['data:/d']";

  test.for([
    ["", [a, b], warning],
    ["0775", [a, b], warning],
    ["", [a, root], warning],
    ["0777", [a, b], []],
    ["", [a, a], []],
    ["", [a, reads], warning],
    ["", [reads, root], []],
  ] as const)("belongs to who comes first: mode %s, %s", ([mode, services, warnings]) => {
    expect(said(mode, ...services)).toEqual(warnings);
  });
});
