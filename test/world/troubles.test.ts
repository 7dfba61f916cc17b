import { beforeEach, describe, expect, test } from "vitest";
import type { Condition } from "../../src/model/status.ts";
import { failTasks } from "../../src/sandbox/ecs/images.ts";
import { workOf } from "../../src/sandbox/lambda/work.ts";
import type { BusEvent } from "../../src/sandbox/world.ts";
import { crashing, type TestWorld, testWorld } from "./world.ts";

let scene: TestWorld;
/** What CloudFormation said of stacks and resources, in order: `s-worker UPDATE_COMPLETE`. */
let told: string[];

beforeEach(async () => {
  told = [];
  scene = testWorld({ onEvent: (event) => void told.push(...tale(event)) });
  await scene.pushExample();
  await scene.register();
  await scene.settle();
});

function tale({ detail, "detail-type": type }: BusEvent): readonly string[] {
  const {
    "logical-resource-id": id,
    "stack-id": stack = "",
    "status-details": status,
  } = detail as {
    readonly "logical-resource-id"?: string;
    readonly "stack-id"?: string;
    readonly "status-details"?: { readonly status: string };
  };
  if (!type.startsWith("CloudFormation")) return [];
  const [, unit] = /-dev-(.*)-[0-9a-f]{8}\//.exec(stack) ?? [];
  return [`${id ?? unit} ${status?.status}`];
}

const said = ({ conditions }: { readonly conditions: readonly Condition[] }) =>
  conditions
    .filter(({ type }) => type !== "Healthy")
    .map(({ reason, status, type }) => `${type}=${status} ${reason}`);

/** Pushes the compose file with something in it replaced. */
const edit = async (from: string | RegExp, to: string): Promise<void> => {
  const text = await scene.read("docker-compose.yml");
  const edited = text.replace(from, to);
  expect(edited).not.toBe(text);
  await scene.push({ "docker-compose.yml": edited });
  await scene.settle();
};

const stackNames = async (): Promise<readonly string[]> => {
  const { Stacks } = (await scene.ask("cloudformation:DescribeStacks", {})) as {
    readonly Stacks: readonly { readonly StackName: string }[];
  };
  return Stacks.map(({ StackName }) =>
    StackName.replace(/^trueup-myapps-dev-|-[0-9a-f]{8}$/g, ""),
  ).sort();
};

const resourcesOf = async (unit: string): Promise<readonly string[]> => {
  const { stacks } = await scene.status();
  const name = stacks.find((stack) => stack.name.includes(`-dev-${unit}-`))?.name;
  const { TemplateBody } = (await scene.ask("cloudformation:GetTemplate", { StackName: name })) as {
    readonly TemplateBody: string;
  };
  return Object.keys(JSON.parse(TemplateBody).Resources);
};

/** The errors that a status had no room for, among the others. */
const keptAt = async (more: string | undefined): Promise<readonly object[]> => {
  const Bucket = Object.values(workOf(scene.world).functions)[0]?.environment.TRUEUP_BUCKET;
  const object = await scene.ask("s3:GetObject", { Bucket, Key: more });
  return JSON.parse((object as { readonly text: string }).text);
};

const numbers = Array.from({ length: 60 }, (_, at) => at);

/** What the controller writes to Parameter Store in so many seconds from now. */
async function writtenWithin(seconds: number): Promise<readonly string[]> {
  const before = scene.calls.length;
  await scene.driver.settle({ at: scene.world.now + seconds * 1000 });
  return scene.calls.slice(before).filter((operation) => operation === "ssm:PutParameter");
}

describe("a broken compose file", () => {
  test("stalls with file, line and column, touches nothing, and the next good push heals it", async () => {
    const made = scene.mutations().length;
    await edit("replicas: 2", "replcas: 2");
    const broken = await scene.status();
    expect(said(broken)).toEqual(["Ready=False SourceInvalid", "Stalled=True SourceInvalid"]);
    expect(broken.errors).toEqual([
      expect.objectContaining({
        file: "docker-compose.yml",
        line: 26,
        column: expect.any(Number),
        path: "services.app01.deploy.replcas",
        help: expect.stringContaining("replicas"),
      }),
    ]);
    expect(scene.mutations().length).toBe(made);

    await edit("replcas: 2", "replicas: 2");
    expect(said(await scene.status())).toEqual(["Ready=True Deployed"]);
  });

  test("that is not there is told where trueup.yaml names it", async () => {
    const yaml =
      "application: myapps\ncompose: [docker-compose.yml]\nenvironments:\n  dev: { on: { branch: main }, compose: [gone.yml] }\n";
    await scene.push({ "trueup.yaml": yaml });
    await scene.settle();
    const { errors } = await scene.status();
    const place = { file: "trueup.yaml", line: 4, column: 42 };
    expect(errors).toMatchObject([
      { ...place, path: "environments.dev.compose[0]", message: "there is no file gone.yml" },
    ]);
  });

  test("is told by what is wrong with it, and not by what it is only warned of", async () => {
    const service = "services:\n  web: { image: public.ecr.aws/nginx/nginx:1.27 }\n";
    const network = "x-vpc: { Properties: { SingleNat: true } }\n";
    const queue = (name: string) =>
      `  ${name}: { Properties: { QueueName: ${name} }, Services: { web: { Access: Anything } } }\n`;
    const text = `${service}${network}x-sqs:\n${queue("jobs")}${queue("more")}`;
    const yaml = "application: myapps\nenvironments: { dev: { on: { branch: main } } }\n";
    await scene.push({ "docker-compose.yml": text, "trueup.yaml": yaml });
    await scene.settle();
    const { conditions, errors } = await scene.status();
    expect(errors.map(({ path }) => path)).toEqual([
      "x-sqs.jobs.Services.web.Access",
      "x-sqs.more.Services.web.Access",
    ]);
    expect(conditions[0]?.message).toMatch(/^\S+ +x-sqs\.jobs\.Services.*\(and 1 more\)$/);
  });

  test("with more errors than a status has room for is told once, not with each sweep", async () => {
    const wrong = numbers.map((at) => `  app${at}: {image: app, ports: ["x:y:z"]}`);
    await scene.push({ "docker-compose.yml": `services:\n${wrong.join("\n")}\n` });
    await scene.settle();
    const { errors, more, moreErrors } = await scene.status();
    expect(errors.length + moreErrors).toBe(numbers.length);
    expect(moreErrors).toBeGreaterThan(0);
    expect(await keptAt(more)).toHaveLength(numbers.length);
    expect((await keptAt(more)).slice(0, errors.length)).toEqual(errors);
    expect(await writtenWithin(3600)).toEqual([]);

    await scene.push({ "docker-compose.yml": "services: [" });
    await scene.settle();
    expect(await scene.status()).toMatchObject({ moreErrors: 0 });
    expect((await scene.status()).more).toBeUndefined();
  });
});

describe("a broken trueup.yaml", () => {
  test("shows on the application, and every environment stays as it is", async () => {
    const made = scene.mutations().length;
    const text = await scene.read("trueup.yaml");
    await scene.push({ "trueup.yaml": text.replace("environments:", "enviroments:") });
    await scene.settle();
    const broken = await scene.applicationStatus();
    expect(said(broken)).toContain("Stalled=True ApplicationFileInvalid");
    expect(broken.errors).toContainEqual(
      expect.objectContaining({ file: "trueup.yaml", line: 5, column: 1, path: "enviroments" }),
    );
    expect(broken.environments).toEqual(["dev"]);
    expect(said(await scene.status())).toEqual(["Ready=True Deployed"]);
    expect(scene.mutations().length).toBe(made);

    await scene.push({ "trueup.yaml": text });
    await scene.settle();
    expect(said(await scene.applicationStatus())).toEqual(["Ready=True Followed"]);
  });

  test.for([
    [
      "a broken trueup.yaml",
      "ApplicationFileInvalid",
      async () => {
        const text = await scene.read("trueup.yaml");
        await scene.push({ "trueup.yaml": text.replace("environments:", "enviroments:") });
        return () => scene.push({ "trueup.yaml": text });
      },
    ],
    [
      "an application that is registered no more",
      "NotRegistered",
      async () => {
        await scene.ask("ssm:DeleteParameter", { Name: "/trueup/myapps/registration" });
        return () => scene.register();
      },
    ],
  ] as const)("in the middle of a roll-out is told of it too: %s", async ([, reason, stop]) => {
    const compose = await scene.read("docker-compose.yml");
    await scene.push({
      "docker-compose.yml": compose.replace("VisibilityTimeout: 60", "VisibilityTimeout: 90"),
    });
    await scene.driver.settle({ at: scene.world.now + 15_000 });
    expect(said(await scene.status())).toContain("Reconciling=True Progressing");
    const start = await stop();
    await scene.settle();
    // Nothing goes on, whatever was to be next.
    expect(said(await scene.status())).toEqual([`Ready=False ${reason}`, `Stalled=True ${reason}`]);
    expect((await scene.status()).nextLook).toBeUndefined();
    expect(await writtenWithin(3600)).toEqual([]);
    await start();
    await scene.settle();
    expect(said(await scene.status())).toEqual(["Ready=True Deployed"]);
  });

  test("with more errors than a status has room for is told once, not with each sweep", async () => {
    const text = await scene.read("trueup.yaml");
    const wrong = numbers.map((at) => `wrong${at}: true`);
    await scene.push({ "trueup.yaml": `${wrong.join("\n")}\n${text}` });
    await scene.settle();
    const { errors, more, moreErrors } = await scene.applicationStatus();
    expect(errors.length + moreErrors).toBe(numbers.length);
    expect(moreErrors).toBeGreaterThan(0);
    expect(await keptAt(more)).toHaveLength(numbers.length);
    expect(await writtenWithin(3600)).toEqual([]);
  });
});

describe("a suspended environment", () => {
  const suspended = { Name: "/trueup/myapps/dev/suspended" };

  test("is planned and not changed, until it is resumed", async () => {
    const Value = JSON.stringify({ reason: "holidays" });
    await scene.ask("ssm:PutParameter", { ...suspended, Value, Type: "String" });
    await scene.settle();
    expect(said(await scene.status())).toEqual(["Ready=True Deployed", "Held=True Suspended"]);

    const made = scene.mutations().length;
    await edit("VisibilityTimeout: 60", "VisibilityTimeout: 90");
    const held = await scene.status();
    expect(said(held)).toEqual(["Ready=False Held", "Held=True Suspended"]);
    expect(held.digest.plan).toMatch(/^[0-9a-f]{64}$/);
    expect(scene.mutations().length).toBe(made);

    await scene.ask("ssm:DeleteParameter", suspended);
    await scene.settle();
    expect(said(await scene.status())).toEqual(["Ready=True Deployed"]);
  });
});

const line = async (service: string) => {
  const text = await scene.read("docker-compose.yml");
  return text.slice(0, text.search(new RegExp(`^ {2}${service}:`, "m"))).split("\n").length;
};

describe("an image whose service limits what its scan may find", () => {
  const put = async (imageTag: string, annotations: object) => {
    const config = "application/vnd.oci.image.config.v1+json";
    const manifest = {
      schemaVersion: 2,
      mediaType: "application/vnd.oci.image.manifest.v1+json",
      config: { mediaType: config, digest: "sha256:4" },
      layers: [],
      annotations,
    };
    const repositoryName = "blog-worker";
    const imageManifest = JSON.stringify(manifest);
    await scene.ask("ecr:PutImage", { repositoryName, imageTag, imageManifest });
  };

  /** The worker runs another image, and says what its scan may find. */
  const runs = async (tag: string, thresholds: string) => {
    const limits = `x-ecr: { VulnerabilitiesScan: { Thresholds: { ${thresholds} } } }`;
    await edit(/blog-worker:.*\n *x-image-policy: .*/, `blog-worker:${tag}\n    ${limits}`);
  };

  test("does not run while it found more, and does when that is allowed", async () => {
    const imageScanningConfiguration = { scanOnPush: true };
    const repositoryName = "blog-worker";
    await scene.ask("ecr:PutImageScanningConfiguration", {
      repositoryName,
      imageScanningConfiguration,
    });
    await put("9.9.8", { "trueup.sandbox.findings.HIGH": "2" });
    const before = scene.mutations().length;
    await runs("9.9.8", "CRITICAL: 0, HIGH: 1");
    const status = await scene.status();
    expect(said(status)).toEqual(["Ready=False ImageVulnerable", "Stalled=True ImageVulnerable"]);
    expect(status.conditions[0]?.message).toContain(
      "blog-worker:9.9.8 has findings: 2 HIGH (of 1).",
    );
    const made = scene.mutations().slice(before);
    expect(made).not.toContain("cloudformation:ExecuteChangeSet");

    await edit("HIGH: 1", "HIGH: 2");
    expect(said(await scene.status())).toEqual(["Ready=True Deployed"]);
  });

  test("waits for its scan, and runs as soon as that is done", async () => {
    await put("9.9.8", {});
    await runs("9.9.8", "CRITICAL: 0");
    const status = await scene.status();
    expect(said(status)).toContain("Stalled=True ImageVulnerable");
    expect(status.conditions[0]?.message).toContain("blog-worker:9.9.8 was not scanned.");
    const begun = scene.world.now;
    const imageId = { imageTag: "9.9.8" };
    await scene.ask("ecr:StartImageScan", { repositoryName: "blog-worker", imageId });
    await scene.settle();
    expect(said(await scene.status())).toEqual(["Ready=True Deployed"]);
    expect(scene.world.now - begun).toBeLessThan(600_000);
  });
});

describe("an image that is not there", () => {
  const bad = `blog-worker:1.9.9@sha256:${"0".repeat(64)}`;
  const goodIn = (text: string) => text.match(/blog-worker:\S+/)?.[0] ?? "";

  test("starts nothing, is told with its line, and is waited for at the cost of a look", async () => {
    const before = scene.mutations().length;
    await edit(goodIn(await scene.read("docker-compose.yml")), bad);
    const { conditions } = await scene.status();
    expect(said(await scene.status())).toEqual([
      "Ready=False ImageMissing",
      "Stalled=True ImageMissing",
    ]);
    const at = (await line("worker")) + 1;
    expect(conditions[0]?.message).toContain(`docker-compose.yml:${at} services.worker.image: `);
    expect(conditions[0]?.message).toContain(`${bad} is not in ECR.`);
    const made = scene.mutations().slice(before);
    expect(made).toContain("cloudformation:CreateChangeSet");
    expect(made).not.toContain("cloudformation:ExecuteChangeSet");

    await scene.driver.settle({ at: scene.world.now + 7_200_000 });
    expect(scene.mutations().length).toBe(before + made.length);
    // Pulled by whoever runs, so the environment stays as it was: another push goes its own way.
    await edit("VisibilityTimeout: 60", "VisibilityTimeout: 90");
    expect(scene.mutations().slice(before + made.length)).toContain(
      "cloudformation:ExecuteChangeSet",
    );
    expect(said(await scene.status())).toContain("Stalled=True ImageMissing");
  });

  test("is deployed by itself as soon as it is pushed", async () => {
    const text = await scene.read("docker-compose.yml");
    const [followed = ""] = /blog-worker:.*\n *x-image-policy: .*/.exec(text) ?? [];
    await edit(followed, "blog-worker:9.9.9");
    expect(said(await scene.status())).toContain("Stalled=True ImageMissing");
    const begun = scene.world.now;
    await scene.pushImage("blog-worker", "9.9.9");
    await scene.settle();
    expect(said(await scene.status())).toEqual(["Ready=True Deployed"]);
    // The push itself woke it, not the sweep.
    expect(scene.world.now - begun).toBeLessThan(600_000);
  });
});

describe("a secret that is not there", () => {
  test("keeps what reads it from being started, and nothing else", async () => {
    const made = scene.mutations().length;
    const text = await scene.read("docker-compose.yml");
    const arn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:token-AbCdEf";
    const secrets = `secrets:\n  token: { x-secrets: { Name: "${arn}" } }\n`;
    await edit(text, text.replace("  worker:\n", "  worker:\n    secrets: [token]\n") + secrets);
    expect(said(await scene.status())).toContain("Stalled=True SecretMissing");
    expect((await scene.status()).conditions[0]?.message).toContain(`${arn} does not exist.`);
    expect(scene.mutations().slice(made)).not.toContain("cloudformation:ExecuteChangeSet");
  });

  test("but was made by somebody is taken as it is", async () => {
    const TemplateBody = JSON.stringify({
      Resources: { Token: { Type: "AWS::SecretsManager::Secret", Properties: {} } },
    });
    await scene.ask("cloudformation:CreateStack", { StackName: "team", TemplateBody });
    await scene.settle();
    const which = { StackName: "team", LogicalResourceId: "Token" };
    const { StackResourceDetail } = (await scene.ask(
      "cloudformation:DescribeStackResource",
      which,
    )) as { readonly StackResourceDetail: { readonly PhysicalResourceId: string } };
    const text = await scene.read("docker-compose.yml");
    const { PhysicalResourceId: arn } = StackResourceDetail;
    const secrets = `secrets:\n  token: { x-secrets: { Name: "${arn}" } }\n`;
    await edit(text, text.replace("  worker:\n", "  worker:\n    secrets: [token]\n") + secrets);
    expect(said(await scene.status())).toEqual(["Ready=True Deployed"]);
  });
});

describe("tasks that do not stay up", () => {
  test("roll back, are told once, are not tried again by themselves, and a good push heals it", async () => {
    const good = (await scene.read("docker-compose.yml")).match(/\S+blog-worker:\S+/)?.[0] ?? "";
    const bad = crashing;
    await edit(good, bad);
    const failed = await scene.status();
    expect(said(failed)).toEqual(["Ready=False RolledBack", "Stalled=True RolledBack"]);
    const at = await line("worker");
    expect(failed.conditions[0]?.message).toMatch(
      new RegExp(
        `^s-worker: WorkerService \\(docker-compose\\.yml:${at} services\\.worker\\): .*Essential container in task exited`,
      ),
    );
    expect(failed.stacks.find(({ name }) => name.includes("s-worker"))?.status).toBe(
      "UPDATE_ROLLBACK_COMPLETE",
    );

    const made = scene.mutations().length;
    await scene.driver.settle({ at: scene.world.now + 7_200_000 });
    expect(scene.mutations().length).toBe(made);

    await edit(bad, good);
    expect(said(await scene.status())).toEqual(["Ready=True Deployed"]);
  });
});

describe("what leaves the repository", () => {
  test("a service goes after all else has arrived, and what was shared with it goes last", async () => {
    const text = await scene.read("docker-compose.yml");
    const [service = ""] = /^ {2}# Reads the queue[\s\S]*?(?=\nx-sqs)/m.exec(text) ?? [];
    const without = text
      .replace(service, "")
      .replace(/^ {4}Services:\n {6}worker: .*\n/gm, "")
      .replace(/^ {6}worker: .*\n/gm, "");
    await scene.push({ "docker-compose.yml": without });
    await scene.settle();
    expect(said(await scene.status())).toEqual(["Ready=True Deployed"]);
    expect(await stackNames()).toEqual(["base", "s-app01", "s-app02"]);
    expect((await resourcesOf("base")).filter((id) => id.startsWith("Worker"))).toEqual([]);
  });

  test("a queue stalls until the repository names it, and then its users move first", async () => {
    const made = scene.mutations().length;
    const text = await scene.read("docker-compose.yml");
    await scene.push({ "docker-compose.yml": text.replace(/^ {2}jobs:/m, "  tasks:") });
    await scene.settle();
    const stalled = await scene.status();
    expect(said(stalled)).toEqual([
      "Ready=False DataAtRisk",
      "Stalled=True DataAtRisk",
      "Approved=False AwaitingApproval",
    ]);
    expect(stalled.conditions[0]?.message).toContain("remove: x-sqs.jobs");
    expect(scene.mutations().length).toBe(made);

    const [line = ""] = /allow: \[.*\]/.exec(stalled.conditions[0]?.message ?? "") ?? [];
    const settings = await scene.read("trueup.yaml");
    await scene.push({ "trueup.yaml": settings.replace(/^ {4}on:.*$/m, `$&\n    ${line}`) });
    await scene.settle();
    expect(said(await scene.status())).toEqual(["Ready=True Deployed"]);
    const resources = await resourcesOf("base");
    expect(resources).toContain("TasksQueue");
    // Nobody was left without: both users had moved before it left the stack, and it is kept.
    const gone = told.indexOf("JobsQueue DELETE_SKIPPED");
    expect(gone).toBeGreaterThan(told.indexOf("s-worker UPDATE_COMPLETE"));
    expect(gone).toBeGreaterThan(told.indexOf("s-app01 UPDATE_COMPLETE"));
    expect(told).toContain("s-worker UPDATE_COMPLETE");
    expect(resources).not.toContain("JobsQueue");
  });
});

describe("a service whose tasks crash", () => {
  test("is reported with the container that ended, not with CloudFormation's summary", async () => {
    const context = { world: scene.world, account: "123456789012", region: "eu-west-1" };
    failTasks({ ...context, principal: "" }, "blog-worker");
    await edit("x-xray: false", "x-xray: true");
    const { conditions } = await scene.status();
    expect(conditions.find(({ type }) => type === "Stalled")?.message).toMatch(
      /s-worker: WorkerService \(docker-compose\.yml:\d+ services\.worker\): Essential container in task exited \(worker exited with 1\)/,
    );
  });
});

describe("an application whose registration", () => {
  const Name = "/trueup/myapps/registration";
  const stalled = (reason: string) => [`Ready=False ${reason}`, `Stalled=True ${reason}`];

  test("is broken says so, and goes on once it is whole", async () => {
    const { Parameter } = (await scene.ask("ssm:GetParameter", { Name })) as {
      readonly Parameter: { readonly Value: string };
    };
    const write = (Value: string) =>
      scene.ask("ssm:PutParameter", { Name, Value, Type: "String", Overwrite: true });
    await write("{oops");
    await scene.settle();
    expect(said(await scene.applicationStatus())).toEqual(stalled("RegistrationInvalid"));
    await write(Parameter.Value);
    await scene.settle();
    expect(said(await scene.applicationStatus())).toEqual(["Ready=True Followed"]);
  });

  test("is gone says that nobody follows it, and every stack stays", async () => {
    const made = scene.mutations().length;
    await scene.ask("ssm:DeleteParameter", { Name });
    await scene.settle();
    expect(said(await scene.applicationStatus())).toEqual(stalled("NotRegistered"));
    expect(scene.mutations()).toHaveLength(made);
  });
});
