import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Call } from "../src/aws/call.ts";
import { peopleOf } from "../src/aws/people.ts";
import { render } from "../src/cli/render.ts";
import { exampleDirectory } from "../src/cli/seed.ts";
import { consentEntry } from "../src/plan/ledger.ts";
import { workOf } from "../src/sandbox/lambda/work.ts";
import { faults } from "./faults.ts";
import { type TestWorld, testWorld } from "./world/world.ts";

/** The schema of a parameter below /trueup/<app>/. */
const schemaOf = (name: string): string => {
  const [, , , ...rest] = name.split("/");
  const leaf = rest.at(-1) ?? "";
  if (leaf !== "status") return leaf;
  return rest.length === 1 ? "application-status" : "environment-status";
};

interface Parameters {
  readonly Parameters: readonly { readonly Name: string; readonly Value: string }[];
  readonly NextToken?: string;
}

/** Every parameter there is, each held to the schema of its name. */
async function stored(scene: TestWorld): Promise<ReadonlyMap<string, unknown>> {
  const found = new Map<string, unknown>();
  let NextToken: string | undefined;
  do {
    const input = { Path: "/trueup/myapps/", Recursive: true, NextToken };
    const page = (await scene.ask("ssm:GetParametersByPath", input)) as Parameters;
    for (const { Name, Value } of page.Parameters) {
      const document: unknown = JSON.parse(Value);
      expect({ Name, faults: faults(schemaOf(Name), document) }).toEqual({ Name, faults: [] });
      found.set(Name, document);
    }
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return found;
}

/** The plan that the environment's status names, as `trueup plan APP/ENV --json` prints it. */
async function publishedPlan(scene: TestWorld): Promise<unknown> {
  const { digest } = await scene.status();
  const Bucket = Object.values(workOf(scene.world).functions)[0]?.environment.TRUEUP_BUCKET;
  const object = await scene.ask("s3:GetObject", { Bucket, Key: `plans/${digest.plan}.json` });
  return JSON.parse((object as { readonly text: string }).text);
}

/** Every entry of the environment's ledger. */
async function ledger(scene: TestWorld): Promise<readonly unknown[]> {
  const Bucket = Object.values(workOf(scene.world).functions)[0]?.environment.TRUEUP_BUCKET;
  return peopleOf(scene.ask as Call, Bucket).history("myapps", "dev", 1000);
}

/** Every document in the bucket whose name begins so: of a notice, what was sent is what its marker says. */
async function kept(scene: TestWorld, Prefix: string): Promise<readonly unknown[]> {
  const Bucket = Object.values(workOf(scene.world).functions)[0]?.environment.TRUEUP_BUCKET;
  const list = await scene.ask("s3:ListObjectsV2", { Bucket, Prefix });
  const { Contents } = list as { readonly Contents: readonly { readonly Key: string }[] };
  return Promise.all(
    Contents.map(async ({ Key }) => {
      const object = await scene.ask("s3:GetObject", { Bucket, Key });
      return JSON.parse((object as { readonly text: string }).text);
    }),
  );
}

/** What ends in a month lets nothing rest before. */
const anHour = (scene: TestWorld): Promise<boolean> =>
  scene.driver.settle({ at: scene.world.now + 3_600_000 });

describe("what is stored is as its schema says", () => {
  test("from the first push to a change that is held", async () => {
    const scene = testWorld();
    const people = peopleOf(scene.ask as Call);
    const revision = await scene.pushExample();
    await people.register({
      application: "myapps",
      repository: "myapps",
      branch: "main",
      file: "trueup.yaml",
      environments: {
        "*": { accounts: ["123456789012"], regions: ["eu-west-1"], roles: [] },
      },
      ssm: [],
    });
    await people.suspend("myapps", "dev", { reason: "new", until: "2026-02-01T00:00:00Z" });
    await anHour(scene);
    expect([...(await stored(scene)).keys()].sort()).toEqual([
      "/trueup/myapps/dev/status",
      "/trueup/myapps/dev/suspended",
      "/trueup/myapps/registration",
      "/trueup/myapps/status",
    ]);
    const plan = await publishedPlan(scene);
    expect(plan).toHaveProperty("changes.0");
    expect(faults("plan", plan)).toEqual([]);

    const outlines = await kept(scene, "outlines/");
    expect(outlines.map((outline) => faults("outline", outline))).toEqual([[]]);

    await people.resume("myapps", "dev");
    await anHour(scene);
    await scene.driver.invoke("ReconcileFunction", { application: "myapps", environment: "dev" });
    await anHour(scene);
    expect([...(await stored(scene)).keys()]).toContain("/trueup/myapps/dev/requested-at");

    await people.hold("myapps", "dev", { revision, reason: "a closer look" });
    await anHour(scene);
    expect([...(await stored(scene)).keys()]).toContain("/trueup/myapps/dev/hold");

    const entries = await ledger(scene);
    expect(entries.length).toBeGreaterThan(5);
    expect(entries.flatMap((entry) => faults("ledger-entry", entry))).toEqual([]);
  });

  test("of files with mistakes", async () => {
    const scene = testWorld();
    await scene.pushExample();
    await scene.register();
    await scene.settle();

    const text = await scene.read("docker-compose.yml");
    await scene.push({ "docker-compose.yml": text.replace("ports:", "prots:") });
    await scene.settle();
    const wrong = (await stored(scene)).get("/trueup/myapps/dev/status");
    expect(wrong).toHaveProperty("errors.0.line");

    await scene.push({ "trueup.yaml": "application: myapps\nenvironmens: {}\n" });
    await scene.settle();
    expect((await stored(scene)).get("/trueup/myapps/status")).toHaveProperty("errors.0.line");
  });

  test("of what leaves", async () => {
    const scene = testWorld();
    await scene.pushExample();
    await scene.register();
    await scene.settle();
    await peopleOf(scene.ask as Call).suspend("myapps", "dev", { reason: "to look at" });
    const text = await scene.read("docker-compose.yml");
    await scene.push({ "docker-compose.yml": text.replace(/ {4}x-iam:[\s\S]*?(?=\nx-sqs:)/, "") });
    await scene.settle();
    await stored(scene);
    expect(faults("plan", await publishedPlan(scene))).toEqual([]);
  });
});

test("a word that was acted upon is told as its schema says", () => {
  const by = {
    reason: "",
    user: "arn:aws:iam::123456789012:user/ann",
    at: "2026-01-01T00:00:00Z",
  };
  const consents = [
    { ...by, doomed: "d".repeat(64), skip: {} },
    { ...by, doomed: undefined, skip: { "trueup-myapps-dev-base-00000000": ["Jobs"] } },
  ];
  const entry = consentEntry({ consents }, "a".repeat(40));
  expect(faults("ledger-entry", JSON.parse(JSON.stringify(entry)))).toEqual([]);
});

test("what is sent is as its schema says", async () => {
  const scene = testWorld();
  await scene.pushExample();
  const yaml = await scene.read("trueup.yaml");
  await scene.push({ "trueup.yaml": `${yaml}\nnotify: { eventBus: default }\n` });
  await scene.register();
  await scene.settle();
  const text = await scene.read("docker-compose.yml");
  await scene.push({ "docker-compose.yml": text.replace("ports:", "prots:") });
  await scene.settle();
  const found = await kept(scene, "notices/");
  expect(found.map((notice) => faults("notice", notice))).toEqual([[], []]);
});

describe("what render makes is as its schema says", () => {
  const run = async (...args: readonly string[]): Promise<string> => {
    const out: string[] = [];
    const status = await render.run(["--environment", "dev", ...args], {
      cwd: exampleDirectory,
      env: {},
      color: false,
      out: (text) => out.push(text),
      err: () => undefined,
    });
    expect(status).toBe(0);
    return out.join("\n");
  };

  test("printed", async () => {
    expect(faults("stacks", JSON.parse(await run()))).toEqual([]);
  });

  test.for(["per-service", "single"])("written, in the layout %s", async (layout) => {
    const directory = mkdtempSync(join(tmpdir(), "rendered-"));
    try {
      await run("--layout", layout, "-o", directory);
      const written = JSON.parse(readFileSync(join(directory, "stacks.json"), "utf8"));
      expect(faults("stacks", written)).toEqual([]);
      const templates = written.stacks.map(({ template }: { template: string }) => template);
      expect(readdirSync(directory)).toEqual(expect.arrayContaining(templates));
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});

test("a schema finds what is wrong", () => {
  expect(faults("plan", { digest: "x", changes: [{}], more: 1 })).toEqual(
    expect.arrayContaining([
      " must have required property 'gates'",
      " must NOT have additional properties",
      "/changes/0 must have required property 'stack'",
    ]),
  );
});
