import { describe, expect, test } from "vitest";
import { compiledFrom, graphOf, nodesOf, only, saidOf } from "./from-text.ts";

// Who gets a secret, and how: templates hold where it is, never what it is.

const pinned = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:s-AbCdEf";

interface Given {
  /** The `x-secrets` of `the-secret`. */
  readonly is?: string;
  readonly uses?: string;
  readonly more?: string;
  readonly secrets?: string;
}

const textOf = ({ is = `Name: ${pinned}`, uses = "the-secret", more = "", secrets }: Given) => `
services: { web: { image: "web:1", secrets: [${uses}] ${more} } }
secrets: { ${secrets ?? `the-secret: { x-secrets: { ${is} } }`} }
x-vpc: { Properties: { SingleNat: true } }`;

const said = (given: Given) => saidOf(textOf(given)).filter((one) => !one.includes("not-pinned"));

interface Pair {
  readonly Name: string;
  readonly Value?: unknown;
  readonly ValueFrom?: unknown;
}

/** What the container has, and the statements of the roles that concern secrets. */
function madeOf(given: Given) {
  const graph = graphOf(textOf(given));
  const [task] = nodesOf(graph, "AWS::ECS::TaskDefinition");
  const [container] = (task?.properties.ContainerDefinitions ?? []) as unknown as readonly {
    readonly Environment?: readonly Pair[];
    readonly Secrets?: readonly Pair[];
  }[];
  const statements = (role: string) =>
    nodesOf(graph, "AWS::IAM::Policy")
      .filter(({ id }) => id.includes(role))
      .flatMap(({ properties }) => {
        const { Statement } = properties.PolicyDocument as unknown as {
          readonly Statement: readonly { readonly Action: unknown; readonly Resource: unknown }[];
        };
        return Statement.filter((one) => JSON.stringify(one).includes("secretsmanager:Get"));
      });
  return {
    environment: (container?.Environment ?? []).map(({ Name, Value }) => [Name, Value]),
    secrets: (container?.Secrets ?? []).map(({ Name, ValueFrom }) => [Name, ValueFrom]),
    execution: statements("ExecutionPolicy"),
    task: statements("TaskPolicy"),
  };
}

const reading = (...Resource: readonly unknown[]) => ({
  Effect: "Allow",
  Action: ["secretsmanager:GetSecretValue"],
  Resource,
});

const named = (name: string, ...more: readonly string[]) => ({
  "Fn::Join": [
    "",
    [
      "arn:",
      { Ref: "AWS::Partition" },
      ":secretsmanager:",
      { Ref: "AWS::Region" },
      ":",
      { Ref: "AWS::AccountId" },
      ":",
      "secret:",
      name,
      ...more,
    ],
  ],
});

describe("a secret", () => {
  test("is a variable of its name, and another says where it is", () => {
    expect(madeOf({})).toEqual({
      secrets: [["the-secret", pinned]],
      environment: [["THE_SECRET", pinned]],
      execution: [reading(pinned)],
      task: [],
    });
  });

  test("by its name may have any ending, for the role alone", () => {
    const made = madeOf({ is: "Name: /shop/s" });
    expect(made.secrets).toEqual([["the-secret", named("/shop/s")]]);
    expect(made.execution).toEqual([reading(named("/shop/s", "-??????"))]);
  });

  test("by an ARN without its ending may have any, too", () => {
    const short = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop/s";
    const made = madeOf({ is: `Name: "${short}"` });
    expect(made.secrets).toEqual([["the-secret", short]]);
    expect(made.execution).toEqual([reading({ "Fn::Join": ["", [short, "-??????"]] })]);
  });

  test("that is a parameter is one in any partition", () => {
    const place = `arn:\${AWS::Partition}:ssm:\${AWS::Region}:\${AWS::AccountId}:parameter/p`;
    const policies = nodesOf(graphOf(textOf({ is: `Name: "${place}"` })), "AWS::IAM::Policy");
    expect(JSON.stringify(policies)).toContain("ssm:GetParameters");
    expect(JSON.stringify(policies)).not.toContain("secretsmanager:GetSecretValue");
  });

  test.for([
    ["the-secret", "JsonKeys: [{ SecretKey: a, VarName: X }, { SecretKey: b, VarName: X }]"],
    ["the-secret, other", "JsonKeys: [{ SecretKey: a, VarName: X }]"],
  ])("has variables that no other has: %s", ([uses = "", keys]) => {
    const secrets = `the-secret: { x-secrets: { Name: "${pinned}", ${keys} } }, other: { x-secrets: { Name: /o, JsonKeys: [{ SecretKey: a, VarName: X }] } }`;
    const index = uses.split(", ").length - 1;
    expect(said({ uses, secrets })).toEqual([`error same-name services.web.secrets[${index}]`]);
  });

  test("may be the same thing twice", () => {
    const is = `x-secrets: { Name: "${pinned}", JsonKeys: [{ SecretKey: a, VarName: X }] }`;
    const secrets = `the-secret: { ${is} }, other: { ${is} }`;
    expect(said({ uses: "the-secret, other", secrets })).toEqual([]);
  });

  test("has a variable with one line for what no variable has", () => {
    const secrets = `a--b.c: { x-secrets: { Name: "${pinned}" } }`;
    expect(madeOf({ uses: "a--b.c", secrets }).environment).toEqual([["A_B_C", pinned]]);
  });

  test("that is one and the same as another is let read once", () => {
    const both = `a: { x-secrets: { Name: "${pinned}" } }, b: { x-secrets: { Name: "${pinned}" } }`;
    const made = madeOf({ uses: "a, b", secrets: both });
    expect(made.secrets.map(([name]) => name)).toEqual(["a", "b"]);
    expect(made.execution).toEqual([reading(pinned)]);
    const two = `a: { x-secrets: { Name: "/a" } }, b: { x-secrets: { Name: "/b" } }`;
    const [statement, ...others] = madeOf({ uses: "a, b", secrets: two }).execution;
    expect([others, statement?.Resource]).toEqual([[], [expect.anything(), expect.anything()]]);
  });

  test("is found by what it is looked up by, or stands at its place until it is", () => {
    const text = textOf({ is: "Lookup: { Tags: { a: b } }" });
    expect(saidOf(text)).toContain("error lookup-unanswered secrets.the-secret.x-secrets.Lookup");
    expect(() => graphOf(text)).toThrow("AWS::SecretsManager::Secret with tags a=b");
    const [task] = nodesOf(graphOf(text, { lookups: "placeholder" }), "AWS::ECS::TaskDefinition");
    const standIn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:the-secret-AbCdEf";
    expect(JSON.stringify(task)).toContain(standIn);
    const id = "secrets.the-secret";
    const lookups = new Map([[id, { Arn: pinned }]]);
    const [found] = nodesOf(graphOf(text, { lookups }), "AWS::ECS::TaskDefinition");
    expect(JSON.stringify(found)).toContain(pinned);
    expect(JSON.stringify(found)).not.toContain(standIn);
  });
});

describe("LinksTo: a secret", () => {
  test("is read by the task only where it is linked to that", () => {
    const linked = (to: string) => madeOf({ is: `Name: "${pinned}", LinksTo: [${to}]` });
    expect(linked("EcsExecutionRole, EcsTaskRole")).toMatchObject({
      execution: [{}],
      task: [reading(pinned)],
    });
    for (const one of ["EcsExecutionRole", ""])
      expect(linked(one)).toMatchObject({ execution: [{}], task: [] });
  });

  test("is no variable where only the task is linked to it, which is told where it is", () => {
    const keys = "JsonKeys: [{ SecretKey: a }]";
    const is = `Name: "${pinned}", LinksTo: [EcsTaskRole]`;
    const where = [["THE_SECRET", pinned]];
    const alone = { secrets: [], environment: where, execution: [], task: [reading(pinned)] };
    for (const one of [is, `${is}, ${keys}`]) expect(madeOf({ is: one })).toEqual(alone);
    expect(said({ is })).toEqual([]);
    expect(said({ is: `${is}, ${keys}` })).toEqual([
      "warning no-effect secrets.the-secret.x-secrets.JsonKeys",
    ]);
  });
});

test("a secret with keys that have no name is told of where these are, and nowhere else", () => {
  const keys = "x-secrets: { Name: a, JsonKeys: [{ Transform: title }] }";
  const secrets = `one: { ${keys} }, two: { ${keys.replace("Name: a", "Name: b")} }`;
  expect(said({ uses: "one, two", secrets })).toEqual([
    "error missing-key secrets.one.x-secrets.JsonKeys[0]",
    "error missing-key secrets.two.x-secrets.JsonKeys[0]",
  ]);
});

describe("keys of a secret", () => {
  const keys = (list: string) => madeOf({ is: `Name: "${pinned}", JsonKeys: [${list}]` });

  test.for([
    ["{ SecretKey: a.b-c }", "a.b-c"],
    ["{ SecretKey: a.b-c, VarName: it }", "it"],
    ["{ SecretKey: ab.b-c, Transform: capitalize }", "AB.B-C"],
    ["{ SecretKey: aB.b-c, Transform: title }", "Ab.B-C"],
    ["{ SecretKey: a.b-c.d-e, Transform: java_properties }", "A_BC_DE"],
    ["{ SecretKey: a.b-c, VarName: it, Transform: capitalize }", "it"],
  ] as const)("%s: the variable %s", ([key, variable]) => {
    const { secrets } = keys(key);
    const [, name = ""] = /SecretKey: ([^, ]+)/.exec(key) ?? [];
    expect(secrets).toEqual([[variable, { "Fn::Join": ["", [pinned, `:${name}::`]] }]]);
  });

  test("stand for the whole, which is no variable then", () => {
    const { environment, secrets } = keys("{ SecretKey: a }, { SecretKey: b }");
    expect(secrets.map(([name]) => name)).toEqual(["a", "b"]);
    expect(environment).toEqual([["THE_SECRET", pinned]]);
  });

  test("are not hidden by the variable that says where the secret is", () => {
    const is = `Name: "${pinned}", VarName: AT, JsonKeys: [{ SecretKey: a, VarName: AT }]`;
    expect(madeOf({ is })).toMatchObject({ environment: [], secrets: [["AT", {}]] });
    expect(madeOf({ is: `Name: "${pinned}", VarName: AT` }).environment).toEqual([["AT", pinned]]);
  });
});

describe("a secret of two services", () => {
  const two = (is: string) => `
services:
  web: { image: "web:1", secrets: [the-secret] }
  api: { image: "api:1", secrets: [the-secret] }
secrets: { the-secret: { x-secrets: { ${is} } } }
x-vpc: { Properties: { SingleNat: true } }`;

  test("is judged once", () => {
    const wrong = saidOf(two("VarName: A")).filter((one) => one.startsWith("error"));
    expect(wrong).toEqual(["error missing-key secrets.the-secret.x-secrets"]);
  });
});

describe("the secret with which an image is pulled", () => {
  const pulled = (by: string) => `
services: { web: { image: "web:1", x-aws-pull_credentials: "${by}" } }
secrets: { the-secret: { x-secrets: { Name: "${pinned}" } } }
x-vpc: { Properties: { SingleNat: true } }`;
  const credentialsOf = (by: string) =>
    only(graphOf(pulled(by)), "AWS::ECS::TaskDefinition").ContainerDefinitions[0]
      .RepositoryCredentials.CredentialsParameter;

  test("is named by its ARN, its name, or as compose calls it", () => {
    expect(credentialsOf(pinned)).toBe(pinned);
    expect(credentialsOf("secrets::the-secret")).toBe(pinned);
    expect(credentialsOf("/shop/registry")).toEqual(named("/shop/registry"));
    expect(credentialsOf("/x-secrets::the-secret")).toEqual(named("/x-secrets::the-secret"));
    expect(credentialsOf("secrets::the-secret\\nx")).toEqual(named("secrets::the-secret\nx"));
    expect(saidOf(pulled("secrets::other")).filter((one) => one.startsWith("error"))).toEqual([
      "error unknown-value services.web.x-aws-pull_credentials",
    ]);
    expect(saidOf(pulled("secrets::the-secret")).join()).not.toContain("error");
  });
});

describe("what is said of a secret", () => {
  test.for<[string, Given, readonly string[]]>([
    ["with a place, nothing", {}, []],
    ["and all that it comes to, nothing", { uses: "{ source: the-secret }" }, []],
    ["by its usual file, nothing", { uses: "{ source: the-secret, target: the-secret }" }, []],
    [
      "by its usual path, nothing",
      { uses: "{ source: the-secret, target: /run/secrets/the-secret }" },
      [],
    ],
    [
      "as another file, that it is none",
      { uses: "{ source: the-secret, target: /etc/it }" },
      ["warning no-effect services.web.secrets[0].target"],
    ],
    ...["uid", "gid"].map((key): [string, Given, readonly string[]] => [
      `with ${key}, that it is no file`,
      { uses: `{ source: the-secret, target: /etc/it, ${key}: "1" }` },
      [
        `warning no-effect services.web.secrets[0].${key}`,
        "warning no-effect services.web.secrets[0].target",
      ],
    ]),
    [
      "with a mode, that it is no file",
      { uses: "{ source: the-secret, mode: 0440 }" },
      ["warning no-effect services.web.secrets[0].mode"],
    ],
    [
      "with neither name nor lookup, that a name is missing",
      { is: "LinksTo: [EcsExecutionRole]" },
      ["error missing-key secrets.the-secret.x-secrets"],
    ],
    [
      "with a key that is none, that it is none",
      { is: `Name: "${pinned}", Nome: a` },
      ["error unknown-key secrets.the-secret.x-secrets.Nome"],
    ],
    [
      "with a lookup that asks for nothing, that it does",
      { is: "Lookup: { Region: eu-west-1 }" },
      ["error missing-key secrets.the-secret.x-secrets.Lookup"],
    ],
    [
      "with a name that refers to nothing, where that is",
      { is: "Name: x-sqs::none::Arn" },
      ["error unknown-resource secrets.the-secret.x-secrets.Name"],
    ],
    [
      "with a variable that has its name already, that it is overruled, once",
      {
        is: `Name: "${pinned}", VarName: AT, JsonKeys: [{ SecretKey: a, VarName: AT }]`,
        more: ", environment: { AT: x }",
      },
      ["warning overruled services.web.environment.AT"],
    ],
    ...["file: ./s", "driver: d", "environment: S"].map(
      (place): [string, Given, readonly string[]] => [
        `with ${place} alone, that AWS knows nothing of it`,
        { secrets: `the-secret: { ${place} }` },
        ["error no-source services.web.secrets[0]"],
      ],
    ),
  ])("%s", ([, given, expected]) => {
    expect(said(given)).toEqual(expected);
  });

  test("with nothing, that the container gets none", () => {
    const found = said({ secrets: "the-secret: { labels: { a: b } }" });
    expect(found).toContain("warning no-source services.web.secrets[0]");
  });
});

test("who is told where a secret is, and may not read it, is warned of, unless that is meant", () => {
  const told = (more: string) => said({ is: `Name: "${pinned}", VarName: A${more}` });
  expect(told("")).toEqual(["warning no-access secrets.the-secret.x-secrets.VarName"]);
  expect(told(", LinksTo: [EcsExecutionRole]")).toEqual([]);
  expect(told(", JsonKeys: [{ SecretKey: A }]")).not.toContain("no-access");
  expect(said({ is: `Name: "${pinned}", VarName: the-secret` })).toEqual([]);
});

describe("a secret that compose calls external", () => {
  const given = (secret: string) =>
    only(
      graphOf(
        `services: { web: { image: "web:1", secrets: [token] } }\nsecrets: { token: { external: true${secret} } }\nx-vpc: {}\n`,
      ),
      "AWS::ECS::TaskDefinition",
    ).ContainerDefinitions[0].Secrets;

  test("is what its ARN says", () => {
    const arn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:token-AbCdEf";
    expect(given(`, name: "${arn}"`)).toEqual([{ Name: "token", ValueFrom: arn }]);
  });

  test.for([
    { more: ", name: /shop/token", name: "/shop/token" },
    { more: "", name: "token" },
  ])("is $name of Secrets Manager", ({ more, name }) => {
    expect(JSON.stringify(given(more))).toContain(`"secret:","${name}"`);
  });
});

describe("a dynamic reference", () => {
  test.for([
    ["a text", "environment: { A: 'x {{resolve:ssm:a}}' }", "services.web.environment.A"],
    [
      "a text with blanks",
      "environment: { A: '{{ Resolve :ssm:a}}' }",
      "services.web.environment.A",
    ],
    ["an item", 'command: ["a", "{{resolve:ssm:a}}"]', "services.web.command[1]"],
    ["a key", "labels: { '{{resolve:ssm:a}}': b }", "services.web.labels.{{resolve:ssm:a}}"],
  ])("is refused as %s", ([, more, path]) => {
    const found = saidOf(textOf({ more: `, ${more}` }));
    expect(found.filter((one) => one.includes("dynamic-reference"))).toEqual([
      `error dynamic-reference ${path}`,
    ]);
  });

  test.for(["{{a resolve:ssm:a}}", "{{resolve a:ssm}}", "{resolve:ssm:a}"])("is not %s", (text) => {
    const found = saidOf(textOf({ more: `, environment: { A: '${text}' }` }));
    expect(found.filter((one) => one.includes("dynamic-reference"))).toEqual([]);
  });

  test.for([
    ["networks", "[it]"],
    ["volumes", '["it:/data"]'],
    ["secrets", "[it]"],
    ["configs", "[it]"],
  ])("is refused below %s", ([section, use]) => {
    const text = `
services: { web: { image: "web:1", ${section}: ${use} } }
${section}: { it: { labels: { a: "{{resolve:ssm:a}}" } } }
x-vpc: { Properties: { SingleNat: true } }`;
    expect(saidOf(text)).toContain(`error dynamic-reference ${section}.it.labels.a`);
  });

  test("is refused below x- sections", () => {
    const text = `${textOf({})}\nx-sqs: { jobs: { Properties: { QueueName: "{{resolve:ssm:a}}" } } }`;
    expect(saidOf(text)).toContain("error dynamic-reference x-sqs.jobs.Properties.QueueName");
  });
});

test("a parameter is read as one, and has no keys to take", () => {
  const parameter = "arn:aws:ssm:eu-west-1:123456789012:parameter/shop/token";
  const graph = graphOf(textOf({ is: `Name: ${parameter}` }));
  const policies = nodesOf(graph, "AWS::IAM::Policy").filter(({ id }) =>
    /ExecutionPolicy/.test(id),
  );
  expect(JSON.stringify(policies)).toContain(
    `{"Effect":"Allow","Action":["ssm:GetParameters"],"Resource":["${parameter}"]}`,
  );
  const keyed = { is: `Name: ${parameter}, JsonKeys: [{ SecretKey: a }]` };
  expect(said(keyed)).toEqual(["error cannot-honour secrets.the-secret.x-secrets.JsonKeys"]);
});

describe("a variable that says where the file of a secret is", () => {
  const told = (uses: string, file: string) =>
    said({ uses, more: `, environment: { TOKEN_FILE: ${file} }` });

  test.for([
    ["the-secret", "/run/secrets/the-secret"],
    ["{ source: the-secret, target: token.txt }", "/run/secrets/token.txt"],
    ["{ source: the-secret, target: /etc/token }", "/etc/token"],
  ] as const)("is warned of: %s, %s", ([uses, file]) => {
    expect(told(uses, file)).toContain("warning no-effect services.web.environment.TOKEN_FILE");
  });

  test("is none where it is another file", () => {
    expect(told("the-secret", "/run/secrets/other")).toEqual([]);
  });

  test.for([
    ["TOKEN", ""],
    ["THE_SECRET", ", and THE_SECRET tells where it is"],
  ])("is told what to do instead: %s", ([meant, though]) => {
    const given = { more: `, environment: { ${meant}_FILE: /run/secrets/the-secret }` };
    const compiled = compiledFrom(textOf(given));
    const warnings = compiled.kind === "compiled" ? compiled.warnings : [];
    expect(warnings.map(({ help, message }) => [message, help])).toEqual([
      [
        `there is no file /run/secrets/the-secret: the secret the-secret comes as a variable${though}`,
        `Where the image takes ${meant}, call the secret or the VarName of its JsonKeys so, and remove ${meant}_FILE.`,
      ],
    ]);
  });

  test("is no trouble once the secret is called as the image has it", () => {
    const secrets = `TOKEN: { x-secrets: { Name: ${pinned} } }`;
    const graph = graphOf(textOf({ uses: "TOKEN", secrets }));
    const [container] = only(graph, "AWS::ECS::TaskDefinition").ContainerDefinitions;
    expect(container.Secrets).toEqual([{ Name: "TOKEN", ValueFrom: pinned }]);
    expect(container.Environment).toBeUndefined();
  });
});
