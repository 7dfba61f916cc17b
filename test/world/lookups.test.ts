import { beforeEach, describe, expect, test } from "vitest";
import { workOf } from "../../src/sandbox/lambda/work.ts";
import { type Options, type TestWorld, testWorld } from "./world.ts";

let scene: TestWorld;

beforeEach(() => {
  inventories = 0;
  scene = testWorld({ onCall: countInventories });
});

const subnet = (tier: string, number: number) => ({
  Type: "AWS::EC2::Subnet",
  Properties: {
    VpcId: { Ref: "Vpc" },
    CidrBlock: `10.0.${number}.0/24`,
    Tags: [{ Key: "tier", Value: tier }],
  },
});

/** A network that another team made, with a stack of its own. */
const network = (name: string) => ({
  Resources: {
    Vpc: {
      Type: "AWS::EC2::VPC",
      Properties: { CidrBlock: "10.0.0.0/16", Tags: [{ Key: "net", Value: name }] },
    },
    App1: subnet(`${name}-app`, 1),
    App2: subnet(`${name}-app`, 2),
    Public: subnet(`${name}-public`, 3),
    Storage: subnet(`${name}-storage`, 4),
  },
});

/** Makes it, and answers the physical ids of what it has. */
async function build(StackName: string, name: string): Promise<Readonly<Record<string, string>>> {
  const TemplateBody = JSON.stringify(network(name));
  await scene.ask("cloudformation:CreateStack", { StackName, TemplateBody });
  await scene.settle();
  const { StackResources } = (await scene.ask("cloudformation:DescribeStackResources", {
    StackName,
  })) as {
    readonly StackResources: readonly {
      readonly LogicalResourceId: string;
      readonly PhysicalResourceId: string;
    }[];
  };
  return Object.fromEntries(
    StackResources.map(({ LogicalResourceId, PhysicalResourceId }) => [
      LogicalResourceId,
      PhysicalResourceId,
    ]),
  );
}

const lookup = (name: string): string => `
x-vpc:
  Lookup:
    VpcId: { Tags: { net: ${name} } }
    AppSubnets: { Tags: { tier: ${name}-app } }
    PublicSubnets: { Tags: { tier: ${name}-public } }
    StorageSubnets: { Tags: { tier: ${name}-storage } }
`;

/** The example in the network of that name. */
async function deploy(name: string): Promise<string> {
  await scene.pushExample();
  const example = await scene.read("docker-compose.yml");
  const text = example.replace(/^x-vpc:\n(?: .*\n)*/m, "");
  await scene.push({ "docker-compose.yml": `${text}${lookup(name)}` });
  await scene.register();
  await scene.settle();
  return text;
}

const reasons = async (): Promise<readonly string[]> =>
  (await scene.status()).conditions
    .filter(({ type }) => type !== "Healthy")
    .map(({ reason, status, type }) => `${type}=${status} ${reason}`);

const looked = (): number =>
  scene.calls.filter((operation) => /^(cloudcontrolapi|tagging):/.test(operation)).length -
  inventories;

/** How often an environment's own stacks were asked for by their tags. */
let inventories = 0;

const countInventories: Options["onCall"] = ({ input, operation }) => {
  const { ResourceTypeFilters: types = [] } = input as {
    readonly ResourceTypeFilters?: readonly string[];
  };
  if (operation === "tagging:GetResources" && types.includes("cloudformation:stack"))
    inventories += 1;
};

const templateOf = async (unit: string): Promise<string> => {
  const { stacks } = await scene.status();
  const StackName = stacks.find(({ name }) => name.includes(`-dev-${unit}-`))?.name;
  const { TemplateBody } = (await scene.ask("cloudformation:GetTemplate", { StackName })) as {
    readonly TemplateBody: string;
  };
  return TemplateBody;
};

const planOf = async (digest: string | undefined): Promise<{ readonly lookups?: unknown }> => {
  const [{ environment = {} } = {}] = Object.values(workOf(scene.world).functions);
  const { TRUEUP_BUCKET: Bucket } = environment;
  const got = await scene.ask("s3:GetObject", { Bucket, Key: `plans/${digest}.json` });
  return JSON.parse((got as { readonly text: string }).text);
};

describe("a network that is looked up", () => {
  test("is deployed into, asked for once a revision, and asked for anew by the next", async () => {
    const made = await build("team-network", "main");
    const text = await deploy("main");
    expect(await reasons()).toEqual(["Ready=True Deployed"]);
    const service = await templateOf("s-app01");
    expect(service).toContain(made.App1);
    expect(service).toContain(made.App2);
    expect(await templateOf("base")).toContain(made.Vpc);
    expect(await templateOf("base")).not.toContain('AWS::EC2::VPC"');

    const once = looked();
    expect(once).toBeGreaterThan(4);
    await scene.driver.settle({ at: scene.world.now + 7_200_000 });
    expect(looked()).toBe(once);

    await scene.push({ "docker-compose.yml": `${text}${lookup("main")}# again\n` });
    await scene.settle();
    expect(await reasons()).toEqual(["Ready=True Deployed"]);
    expect(looked()).toBe(2 * once);
  });
});

describe("a network that changes after it was looked up", () => {
  test("is asked for anew at a person's request, and what changed is planned with its cause", async () => {
    await build("team-network", "main");
    await deploy("main");
    const approve = "    approval: manual";
    const settings = await scene.read("trueup.yaml");
    await scene.push({ "trueup.yaml": settings.replace(/^ {4}on:.*$/m, `$&\n${approve}`) });
    await scene.settle();
    const { Resources } = network("main");
    await scene.ask("cloudformation:UpdateStack", {
      StackName: "team-network",
      TemplateBody: JSON.stringify({ Resources: { ...Resources, App3: subnet("main-app", 5) } }),
    });
    await scene.settle();
    const [made, once] = [scene.mutations().length, looked()];
    const request = async (token: string) => {
      const Name = "/trueup/myapps/dev/requested-at";
      const Value = JSON.stringify(token);
      await scene.ask("ssm:PutParameter", { Name, Value, Type: "String", Overwrite: true });
      await scene.settle();
    };
    await request("look");
    expect(looked()).toBe(once);
    expect(await reasons()).toEqual(["Ready=True Deployed"]);

    await request("refresh-1");
    expect(looked()).toBeGreaterThan(once);
    expect(scene.mutations().length).toBe(made);
    expect(await reasons()).toContain("Approved=False AwaitingApproval");
    const { digest, requestedAt } = await scene.status();
    expect(requestedAt).toBe("refresh-1");
    expect((await planOf(digest.plan)).lookups).toEqual(["x-vpc.AppSubnets"]);

    const asked = looked();
    await scene.driver.settle({ at: scene.world.now + 7_200_000 });
    expect(looked()).toBe(asked);
    const Value = JSON.stringify({ digest: digest.plan });
    await scene.ask("ssm:PutParameter", {
      Name: "/trueup/myapps/dev/approval",
      Value,
      Type: "String",
    });
    await scene.settle();
    expect(await reasons()).toContain("Ready=True Deployed");
    const service = await templateOf("s-app01");
    expect(service.match(/subnet-[0-9a-f]{17}/g)).toHaveLength(3);

    await request("refresh-2");
    expect(await reasons()).toContain("Ready=True Deployed");
  });
});

describe("a network that changes, at the next look of the clock of drift,", () => {
  /** Another subnet has the tags, or none. */
  const retagged = async (subnets: object): Promise<void> => {
    const { App1: _, App2: __, ...others } = network("main").Resources;
    const Resources = { ...others, ...subnets };
    const TemplateBody = JSON.stringify({ Resources });
    await scene.ask("cloudformation:UpdateStack", { StackName: "team-network", TemplateBody });
    await scene.settle();
  };

  const underClock = async (word: string): Promise<void> => {
    await build("team-network", "main");
    await deploy("main");
    const settings = await scene.read("trueup.yaml");
    await scene.push({ "trueup.yaml": settings.replace(/^ {4}on:.*$/m, `$&\n    ${word}`) });
    await scene.settle();
    const { App1, App2 } = network("main").Resources;
    await retagged({ App1, App2, App3: subnet("main-app", 5) });
    await scene.driver.settle({ at: scene.world.now + 90_000_000 });
  };

  const idsIn = async (): Promise<number> =>
    (await templateOf("s-app01")).match(/subnet-[0-9a-f]{17}/g)?.length ?? 0;

  test("is taken anew by the clock of drift where that puts things right", async () => {
    await underClock("selfHeal: revert");
    expect(await reasons()).toEqual(["Ready=True Deployed"]);
    expect(await idsIn()).toBe(3);
  });

  test("is left and not asked for where nobody looks for drift", async () => {
    await underClock("selfHeal: off");
    expect(await reasons()).toEqual(["Ready=True Deployed"]);
    expect(await idsIn()).toBe(2);
  });

  test("is reported by the clock of drift where that reports, until somebody takes it", async () => {
    await underClock("selfHeal: report");
    expect(await reasons()).toEqual(["Ready=True Deployed", "Drifted=True LookupChanged"]);
    const messageOf = async () =>
      (await scene.status()).conditions.find(({ type }) => type === "Drifted")?.message;
    expect(await messageOf()).toBe(
      "Looked up anew, x-vpc.AppSubnets is not what it was. trueup reconcile --refresh takes what is there now.",
    );
    expect(await idsIn()).toBe(2);
    const [made, once] = [scene.mutations().length, looked()];
    await scene.driver.settle({ at: scene.world.now + 7_200_000 });
    expect(looked()).toBe(once);

    // The next day there is none.
    await retagged({ Other: subnet("main-other", 6) });
    await scene.driver.settle({ at: scene.world.now + 90_000_000 });
    expect(await messageOf()).toContain("x-vpc.AppSubnets: there is no AWS::EC2::Subnet with tags");
    expect(scene.mutations().length).toBe(made);

    const { App1, App2 } = network("main").Resources;
    await retagged({ App1, App2, App3: subnet("main-app", 5) });
    const asked = { Name: "/trueup/myapps/dev/requested-at", Type: "String" };
    await scene.ask("ssm:PutParameter", { ...asked, Value: JSON.stringify("refresh-1") });
    await scene.settle();
    expect(await reasons()).toEqual(["Ready=True Deployed"]);
    expect(await idsIn()).toBe(3);
  });
});

describe("a network that is not found at the next look", () => {
  test("that is not found any more when it is asked for anew changes nothing", async () => {
    await build("team-network", "main");
    await deploy("main");
    const made = scene.mutations().length;
    await scene.ask("cloudformation:UpdateStack", {
      StackName: "team-network",
      TemplateBody: JSON.stringify(network("other")),
    });
    await scene.settle();
    const Value = JSON.stringify("refresh-1");
    const asked = { Name: "/trueup/myapps/dev/requested-at", Value, Type: "String" };
    await scene.ask("ssm:PutParameter", asked);
    await scene.settle();
    expect(await reasons()).toContain("Stalled=True LookupFailed");
    await scene.driver.settle({ at: scene.world.now + 7_200_000 });
    expect(await reasons()).toEqual(["Ready=True Deployed"]);
    expect(scene.mutations().length).toBe(made);
  });
});

describe("a network that is not what it was", () => {
  test("that changes moves nothing until the repository moves", async () => {
    await build("team-network", "main");
    const text = await deploy("main");
    const before = scene.mutations().length;
    const template = network("main");
    const { App2: _, ...Resources } = template.Resources;
    await scene.ask("cloudformation:UpdateStack", {
      StackName: "team-network",
      TemplateBody: JSON.stringify({
        Resources: { ...Resources, App3: subnet("main-app", 5) },
      }),
    });
    await scene.driver.settle({ at: scene.world.now + 7_200_000 });
    expect(scene.mutations().length).toBe(before);

    await scene.push({ "docker-compose.yml": `${text}${lookup("main")}# again\n` });
    await scene.settle();
    expect(scene.mutations().length).toBeGreaterThan(before);
    expect(await reasons()).toEqual(["Ready=True Deployed"]);
  });
});

describe("a process that dies while it looks things up", () => {
  test.for([
    ["tagging:GetResources", "dies before"],
    ["cloudcontrolapi:GetResource", "dies after"],
    ["s3:PutObject", "dies before"],
    ["s3:PutObject", "dies after"],
  ] as const)("at %s, and %s it, costs a pass", async ([deadly, fate]) => {
    let deaths = 0;
    scene = testWorld({
      fate: (_, operation) => {
        if (operation !== deadly || deaths > 0) return "lives";
        deaths += 1;
        return fate;
      },
    });
    const made = await build("team-network", "main");
    await deploy("main");
    await scene.driver.settle({ at: scene.world.now + 1_800_000 });
    expect(deaths).toBe(1);
    expect(await reasons()).toEqual(["Ready=True Deployed"]);
    expect(await templateOf("s-app01")).toContain(made.App2);
  });
});

describe("a network that is not there", () => {
  test("stalls with its place in the compose file and what there is, until it is there", async () => {
    const other = await build("team-network", "other");
    const text = await deploy("main");
    const line = text.split("\n").length + 3;
    expect(await reasons()).toEqual(["Ready=False LookupFailed", "Stalled=True LookupFailed"]);
    const { errors } = await scene.status();
    expect(errors).toHaveLength(4);
    expect(errors?.[0]).toMatchObject({
      file: "docker-compose.yml",
      line,
      column: expect.any(Number),
      path: "x-vpc.Lookup.VpcId",
      message: "there is no AWS::EC2::VPC with tags net=main in eu-west-1",
      help: `There is ${other.Vpc}.`,
    });
    expect(scene.mutations()).toEqual([]);

    await build("main-network", "main");
    await scene.driver.settle({ at: scene.world.now + 1_800_000 });
    expect(await reasons()).toEqual(["Ready=True Deployed"]);
  });

  test("stalls where two are what is looked for", async () => {
    const one = await build("team-network", "main");
    const two = await build("other-network", "main");
    await deploy("main");
    const [error] = (await scene.status()).errors ?? [];
    const ids = [one.Vpc, two.Vpc].sort().join(", ");
    expect(error?.message).toBe(`2 are AWS::EC2::VPC with tags net=main: ${ids}`);
  });
});

test("a lookup by a role that the registration does not allow is refused before anybody is asked", async () => {
  await build("team-network", "main");
  const text = await deploy("main");
  const RoleArn = "arn:aws:iam::123456789012:role/admin";
  const asked = looked();
  await scene.push({
    "docker-compose.yml": `${text}${lookup("main").replace("Lookup:", `$&\n    RoleArn: ${RoleArn}`)}`,
  });
  await scene.settle();
  expect(await reasons()).toEqual(["Ready=False NotPermitted", "Stalled=True NotPermitted"]);
  const [error] = (await scene.status()).errors ?? [];
  expect(error).toMatchObject({ file: "docker-compose.yml", path: "x-vpc.Lookup.VpcId" });
  expect(error?.message).toContain(RoleArn);
  expect(looked()).toBe(asked);
});

describe("parameters of trueup.yaml", () => {
  const given = async (parameters: string, files: Readonly<Record<string, string>> = {}) => {
    await scene.pushExample();
    const text = await scene.read("trueup.yaml");
    const edited = text.replace(/^ {4}on:.*$/m, `$&\n    parameters: ${parameters}`);
    await scene.push({ "trueup.yaml": edited, ...files });
    await scene.register();
    await scene.settle();
  };

  test("stand for what would be made, from a file of the revision that is deployed", async () => {
    const made = await build("team-network", "main");
    const parameters = { VpcId: made.Vpc, AppSubnets: `${made.App1},${made.App2}` };
    await given("params/dev.json", {
      "params/dev.json": JSON.stringify({ Parameters: parameters }),
    });
    expect(await reasons()).toEqual(["Ready=True Deployed"]);
    expect(await templateOf("base")).toContain(made.Vpc);
    expect(await templateOf("s-app01")).toContain(made.App2);
    expect(looked()).toBe(0);
  });

  test("stall with the line that is wrong", async () => {
    await given("params/dev.json", { "params/dev.json": '[\n  { "ParameterKey": "VpcID" }\n]\n' });
    const { errors } = await scene.status();
    expect(errors?.map(({ file, line, path }) => `${file}:${line} ${path}`)).toEqual([
      "params/dev.json:2 [0]",
      "params/dev.json:2 [0].ParameterKey",
    ]);
  });

  test("stall where there is no such file", async () => {
    await given("params/dev.json");
    const [error] = (await scene.status()).errors ?? [];
    expect(error).toMatchObject({
      file: "trueup.yaml",
      path: "environments.dev.parameters",
      message: "there is no params/dev.json in myapps",
    });
  });
});

test("a name that two environments in one network would both give stalls both", async () => {
  await build("network", "shared");
  const text = await deploy("shared");
  const environments = ["dev", "test"].map((name) => `  ${name}: { on: { branch: main } }\n`);
  const settings = "application: myapps\ncompose: [docker-compose.yml]\nenvironments:\n";
  const named = text.replace(/^( +)VisibilityTimeout: 60$/m, "$&\n$1QueueName: jobs");
  await scene.push({
    "docker-compose.yml": `${named}${lookup("shared")}`,
    "trueup.yaml": `${settings}${environments.join("")}`,
  });
  await scene.settle();
  const { errors = [] } = await scene.status();
  expect(errors.map(({ message }) => message)).toContainEqual(
    expect.stringContaining("the environment test has AWS::SQS::Queue jobs"),
  );
});
