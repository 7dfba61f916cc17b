import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { render } from "../../src/cli/render.ts";
import type { TerminalError } from "../../src/model/errors.ts";

let cwd: string;

beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), "render-"));
});
afterEach(() => rmSync(cwd, { recursive: true }));

const compose = `services:
  web: { image: "web:1@sha256:${"a".repeat(64)}" }
x-vpc:
  Lookup:
    VpcId: { Tags: { Name: main } }
    AppSubnets: { Tags: { tier: app } }
    PublicSubnets: { Tags: { tier: public } }
    StorageSubnets: { Tags: { tier: data } }
`;

const answers = {
  "x-vpc.VpcId": { VpcId: "vpc-0123" },
  "x-vpc.AppSubnets": { SubnetIds: "subnet-1,subnet-2" },
  "x-vpc.PublicSubnets": { SubnetIds: "subnet-3" },
  "x-vpc.StorageSubnets": { SubnetIds: "subnet-4" },
};

/** What the verb says, in a directory with these files. */
async function run(files: Readonly<Record<string, string>>, ...args: readonly string[]) {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(cwd, path)), { recursive: true });
    writeFileSync(join(cwd, path), text);
  }
  const out: string[] = [];
  const err: string[] = [];
  const io = {
    cwd,
    env: {},
    color: false,
    out: (text: string) => void out.push(text),
    err: (text: string) => void err.push(text),
  };
  await render.run(args, io);
  return { out: out.join("\n"), err };
}

const failure = async (promise: Promise<unknown>): Promise<TerminalError> =>
  promise.then(
    () => {
      throw new Error("It went well.");
    },
    (error) => error,
  );

describe("what docker compose would read besides", () => {
  const over = 'services: { web: { ports: ["80"] } }\n';
  const saidOf = async (own: string, ofDev = "") => {
    const trueup = `application: shop\n${own}\nenvironments: { dev: { on: { branch: main } ${ofDev} } }\n`;
    const files = { "compose.yaml": compose, "compose.override.yaml": over, "trueup.yaml": trueup };
    const { err } = await run(files, "--lookups", "placeholder");
    return err.filter((line) => line.includes("is read by docker compose"));
  };

  test("is told, with what to write", async () => {
    expect(await saidOf("")).toEqual([
      "trueup.yaml:1:1  compose  compose.override.yaml is read by docker compose and not here  Write compose: [compose.yaml, compose.override.yaml], or compose: [compose.yaml] where it is for local use.",
    ]);
  });

  test("is nothing to tell of where files are named, or it is one of them", async () => {
    expect(await saidOf("compose: [compose.yaml]")).toEqual([]);
    expect(await saidOf("", ", compose: [compose.override.yaml]")).toEqual([]);
  });
});

test("what is odd about trueup.yaml is said, and rendered all the same", async () => {
  const { err, out } = await run(
    {
      "trueup.yaml":
        "application: shop\nenvironments:\n  dev: { on: { branch: main } }\n  prod: { from: dev }\n",
      "compose.yml": compose,
    },
    "--environment",
    "dev",
    "--lookups",
    "placeholder",
  );
  expect(err.join("\n")).toContain(
    "trueup.yaml:4:17  environments.prod.from  takes nothing: `dev` has",
  );
  expect(JSON.parse(out).stacks).toHaveLength(2);
});

test("-p stands for prefix, application and environment in the names of stacks", async () => {
  const { out } = await run(
    { "compose.yml": compose },
    ..."-f compose.yml -p front --lookups placeholder".split(" "),
  );
  const names = JSON.parse(out).stacks.map(({ name }: { readonly name: string }) => name);
  expect(names).toEqual([
    expect.stringMatching(/^front-base-[0-9a-f]{8}$/),
    expect.stringMatching(/^front-s-web-[0-9a-f]{8}$/),
  ]);
});

test("what the controller would refuse of an environment is refused here", async () => {
  const text = `application: shop
environments:
  dev:
    on: { branch: main }
    ephemeral: { ttl: 2d }
    allow: [{ replace: x-dynamodb.orders, until: 2999-12-31 }]
`;
  const files = { "trueup.yaml": text, "compose.yml": compose };
  const { diagnostics } = await failure(run(files, "--lookups", "placeholder"));
  expect(diagnostics.map(({ path }) => path)).toEqual([
    "environments.dev.ephemeral.ttl",
    "environments.dev.allow[0].until",
  ]);
});

test("what is made to be deleted is rendered so, and held to what it may have", async () => {
  const yaml =
    "application: shop\nenvironments: { test: { on: { branch: main }, ephemeral: {} } }\n";
  const files = (properties: string) => ({
    "trueup.yaml": yaml,
    "compose.yml": `${compose}x-sqs: { jobs: { Properties: { ${properties} } } }\n`,
    "answers.json": JSON.stringify(answers),
  });
  const { out } = await run(files("VisibilityTimeout: 9"), "--lookups", "answers.json");
  const { stacks } = JSON.parse(out);
  expect(stacks[0].template.Resources.JobsQueue).toMatchObject({ DeletionPolicy: "Delete" });
  const { diagnostics } = await failure(run(files("QueueName: jobs"), "--lookups", "answers.json"));
  expect(diagnostics.map(({ code }) => code)).toEqual(["fixed-name"]);
});

test("explained, each resource and property has the line that it comes from", async () => {
  const text = `services:
  web:
    image: "web:1@sha256:${"a".repeat(64)}"
    deploy:
      replicas: 3
x-sqs:
  jobs:
    Properties:
      VisibilityTimeout: 61
`;
  const { err } = await run({ "compose.yml": text }, "-f", "compose.yml", "--explain");
  const lines = err.map((line) => line.trim().replace(/^(\S+) {2}(AWS::\S+) {2}/, "$1 "));
  const said = (id: string, property: string) => {
    const from = lines.findIndex((line) => line.startsWith(`${id} `));
    return [lines[from], lines.slice(from).find((line) => line.startsWith(`${property}  `))];
  };
  expect(said("JobsQueue", "VisibilityTimeout")).toEqual([
    "JobsQueue compose.yml:7  x-sqs.jobs",
    "VisibilityTimeout  compose.yml:9  x-sqs.jobs.Properties.VisibilityTimeout",
  ]);
  expect(said("WebService", "DesiredCount")).toEqual([
    "WebService compose.yml:2  services.web",
    "DesiredCount  compose.yml:5  services.web.deploy.replicas",
  ]);
  // What no key says comes from the service as a whole.
  expect(said("WebService", "PropagateTags")[1]).toBe("PropagateTags  compose.yml:2  services.web");
});

test("what is no region and no account is refused", async () => {
  await expect(run({}, "--region", "zz")).rejects.toThrow("--region zz is not a region");
  await expect(run({}, "--account", "12")).rejects.toThrow("--account 12 is not an account id");
  const { out } = await run(
    { "compose.yml": 'services: { web: { image: "web:1" } }\n' },
    ...["-f", "compose.yml", "--region", "us-gov-west-1"],
  );
  expect(JSON.parse(out)).toHaveProperty(["target", "region"], "us-gov-west-1");
});

const inFile = (more: object = {}) => ({
  "compose.yml": compose,
  "answers.json": JSON.stringify({ ...answers, ...more }),
});

describe("lookups offline", () => {
  test("are answered by a file", async () => {
    const { err, out } = await run(inFile(), "-f", "compose.yml", "--lookups", "answers.json");
    expect(out).toContain("vpc-0123");
    expect(out).toContain("subnet-2");
    expect(err).toEqual([]);
  });

  test("are refused where a key is there twice", async () => {
    const twice =
      '{\n\t"x-vpc.VpcId": { "VpcId": "vpc-1" },\n\t"x-vpc.VpcId": { "VpcId": "vpc-2" }\n}';
    const files = { "compose.yml": compose, "answers.json": twice };
    const told = failure(run(files, "-f", "compose.yml", "--lookups", "answers.json"));
    expect((await told).message).toBe(
      "answers.json:3:2  x-vpc.VpcId  the key x-vpc.VpcId is already set in line 2  keep one of the two",
    );
  });

  test("that nobody asks for are told", async () => {
    const files = inFile({ "x-sqs.jobs": { Arn: "arn" } });
    const { err } = await run(files, "-f", "compose.yml", "--lookups", "answers.json");
    expect(err).toEqual(["answers.json: nothing looks up x-sqs.jobs"]);
  });

  test("are told of where nothing is looked up at all", async () => {
    const files = { ...inFile(), "compose.yml": 'services: { web: { image: "web:1" } }\n' };
    const { err } = await run(files, "-f", "compose.yml", "--lookups", "answers.json");
    expect(err).toContain("answers.json: nothing looks up x-vpc.VpcId");
  });

  test("are named where stand-ins stand for them", async () => {
    const { err, out } = await run(
      { "compose.yml": compose },
      "-f",
      "compose.yml",
      "--lookups",
      "placeholder",
    );
    expect(out).toContain("vpc-00000000");
    expect(err).toContain("stand-in: x-vpc.VpcId  AWS::EC2::VPC with tags Name=main");
    expect(err).toHaveLength(4);
  });

  test.for([
    ["without answers", []],
    ["with an answer too few", ["--lookups", "answers.json"]],
  ] as const)("stop %s, at the line that asks", async ([, args]) => {
    const files = {
      "compose.yml": compose,
      "answers.json": JSON.stringify({ ...answers, "x-vpc.VpcId": { Arn: "arn" } }),
    };
    const { diagnostics } = await failure(run(files, "-f", "compose.yml", ...args));
    expect(diagnostics[0]).toMatchObject({
      file: "compose.yml",
      line: 5,
      path: "x-vpc.Lookup.VpcId",
      code: "lookup-unanswered",
    });
    expect(diagnostics).toHaveLength(args.length === 0 ? 4 : 1);
  });

  test.for([
    ["[]", "is not a JSON object"],
    ["{", "is not JSON"],
    ['{ "x-vpc.VpcId": "vpc-1" }', "x-vpc.VpcId is not a JSON object of texts"],
  ] as const)("are not read from %s", async ([text, message]) => {
    const files = { "compose.yml": compose, "answers.json": text };
    const error = await failure(run(files, "-f", "compose.yml", "--lookups", "answers.json"));
    expect(error.message).toContain(message);
  });
});

test("parameters of an environment stand for lookups", async () => {
  const files = {
    "docker-compose.yml": compose,
    "trueup.yaml":
      "application: shop\nenvironments: { dev: { on: { branch: main }, parameters: params/dev.json } }\n",
    "params/dev.json": JSON.stringify([
      { ParameterKey: "VpcId", ParameterValue: "vpc-0123" },
      { ParameterKey: "AppSubnets", ParameterValue: "subnet-1,subnet-2" },
    ]),
  };
  const { out } = await run(files);
  expect(out).toContain("vpc-0123");
});

describe("parameters of another environment", () => {
  const files = {
    "docker-compose.yml": compose,
    "trueup.yaml":
      "application: shop\nenvironments: { dev: { on: { branch: main }, parameters: { from: platform/prod } } }\n",
    "answers.json": JSON.stringify({
      parameters: { VpcId: "vpc-0456", AppSubnets: "subnet-1,subnet-2" },
    }),
    "other.json": JSON.stringify({ parameters: { Vpc: "vpc-0456" } }),
    "none.json": JSON.stringify(answers),
  };

  test("are in the file of answers, and nothing else is asked for", async () => {
    const { err, out } = await run(files, "--lookups", "answers.json");
    expect(out).toContain("vpc-0456");
    expect(err).toEqual([]);
  });

  test("are made up where placeholders will do, and said to be", async () => {
    const { err, out } = await run(files, "--lookups", "placeholder");
    expect(out).toContain("vpc-00000000");
    expect(err).toEqual(["stand-in: parameters  from platform/prod"]);
  });

  test.for([
    [[], "dev takes its parameters from platform/prod: say --lookups FILE"],
    [["--lookups", "none.json"], 'none.json has no "parameters", which are taken from'],
    [["--lookups", "other.json"], "other.json: Vpc is none of AppSubnets,"],
  ] as const)("stop with %s", async ([args, message]) => {
    expect((await failure(run(files, ...args))).message).toContain(message);
  });
});

describe("a name that two environments give", () => {
  const yaml = (prod: string): string => `application: shop
environments:
  test: { on: { branch: main } }
  prod: { on: { branch: main }, ${prod} }
`;
  const files = (prod: string, name = "jobs") => ({
    "trueup.yaml": yaml(prod),
    "compose.yaml": `x-sqs: { q: { Properties: { QueueName: "${name}" } } }\nx-vpc: { Properties: { SingleNat: true } }\n`,
    "prod.yml": "x-sqs: { q: { Properties: { QueueName: of-prod } } }\n",
  });
  const asked = ["--environment", "test"];

  test("is an error where they are in one account", async () => {
    const { diagnostics } = await failure(run(files("allow: []"), ...asked));
    expect(diagnostics.map(({ code, line, path }) => [code, path, line])).toEqual([
      ["fixed-name", "x-sqs.q", 1],
    ]);
  });

  test.for([
    ["in another account", 'target: { account: "210987654321" }', "jobs"],
    ["with a file of its own", "compose: [prod.yml]", "jobs"],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: compose text has them.
    ["told apart by a variable", "allow: []", "jobs-${TRUEUP_ENVIRONMENT}"],
  ])("%s is none", async ([, prod = "", name]) => {
    expect((await run(files(prod, name), ...asked)).out).toContain("AWS::SQS::Queue");
  });
});

describe("a compose file that is not there", () => {
  const shop = (common: string, own: string) =>
    `application: shop\ncompose: [${common}]\nenvironments:\n  dev: { on: { branch: main }, compose: [${own}] }\n`;

  test.for([
    [shop("a.yml, gone.yml", ""), "trueup.yaml:2:18", "compose[1]"],
    [shop("a.yml", "gone.yml"), "trueup.yaml:4:42", "environments.dev.compose[0]"],
  ] as const)("is told where trueup.yaml names it: %#", async ([yaml, place, path]) => {
    const files = { "trueup.yaml": yaml, "a.yml": compose };
    const { message } = await failure(run(files, "--lookups", "placeholder"));
    expect(message).toContain(`${place}  ${path}  there is no file gone.yml`);
  });

  test("is told by its name where the command line names it", async () => {
    const { message } = await failure(run({ "a.yml": compose }, "-f", "a.yml", "-f", "gone.yml"));
    expect(message).toBe("There is no file gone.yml.");
  });
});

test.for(["file", "file/below"])("a directory that cannot be made is told: %s", async (output) => {
  const files = { "a.yml": compose, file: "" };
  const args = ["-f", "a.yml", "--lookups", "placeholder", "-o", output];
  const { message } = await failure(run(files, ...args));
  expect(message).toBe(`${output} is a file, or lies below one: -o takes a directory.`);
});
