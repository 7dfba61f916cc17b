import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ApplicationTree, Forest } from "../../src/cli/forest.ts";
import { type LocalAws, startLocalAws } from "../../src/cli/local-aws.ts";
import { seedExample } from "../../src/cli/seed.ts";
import { trace } from "../../src/cli/trace.ts";
import type { Trace } from "../../src/cli/trace-chain.ts";
import { tree } from "../../src/cli/tree.ts";
import type { Verb } from "../../src/cli/verb.ts";
import { wait } from "../../src/cli/wait.ts";
import { faults } from "../faults.ts";
import { quietIn } from "./quiet.ts";

// What the controller itself publishes is enough for whoever looks.

const home = mkdtempSync(join(tmpdir(), "trueup-looks-"));
let local: LocalAws;

const answer = async <T>(verb: Verb, ...args: readonly string[]): Promise<T> => {
  const out: string[] = [];
  expect(await verb.run([...args, "--json"], quietIn(home, local.environment, out))).toBe(0);
  const found = JSON.parse(out.join(""));
  expect(faults(verb.name, found)).toEqual([]);
  return found;
};

beforeAll(async () => {
  const log = () => undefined;
  const directory = join(home, "aws");
  local = await startLocalAws({ directory, port: 0, log, setUp: async (on) => seedExample(on) });
  const io = quietIn(home, local.environment, []);
  expect(await wait.run(["myapps/dev", "--timeout", "2m"], io)).toBe(0);
}, 150_000);

afterAll(async () => {
  await local.close();
  rmSync(home, { recursive: true, force: true });
});

const only = <T>(all: readonly T[]): T => {
  expect(all).toHaveLength(1);
  return all[0] as T;
};

test("the example is a tree, down to the lines of its compose file", async () => {
  const { applications } = await answer<Forest>(tree, "myapps");
  const { environments }: ApplicationTree = only(applications);
  const { revision, stacks } = only(environments);
  expect(revision?.deployed).toMatch(/^[0-9a-f]{40}$/);
  expect(stacks.map(({ after, status, unit }) => [unit, status, after])).toEqual([
    ["base", "CREATE_COMPLETE", []],
    ["s-app02", "CREATE_COMPLETE", ["base"]],
    ["s-app01", "CREATE_COMPLETE", ["base", "s-app02"]],
    ["s-worker", "CREATE_COMPLETE", ["base"]],
  ]);
  const resources = stacks.flatMap((stack) => stack.resources ?? []);
  expect(resources.length).toBeGreaterThan(40);
  expect(resources.filter(({ cause }) => cause === undefined)).toEqual([]);
});

test("from its image, its stack, its resource and its line one comes by the same service", async () => {
  const traced = async (word: string) => only((await answer<Trace>(trace, word)).chains);
  const { revisions, stacks } = await traced("blog-worker:1.0.0");
  const [{ name, images }, { commit, since }] = [only(stacks), only(revisions)];
  expect(only(images)).toMatchObject({
    container: "worker",
    presence: "deployed",
    cause: { file: "docker-compose.yml", path: "services.worker.image" },
    from: { commit, subject: "Begin with the example" },
  });
  expect(Object.keys(since)).toEqual(["desired", "deployed"]);
  const service = { logicalId: "WorkerService", cause: { path: "services.worker" } };
  expect(only((await traced(name)).stacks).resources).toContainEqual(
    expect.objectContaining({ logicalId: "WorkerService", presence: "deployed" }),
  );
  expect(only(only((await traced(`${name}/WorkerService`)).stacks).resources)).toMatchObject(
    service,
  );
  const became = (await traced("myapps/dev/services.worker")).stacks;
  expect(became.map((stack) => stack.unit)).toEqual(["base", "s-worker"]);
  expect((await traced(commit.slice(0, 7))).revisions).toEqual(revisions);
});
