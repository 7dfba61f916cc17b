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

describe("an event that sends to what the file has", () => {
  const event = (target: string, services = "web: {}") =>
    `x-events: { e: { Properties: { ScheduleExpression: rate(1 hour), Targets: [{ Id: t, ${target} }] }, Services: { ${services} } } }
x-sqs: { q: {}, locked: { Properties: { KmsMasterKeyId: alias/aws/sqs } } }
x-sns: { t: {} }
`;
  const text = (target: string, services?: string) => web("", event(target, services));
  const allowed = {
    Effect: "Allow",
    Principal: { Service: "events.amazonaws.com" },
    Condition: { StringEquals: { "aws:SourceAccount": { Ref: "AWS::AccountId" } } },
  };

  test.for([
    "Arn: x-sqs::q",
    "Arn: x-sqs::q::Arn",
    'Arn: "arn:aws:lambda:eu-west-1:123456789012:function:f", DeadLetterConfig: { Arn: x-sqs::q::Arn }',
  ])("is let by the queue: %s", (target) => {
    const [policy] = nodesOf(graphOf(text(target)), "AWS::SQS::QueuePolicy");
    expect(policy?.properties).toEqual({
      Queues: [{ Ref: "QQueue" }],
      PolicyDocument: {
        Version: "2012-10-17",
        Statement: [
          { ...allowed, Action: "sqs:SendMessage", Resource: { "Fn::GetAtt": ["QQueue", "Arn"] } },
        ],
      },
    });
  });

  test("is let by the topic, beside who was before", () => {
    const [policy] = nodesOf(graphOf(text("Arn: x-sns::t")), "AWS::SNS::TopicPolicy");
    expect(policy?.properties.PolicyDocument).toMatchObject({
      Statement: [
        { Principal: { AWS: "*" } },
        { ...allowed, Action: "sns:Publish", Resource: { Ref: "TTopic" } },
      ],
    });
  });

  test("needs the key of a queue that has one", () => {
    expect(saidOf(text("Arn: x-sqs::locked"))).toEqual([
      "warning by-hand x-events.e.Properties.Targets[0].Arn",
    ]);
  });

  test("is let by nobody where it is not made", () => {
    expect(nodesOf(graphOf(text("Arn: x-sqs::q", "")), "AWS::SQS::QueuePolicy")).toEqual([]);
  });
});

describe("an alarm that tells a topic with a key of its own", () => {
  const rest = (topics: string, key = "KmsMasterKeyId: x-kms::k") => `x-alarms:
  a: { Properties: { Namespace: N, MetricName: M, Statistic: Sum, Period: 60, EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: GreaterThanThreshold }, Topics: [${topics}] }
x-sns: { t: { Properties: { ${key} } } }
x-kms: { k: {} }
`;

  test.for(["{ x-sns: t }", "{ x-sns: t, NotifyOn: okay }", "{ TopicArn: x-sns::t::TopicArn }"])(
    "needs that key: %s",
    (topic) => {
      expect(saidOf(web("", rest(topic)))).toEqual(["warning by-hand x-alarms.a.Topics[0]"]);
    },
  );

  test("needs none where there is none", () => {
    expect(saidOf(web("", rest("{ x-sns: t }", "")))).toEqual([]);
  });
});

describe("a bucket that is a website, which S3 serves without TLS", () => {
  const bucket = (more: string) => `x-s3: { site: { ${more} } }\n`;
  const site = "Properties: { WebsiteConfiguration: { IndexDocument: index.html } }";
  const statements = (more: string) =>
    nodesOf(graphOf(web("", bucket(more))), "AWS::S3::BucketPolicy").map(
      ({ properties }) => (properties.PolicyDocument as { Statement?: unknown }).Statement,
    );
  const refused = expect.objectContaining({ Sid: "OnlyEncryptedConnections" });

  test("is open to that", () => {
    expect(statements("Properties: {}")).toEqual([[refused]]);
    expect(statements(site)).toEqual([]);
    const own = `{ Effect: Allow, Principal: "*", Action: "s3:GetObject" }`;
    expect(
      statements(`${site}, MacroParameters: { BucketPolicy: { Statement: [${own}] } }`),
    ).toEqual([[expect.objectContaining({ Action: "s3:GetObject" })]]);
  });

  test("but where the file asks for TLS", () => {
    const asked = "BucketPolicy: { PredefinedBucketPolicies: [enforceSecureConnection] }";
    expect(statements(`${site}, MacroParameters: { ${asked} }`)).toEqual([[refused]]);
  });
});

test("an event of a bucket knows it by its name, never by its ARN", () => {
  const rest = `x-s3: { drop: {} }
x-events:
  uploaded:
    Properties: { EventPattern: { source: [aws.s3], detail: { bucket: { name: [x-s3::drop] } } } }
    Services: { web: {} }
`;
  const [rule] = nodesOf(graphOf(web("", rest)), "AWS::Events::Rule");
  expect(rule?.properties.EventPattern).toEqual({
    source: ["aws.s3"],
    detail: { bucket: { name: [{ Ref: "DropBucket" }] } },
  });
});

describe("a FIFO queue or topic", () => {
  const receivers = `x-sqs: { f: { Properties: { FifoQueue: "true" } }, q: {} }
x-sns: { tf: { Properties: { FifoTopic: true } } }
`;
  const bucket = (what: string) =>
    `x-s3: { b: { Properties: { NotificationConfiguration: { ${what} } } } }`;
  const topic = (what: string) => `x-sns: { tf: { Properties: { FifoTopic: true } }, t: ${what} }
x-sqs: { f: { Properties: { FifoQueue: "true" } }, q: {} }`;
  const event = (target: string) =>
    `${receivers}x-events: { e: { Properties: { ScheduleExpression: rate(1 hour), Targets: [{ Id: t, ${target} }] }, Services: { web: {} } } }`;
  const alarm = `${receivers}x-alarms: { a: { Properties: { Namespace: N, MetricName: M, Statistic: Sum, Period: 60, EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: GreaterThanThreshold }, Topics: [{ x-sns: tf }] } }`;

  test.for([
    [
      receivers + bucket('QueueConfigurations: [{ Event: "s3:ObjectCreated:*", Queue: x-sqs::f }]'),
      "cannot-honour x-s3.b.Properties.NotificationConfiguration.QueueConfigurations",
    ],
    [
      receivers +
        bucket('TopicConfigurations: [{ Event: "s3:ObjectCreated:*", Topic: x-sns::tf }]'),
      "cannot-honour x-s3.b.Properties.NotificationConfiguration.TopicConfigurations",
    ],
    [
      topic(
        "{ Properties: { FifoTopic: true, Subscription: [{ Protocol: email, Endpoint: a@b.c }] } }",
      ),
      "cannot-honour x-sns.t.Properties.Subscription[0].Protocol",
    ],
    [event("Arn: x-sns::tf"), "cannot-honour x-events.e.Properties.Targets[0].Arn"],
    [event("Arn: x-sqs::f"), "missing-key x-events.e.Properties.Targets[0]"],
    [
      event("Arn: x-sqs::q, DeadLetterConfig: { Arn: x-sqs::f }"),
      "cannot-honour x-events.e.Properties.Targets[0].DeadLetterConfig.Arn",
    ],
    [alarm, "cannot-honour x-alarms.a.Topics[0]"],
  ] as const)("is not for who cannot say a group: %s", ([text, said]) => {
    expect(saidOf(web("", text))).toEqual([`error ${said}`]);
  });

  test("is warned of where a topic sends to it that is not FIFO, as ECS ComposeX takes that", () => {
    const text = topic("{ Properties: { Subscription: [{ Protocol: sqs, Endpoint: x-sqs::f }] } }");
    const at = "x-sns.t.Properties.Subscription[0].Endpoint";
    expect(saidOf(web("", text))).toEqual([`warning cannot-honour ${at}`]);
  });

  test.for([
    topic(
      "{ Properties: { FifoTopic: true, Subscription: [{ Protocol: sqs, Endpoint: x-sqs::f }, { Protocol: sqs, Endpoint: x-sqs::q }] } }",
    ),
    event(
      "Arn: x-sqs::f, SqsParameters: { MessageGroupId: g }, DeadLetterConfig: { Arn: x-sqs::q }",
    ),
  ])("is for who can: %s", (text) => {
    expect(saidOf(web("", text))).toEqual([]);
  });
});

describe("a bucket whose visits are logged", () => {
  const logging = (more: string) => `x-s3:
  data: { Properties: { LoggingConfiguration: { ${more} } } }
  logs: {}
  sealed: { Properties: { BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms" } }] } } }
  theirs: { Lookup: { Tags: { a: b } } }
`;
  const lookups = "placeholder";
  const path = "x-s3.data.Properties.LoggingConfiguration";

  test.for([
    ["DestinationBucketName: x-s3::logs, LogFilePrefix: data/", "LogsBucket", "/data/*"],
    ["DestinationBucketName: x-s3::logs", "LogsBucket", "/*"],
    ["LogFilePrefix: own/", "DataBucket", "/own/*"],
  ] as const)("is let write them: %s", ([more, into, under]) => {
    const graph = graphOf(web("", logging(more)), { lookups });
    expect(graph.nodes.get(`${into}Policy`)?.properties.PolicyDocument).toMatchObject({
      Statement: [
        { Sid: "OnlyEncryptedConnections" },
        {
          Effect: "Allow",
          Principal: { Service: "logging.s3.amazonaws.com" },
          Action: "s3:PutObject",
          Resource: { "Fn::Join": ["", [{ "Fn::GetAtt": [into, "Arn"] }, under]] },
          Condition: { ArnLike: { "aws:SourceArn": { "Fn::GetAtt": ["DataBucket", "Arn"] } } },
        },
      ],
    });
  });

  test.for([
    ["DestinationBucketName: x-s3::logs", []],
    ["DestinationBucketName: x-s3::theirs", [`warning by-hand ${path}`]],
    ["DestinationBucketName: x-s3::sealed", [`warning no-effect ${path}`]],
  ] as const)("has to be able to: %s", ([more, said]) => {
    expect(saidOf(web("", logging(more)), { lookups })).toEqual(said);
  });
});

describe("a bucket that S3 reports on", () => {
  const to = (bucket: string) => `Destination: { BucketArn: ${bucket}, Format: CSV, Prefix: of/ }`;
  const inventory = (bucket: string) =>
    `InventoryConfigurations: [{ Id: i, Enabled: true, IncludedObjectVersions: Current, ScheduleFrequency: Daily, ${to(bucket)} }]`;
  const analysis = (bucket: string) =>
    `AnalyticsConfigurations: [{ Id: a, StorageClassAnalysis: { DataExport: { OutputSchemaVersion: V_1, ${to(bucket)} } } }]`;
  const encrypted = (key: string) =>
    `{ Properties: { BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms"${key} } }] } } }`;
  const buckets = (configurations: string) => `x-s3:
  data: { Properties: { ${configurations} } }
  reports: {}
  sealed: ${encrypted("")}
  closed: ${encrypted(", KMSMasterKeyID: x-kms::closed")}
  open: ${encrypted(", KMSMasterKeyID: x-kms::open")}
  theirs: { Lookup: { Tags: { a: b } } }
x-kms: { closed: {}, open: { Properties: { KeyPolicy: { Statement: [] } } } }
`;
  const lookups = "placeholder";
  const text = (configurations: string) => web("", buckets(configurations));

  test.for([
    inventory("x-s3::reports"),
    analysis("x-s3::reports::Arn"),
    `${inventory("x-s3::reports")}, ${analysis("x-s3::reports")}`,
  ])("may have it written to another: %s", (configurations) => {
    expect(saidOf(text(configurations), { lookups })).toEqual([]);
    const policy = graphOf(text(configurations), { lookups }).nodes.get("ReportsBucketPolicy");
    expect(policy?.properties.PolicyDocument).toEqual({
      Version: "2012-10-17",
      Statement: [
        expect.objectContaining({ Sid: "OnlyEncryptedConnections" }),
        {
          Effect: "Allow",
          Principal: { Service: "s3.amazonaws.com" },
          Action: "s3:PutObject",
          Resource: { "Fn::Join": ["", [{ "Fn::GetAtt": ["ReportsBucket", "Arn"] }, "/of/*"]] },
          Condition: {
            ArnLike: { "aws:SourceArn": { "Fn::GetAtt": ["DataBucket", "Arn"] } },
            StringEquals: {
              "aws:SourceAccount": { Ref: "AWS::AccountId" },
              "s3:x-amz-acl": "bucket-owner-full-control",
            },
          },
        },
      ],
    });
  });

  const path = "x-s3.data.Properties.InventoryConfigurations[0].Destination";
  test.for([
    ["theirs", [`warning by-hand ${path}`]],
    ["sealed", [`warning by-hand ${path}`]],
    ["closed", [`warning by-hand ${path}`]],
    ["open", []],
  ] as const)("has to be able to, in %s", ([bucket, said]) => {
    expect(saidOf(text(inventory(`x-s3::${bucket}`)), { lookups })).toEqual(said);
  });
});

test.for([
  "x-sns: { t: { Properties: { Subscription: [{ Protocol: sqs, Endpoint: x-sqs::q }, { Protocol: sqs, Endpoint: x-sqs::q::Arn }] } } }",
  `x-s3: { ${["a", "b"].map((name) => `${name}: { Properties: { NotificationConfiguration: { QueueConfigurations: [{ Event: "s3:ObjectCreated:*", Queue: x-sqs::q }] } } }`).join(", ")} }`,
])("who asks alike is let once: %s", (senders) => {
  const graph = graphOf(web("", `${senders}\nx-sqs: { q: {} }`));
  const [policy] = nodesOf(graph, "AWS::SQS::QueuePolicy");
  expect(policy?.properties.PolicyDocument).toMatchObject({ Statement: [{ Effect: "Allow" }] });
});

test.for(["q", "x-sqs::q::QueueUrl", "x-sqs::q::QueueName"])(
  "a queue is subscribed by its ARN, and not as %s",
  (endpoint) => {
    const text = `x-sns: { t: { Properties: { Subscription: [{ Protocol: sqs, Endpoint: "${endpoint}" }] } } }\nx-sqs: { q: {} }`;
    expect(saidOf(web("", text))).toEqual([
      "error wrong-type x-sns.t.Properties.Subscription[0].Endpoint",
    ]);
  },
);
