// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references are what is tested.
import { describe, expect, test } from "vitest";
import { later } from "../../src/compile/x/registry.ts";
import { compiledFrom, errorsOf, graphOf, only, saidOf } from "./from-text.ts";

const web = (more: string, own = ""): string =>
  `services: { web: { image: "web:1"${own} } }\nx-vpc: {}\n${more}\n`;

test.for(Object.keys(later))("%s is refused by name, and with a way out", (key) => {
  expect(errorsOf(web(`${key}: { a: {} }`))).toEqual([
    expect.stringMatching(new RegExp(`^not-supported-yet ${key}: ${key} is not .* \\(.+\\.\\)$`)),
  ]);
});

describe("a kind of resource that an extension makes", () => {
  const refused = "is no kind of resource here (Make it in a stack of its own, ";
  const said = (path: string) =>
    expect.stringContaining(`not-supported-yet ${path}: x-msk_cluster ${refused}`);

  test.for(["Properties: { ClusterName: c }", "Lookup: { Tags: { a: b } }"])(
    "is refused as one that is not built: %s",
    (lines) => {
      expect(errorsOf(web(`x-msk_cluster: { kafka: { ${lines} } }`))).toEqual([
        said("x-msk_cluster"),
      ]);
    },
  );

  test("is what a value refers to, and not a resource that is missing", () => {
    const of = (kind: string) => errorsOf(web("", `, environment: { A: "${kind}::kafka::Arn" }`));
    expect(of("x-msk_cluster")).toEqual([said("services.web.environment.A")]);
    expect(of("x-snss")).toEqual([
      "not-supported-yet services.web.environment.A: x-snss is no kind of resource here (Did you mean x-sns?)",
    ]);
  });
});

test("a lookup that is not built is refused with a way out", () => {
  expect(errorsOf(web("x-elasticache: { c: { Lookup: { Tags: { a: b } } } }"))).toEqual([
    expect.stringMatching(
      /^not-supported-yet x-elasticache.c.Lookup: .* not supported yet \(.+\.\)$/,
    ),
  ]);
});

test.for(["SetupIAMForKCL: { web: true }", "SetupIAMForKCL: { web: { DynamoDB: true } }"])(
  "consumers of a stream say which table is theirs: %s",
  (macros) => {
    expect(errorsOf(web(`x-kinesis: { s: { MacroParameters: { ${macros} } } }`))).toEqual([
      expect.stringContaining("cannot-honour x-kinesis.s.MacroParameters.SetupIAMForKCL"),
    ]);
  },
);

test("nothing is refused where nothing is asked", () => {
  expect(errorsOf(web("x-kinesis: { s: { MacroParameters: { SetupIAMForKCL: false } } }"))).toEqual(
    [],
  );
  const nothing = "MacroParameters: {}, Settings: {}";
  const event = `Properties: { ScheduleExpression: rate(1 day) }, Services: { web: {} }, ${nothing}`;
  expect(errorsOf(web(`x-events: { e: { ${event} } }`))).toEqual([]);
});

const onEvent = (own: string, rest = "") =>
  `services: { web: { image: "web:1", ports: ["80"]${own} } }
x-vpc: { Properties: { SingleNat: true } }
x-events: { nightly: { Properties: { ScheduleExpression: rate(1 day) }, Services: { web: { DeleteDefaultService: true } } } }
${rest}`;

test("who runs on events alone is told of what asks for a service, and of nothing else", () => {
  expect(saidOf(onEvent(""))).toEqual([]);
  expect(saidOf(onEvent(", x-scaling: { Range: 1-3 }"))).toEqual([
    "warning no-service x-events.nightly.Services.web",
  ]);
  const named = onEvent(
    ", x-network: { x-cloudmap: ns }",
    "x-cloudmap: { ns: { Name: a.internal } }",
  );
  expect(saidOf(named)).toEqual(["warning no-service x-events.nightly.Services.web"]);
});

// What has another shape than is asked for is said to have, and is not taken for something near it.

test.for([
  ["x-s3: { b: { MacroParameters: { EnableAcceleration: [true] } } }", "EnableAcceleration"],
  ["x-vpc: { Properties: { SingleNat: [true] } }", "SingleNat"],
] as const)("a list of one is not that one: %s", ([text, key]) => {
  const file = text.startsWith("x-vpc")
    ? `services: { web: { image: "web:1" } }\n${text}`
    : web(text);
  expect(errorsOf(file)).toEqual([
    expect.stringMatching(`^wrong-type .*${key}: must be true or false`),
  ]);
});

describe("a load balancer", () => {
  const balancer = (listener: string, service = "", ingress = "") =>
    `services: { web: { image: "web:1", ports: ["80"] } }
x-vpc: { Properties: { SingleNat: true } }
x-elbv2:
  lb:
    Properties: { Scheme: internal }
    MacroParameters: { Ingress: { ExtSources: [{ IPv4: 10.0.0.0/8, Name: inside ${ingress} }] } }
    Listeners: [{ Port: 80, Targets: [{ name: "web:web:80", access: /a }], ${listener} }]
    Services: { "web:web:80": { port: 80 ${service} } }
`;

  test.for([
    ["Redirect: HTTP_TO_HTTPS, Redirectx: 1", "unknown-key DefaultActions[0].Redirectx"],
    ["Redirect: HTTP_TO_HTTP", "unknown-value DefaultActions[0].Redirect"],
    ["Redirect: [HTTP_TO_HTTPS]", "unknown-value DefaultActions[0].Redirect"],
  ])("says of an action with a name what is wrong with it: %s", ([action, said = ""]) => {
    const [code, path] = said.split(" ");
    expect(saidOf(balancer(`DefaultActions: [{ ${action} }]`))).toEqual([
      `error ${code} x-elbv2.lb.Listeners[0].${path}`,
    ]);
  });

  test("takes no list for a port or a health check", () => {
    const check = ", healthcheck: ['80:HTTP:/health:200']";
    expect(saidOf(balancer("", check))).toEqual([
      "error wrong-type x-elbv2.lb.Services.web:web:80.healthcheck",
    ]);
    expect(saidOf(balancer("", "", ", Ports: [[80]]"))).toEqual([
      "error wrong-type x-elbv2.lb.MacroParameters.Ingress.ExtSources[0].Ports[0]",
    ]);
  });
});

test("a key that only CloudFormation can name is none of the file", () => {
  const queue =
    "{ Properties: { KmsMasterKeyId: '${AWS::Region}' }, Services: { web: { Access: RO } } }";
  const nodes = [...graphOf(web(`x-sqs: { jobs: ${queue} }`)).nodes.values()];
  const { properties } = nodes.find(({ id }) => id === "WebTaskPolicy") ?? {};
  expect(JSON.stringify(properties)).toContain('"key/",{"Ref":"AWS::Region"}');
});

test("a port without a protocol is one of TCP", () => {
  const ports = ', ports: [{ target: 80, protocol: "" }]';
  expect(
    only(graphOf(web("", ports)), "AWS::ECS::TaskDefinition").ContainerDefinitions[0],
  ).toMatchObject({
    PortMappings: [{ ContainerPort: 80, Protocol: "tcp" }],
  });
});

describe("a lookup that says nothing of what it looks for is an error", () => {
  test.for([
    ["x-vpc: { Lookup: true }", "wrong-type x-vpc.Lookup"],
    ["x-cluster: { Lookup: true }", "wrong-type x-cluster.Lookup"],
    ["x-sqs: { q: { Lookup: true } }", "wrong-type x-sqs.q.Lookup"],
    ["x-sqs: { q: { Lookup: '' } }", "missing-key x-sqs.q.Lookup"],
    ["x-sqs: { q: { Lookup: { Tags: {} } } }", "missing-key x-sqs.q.Lookup"],
    ["x-sqs: { q: { Lookup: { Arn: '' } } }", "missing-key x-sqs.q.Lookup"],
    ["x-sqs: { q: { Lookup: { Arn: jobs } } }", "wrong-type x-sqs.q.Lookup.Arn"],
    ["x-sqs: { q: { Lookup: 'jobs-${AWS::Region}' } }", "cannot-honour x-sqs.q.Lookup"],
    [
      "x-sqs: { q: { Lookup: { Tags: { at: '${AWS::Region}' } } } }",
      "cannot-honour x-sqs.q.Lookup.Tags.at",
    ],
    ["x-cloudmap: { z: { Name: a.b, Lookup: [] } }", "wrong-type x-cloudmap.z.Lookup"],
    ["x-route53: { z: { Name: a.b, Lookup: Z123 } }", "wrong-type x-route53.z.Lookup"],
    [
      "x-route53: { z: { Name: a.b, Lookup: { HostedZoneId: [Z123] } } }",
      "wrong-type x-route53.z.Lookup.HostedZoneId",
    ],
    [
      "x-route53: { z: { Name: a.b, Lookup: { HostedZoneId: '' } } }",
      "wrong-type x-route53.z.Lookup.HostedZoneId",
    ],
    [
      "x-route53: { z: { Name: a.b, Lookup: { HostedZoneId: Z123, HostedZoneIds: 1 } } }",
      "unknown-key x-route53.z.Lookup.HostedZoneIds",
    ],
  ] as const)("%s", ([text, said]) => {
    const services = 'services: { web: { image: "web:1" } }';
    const vpc = text.startsWith("x-vpc") ? "" : "x-vpc: { Properties: { SingleNat: true } }\n";
    const errors = errorsOf(`${services}\n${vpc}${text}\n`, { lookups: "placeholder" });
    expect(errors.map((error) => error.split(":")[0])).toContain(said);
  });

  test("and what it says beside an id does nothing", () => {
    const zone = "x-route53: { z: { Name: a.b, Lookup: { HostedZoneId: Z123, Name: c.d } } }";
    expect(saidOf(web(zone))).toContain("warning no-effect x-route53.z.Lookup.Name");
  });
});

test.for([
  [", secrets: [{}]", "missing-key services.web.secrets[0]: source is missing"],
  [", configs: [{}]", "missing-key services.web.configs[0]: source is missing"],
  [
    ", expose: ['1.5']",
    "unknown-value services.web.expose[0]: 1.5 is no port (80, 8000-8002 or 53/udp.)",
  ],
  [
    ", x-ecs: { OperatingSystemFamily: [LINUX] }",
    "wrong-type services.web.x-ecs.OperatingSystemFamily: must be text",
  ],
  [
    ", deploy: { x-aws-autoscaling: { min: { a: 1 }, max: 3 } }",
    "wrong-type services.web.deploy.x-aws-autoscaling.min: must be a number",
  ],
] as const)("a service's own keys say what is wrong with them: %s", ([own, said]) => {
  expect(errorsOf(web("", own))).toEqual([said]);
});

test("a network's group of subnets is called by a name", () => {
  const networks = "networks: { app: { x-vpc: [AppSubnets] } }";
  expect(errorsOf(web(networks, ", networks: [app]"))).toEqual([
    "wrong-type networks.app.x-vpc: must be text",
  ]);
});

test("a bucket's name is one, whatever is put behind it", () => {
  const macros = "MacroParameters: { ExpandRegionToBucket: true }";
  expect(errorsOf(web(`x-s3: { b: { Properties: { BucketName: [b] }, ${macros} } }`))).toEqual([
    "wrong-type x-s3.b.Properties.BucketName: BucketName of AWS::S3::Bucket must be text",
  ]);
});

test("variables of a log router are text", () => {
  const advanced = "Advanced: { EnvironmentVariables: { LEVEL: { nope: 1 } } }";
  expect(errorsOf(web("", `, x-logging: { FireLens: { ${advanced} } }`))).toEqual([
    "wrong-type services.web.x-logging.FireLens.Advanced.EnvironmentVariables.LEVEL: must be text",
  ]);
});

test("what is written in small letters is told as it is written", () => {
  const scaling = "scaling: { Steps: 7 }";
  const text = `x-sqs: { jobs: { Services: { web: { Access: RO, ${scaling} } } } }`;
  expect(errorsOf(web(text))).toEqual([
    "wrong-type x-sqs.jobs.Services.web.scaling.Steps: must be a list",
  ]);
});

test("an engine is called by a name", () => {
  const database = "{ Properties: { Engine: [aurora-postgresql] } }";
  expect(errorsOf(web(`x-rds: { db: ${database} }`))).toEqual([
    "wrong-type x-rds.db.Properties.Engine: must be text",
  ]);
});

test("a certificate's name is told as far as it is known", () => {
  const own = "{ DomainName: 'www.${AWS::Region}.a.b', ValidationMethod: DNS }";
  const compiled = compiledFrom(web(`x-acm: { site: { Properties: ${own} } }`));
  const said = compiled.kind === "compiled" ? compiled.warnings : [];
  expect(said.map(({ message }) => message)).toContain(
    "the stack waits until somebody has made the DNS records that prove www.….a.b",
  );
});

test("a label that is no name of a family is one mistake", () => {
  const labels = ', deploy: { labels: { ecs.task.family: "a b" } }';
  const queue = "x-sqs: { jobs: { Services: { web: { Access: RO } } } }";
  expect(saidOf(web(queue, labels)).filter((said) => said.startsWith("error"))).toEqual([
    "error bad-name services.web.deploy.labels.ecs.task.family",
  ]);
});

test("a fixed name is told at the line that says it", () => {
  const options = "options: { awslogs-group: mine, awslogs-create-group: 'true' }";
  const logging = `, logging: { driver: awslogs, ${options} }`;
  const preview = { settings: { environment: "test.a", ephemeral: true } };
  expect(saidOf(web("", logging), preview)).toContain(
    "error fixed-name services.web.logging.options.awslogs-group",
  );
});

test("a tag of every stack has a name", () => {
  expect(errorsOf(web("x-tags: [{ Key: '', Value: a }]"))).toEqual([
    "missing-key x-tags: a tag without a name is none",
  ]);
});

test("so are an alias of a key and the name of a policy that AWS would refuse", () => {
  const policy = (name: string) =>
    `, x-iam: { Policies: [{ PolicyName: ${name}, PolicyDocument: { Statement: { Effect: Allow, Action: "s3:*", Resource: "*" } } }] }`;
  expect(errorsOf(web("x-kms: { k: { MacroParameters: { Alias: a b } } }", policy("a b")))).toEqual(
    [
      "wrong-name services.web.x-iam.Policies[0].PolicyName: PolicyName a b is refused by AWS (It takes up to 128 letters, digits, _, +, =, comma, ., @ and -.)",
      "wrong-name x-kms.k: AliasName alias/app-test-a b is refused by AWS (It takes up to 250 letters, digits, _, / and -.)",
    ],
  );
  const fine = "x-kms: { k: { MacroParameters: { Alias: 'alias/${AWS::Region}/k' } } }";
  expect(errorsOf(web(fine, policy("a+b@c")))).toEqual([]);
});

describe("a name that AWS would refuse is told at its line", () => {
  const made = (kind: string, properties: string) =>
    errorsOf(web(`${kind}: { one: { Properties: { ${properties} } } }`));

  test.for([
    ["x-sqs", "QueueName: a b", "QueueName a b"],
    ["x-sqs", `QueueName: ${"a".repeat(81)}`, `QueueName ${"a".repeat(81)}`],
    ["x-sqs", "QueueName: jobs.fifo, FifoQueue: true", undefined],
    ["x-sns", "TopicName: a.b", "TopicName a.b"],
    ["x-s3", "BucketName: Uploads", "BucketName Uploads"],
    ["x-s3", "BucketName: a..b", "BucketName a..b"],
    ["x-s3", "BucketName: 'uploads-${AWS::AccountId}'", undefined],
    ["x-kinesis", "Name: a/b", "Name a/b"],
  ] as const)("%s: %s", ([kind, properties, said]) => {
    const path = `${kind}.one.Properties.${properties.split(":")[0]}`;
    const told = said === undefined ? [] : [`wrong-name ${path}: ${said} is refused by AWS`];
    const found = made(kind, properties).map((line) => line.replace(/ \(It takes .*$/, ""));
    expect(found).toEqual(told);
  });
});
