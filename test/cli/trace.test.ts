import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { connect } from "../../src/cli/connection.ts";
import { type LocalAws, startLocalAws } from "../../src/cli/local-aws.ts";
import { trace } from "../../src/cli/trace.ts";
import type { LedgerEntry } from "../../src/model/ledger.ts";
import type { OutlinedStack } from "../../src/model/outline.ts";
import { indexPath } from "../../src/model/stack-index.ts";
import type { Condition } from "../../src/model/status.ts";
import { ledgerPath } from "../../src/plan/ledger.ts";
import { faults } from "../faults.ts";
import { cause, commit, digest, publish, stackOf } from "./published.ts";
import { quietIn } from "./quiet.ts";

const home = mkdtempSync(join(tmpdir(), "trueup-trace-"));
const [base, web] = ["trueup-shop-dev-base-1a2b3c4d", "trueup-shop-dev-s-web-5e6f7a8b"] as const;
const [older, old, now] = [commit("a"), commit("b"), commit("c")] as const;
const wrong = "trueup-shop-wrong-base-9c0d1e2f";
/** Was wanted between two others, and never deployed. */
const failed = commit("9");
/** Begins as another one does. */
const twin = `${"c".repeat(39)}d`;
let local: LocalAws;

const io = (out: string[]) => quietIn(home, local.environment, out);

const said = async (...args: readonly string[]): Promise<string> => {
  const out: string[] = [];
  expect(await trace.run(args, io(out))).toBe(0);
  return out.join("\n");
};

/** Without the application: that one the controller of the sandbox has its own word for. */
const links = async (word: string): Promise<readonly string[]> =>
  (await said(word)).split("\n").filter((line) => !line.startsWith("application"));

const ready: Condition = {
  type: "Ready",
  status: "True",
  reason: "Deployed",
  message: "",
  since: "2026-01-01T00:00:00.000Z",
  observedRevision: now,
};

const queue = { logicalId: "JobsQueue", type: "AWS::SQS::Queue", cause: cause("x-sqs.jobs", 12) };
const topic = { logicalId: "Gone", type: "AWS::SNS::Topic", cause: cause("x-sns.gone", 20) };
const service = { logicalId: "Web", type: "AWS::ECS::Service", cause: cause("services.web", 3) };
const made = { logicalId: "Cluster", type: "AWS::ECS::Cluster", cause: undefined };

const runs = (tag: string, ...resources: OutlinedStack["resources"]): readonly OutlinedStack[] => [
  stackOf(base, "base", { resources: [made, ...resources] }),
  stackOf(web, "s-web", {
    resources: [service],
    images: [{ container: "web", image: `web:${tag}`, cause: cause("services.web.image", 4) }],
  }),
];

const beside = { container: "beside", image: "beside:1", cause: cause("services.beside", 8) };

beforeAll(async () => {
  const log = () => undefined;
  local = await startLocalAws({ directory: join(home, "aws"), port: 0, log });
  const { people, ports } = await connect(io([]));
  const follows = { repository: "nobody", branch: "main", file: "trueup.yaml" };
  await people.register({ application: "shop", ...follows, environments: {}, ssm: [] });
  const stacks = [
    { name: base, status: "UPDATE_COMPLETE", digest: digest("1") },
    { name: web, status: "UPDATE_IN_PROGRESS", digest: digest("2") },
  ];
  await publish(
    { application: "shop", environment: "dev" },
    {
      deployed: old,
      outlines: [
        [older, runs("1", topic)],
        [old, [...runs("1", topic), stackOf(web, "s-web", { images: [beside] })]],
        [failed, runs("3", queue)],
        [now, runs("2", queue)],
      ],
      status: { conditions: [ready], stacks },
    },
    ports,
  );
  const revision = { desired: twin, deployed: twin, verified: undefined };
  await publish(
    { application: "shop", environment: "test" },
    { status: { revision }, wanted: { revision: twin, since: `${year}-04T00:00:00Z` } },
    ports,
  );
  await publish(
    { application: "shop", environment: "wrong" },
    {
      deployed: old,
      outlines: [[old, [stackOf(wrong, "base", { resources: [queue] })]]],
      status: { revision: { desired: commit("f"), deployed: old, verified: undefined } },
    },
    ports,
  );
  for (const [name, unit] of [
    [base, "base"],
    [web, "s-web"],
  ] as const) {
    const indexed = { key: "shop/dev", stack: name, unit };
    await ports.artifacts.put(indexPath(name), JSON.stringify(indexed));
  }
  const votes = [
    {
      verdict: "approved",
      digest: digest("e"),
      reason: "go",
      user: "arn:ann",
      at: `${year}-02T00:00:00Z`,
    },
  ] as const;
  const conditions = [{ type: "Ready", status: "True", reason: "Deployed", message: "" }] as const;
  const passed = [
    { at: `${year}-01T00:00:00Z`, revision: older, conditions, votes: [] },
    { at: `${year}-02T00:00:00Z`, revision: old, conditions, votes },
    { at: `${year}-02T12:00:00Z`, revision: failed, conditions: [], votes: [] },
    { at: `${year}-03T00:00:00Z`, revision: now, conditions: [], votes: [] },
  ];
  for (const pass of passed) {
    const entry: LedgerEntry = { v: 1, plan: undefined, steps: [], ...pass };
    await ports.artifacts.put(ledgerPath("shop/dev", entry), JSON.stringify(entry));
  }
}, 60_000);

/** Later than anything that the controller of the sandbox says. */
const year = "2099-01";

afterAll(async () => {
  await local.close();
  rmSync(home, { recursive: true, force: true });
});

const environment = "environment  shop/dev  123456789012 eu-west-1  Ready=True Deployed";
const revisions = [
  `revision     cccccccc  desired since ${year}-03T00:00:00Z`,
  `revision     bbbbbbbb  deployed since ${year}-02T00:00:00Z; approved by arn:ann: go`,
];
const baseLine = `stack        ${base}  UPDATE_COMPLETE  digest 111111111111`;
const webLine = `stack        ${web}  UPDATE_IN_PROGRESS  digest 222222222222`;

test("a stack is traced from its environment to the lines of what it holds", async () => {
  const chain = [
    environment,
    ...revisions,
    baseLine,
    "resource     Cluster  AWS::ECS::Cluster",
    "  compose    no line of a compose file",
    "resource     JobsQueue  AWS::SQS::Queue  coming",
    "  compose    c.yml:12:3  x-sqs.jobs",
    "resource     Gone  AWS::SNS::Topic  leaving",
    "  compose    c.yml:20:3  x-sns.gone",
  ];
  expect(await links(base)).toEqual(chain);
  const arn = `arn:aws:cloudformation:eu-west-1:123456789012:stack/${base}/1f2e`;
  expect(await links(arn)).toEqual(chain);
  expect(await links("trueup-shop-dev-base")).toEqual(chain);
});

test("a resource is traced to its line", async () => {
  expect(await links(`${base}/JobsQueue`)).toEqual([
    environment,
    ...revisions,
    baseLine,
    "resource     JobsQueue  AWS::SQS::Queue  coming",
    "  compose    c.yml:12:3  x-sqs.jobs",
  ]);
});

const images = [
  "image        web  web:2  coming",
  "  compose    c.yml:4:3  services.web.image",
  "image        web  web:1  leaving",
  "  compose    c.yml:4:3  services.web.image",
];

test("a compose path is traced to all that it became, or what it is a part of", async () => {
  const whole = [environment, ...revisions, webLine, "resource     Web  AWS::ECS::Service"];
  const line = "  compose    c.yml:3:3  services.web";
  expect(await links("shop/dev/services.web")).toEqual([...whole, line, ...images]);
  expect(await links("shop/dev/services.web.ports")).toEqual([...whole, line]);
  expect(await links("shop/dev/services.web.image")).toEqual([
    environment,
    ...revisions,
    webLine,
    ...images,
  ]);
});

test("of a commit that cannot be read the lines are those of the one before", async () => {
  const [said] = await links("shop/wrong/x-sqs");
  expect(said).toBe("environment  shop/wrong  123456789012 eu-west-1  lines as of bbbbbbbb");
});

test("an image is traced to who runs it, and to the commit that brought it", async () => {
  const found = JSON.parse(await said("web:1", "--json"));
  expect(found.chains).toHaveLength(1);
  expect(found.chains[0].stacks).toMatchObject([
    { name: web, images: [{ image: "web:1", presence: "leaving", from: { commit: older } }] },
  ]);
  const gone = JSON.parse(await said("beside:1", "--json")).chains[0].stacks[0].images[0];
  expect(gone).toMatchObject({ presence: "leaving", from: { commit: old } });
  expect(await links("web:2")).toContain("  since      commit cccccccc");
  expect(await links("web:2")).toContain("image        web  web:2  coming");
});

test("a commit is traced to the environments that have it", async () => {
  expect((await links(old.slice(0, 7))).slice(0, 2)).toEqual([environment, revisions[1]]);
  expect(JSON.parse(await said(twin, "--json")).chains).toMatchObject([
    { environment: { name: "test" }, revisions: [{ commit: twin, as: ["desired", "deployed"] }] },
  ]);
  const when = `desired since ${year}-04T00:00:00Z; deployed, since when the ledger does not say`;
  expect(await said(twin)).toContain(when);
});

test.for([base, `${base}/JobsQueue`, "shop/dev/services.web", "web:1", old])(
  "what is printed of %s is as its schema says",
  async (word) => {
    expect(faults("trace", JSON.parse(await said(word, "--json")))).toEqual([]);
  },
);

test.for([
  ["trueup-shop-dev", `begins the names of several stacks: ${base}, ${web}.`],
  ["ccccccc", `ccccccc begins several commits: ${now}, ${twin}.`],
  [
    "trueup-blog-dev-base-1a2b3c4d",
    "Looked at: the index of stacks, shop/dev, shop/test, shop/wrong.",
  ],
  [`${base}/Jobs`, `${base} has no Jobs; it has JobsQueue.`],
  [`${base}/Nothing`, "it has Cluster, JobsQueue, Gone."],
  ["shop/dev/x-sqs.job", "Nothing of shop/dev comes from x-sqs.job; it has x-sqs.jobs."],
  ["shop/dev/x-efs", "it has x-sqs.jobs, x-sns.gone, services.web, services.beside."],
  ["shop/test/services.web", "What shop/test should hold is not published"],
  ["blog/dev/services.web", "blog is not registered"],
  [
    "web:3",
    "Looked at: shop/dev, shop/test, shop/wrong. There is web:2, web:1. What shop/test should hold",
  ],
  [older.slice(0, 8), "Looked at: shop/dev, shop/test, shop/wrong. The ledger has it of shop/dev"],
  ["0000000", "No ledger has it either."],
] as const)("%s is found nowhere, or too often: %s", async ([word, why]) => {
  await expect(said(word)).rejects.toThrow(why);
});

test("one thing is traced at a time", async () => {
  await expect(said()).rejects.toThrow("Name one thing to trace");
  await expect(said("web:1", "web:2")).rejects.toThrow("Name one thing to trace");
});
