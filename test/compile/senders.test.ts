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

test("a bucket that notifies a topic of the file is warned of: S3 would not make it", () => {
  const bucket = (topic: string) =>
    `x-s3: { b: { Properties: { NotificationConfiguration: { TopicConfigurations: [{ Event: "s3:ObjectCreated:*", Topic: "x-sns::${topic}::TopicArn" }] } } } }`;
  const topics = "x-sns: { own: {}, theirs: { Lookup: { Tags: { a: b } } } }";
  const said = (topic: string) =>
    saidOf(web("", `${bucket(topic)}\n${topics}`), { lookups: "placeholder" });
  expect(said("own")).toEqual([
    "warning by-hand x-s3.b.Properties.NotificationConfiguration.TopicConfigurations",
  ]);
  expect(said("theirs")).toEqual([]);
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
