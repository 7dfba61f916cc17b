import { describe, expect, test } from "vitest";
import { graphOf, nodesOf, saidOf } from "./from-text.ts";

// Services of AWS that send to what the file has: who lets them.

const network = "x-vpc: { Properties: { SingleNat: true } }\n";
const web = (lines: string, rest = ""): string =>
  `services:\n  web: { image: "web:1" ${lines} }\n${network}${rest}`;

describe("a queue that is looked up", () => {
  const queue = "x-sqs: { old: { Lookup: { Tags: { a: b } } } }\n";
  const lookups = "placeholder";

  test.for([
    [
      "x-sns: { news: { Properties: { Subscription: [{ Protocol: sqs, Endpoint: x-sqs::old }] } } }",
      "x-sns.news.Properties.Subscription[0].Endpoint",
    ],
    [
      "x-s3: { data: { Properties: { NotificationConfiguration: { QueueConfigurations: [{ Event: 's3:ObjectCreated:*', Queue: x-sqs::old }] } } } }",
      "x-s3.data.Properties.NotificationConfiguration.QueueConfigurations",
    ],
  ])("has its own policy, which is not written over: %s", ([sender = "", path]) => {
    const text = web("", `${queue}${sender}\n`);
    expect(saidOf(text, { lookups })).toEqual([`warning by-hand ${path}`]);
    expect(nodesOf(graphOf(text, { lookups }), "AWS::SQS::QueuePolicy")).toEqual([]);
  });
});

describe("a bucket that notifies a topic", () => {
  const bucket = (topic: string) =>
    `x-s3: { b: { Properties: { NotificationConfiguration: { TopicConfigurations: [{ Event: "s3:ObjectCreated:*", Topic: "x-sns::${topic}::TopicArn" }] } } } }`;
  const topics = "x-sns: { own: {}, theirs: { Lookup: { Tags: { a: b } } } }";
  const text = (topic: string) => web("", `${bucket(topic)}\n${topics}`);
  const lookups = "placeholder";

  test("is let by it, before S3 makes the bucket and tries, and so is who was before", () => {
    expect(saidOf(text("own"), { lookups })).toEqual([]);
    const graph = graphOf(text("own"), { lookups });
    const [policy] = nodesOf(graph, "AWS::SNS::TopicPolicy");
    expect(policy?.properties).toEqual({
      Topics: [{ Ref: "OwnTopic" }],
      PolicyDocument: {
        Version: "2012-10-17",
        Statement: [
          expect.objectContaining({
            Principal: { AWS: "*" },
            Resource: { Ref: "OwnTopic" },
            Condition: { StringEquals: { "AWS:SourceOwner": { Ref: "AWS::AccountId" } } },
          }),
          {
            Effect: "Allow",
            Principal: { Service: "s3.amazonaws.com" },
            Action: "sns:Publish",
            Resource: { Ref: "OwnTopic" },
            Condition: { StringEquals: { "aws:SourceAccount": { Ref: "AWS::AccountId" } } },
          },
        ],
      },
    });
    const [made] = nodesOf(graph, "AWS::S3::Bucket");
    expect(made?.dependsOn).toContain(policy?.id);
  });

  test("has to be let by the owner of one that is looked up", () => {
    expect(saidOf(text("theirs"), { lookups })).toEqual([
      "warning by-hand x-s3.b.Properties.NotificationConfiguration.TopicConfigurations",
    ]);
    expect(nodesOf(graphOf(text("theirs"), { lookups }), "AWS::SNS::TopicPolicy")).toEqual([]);
  });
});

test.for([
  ["", []],
  [
    "KmsMasterKeyId: alias/aws/sqs",
    ["warning by-hand x-sns.t.Properties.Subscription[0].Endpoint"],
  ],
  [
    "KmsMasterKeyId: x-kms::own::KeyId",
    ["warning by-hand x-sns.t.Properties.Subscription[0].Endpoint"],
  ],
  ["KmsMasterKeyId: x-kms::told::KeyId", []],
] as const)(
  "a topic that sends to an encrypted queue needs its key: %s",
  ([encryption, warnings]) => {
    const policy = `{ Version: "2012-10-17", Statement: [{ Effect: Allow, Principal: { AWS: "arn:aws:iam::123456789012:root" }, Action: "kms:*", Resource: "*" }] }`;
    const text = `x-sns: { t: { Properties: { Subscription: [{ Protocol: sqs, Endpoint: x-sqs::q::Arn }] } } }
x-sqs: { q: { Properties: { ${encryption} } } }
x-kms: { own: {}, told: { Properties: { KeyPolicy: ${policy} } } }`;
    expect(saidOf(web("", text))).toEqual(warnings);
  },
);
