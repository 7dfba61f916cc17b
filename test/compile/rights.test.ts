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

describe("whoever uses what a key encrypts may use the key, however the file names it", () => {
  const id = "12345678-1234-1234-1234-123456789012";
  const of = (resource: string) => ({
    "Fn::Join": [
      "",
      [
        "arn:",
        { Ref: "AWS::Partition" },
        ":kms:",
        { Ref: "AWS::Region" },
        ":",
        { Ref: "AWS::AccountId" },
        ":",
        resource,
      ],
    ],
  });
  const keysOf = (name: string) => {
    const table = `Properties: { AttributeDefinitions: [{ AttributeName: k, AttributeType: S }], KeySchema: [{ AttributeName: k, KeyType: HASH }], SSESpecification: { SSEEnabled: true, SSEType: KMS, KMSMasterKeyId: ${name} } }`;
    const bucket = `Properties: { BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms", KMSMasterKeyID: ${name} } }] } }`;
    const one = (kind: string, properties: string, access: string) =>
      `${kind}: { r: { ${properties}, Services: { web: { Access: ${access} } } } }`;
    const queue = `Properties: { KmsMasterKeyId: ${name} }`;
    const kinds = [
      one("x-sqs", queue, "Publish"),
      one("x-sns", queue, "Publish"),
      one("x-dynamodb", table, "RO"),
      one("x-s3", bucket, "RW"),
      one(
        "x-kinesis",
        `Properties: { StreamEncryption: { EncryptionType: KMS, KeyId: ${name} } }`,
        "Producer",
      ),
    ];
    return kinds.map((kind) => {
      const text = `services: { web: { image: "web:1" } }\nx-vpc: { Properties: { SingleNat: true } }\nx-kms: { k: {} }\n${kind}\n`;
      return statementsOf(text).flatMap(([actions, resources]) =>
        actions === key ? [resources] : [],
      );
    });
  };

  test.for([
    ["x-kms::k", [arn("KKey")]],
    ["x-kms::k::KeyId", [arn("KKey")]],
    [
      `arn:aws:kms:eu-west-1:123456789012:key/${id}`,
      [`arn:aws:kms:eu-west-1:123456789012:key/${id}`],
    ],
    [id, [of(`key/${id}`)]],
    ["alias/mine", [of("key/*")]],
  ] as const)("%s", ([name, resources]) => {
    for (const keys of keysOf(`"${name}"`)) expect(keys).toEqual([resources]);
  });

  test("and a key of AWS's own, or none, takes no right", () => {
    for (const keys of keysOf("alias/aws/any")) expect(keys).toEqual([]);
    const queue =
      "{ Properties: { KmsMasterKeyId: { Ref: AWS::NoValue } }, Services: { web: { Access: Publish } } }";
    expect(statementsOf(file([`a: ${queue}`]))).toEqual([[publish, [arn("AQueue")]]]);
  });

  test("an alias is what the key has to have", () => {
    const text = file([
      "a: { Properties: { KmsMasterKeyId: alias/mine }, Services: { web: { Access: RO } } }",
    ]);
    const [policy] = nodesOf(graphOf(text), "AWS::IAM::Policy").filter(
      ({ id }) => id === "WebTaskPolicy",
    );
    expect(policy?.properties.PolicyDocument).toMatchObject({
      Statement: [
        {},
        { Condition: { "ForAnyValue:StringEquals": { "kms:ResourceAliases": "alias/mine" } } },
      ],
    });
  });
});
