import { describe, expect, test } from "vitest";
import type { EnvironmentStatus } from "../../src/model/status.ts";
import { type Options, type TestWorld, testWorld } from "./world.ts";

const url = (name: string) => `"\${outputs.${name}}/"`;
const page = `[{ http: { url: ${url("PublicUrl")}, match: ok, retries: 1 } }]`;

/** `status`: what app01 answers in prod alone. */
const trueup = ({ approval = "", prod = "", status = 200 } = {}) => `application: myapps
compose: [docker-compose.yml]
environments:
  test:
    on: { branch: main }
    compose: [envs/dev.yml]
    verify: ${page}
  prod:
    from: test
    compose: [envs/dev.yml]
    verify: ${page}
    variables: { STATUS: "${status}" }
${approval === "" ? "" : `    approval: ${approval}\n`}${prod}`;

const hour = (scene: TestWorld) => scene.driver.settle({ at: scene.world.now + 3_600_000 });

const withStatus = (text: string, status: string) =>
  text.replace(
    /(?:SANDBOX_HTTP_STATUS: .*\n {6})?LOG_LEVEL/,
    `SANDBOX_HTTP_STATUS: ${status}\n      LOG_LEVEL`,
  );

async function began(file: string, options: Options = {}): Promise<TestWorld> {
  const scene = testWorld(options);
  await scene.pushExample();
  const text = await scene.read("docker-compose.yml");
  await scene.push({
    "trueup.yaml": file,
    "docker-compose.yml": withStatus(text, `"\${STATUS:-200}"`),
  });
  await scene.register();
  await hour(scene);
  return scene;
}

const push = async (scene: TestWorld, files: Readonly<Record<string, string>>) => {
  const revision = await scene.push(files);
  await hour(scene);
  return revision;
};

/** Any other revision of the compose file. */
const edited = async (scene: TestWorld) => {
  const text = await scene.read("docker-compose.yml");
  return text.replace(/VisibilityTimeout: (\d+)/, (_, was) => `VisibilityTimeout: ${+was + 1}`);
};

async function statusOf(scene: TestWorld, environment: string): Promise<EnvironmentStatus> {
  const Name = `/trueup/myapps/${environment}/status`;
  const { Parameter } = (await scene.ask("ssm:GetParameter", { Name })) as {
    readonly Parameter: { readonly Value: string };
  };
  return JSON.parse(Parameter.Value);
}

const said = async (scene: TestWorld, environment: string) => {
  const { conditions, revision } = await statusOf(scene, environment);
  const words = conditions.filter(({ type }) => !["Healthy", "Reconciling"].includes(type));
  return [
    revision.deployed ?? "nothing",
    ...words.map(({ reason, status, type }) => `${type}=${status} ${reason}`),
  ];
};

const approve = async (scene: TestWorld) => {
  const { digest } = await statusOf(scene, "prod");
  const Value = JSON.stringify({ digest: digest.plan, reason: "as agreed" });
  const Name = "/trueup/myapps/prod/approval";
  await scene.ask("ssm:PutParameter", { Name, Value, Type: "String", Overwrite: true });
  await hour(scene);
};

const good = ["Ready=True Deployed", "Verified=True Passed"];

describe("an environment that takes from another", () => {
  test("has what that one verified, as soon as it has", async () => {
    const scene = await began(trueup());
    const { revision } = await statusOf(scene, "test");
    expect(await said(scene, "test")).toEqual([revision.desired, ...good]);
    expect(await said(scene, "prod")).toEqual([revision.desired, ...good]);
  });

  test("never has what failed there, and leaves nothing behind", async () => {
    const scene = await began(trueup());
    const first = (await statusOf(scene, "prod")).revision.deployed;
    const bad = await push(scene, {
      "docker-compose.yml": withStatus(await edited(scene), '"500"'),
    });
    expect(await said(scene, "test")).toEqual([
      bad,
      "Ready=True Deployed",
      "Verified=False Failed",
    ]);
    expect(await said(scene, "prod")).toEqual([first, ...good]);

    const mended = await push(scene, {
      "docker-compose.yml": withStatus(await edited(scene), '"200"'),
    });
    expect(await said(scene, "prod")).toEqual([mended, ...good]);
  });

  test("waits where nothing was verified yet, and says so", async () => {
    const scene = await began(trueup().replace("match: ok", "match: nowhere"));
    expect(await said(scene, "prod")).toEqual(["nothing", "Ready=False NothingVerified"]);
  });

  test("asks first, and a newer candidate takes the place of one that waits", async () => {
    const scene = await began(trueup({ approval: "manual" }));
    const waits = [
      "Ready=False Held",
      "Held=True AwaitingApproval",
      "Approved=False AwaitingApproval",
    ];
    expect(await said(scene, "prod")).toEqual(["nothing", ...waits]);
    const before = (await statusOf(scene, "prod")).digest.plan;

    const second = await push(scene, { "docker-compose.yml": await edited(scene) });
    const { digest, revision } = await statusOf(scene, "prod");
    expect(revision.desired).toBe(second);
    expect(digest.plan).not.toBe(before);

    await approve(scene);
    expect(await said(scene, "prod")).toEqual([
      second,
      "Ready=True Deployed",
      "Approved=True Approved",
      "Verified=True Passed",
    ]);
  });
});

describe("what an environment takes from another", () => {
  test("goes back when it fails here, says so, and lets the next one through", async () => {
    const scene = await began(trueup({ approval: "manual" }));
    await approve(scene);
    const first = (await statusOf(scene, "prod")).revision.deployed;

    const second = await push(scene, {
      "trueup.yaml": trueup({ approval: "manual", status: 500 }),
    });
    await approve(scene);
    expect(await said(scene, "test")).toEqual([second, ...good]);
    const { conditions, revision } = await statusOf(scene, "prod");
    expect(revision).toMatchObject({ deployed: first, verified: first });
    expect(conditions.find(({ type }) => type === "Held")).toMatchObject({
      reason: "VerificationFailed",
      message: expect.stringMatching(`^${second.slice(0, 8)} failed here: http .*answers 500`),
    });

    const third = await push(scene, { "trueup.yaml": trueup({ approval: "manual" }) });
    // It is what runs already: there is nothing to approve.
    expect((await said(scene, "prod")).slice(0, 2)).toEqual([third, "Ready=True Deployed"]);
    const held = (await statusOf(scene, "prod")).conditions.find(({ type }) => type === "Held");
    expect(held).toBeUndefined();
  });

  test("is refused where it would run what was not verified, though the revision was", async () => {
    const overlay = "services: { app02: { image: public.ecr.aws/nginx/nginx:1.27 } }\n";
    const scene = await began(trueup());
    await push(scene, {
      "envs/prod.yml": overlay,
      "trueup.yaml": trueup().replace(
        "from: test\n    compose: [envs/dev.yml]",
        "from: test\n    compose: [envs/dev.yml, envs/prod.yml]",
      ),
    });
    const { conditions } = await statusOf(scene, "prod");
    expect(conditions.find(({ type }) => type === "Stalled")).toMatchObject({
      reason: "NotWhatWasVerified",
      message: expect.stringContaining("App02/app02 would run public.ecr.aws/nginx/nginx:1.27"),
    });
  });

  test("is compiled from its own revision's files, whatever came since", async () => {
    const scene = await began(trueup({ approval: "manual" }));
    const wanted = (await statusOf(scene, "prod")).revision.desired;
    const broken = withStatus(await edited(scene), '"500"');
    await push(scene, {
      "docker-compose.yml": broken,
      "trueup.yaml": trueup({ approval: "manual", prod: "    parameters: { VpcId: vpc-1 }\n" }),
    });
    await approve(scene);
    const { conditions, revision } = await statusOf(scene, "prod");
    expect(revision.deployed).toBe(wanted);
    expect(conditions.find(({ type }) => type === "Ready")?.status).toBe("True");
  });
});

describe("a promotion whose process dies", () => {
  test.for(["before", "after"] as const)(
    "at any call, %s its effect, ends the same",
    async (when) => {
      const calls = (await began(trueup())).calls.length;
      for (let at = Math.floor(calls / 3); at < calls; at += Math.ceil(calls / 25)) {
        const fate = (count: number) => (count === at ? (`dies ${when}` as const) : "lives");
        const scene = await began(trueup(), { fate });
        expect((await said(scene, "prod")).slice(1), `dies ${when} call ${at}`).toEqual(good);
      }
    },
  );
});
