// biome-ignore-all lint/suspicious/noTemplateCurlyInString: compose text has them.
import { describe, expect, test } from "vitest";
import { plan } from "../../src/cli/plan.ts";
import { type Rendered, render } from "../../src/render.ts";
import { graphOf, nodesOf, only, saidOf } from "./from-text.ts";

// What ECS ComposeX does wrong, one by one, and what is done here in its place.

const rendered = (files: Readonly<Record<string, string>>): Rendered =>
  render(
    {
      files: Object.keys(files),
      projectDirectory: "",
      projectName: "app",
      contents: new Map<string, string | undefined>([
        ...Object.entries(files),
        [".env", undefined],
      ]),
      variables: new Map(),
      profiles: [],
      dialect: "composex",
    },
    {
      application: "app",
      environment: "test",
      target: { account: "123456789012", region: "eu-west-1" },
      prefix: "trueup",
      layout: "per-service",
    },
  );

const network = "x-vpc: { Properties: { SingleNat: true } }";

const web = (lines: string, rest = ""): string =>
  `services:\n  web: { image: "web:1", ${lines} }\n${network}\n${rest}`;

const taskOf = (text: string) => only(graphOf(text), "AWS::ECS::TaskDefinition");
const containerOf = (text: string) => taskOf(text).ContainerDefinitions[0];

/** Several files as one template: what a container of the merged model gets. */
function merged(...files: readonly string[]) {
  const result = rendered(Object.fromEntries(files.map((text, i) => [`${i}.yml`, text])));
  if (result.kind !== "rendered") throw new Error(JSON.stringify(result));
  const stack = result.bundle.stacks.find(({ unit }) => unit === "s-web");
  const properties = stack?.template.Resources.WebTaskDefinition?.Properties;
  const [first] = (properties?.ContainerDefinitions ?? []) as unknown as readonly Container[];
  if (first === undefined) throw new Error("There is no container.");
  return first;
}

interface Container {
  readonly Command: readonly string[];
  readonly PortMappings: readonly { readonly ContainerPort: number }[];
}

describe("defect 1, plan applies and deletes", () => {
  test.for(["--apply", "--cleanup"])("plan has no %s", async (flag) => {
    const io = { cwd: "/", env: {}, out: () => undefined, err: () => undefined };
    await expect(plan.run([flag, "False"], io as never)).rejects.toThrow(/unknown|Unknown/i);
  });
});

describe("defect 2, output that differs from run to run", () => {
  const text =
    `${web('ports: ["80"], volumes: ["/cache", "/data"], command: [a, b], depends_on: [b, c]')}
  `.replace("x-vpc", '  b: { image: "b:1" }\n  c: { image: "c:1" }\nx-vpc');
  const balanced = `${text}
x-elbv2:
  lb:
    Listeners: [{ Port: 80, Protocol: HTTP, Targets: [{ name: "web:web", access: /a }, { name: "web:web", access: b.example.com }] }]
    Services: { "web:web": { port: 80 } }`;

  test("the same files are the same bytes, priorities and names of volumes too", () => {
    const one = rendered({ "a.yml": balanced });
    if (one.kind !== "rendered") throw new Error(JSON.stringify(one));
    const again = rendered({ "a.yml": balanced }) as typeof one;
    expect(JSON.stringify(again.bundle)).toBe(JSON.stringify(one.bundle));
    const templates = JSON.stringify(one.bundle.stacks.map(({ template }) => template));
    expect(templates).not.toMatch(/GeneratedOn|TemplateURL|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}/);
    expect(templates).toContain('"Priority":');
  });

  test("a command of a later file takes the place of the one before, in its order", () => {
    const base = web("command: [run, a]");
    expect(merged(base, "services: { web: { command: [serve, z, a] } }").Command).toEqual([
      "serve",
      "z",
      "a",
    ]);
  });
});

describe("defect 3, data that is lost or changed in silence", () => {
  const environment = (given: string) => containerOf(web(`environment: ${given}`)).Environment;

  test("a value keeps what stands after its second =", () => {
    expect(environment('["URL=a?b=c&d=e"]')).toEqual([{ Name: "URL", Value: "a?b=c&d=e" }]);
  });

  test("a variable without a value is told, and is no text None", () => {
    for (const given of ["{ A: null }", "[A]"]) {
      expect(saidOf(web(`environment: ${given}`))).toEqual([
        "warning no-value services.web.environment.A",
      ]);
      expect(environment(given)).toBeUndefined();
    }
  });

  test("true is true, as compose has it", () => {
    expect(environment("{ A: true }")).toEqual([{ Name: "A", Value: "true" }]);
  });

  test("a variable of the file that is not set is told, and :? is an error", () => {
    const unset = rendered({ "a.yml": web('user: "${NOBODY}"') });
    expect(unset.kind === "rendered" && unset.warnings.map(({ code }) => code)).toContain(
      "unset-variable",
    );
    const required = rendered({ "a.yml": web('user: "${NOBODY:?say who}"') });
    expect(required.kind).toBe("failed");
  });

  test("$$ is a dollar, and nothing of whoever renders", () => {
    expect(environment('{ A: "$$HOME" }')).toEqual([{ Name: "A", Value: "$HOME" }]);
  });

  test("driver_opts for EFS make a file system, with and without driver: efs", () => {
    const text = web(
      'volumes: ["data:/v"]',
      "volumes: { data: { driver_opts: { backup_policy: ENABLED } } }",
    );
    expect(nodesOf(graphOf(text), "AWS::EFS::FileSystem")).toHaveLength(1);
  });

  test.for(["x-sqs", "x-s3", "x-rds"])("a service that %s misspells is an error", (kind) => {
    expect(saidOf(web("tty: true", `${kind}: { q: { Services: { wbe: {} } } }`))).toContain(
      `error unknown-service ${kind}.q.Services.wbe`,
    );
  });

  test.for([
    ["services", 'x-scalling: { Range: "1-2" }', "", "error unknown-key services.web.x-scalling"],
    ["the file", "tty: true", "x-sqss: {}", "error unknown-key x-sqss"],
  ])("an x- key that nobody knows is told of in %s", ([, lines = "", rest, said]) => {
    expect(saidOf(web(lines, rest))).toContain(said);
  });

  test.for(['{ cpus: "40" }', "{ memory: 250G }"])("%s is too much, not shrunk", (limits) => {
    const said = saidOf(web(`deploy: { resources: { limits: ${limits} } }`));
    expect(said).toContain("error too-big services.web.deploy.resources");
  });

  test("a secret that nothing is known of is an error, not a container without it", () => {
    const text = web("secrets: [s]", "secrets: { s: { file: ./s.txt } }");
    expect(saidOf(text)).toContain("error no-source services.web.secrets[0]");
  });

  test("privileged is not ignored", () => {
    expect(saidOf(web("privileged: true"))).toContain(
      "error cannot-honour services.web.privileged",
    );
  });
});

describe("defect 4, rights that are wider than their names, or another's", () => {
  const task = (rest: string, lines = "tty: true") =>
    JSON.stringify(graphOf(web(lines, rest)).nodes.get("WebTaskPolicy")?.properties ?? {});

  test.for([
    ["Publish", /sqs:SendMessage/, /NotAction|sqs:(?:\*|DeleteQueue|ReceiveMessage|DeleteMessage)/],
    [
      "RWMessages",
      /sqs:ReceiveMessage/,
      /NotAction|sqs:(?:\*|DeleteQueue|PurgeQueue|AddPermission)/,
    ],
    ["RO", /sqs:GetQueueAttributes/, /NotAction|sqs:(?:\*|SendMessage|ReceiveMessage)/],
  ] as const)("%s of a queue is what it says", ([level, holds, holdsNot]) => {
    const policy = task(`x-sqs: { q: { Services: { web: { Access: ${level} } } } }`);
    expect(policy).toMatch(holds);
    expect(policy).not.toMatch(holdsNot);
  });

  test("PowerUser of a table is a list of actions", () => {
    const table =
      "Properties: { AttributeDefinitions: [{ AttributeName: k, AttributeType: S }], KeySchema: [{ AttributeName: k, KeyType: HASH }] }";
    const policy = task(
      `x-dynamodb: { t: { ${table}, Services: { web: { Access: PowerUser } } } }`,
    );
    expect(policy).not.toMatch(/NotAction|dynamodb:(?:\*|DeleteTable|CreateTable)/);
  });

  test("the role of a task does not read the secrets that it is given", () => {
    const secrets = "secrets: { s: { x-secrets: { Name: /s } } }";
    expect(task(secrets, "secrets: [s]")).not.toContain("secretsmanager");
    const databases = "x-rds: { d: { MacroParameters: { Engine: mysql }, Services: { web: {} } } }";
    expect(task(databases)).not.toContain("secretsmanager");
  });

  test("no right is on everything that has a name", () => {
    const everything = `x-sqs: { q: { Services: { web: { Access: RWMessages } } } }\nx-s3: { b: { Services: { web: { Access: RW } } } }`;
    const { PolicyDocument } = JSON.parse(task(everything));
    for (const { Resource } of PolicyDocument.Statement) expect(Resource).not.toBe("*");
  });
});

describe("defect 5, nothing works without AWS", () => {
  test("rendering is a function of text", () => {
    expect(rendered({ "a.yml": web("tty: true") }).kind).toBe("rendered");
  });
});

describe("defect 6, names that merge or overwrite", () => {
  const named = (...names: readonly string[]) =>
    `services: { ${names.map((name) => `${name}: { image: "${name}:1" }`).join(", ")} }\n${network}`;

  test("my-svc and mysvc are two services", () => {
    const tasks = nodesOf(graphOf(named("my-svc", "mysvc")), "AWS::ECS::TaskDefinition");
    expect(tasks.map(({ id }) => id)).toEqual(["MySvcTaskDefinition", "MysvcTaskDefinition"]);
  });

  test("what cannot be told apart is an error that names both", () => {
    const said = saidOf(named("my-svc", "my_svc"));
    expect(said.filter((line) => line.startsWith("error same-name services."))).not.toEqual([]);
  });

  test.for(["vpc", "iam", "base", "watch", "cluster"])("%s is a name like others", (name) => {
    const result = rendered({ "a.yml": named(name, "web") });
    if (result.kind !== "rendered") throw new Error(JSON.stringify(result));
    const units = result.bundle.stacks.map(({ unit }) => unit);
    expect(units).toEqual(["base", `s-${name}`, "s-web"].toSorted());
  });
});

describe("what else it gets wrong", () => {
  test("ports have ranges and addresses of the host", () => {
    const { PortMappings } = containerOf(web('ports: ["8080-8082:80-82", "127.0.0.1:90:90"]'));
    expect(
      PortMappings.map(({ ContainerPort }: { ContainerPort: number }) => ContainerPort),
    ).toEqual([80, 81, 82, 90]);
  });

  test("ports of two files are all there", () => {
    const both = merged(web('ports: ["80:80"]'), 'services: { web: { ports: ["8080:81"] } }');
    expect(both.PortMappings.map(({ ContainerPort }) => ContainerPort)).toEqual([80, 81]);
  });

  test("expose needs no /tcp, and app_protocol counts", () => {
    const text = web('expose: ["7000"], ports: [{ target: 80, app_protocol: http2 }]');
    const [http, exposed] = containerOf(text).PortMappings;
    expect([http.AppProtocol, exposed.ContainerPort]).toEqual(["http2", 7000]);
  });

  test("a user may have a name", () => {
    expect(containerOf(web("user: nobody")).User).toBe("nobody");
  });

  test("what others wait for to complete is not essential", () => {
    const text = `
services:
  web: { image: "web:1", depends_on: [job], deploy: { labels: { ecs.task.family: web } } }
  job: { image: "job:1", deploy: { labels: { ecs.task.family: web, ecs.depends.condition: COMPLETE } } }
${network}`;
    const [job, web] = taskOf(text).ContainerDefinitions;
    expect(web.DependsOn).toEqual([{ ContainerName: "job", Condition: "COMPLETE" }]);
    expect(job.Essential).toBe(false);
  });

  test("ecs.essential can be said", () => {
    const labels = "deploy: { labels: { ecs.essential: true } }";
    expect(containerOf(web(labels)).Essential).toBe(true);
  });

  test("of two services in a family the lowest target counts, whichever comes first", () => {
    const member = (name: string, target: number) =>
      `${name}: { image: "a:1", deploy: { labels: { ecs.task.family: f } }, x-scaling: { Range: 1-2, TargetScaling: { CpuTarget: ${target} } } }`;
    const [policy] = nodesOf(
      graphOf(`services: { ${member("a", 80)}, ${member("b", 40)} }\n${network}`),
      "AWS::ApplicationAutoScaling::ScalingPolicy",
    );
    expect(policy?.properties.TargetTrackingScalingPolicyConfiguration).toMatchObject({
      TargetValue: 40,
    });
  });

  test("a security group is named once, and ARNs hold for every partition", () => {
    const graph = graphOf(
      web("x-xray: true", "x-s3: { b: { Services: { web: { Access: RW } } } }"),
    );
    const { SecurityGroups } = only(graph, "AWS::ECS::Service").NetworkConfiguration
      .AwsvpcConfiguration;
    expect(SecurityGroups).toHaveLength(1);
    expect(JSON.stringify([...graph.nodes.values()])).not.toContain("arn:aws:");
  });

  test("a failed deployment is rolled back unless the file says otherwise", () => {
    const breaker = (text: string) =>
      only(graphOf(text), "AWS::ECS::Service").DeploymentConfiguration.DeploymentCircuitBreaker;
    expect(breaker(web("tty: true"))).toEqual({ Enable: true, Rollback: true });
    const pause = web("deploy: { update_config: { failure_action: pause } }");
    expect(breaker(pause)).toEqual({ Enable: true, Rollback: false });
  });

  test("what holds data stays when it leaves the file", () => {
    const graph = graphOf(
      web("tty: true", "x-s3: { b: {} }\nx-rds: { d: { MacroParameters: { Engine: mysql } } }"),
    );
    expect(graph.nodes.get("BBucket")?.deletionPolicy).toBe("RetainExceptOnCreate");
    expect(graph.nodes.get("DDatabaseInstance")?.deletionPolicy).toBe("Snapshot");
  });
});
