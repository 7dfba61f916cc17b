// biome-ignore-all lint/suspicious/noTemplateCurlyInString: compose and CloudFormation text has them.
import { describe, expect, test } from "vitest";
import { errorsOf, graphOf, nodesOf, only, saidOf } from "./from-text.ts";

const service = (lines: string, rest = ""): string =>
  `services:\n  web:\n    image: web:1\n${lines.replaceAll(/^/gm, "    ")}\nx-vpc: { Properties: { SingleNat: true } }\n${rest}`;

describe("the size of a task", () => {
  test.for([
    ["nothing asked", "{}", "256", "512"],
    ["half a CPU and a GiB", '{ cpus: "0.5", memory: 1G }', "512", "1024"],
    ["three CPUs", '{ cpus: "3", memory: 512M }', "4096", "8192"],
    ["little CPU, much memory", '{ cpus: "0.25", memory: 3G }', "512", "3072"],
    ["the smallest, but 1.5 GiB", '{ cpus: "0.25", memory: 1536M }', "256", "2048"],
    ["the biggest", '{ cpus: "16", memory: 120G }', "16384", "122880"],
  ])("%s", ([, limits, cpu, memory]) => {
    const task = only(graphOf(service(`deploy: { resources: { limits: ${limits} } }`)), taskType);
    expect([task.Cpu, task.Memory]).toEqual([cpu, memory]);
  });

  test.for(['{ cpus: "33" }', "{ memory: 245G }"])("%s is too much, and never less", (limits) => {
    const said = saidOf(service(`deploy: { resources: { limits: ${limits} } }`));
    expect(said).toContain("error too-big services.web.deploy.resources");
  });

  test("a daemon beside the application does not double it", () => {
    const lines = 'deploy: { resources: { limits: { cpus: "0.25", memory: 512M } } }\nx-xray: true';
    const task = only(graphOf(service(lines)), taskType);
    expect([task.Cpu, task.Memory]).toEqual(["256", "512"]);
  });
});

describe("a place in a container", () => {
  const placed = (lines: string) => errorsOf(service(lines, "volumes: { d: {}, data: {} }"));

  test.for(["volumes: ['d:/data']", "volumes: ['data:files']", "tmpfs: [run]"])(
    "begins at its root: %s",
    (lines) => {
      expect(placed(lines)).toEqual([
        expect.stringMatching(
          /^unknown-value services\.web\.(?:volumes|tmpfs)\[0\]: \S+ is no path/,
        ),
      ]);
    },
  );

  test("is told from a drive, which a single letter is", () => {
    expect(placed("volumes: ['d:/data']")[0]).toContain("two letters or more");
    expect(placed("volumes: ['data:files']")[0]).not.toContain("two letters or more");
    expect(placed("volumes: ['data:/files']\ntmpfs: [/run]")).toEqual([]);
  });
});

describe("logging", () => {
  const logs = (logging: string, rest = "") =>
    only(graphOf(service(`logging: { ${logging} }`, rest)), taskType).ContainerDefinitions[0]
      .LogConfiguration;

  test("is told what ECS knows, and of the rest it is said", () => {
    const given =
      "driver: awslogs, options: { mode: non-blocking, tag: x, awslogs-strem-prefix: y }";
    expect(saidOf(service(`logging: { ${given} }`))).toEqual([
      "warning no-effect services.web.logging.options.awslogs-strem-prefix",
      "warning no-effect services.web.logging.options.tag",
    ]);
    expect(Object.keys(logs(given).Options).sort()).toEqual([
      "awslogs-group",
      "awslogs-region",
      "awslogs-stream-prefix",
      "mode",
    ]);
  });

  const arn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:splunk-AbCdEf";
  test.for([
    [arn, ""],
    ["secrets::token", `secrets: { token: { x-secrets: { Name: "${arn}" } } }`],
  ] as const)("reads a secret as a task starts: %s", ([token, secrets]) => {
    const given = `driver: splunk, options: { splunk-url: "https://s", splunk-token: "${token}" }`;
    expect(logs(given, secrets)).toEqual({
      LogDriver: "splunk",
      Options: { "splunk-url": "https://s" },
      SecretOptions: [{ Name: "splunk-token", ValueFrom: arn }],
    });
    const graph = graphOf(service(`logging: { ${given} }`, secrets));
    const policies = nodesOf(graph, "AWS::IAM::Policy").filter(({ id }) => /Execution/.test(id));
    expect(JSON.stringify(policies)).toContain(arn);
  });

  test("warns of a token that everybody can read", () => {
    const given = "driver: splunk, options: { splunk-token: abc }";
    expect(saidOf(service(`logging: { ${given} }`))).toEqual([
      "warning plain-secret services.web.logging.options.splunk-token",
    ]);
  });
});

test("a task is in one group of subnets", () => {
  const networks = "networks: { a: { x-vpc: PublicSubnets }, b: { x-vpc: StorageSubnets } }";
  expect(saidOf(service("networks: [a, b]", networks))).toEqual([
    "error differs services.web.networks.b",
    "warning no-way services.web.networks",
  ]);
});

describe("volumes_from", () => {
  const pair = (from: string, label: string) => `services:
  web: { image: "web:1", volumes: ["data:/data"], deploy: { labels: { ecs.task.family: shop } } }
  tail: { image: "tail:1", volumes_from: ["${from}"], deploy: { labels: { ecs.task.family: ${label} } } }
volumes: { data: {} }
x-vpc: {}
`;

  test.for([
    ["web", { SourceContainer: "web" }],
    ["web:rw", { SourceContainer: "web" }],
    ["web:ro", { SourceContainer: "web", ReadOnly: true }],
  ] as const)("mounts what a container of the same task does: %s", ([from, source]) => {
    const [tail] = only(graphOf(pair(from, "shop")), taskType).ContainerDefinitions;
    expect(tail.VolumesFrom).toEqual([source]);
  });

  test.for([
    ["web", "tail"],
    ["container:other", "shop"],
  ] as const)("of another task is refused: %s", ([from, label]) => {
    expect(saidOf(pair(from, label))).toContain(
      "error cannot-honour services.tail.volumes_from[0]",
    );
  });
});

describe("X-Ray", () => {
  const containers = (lines: string, rest = "") =>
    only(graphOf(service(lines, rest)), taskType).ContainerDefinitions;

  test("listens on UDP 2000, and the application is told where", () => {
    const [app, daemon] = containers("x-xray: true");
    expect(app.Environment).toContainEqual({
      Name: "AWS_XRAY_DAEMON_ADDRESS",
      Value: "127.0.0.1:2000",
    });
    expect(daemon.PortMappings).toEqual([{ ContainerPort: 2000, Protocol: "udp" }]);
  });

  test("is given nothing of the application", () => {
    const [, daemon] = containers(
      "x-xray: true\nenvironment: { A: b }",
      "x-sqs: { q: { Services: { web: { Access: RO } } } }",
    );
    expect([daemon.Environment, daemon.Secrets]).toEqual([undefined, undefined]);
  });

  test("has its port opened to nobody", () => {
    const graph = graphOf(
      service('x-xray: true\nports: ["80"]\nx-network: { Ingress: { Myself: true } }'),
    );
    const ports = nodesOf(graph, "AWS::EC2::SecurityGroupIngress").map(
      (rule) => rule.properties.FromPort,
    );
    expect(ports).toEqual([80]);
  });

  test.for([
    ["x-xray: true", "", 2],
    ["x-xray: false", "x-xray: true", 1],
    ["x-xray: true", "x-xray: false", 2],
    ["tty: true", "x-xray: true", 2],
    ["tty: true", "", 1],
    ["configs: { x-ray: { enabled: true } }", "", 2],
    ["tty: true", "configs: { composex: { x-ray: { enabled: true } } }", 2],
  ] as const)("%s under %s", ([own, above, count]) => {
    expect(containers(own, above)).toHaveLength(count);
  });

  test("takes of the task what there is, and who asks for more is told", () => {
    const lines = (more: string): string =>
      `deploy: { resources: { limits: { cpus: "0.25", memory: 512M } } }\nx-xray: ${more}`;
    expect(saidOf(service(lines("true")))).toEqual([]);
    expect(saidOf(service(lines("{ cpu: 64 }")))).toEqual([]);
    const all = lines("{ cpu: 64, memory: 600 }").replace(
      "512M",
      "512M }, reservations: { memory: 400M",
    );
    expect(saidOf(`${service(all)}`)).toEqual(["warning no-effect services.web.x-xray.memory"]);
  });

  test("may write on the role of the task, not of its start", () => {
    const policies = nodesOf(graphOf(service("x-xray: true")), "AWS::IAM::Policy");
    const having = policies.filter((node) => JSON.stringify(node.properties).includes("xray:"));
    expect(having.map(({ id }) => id)).toEqual(["WebTaskPolicy"]);
  });
});

describe("text", () => {
  const environment = (value: string) =>
    only(graphOf(service(`environment: { A: ${value} }`)), taskType).ContainerDefinitions[0]
      .Environment[0].Value;

  test.for([
    ['"$${Anything} $$HOME"', "${Anything} $HOME"],
    ['"Fn::Sub"', "Fn::Sub"],
    ['"see x-files::scully there"', "see x-files::scully there"],
    ['"a=b?c"', "a=b?c"],
  ])("%s is what it says", ([given, meant]) => {
    expect(environment(given ?? "")).toBe(meant);
  });

  test("only AWS's own pseudo parameters are replaced", () => {
    expect(environment('"${AWS::Region}"')).toEqual({ Ref: "AWS::Region" });
    expect(environment('"in ${AWS::Region}, ${AWS::Nothing}"')).toEqual({
      "Fn::Join": ["", ["in ", { Ref: "AWS::Region" }, ", ${AWS::Nothing}"]],
    });
  });

  test.for([
    ["environment: { A: '{{resolve:ssm:x}}' }", "services.web.environment.A"],
    ["labels: { A: '{{resolve:ssm:x}}' }", "services.web.labels.A"],
    ["working_dir: '{{resolve:ssm:x}}'", "services.web.working_dir"],
    ["working_dir: '{{ Resolve :ssm:x}}'", "services.web.working_dir"],
    ["environment: { A: '{{x-sqs::q::Arn}}' }", "services.web.environment.A"],
    ["environment: { A: '{x-sqs::q::Arn}}' }", "services.web.environment.A"],
    ["healthcheck: { test: ['CMD', '{{resolve:ssm:x}}'] }", "services.web.healthcheck.test[1]"],
  ])("%s is refused: it would read with the deployer's rights", ([lines, path]) => {
    const text = service(lines ?? "", "x-sqs: { q: { Properties: {} } }");
    expect(saidOf(text)).toContain(`error dynamic-reference ${path}`);
  });

  test.for<[string, boolean]>([
    ["{ Fn::Join: ['', ['{{', 'resolve:ssm:x}}']] }", true],
    ["{ Fn::Join: ['', ['{', '{resolve:ssm:x}}']] }", true],
    ["{ Fn::Join: ['{', ['a{', 'resolve:ssm:x}}']] }", true],
    ["{ Fn::Join: ['', ['{', { Ref: AWS::NoValue }, '{resolve:ssm:x}}']] }", true],
    ["{ Fn::Join: ['', ['{', 'x-sqs::q::Arn', '}']] }", true],
    ["{ Fn::Join: ['', { Fn::Split: ['|', '{|{resolve:ssm:x}}'] }] }", true],
    ["{ Fn::Join: ['', ['{', { Fn::Select: [1, ['a', '{resolve:ssm:x}}']] }]] }", true],
    ["{ Fn::Select: [9, ['a', '{{']] }", true],
    ["{ Fn::Join: ['', ['{', { Fn::Select: [0, ['a', '{resolve:ssm:x}}']] }]] }", false],
    ["{ Fn::Join: ['', ['{', { Ref: AWS::Region }, '{']] }", false],
    ["{ Fn::Join: ['', ['{', { Fn::Base64: '{' }]] }", false],
    ["{ Fn::Join: [', ', ['{', '{']] }", false],
    ["{ Fn::Join: ['', ['{\"a\":', '{\"b\":\"', 'x-sqs::q::Arn', '\"}}']] }", false],
  ])("%s would put one together: %s", ([value, expected]) => {
    const topic = `x-sns: { t: { Properties: { DisplayName: ${value} } } }`;
    const said = saidOf(service("", `x-sqs: { q: { Properties: {} } }\n${topic}`));
    const at = "error dynamic-reference x-sns.t.Properties.DisplayName";
    expect(said.some((line) => line.startsWith(at))).toBe(expected);
  });

  test.for([
    "{ Fn::Transform: { Name: AWS::Include } }",
    "{ Fn::ImportValue: a }",
    "{ Fn::GetAtt: [WebTaskRole, Arn] }",
    "{ Ref: WebTaskRole }",
    "{ Fn::Sub: '$${WebTaskRole}' }",
    "{ Fn::Sub: ['${A}', { A: b }] }",
  ])("%s in properties reaches for what is not there to reach", (value) => {
    const said = saidOf(service("", `x-sqs: { q: { Properties: { QueueName: ${value} } } }`));
    expect(said.filter((line) => line.startsWith("error function-refused"))).toHaveLength(1);
  });
});

describe("depends_on", () => {
  const shop = (condition: string, more = "") => `
services:
  web:
    image: web:1
    depends_on: { db: { condition: ${condition} } }
    deploy: { labels: { ecs.task.family: shop } }
  db:
    image: db:1
    ${more}
    deploy: { labels: { ecs.task.family: shop } }
x-vpc: { Properties: { SingleNat: true } }`;

  test("is a condition between containers of one task", () => {
    const [db, web] = only(
      graphOf(shop("service_completed_successfully")),
      taskType,
    ).ContainerDefinitions;
    expect(web.DependsOn).toEqual([{ ContainerName: "db", Condition: "SUCCESS" }]);
    expect([web.Essential, db.Essential]).toEqual([true, false]);
  });

  test("waits for health only where there is a check", () => {
    expect(saidOf(shop("service_healthy"))).toEqual([
      "warning no-healthcheck services.web.depends_on.db",
    ]);
    const healthy = shop("service_healthy", "healthcheck: { test: [CMD, ok] }");
    expect(saidOf(healthy)).toEqual([]);
  });
});

test("what a queue's Publish lets do is send", () => {
  const graph = graphOf(service("", "x-sqs: { q: { Services: { web: { Access: Publish } } } }"));
  const [policy] = nodesOf(graph, "AWS::IAM::Policy").filter(({ id }) => id === "WebTaskPolicy");
  expect(JSON.stringify(policy)).toContain("sqs:SendMessage");
  expect(JSON.stringify(policy)).not.toMatch(/NotAction|sqs:\*|DeleteQueue|ReceiveMessage/);
});

test("a good image that fails is rolled back by itself", () => {
  const { DeploymentConfiguration } = only(graphOf(service("")), "AWS::ECS::Service");
  expect(DeploymentConfiguration.DeploymentCircuitBreaker).toEqual({
    Enable: true,
    Rollback: true,
  });
});

test("the order of services and variables changes no task", () => {
  const one = graphOf(service('environment: { A: "1", B: "2" }'));
  const other = graphOf(service('environment: { B: "2", A: "1" }'));
  expect(only(one, taskType)).toEqual(only(other, taskType));
});

describe("services of one task", () => {
  const two = (first: string, second: string): string => `services:
  a: { image: "a:1", ${first} }
  b: { image: "b:1", ${second} }
x-vpc: { Properties: { SingleNat: true } }`;
  const task = (deploy = ""): string => `deploy: { labels: { ecs.task.family: ab }${deploy} }`;
  const days = (text: string) => only(graphOf(text), "AWS::Logs::LogGroup").RetentionInDays;

  test("keep their logs as long as the one asks for that asks for most", () => {
    const kept = (count: number): string => `${task()}, x-logging: { RetentionInDays: ${count} }`;
    expect(days(two(task(), kept(7)))).toBe(7);
    expect(days(two(kept(60), kept(7)))).toBe(60);
    expect(days(two(task(), task()))).toBe(30);
  });

  test("are replaced together, as the first says that says it", () => {
    const update = (how: string): string => task(`, update_config: { failure_action: ${how} }`);
    expect(saidOf(two(update("pause"), update("pause")))).toEqual([]);
    expect(saidOf(two(update("pause"), task()))).toEqual([]);
    expect(saidOf(two(update("pause"), update("continue")))).toEqual([
      "warning overruled services.b.deploy.update_config",
    ]);
  });
});

describe("volumes of a task", () => {
  test("of EFS are mounted by IAM, and who would do without is told", () => {
    const asked = (whether: boolean): string =>
      service(
        'volumes: ["data:/data:ro"]',
        `volumes: { data: { x-efs: { MacroParameters: { EnforceIamAuth: ${whether} } } } }`,
      );
    expect(saidOf(asked(true))).toEqual([]);
    expect(saidOf(asked(false))).toEqual([
      "warning no-effect volumes.data.x-efs.MacroParameters.EnforceIamAuth",
    ]);
  });

  const volumesOf = (lines: string, rest: string) =>
    only(graphOf(service(lines, rest)), taskType).Volumes.map(({ Name }: { Name: string }) => Name);

  test("two names that ECS cannot tell apart stay two volumes", () => {
    const names = volumesOf('volumes: ["a.b:/one", "a-b:/two"]', "volumes: { a.b: {}, a-b: {} }\n");
    expect(new Set(names).size).toBe(2);
    expect(names).toContain("a-b");
  });

  test("a tmpfs is not the volume whose name it would have", () => {
    const names = volumesOf(
      'tmpfs: /run\nvolumes: ["web-run:/data"]',
      "volumes: { web-run: {} }\n",
    );
    expect(new Set(names).size).toBe(2);
  });

  test("that one goes with its task is said once, however many containers have it", () => {
    const beside = `  other:
    image: other:1
    volumes: ["scratch:/b"]
    deploy: { labels: { ecs.task.family: web } }
volumes: { scratch: {} }
`;
    const text = service('volumes: ["scratch:/a"]').replace("x-vpc", `${beside}x-vpc`);
    expect(saidOf(text).filter((said) => said.includes("not-kept"))).toEqual([
      "warning not-kept services.other.volumes[0]",
    ]);
  });
});

const taskType = "AWS::ECS::TaskDefinition";
