import { describe, expect, test } from "vitest";
import { graphOf, nodesOf, saidOf } from "./from-text.ts";

// The policies of a family's roles: what they hold, and how much IAM takes.

const file = (queues: readonly string[], rest = "", own = "") =>
  `services: { web: { image: "web:1" ${own} } }
x-vpc: { Properties: { SingleNat: true } }
x-kms: { k: {} }
x-sqs:
${queues.map((queue) => `  ${queue}\n`).join("")}${rest}`;

const statementsOf = (text: string) => {
  const policies = nodesOf(graphOf(text), "AWS::IAM::Policy");
  const document = policies.find(({ id }) => id === "WebTaskPolicy")?.properties.PolicyDocument;
  const { Statement } = document as unknown as {
    Statement: { Action: string[]; Resource: unknown }[];
  };
  return Statement.map(({ Action, Resource }) => [Action.join(" "), Resource] as const);
};

const arn = (id: string) => ({ "Fn::GetAtt": [id, "Arn"] });
const publish = "sqs:GetQueueAttributes sqs:GetQueueUrl sqs:SendMessage";
const key = "kms:Decrypt kms:GenerateDataKey";

test("what may be done alike is one statement, and each resource is in it once", () => {
  const services = (access: string) => `Services: { web: { Access: ${access} } }`;
  const encrypted = "Properties: { KmsMasterKeyId: x-kms::k }";
  const text = file([
    `a: { ${encrypted}, ${services("Publish")} }`,
    `b: { ${services("Publish")} }`,
    `c: { ${encrypted}, ${services("RO")} }`,
  ]);
  expect(statementsOf(text)).toEqual([
    [publish, [arn("AQueue"), arn("BQueue")]],
    [key, [arn("KKey")]],
    [expect.stringContaining("sqs:ListDeadLetterSourceQueues"), [arn("CQueue")]],
  ]);
});

test("what is allowed under a condition stays by itself", () => {
  const text = `services: { web: { image: "web:1", volumes: ["aa:/a", "bb:/b"] } }
volumes: { aa: { x-efs: {} }, bb: { x-efs: {} } }
x-vpc: { Properties: { SingleNat: true } }
`;
  expect(statementsOf(text)).toHaveLength(2);
});

describe("more than IAM takes of a role", () => {
  const queue = (index: number) =>
    `queue-of-orders-number-${index}: { Services: { web: { Access: RWMessages } } }`;
  const queues = (count: number) => Array.from({ length: count }, (_, index) => queue(index));

  test.for([
    [40, []],
    [120, ["warning too-big services.web"]],
  ] as const)("is warned of: %i queues", ([count, warnings]) => {
    expect(saidOf(file(queues(count)))).toEqual(warnings);
  });

  test("counts what x-iam has", () => {
    const actions = Array.from({ length: 450 }, (_, index) => `"s3:GetObjectNumber${index}"`);
    const own = `, x-iam: { Policies: [{ PolicyName: p, PolicyDocument: { Version: "2012-10-17", Statement: [{ Effect: Allow, Resource: "*", Action: [${actions}] }] } }] }`;
    expect(saidOf(file(queues(1), "", own))).toEqual(["warning too-big services.web"]);
  });
});
