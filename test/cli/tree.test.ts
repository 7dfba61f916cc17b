import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { connect } from "../../src/cli/connection.ts";
import { type LocalAws, startLocalAws } from "../../src/cli/local-aws.ts";
import { tree } from "../../src/cli/tree.ts";
import type { Condition } from "../../src/model/status.ts";
import { emptyApplication } from "../../src/plan/application-status.ts";
import { emptyStatus } from "../../src/plan/statuses.ts";
import { faults } from "../faults.ts";
import { cause, commit, digest, publish, stackOf } from "./published.ts";
import { quietIn } from "./quiet.ts";

const home = mkdtempSync(join(tmpdir(), "trueup-tree-"));
const at = "2026-01-01T00:00:00.000Z";
let local: LocalAws;

const io = (out: string[]) => quietIn(home, local.environment, out);

const said = async (...args: readonly string[]): Promise<string> => {
  const out: string[] = [];
  expect(await tree.run(args, io(out))).toBe(0);
  expect(out).toHaveLength(1);
  return out.join("\n");
};

const condition = (
  type: Condition["type"],
  status: Condition["status"],
  reason: string,
  message = "",
): Condition => ({ type, status, reason, message, since: at, observedRevision: commit("a") });

const ready = [condition("Ready", "True", "Deployed", "Everything is as the repository says.")];
const queue = { logicalId: "Jobs", type: "AWS::SQS::Queue", cause: cause("x-sqs.jobs", 12) };
const made = { logicalId: "Cluster", type: "AWS::ECS::Cluster", cause: undefined };
const base = stackOf("shop-base", "base", { resources: [made, queue] });
const web = stackOf("shop-web", "s-web", { dependsOn: ["base"] });

beforeAll(async () => {
  const log = () => undefined;
  local = await startLocalAws({ directory: join(home, "aws"), port: 0, log });
  const { people, ports } = await connect(io([]));
  const follows = { repository: "nobody", branch: "main", file: "trueup.yaml" };
  for (const application of ["shop", "blog"])
    await people.register({ application, ...follows, environments: {}, ssm: [] });
  const environments = ["dev", "new", "next", "test", "wrong"];
  await ports.statuses.writeApplication("shop", { ...emptyApplication, environments });
  const publishing = (environment: string, what: Parameters<typeof publish>[1]) =>
    publish({ application: "shop", environment }, what, ports);
  await publishing("dev", {
    deployed: commit("a"),
    outlines: [[commit("a"), [base, web]]],
    status: {
      conditions: ready,
      stacks: [
        { name: "shop-base", status: "CREATE_COMPLETE", digest: digest("1") },
        { name: "shop-web", status: "UPDATE_COMPLETE", digest: digest("2") },
      ],
    },
  });
  await publishing("next", {
    outlines: [[commit("b"), [base, web]]],
    status: {
      conditions: [
        condition("Ready", "False", "Progressing", "base: Asks for a change set."),
        condition("Reconciling", "True", "Progressing", "base: Asks for a change set."),
      ],
      stacks: [
        { name: "shop-base", status: "CREATE_IN_PROGRESS", digest: "" },
        { name: "shop-web", status: "ABSENT", digest: "" },
        { name: "shop-old", status: "UPDATE_COMPLETE", digest: digest("3") },
      ],
    },
  });
  await publishing("wrong", {
    deployed: commit("a"),
    outlines: [[commit("a"), [base]]],
    status: {
      conditions: [
        condition("Ready", "False", "SourceInvalid", "c.yml:1:1  prots"),
        condition("Stalled", "True", "SourceInvalid", "c.yml:1:1  prots"),
      ],
      revision: { desired: commit("c"), deployed: commit("a"), verified: undefined },
      stacks: [{ name: "shop-base", status: "CREATE_COMPLETE", digest: digest("1") }],
    },
  });
  const instances = [
    { name: "main-1a2b3c", revision: commit("d"), state: "Progressing" },
    { name: "other-4d5e6f", revision: commit("d"), state: "QuotaReached" },
  ];
  await publishing("test", { status: { conditions: ready, instances } });
  await publishing("test.main-1a2b3c", {
    status: {
      stacks: [{ name: "shop-test-base", status: "CREATE_COMPLETE", digest: digest("4") }],
    },
  });
}, 60_000);

afterAll(async () => {
  await local.close();
  rmSync(home, { recursive: true, force: true });
});

/** What is below the application: that one the controller of the sandbox has its own word for. */
const below = async (...args: readonly string[]): Promise<readonly string[]> =>
  (await said(...args)).split("\n").slice(1);

test("a tree goes from the environment to the line that asked for a resource", async () => {
  expect(await below("shop/dev")).toEqual([
    "└── dev  123456789012 eu-west-1  at aaaaaaaa  Ready=True Deployed",
    "    ├── base   shop-base  CREATE_COMPLETE",
    "    │   ├── Cluster  AWS::ECS::Cluster  no line of a compose file",
    "    │   └── Jobs     AWS::SQS::Queue    c.yml:12:3  x-sqs.jobs",
    "    └── s-web  shop-web   UPDATE_COMPLETE  after base",
  ]);
  expect(await below("shop/dev", "--compact")).toHaveLength(3);
});

test("what is not made yet waits for what is not, and what nobody wants leaves", async () => {
  expect(await below("shop/next", "--compact")).toEqual([
    "└── next  123456789012 eu-west-1  bbbbbbbb desired, none deployed  Ready=False Progressing: base: Asks for a change set, Reconciling=True Progressing",
    "    ├── base   shop-base  CREATE_IN_PROGRESS",
    "    ├── s-web  shop-web   ABSENT  waits for base",
    "    └── ?      shop-old   UPDATE_COMPLETE  leaves",
  ]);
});

test("of a commit that cannot be read what was there before is shown, and said to be", async () => {
  const [environment, ...stacks] = await below("shop/wrong", "--compact");
  expect(environment).toBe(
    "└── wrong  123456789012 eu-west-1  cccccccc desired, aaaaaaaa deployed  Ready=False SourceInvalid: c.yml:1:1 prots, Stalled=True SourceInvalid  lines as of aaaaaaaa",
  );
  expect(stacks).toEqual(["    └── base  shop-base  CREATE_COMPLETE"]);
});

test("instances stand below their environment; what was not published is not made up", async () => {
  expect(await below("shop/test")).toEqual([
    "└── test  Ready=True Deployed",
    "    ├── test.main-1a2b3c  none desired, none deployed",
    "    │   ├── what its stacks hold is told with the next commit",
    "    │   └── shop-test-base  CREATE_COMPLETE",
    "    └── test.other-4d5e6f  QuotaReached",
  ]);
  expect((await below("shop/test.main-1a2b3c"))[0]).toMatch(/^└── test\.main-1a2b3c {2}/);
});

test("without a word it is all of it, compact; with an application that, whole", async () => {
  const all = await said();
  expect(all.match(/^\w+/gm)).toEqual(["blog", "shop"]);
  expect(all).toContain("├── new  nothing known yet: trueup explain shop/new");
  expect(all).toContain("└── no environment is known");
  expect(all).not.toContain("AWS::SQS::Queue");
  expect(await said("shop")).toContain("AWS::SQS::Queue");
});

test("what is printed is as its schema says", async () => {
  const found = JSON.parse(await said("shop", "--json"));
  expect(faults("tree", found)).toEqual([]);
  const [dev] = found.applications[0].environments;
  expect(dev.stacks[0].resources[1]).toEqual(queue);
  expect(JSON.parse(await said("--json")).applications).toHaveLength(2);
});

test("what there is not is no answer", async () => {
  await expect(said("shop/prod")).rejects.toThrow("shop has dev, new, next, test, wrong, and no");
  await expect(said("none")).rejects.toThrow("none is not registered: trueup register.");
  await expect(said("none/dev")).rejects.toThrow("none is not registered: trueup register.");
  await expect(said("shop/dev/x")).rejects.toThrow("Name one environment as APP/ENV");
});

test("what left the file is shown as long as any instance of it is there", async () => {
  const { people, ports } = await connect(io([]));
  const follows = { repository: "nobody", branch: "main", file: "trueup.yaml" };
  await people.register({ application: "wiki", ...follows, environments: {}, ssm: [] });
  const stacks = [{ name: "wiki-x-base", status: "CREATE_COMPLETE", digest: digest("5") }];
  const place = { application: "wiki", environment: "preview.x-1a2b3c" };
  await publish(place, { status: { conditions: ready, stacks } }, ports);
  await ports.statuses.writeEnvironment("wiki", "preview", {
    ...emptyStatus,
    conditions: [condition("Stalled", "True", "Orphaned", "It left.")],
    instances: [{ name: "x-1a2b3c", revision: commit("d"), state: "Orphaned" }],
  });
  const [, ...lines] = (await said("wiki", "--compact")).split("\n");
  expect(lines).toEqual([
    "└── preview  Stalled=True Orphaned: It left",
    "    └── preview.x-1a2b3c  none desired, none deployed  Ready=True Deployed",
    "        ├── what its stacks hold is told with the next commit",
    "        └── wiki-x-base  CREATE_COMPLETE",
  ]);
});
