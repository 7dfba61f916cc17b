// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references are what is tested.
import { describe, expect, test } from "vitest";
import { graphOf, nodesOf, only, saidOf } from "./from-text.ts";

// Shapes that are written somewhere, and that a reader of the usual ones would stumble over.

const network = "x-vpc: { Properties: { SingleNat: true } }\n";
const web = (lines: string, rest = ""): string =>
  `services:\n  web: { image: "web:1" ${lines} }\n${network}${rest}`;

const balanced = (conditions: string, more = "", other = ""): string =>
  web(
    ', ports: ["80", "81"]',
    `x-elbv2:
  lb:
    Properties: { Scheme: internal, Type: application }
    MacroParameters: { Ingress: { ExtSources: [{ IPv4: 10.0.0.0/8, Name: inside }] } }
    Listeners: [{ Port: 80, Targets: [{ name: "web:web:80", ${conditions} }${more}] }]
    Services: { "web:web:80": { port: 80 } ${other} }
`,
  );

describe("a section without anything in it", () => {
  test.for([
    "x-sqs",
    "x-rds",
    "x-s3",
    "x-alarms",
    "x-events",
    "x-dashboards",
    "x-cloudmap",
    "x-route53",
    "x-elbv2",
    "x-tags",
  ])("is no section: %s", (key) => {
    expect(saidOf(web("", `${key}:\n`))).toEqual([]);
  });
});

describe("the conditions of a target", () => {
  test.for([
    "Conditions: [{ Field: path-pattern, Values: /a }]",
    "Conditions: [{ Field: path-pattern, PathPatternConfig: /a }]",
    "Conditions: [{ Field: host-header, HostHeaderConfig: { Values: a } }]",
    "Conditions: [/a]",
    "Conditions: []",
  ])("are lists of what they match: %s", (conditions) => {
    expect(saidOf(balanced(conditions))).toContain(
      "error wrong-type x-elbv2.lb.Listeners[0].Targets[0].Conditions",
    );
  });

  test("may be asked in any order where all of them lead to one place", () => {
    const more = (name: string) => `, { name: "${name}", access: /api }`;
    expect(saidOf(balanced("access: a.example.com", more("web:web:80")))).toEqual([]);
    const elsewhere = balanced(
      "access: a.example.com",
      more("web:web:81"),
      ', "web:web:81": { port: 81 }',
    );
    expect(saidOf(elsewhere)).toEqual(["error unclear-order x-elbv2.lb.Listeners[0].Targets[1]"]);
  });
});

test("a limit of 0 is a limit", () => {
  const task = only(graphOf(web(", ulimits: { nofile: { soft: 0, hard: 10 } }")), definition);
  expect(task.ContainerDefinitions[0].Ulimits).toEqual([
    { Name: "nofile", SoftLimit: 0, HardLimit: 10 },
  ]);
});

test.for(["{ target: 0 }", "{ target: 70000 }"])("%s is no port", (port) => {
  expect(saidOf(web(`, ports: [${port}], x-network: { Ingress: { Myself: true } }`))).toEqual([
    "error unknown-value services.web.ports[0]",
  ]);
});

describe("options of a file system", () => {
  const mounted = (options: string): readonly string[] =>
    saidOf(
      web(
        ', volumes: ["data:/data:ro"]',
        `volumes: { data: { driver: efs, driver_opts: ${options} } }`,
      ),
    );

  test("are of those that there are", () => {
    const at = "error unknown-value volumes.data.driver_opts";
    expect(mounted("{ backup_policy: yes }")).toEqual([`${at}.backup_policy`]);
    expect(mounted("{ performance_mode: fast }")).toEqual([`${at}.performance_mode`]);
    expect(mounted("{ provisioned_throughput: much }")).toEqual([
      "error wrong-type volumes.data.driver_opts.provisioned_throughput",
    ]);
  });

  test("that do nothing are not passed over", () => {
    expect(mounted("{ uid: 1 }")).toEqual(["warning no-effect volumes.data.driver_opts.uid"]);
  });
});

describe("a bucket", () => {
  const bucket = (lines: string): string => web("", `x-s3: { data: ${lines} }`);

  test("may be asked for what it has anyway", () => {
    const access = "{ bucket: ListOnly, objects: RW, enforceSecureConnection: true }";
    expect(saidOf(bucket(`{ Services: { web: { Access: ${access} } } }`))).toEqual([]);
  });

  test.for([
    ["enforceSecureConnection: true", { Bool: { "aws:SecureTransport": "true" } }],
    ["s3-bucket-ssl-requests-only: true", { Bool: { "aws:SecureTransport": "true" } }],
    ["enforceSecureConnection: false", undefined],
  ] as const)(
    "that others made lets a service in by TLS alone if asked to: %s",
    ([asked, condition]) => {
      const access = `{ bucket: ListOnly, objects: StrictRW, ${asked} }`;
      const text = bucket(`{ Lookup: theirs, Services: { web: { Access: ${access} } } }`);
      const rights = nodesOf(graphOf(text, { lookups: "placeholder" }), "AWS::IAM::Policy")
        // biome-ignore lint/suspicious/noExplicitAny: tests look into properties as a reader does.
        .flatMap(({ properties }) => (properties.PolicyDocument as any).Statement)
        .filter(({ Action }) => JSON.stringify(Action).includes("s3:"));
      expect(rights.map(({ Condition }) => Condition)).toEqual([condition, condition]);
    },
  );

  test("is what a statement of its policy is about that names nothing", () => {
    const statement = '{ Effect: Deny, Principal: "*", Action: "s3:DeleteBucket" }';
    const text = bucket(`{ MacroParameters: { BucketPolicy: { Statement: [${statement}] } } }`);
    const policy = only(graphOf(text), "AWS::S3::BucketPolicy");
    const own = { "Fn::GetAtt": ["DataBucket", "Arn"] };
    expect(policy.PolicyDocument.Statement.at(-1).Resource[0]).toEqual(own);
  });
});

test("a table needs a key", () => {
  expect(saidOf(web("", "x-dynamodb: { orders: }"))).toEqual([
    "error missing-key x-dynamodb.orders",
    "error missing-key x-dynamodb.orders",
  ]);
});

test("a parameter tells its value", () => {
  const use = "{ web: { ReturnValues: { Value: LEVEL } } }";
  const text = web(
    "",
    `x-ssm_parameter: { level: { Properties: { Value: "3" }, Services: ${use} } }`,
  );
  const [container] = only(graphOf(text), definition).ContainerDefinitions;
  expect(container.Environment).toContainEqual({
    Name: "LEVEL",
    Value: { "Fn::GetAtt": ["LevelParameter", "Value"] },
  });
});

test("a later file says no to whom an earlier one lets in", () => {
  const text = (access: string) =>
    `services:\n  web: { image: "web:1", ports: ["80"], x-network: { Ingress: { Services: [{ Name: api, Access: ${access} }] } } }\n  api: { image: "api:1" }\n${network}`;
  const rules = (access: string) =>
    nodesOf(graphOf(text(access)), "AWS::EC2::SecurityGroupIngress").length;
  expect([rules("true"), rules("false")]).toEqual([1, 0]);
});

const definition = "AWS::ECS::TaskDefinition";

describe("an alarm of a service", () => {
  const alarm = (service: string, rest = "") =>
    web(
      "",
      `x-alarms: { busy: { MacroParameters: { ServiceName: ${service} }, Properties: { Namespace: AWS/ECS, MetricName: CPUUtilization, Dimensions: [{ Name: ClusterName, Value: own }], Statistic: Average, Period: 60, EvaluationPeriods: 1, Threshold: 9, ComparisonOperator: GreaterThanThreshold } } }\n${rest}`,
    );

  test("looks at that service, where the file does not say otherwise", () => {
    const { Dimensions } = only(graphOf(alarm("web")), "AWS::CloudWatch::Alarm");
    expect(Dimensions).toEqual([
      { Name: "ServiceName", Value: { "Fn::GetAtt": ["WebService", "Name"] } },
      { Name: "ClusterName", Value: "own" },
    ]);
  });

  test("is none where there is no such service", () => {
    const path = "x-alarms.busy.MacroParameters.ServiceName";
    expect(saidOf(alarm("wbe"))).toContain(`error unknown-service ${path}`);
    const events =
      "x-events: { nightly: { Properties: { ScheduleExpression: rate(1 day) }, Services: { web: { DeleteDefaultService: true } } } }\n";
    expect(saidOf(alarm("web", events))).toContain(`error no-service ${path}`);
  });
});

test("a label of deploy that is no tag is not dropped in silence", () => {
  const labels = (value: string) => `, deploy: { labels: { rule: "${value}" } }`;
  const said = "warning no-effect services.web.deploy.labels.rule";
  expect(saidOf(web(labels("Host(a)")))).toEqual([said]);
  expect(saidOf(web(labels("a".repeat(257))))).toEqual([said]);
  const service = only(graphOf(web(labels("a".repeat(256)))), "AWS::ECS::Service");
  expect(service.Tags).toEqual([{ Key: "rule", Value: "a".repeat(256) }]);
});

describe("what is looked up stays as it is, and what is said of it besides is warned of", () => {
  const groups = ["VpcId", "AppSubnets", "PublicSubnets", "StorageSubnets"];
  const network = groups.map((name) => `${name}: { Tags: { a: b } }`).join(", ");
  const efs = "Lookup: { Tags: { a: b } }, Properties: { Encrypted: true }";

  test.for<readonly [string, string]>([
    [`x-vpc: { Lookup: { ${network} }, Properties: { VpcCidr: 10.0.0.0/16 } }`, "x-vpc.Properties"],
    ["x-cluster: { Lookup: main, Properties: { Tags: [] } }", "x-cluster.Properties"],
    [
      "x-route53: { z: { Name: a.b, Lookup: true, Properties: { HostedZoneConfig: { Comment: c } } } }",
      "x-route53.z.Properties",
    ],
    [
      "x-cloudmap: { z: { Name: a.b, Lookup: true, Properties: { Description: d } } }",
      "x-cloudmap.z.Properties",
    ],
    [
      "x-s3: { b: { Lookup: { Tags: { a: b } }, Settings: { ExpandRegionToBucket: true } } }",
      "x-s3.b.Settings",
    ],
    [
      "x-kms: { k: { Lookup: { Tags: { a: b } }, Settings: { Alias: alias/k } } }",
      "x-kms.k.Settings",
    ],
    [
      "x-sqs: { q: { Lookup: { Tags: { a: b } }, Properties: { FifoQueue: true } } }",
      "x-sqs.q.Properties",
    ],
    [`volumes: { data: { x-efs: { ${efs} } } }`, "volumes.data.x-efs.Properties"],
  ])("%s", ([text, path]) => {
    const services =
      'services: { web: { image: "web:1", volumes: [{ type: volume, source: data, target: /d }] } }';
    const volumes = text.startsWith("volumes") ? "" : "volumes: { data: {} }\n";
    const said = saidOf(`${services}\n${volumes}${text}`, { lookups: "placeholder" });
    expect(said.filter((one) => one.includes("no-effect"))).toEqual([`warning no-effect ${path}`]);
  });
});

test("a bucket with a list of access is one that takes such lists", () => {
  const bucket = (properties: string) =>
    only(graphOf(web("", `x-s3: { b: { Properties: ${properties} } }`)), "AWS::S3::Bucket");
  expect(bucket("{ AccessControl: LogDeliveryWrite }").OwnershipControls).toEqual({
    Rules: [{ ObjectOwnership: "BucketOwnerPreferred" }],
  });
  expect(bucket("{ AccessControl: BucketOwnerFullControl }").OwnershipControls).toBeUndefined();
});

describe("a cache", () => {
  const group = "sg-0123456789abcdef0";

  test.for([
    ["NumCacheClusters: 2, SecurityGroupIds", "ReplicationGroup", "SecurityGroupIds"],
    ["VpcSecurityGroupIds", "CacheCluster", "VpcSecurityGroupIds"],
  ])("is in the groups it names as well: %s", ([key, type, groups = ""]) => {
    const text = web("", `x-elasticache: { c: { Properties: { ${key}: [${group}] } } }`);
    expect(only(graphOf(text), `AWS::ElastiCache::${type}`)[groups]).toEqual([
      { Ref: expect.stringMatching(/^CCache(?:Group)?SecurityGroup/) },
      group,
    ]);
  });

  test("of several tells where it is read", () => {
    const wants = "{ ReturnValues: { ReadEndPoint.Addresses: A, ReaderEndPoint.Port: P } }";
    const text = web(
      "",
      `x-elasticache: { c: { Properties: { NumCacheClusters: 2 }, Services: { web: ${wants} } } }`,
    );
    const [web0] = only(graphOf(text), definition).ContainerDefinitions;
    expect(web0.Environment).toContainEqual({
      Name: "A",
      Value: { "Fn::GetAtt": ["CCacheGroup", "ReadEndPoint.Addresses"] },
    });
  });
});

test("what would be a reference but for its ! is text without it, wherever it stands", () => {
  const own = "p, PolicyDocument: { Statement: { Effect: Allow, Action: 's3:GetObject'";
  const iam = `x-iam: { Policies: [{ PolicyName: ${own}, Resource: 'arn:aws:s3:::b/\${!aws:username}' } } }] }`;
  const graph = graphOf(web(`, environment: { NAME: '\${!Name} in \${AWS::Region}' }, ${iam}`));
  const [container] = only(graph, definition).ContainerDefinitions;
  expect(container.Environment).toEqual([
    { Name: "NAME", Value: { "Fn::Join": ["", ["${Name} in ", { Ref: "AWS::Region" }]] } },
  ]);
  const [role] = nodesOf(graph, "AWS::IAM::Role").filter(({ properties }) => properties.Policies);
  expect(JSON.stringify(role?.properties.Policies)).toContain("arn:aws:s3:::b/${aws:username}");
});

describe("a key that does nothing where it stands is warned of", () => {
  test("RamTarget beside MemoryTarget", () => {
    const targets = "x-scaling: { Range: 1-3, TargetScaling: { MemoryTarget: 60, RamTarget: 70 } }";
    expect(saidOf(web(`, ${targets}`))).toEqual([
      "warning no-effect services.web.x-scaling.TargetScaling.RamTarget",
    ]);
  });

  test("NumCacheNodes of a replication group, and of no other cache", () => {
    const cache = (properties: string) =>
      web(
        "",
        `x-elasticache: { c: { Properties: { ${properties} }, MacroParameters: { NumCacheNodes: 2 } } }`,
      );
    const group = "ReplicationGroupDescription: g, Engine: redis, CacheNodeType: cache.t3.micro";
    expect(saidOf(cache(group))).toEqual([
      "warning no-effect x-elasticache.c.MacroParameters.NumCacheNodes",
    ]);
    expect(saidOf(cache("Engine: memcached, CacheNodeType: cache.t3.micro"))).toEqual([]);
  });
});
