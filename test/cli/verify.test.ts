import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { connect } from "../../src/cli/connection.ts";
import { type LocalAws, startLocalAws } from "../../src/cli/local-aws.ts";
import { verify } from "../../src/cli/verify.ts";
import type { EnvironmentStatus } from "../../src/model/status.ts";
import { emptyStatus } from "../../src/plan/statuses.ts";
import { quietIn } from "./quiet.ts";

const home = mkdtempSync(join(tmpdir(), "trueup-verify-"));
const [old, now] = ["a".repeat(40), "b".repeat(40)];
let local: LocalAws;

beforeAll(async () => {
  const log = () => undefined;
  local = await startLocalAws({ directory: join(home, "aws"), port: 0, log });
}, 60_000);

afterAll(async () => {
  await local.close();
  rmSync(home, { recursive: true, force: true });
});

const io = (out: string[]) => quietIn(home, local.environment, out);

const asking = async (said: Partial<EnvironmentStatus>, ...args: readonly string[]) => {
  const { ports } = await connect(io([]));
  await ports.statuses.writeEnvironment("shop", "test", { ...emptyStatus, ...said });
  const out: string[] = [];
  await verify.run(["shop/test", ...args], io(out));
  const { verifyAt } = await ports.requests.read("shop", "test");
  return out.join("\n").replace(String(verifyAt), "TOKEN");
};

const at = (desired: string | undefined, deployed: string | undefined) => ({
  revision: { desired, deployed, verified: undefined },
});

test("what is deployed is verified, and nothing else", async () => {
  expect(await asking(at(now, old))).toBe("Asked: TOKEN");
  expect(await asking(at(now, old), "aaaaaaaa")).toBe("Asked: TOKEN");
  await expect(asking(at(now, old), "bbbbbbbb")).rejects.toThrow("is aaaaaaaa: only that");
  await expect(asking(at(now, undefined))).rejects.toThrow("Nothing is deployed");
});

test("where nothing tells of checks, that is said, and no more", async () => {
  const condition = { reason: "Deployed", message: "", since: "", observedRevision: now } as const;
  const ready = { ...condition, type: "Ready", status: "True" } as const;
  const answered = await asking({ ...at(now, now), conditions: [ready] });
  expect(answered).toMatch(/^Asked: TOKEN\nIts status tells of no checks\./);
  const none = {
    ...condition,
    type: "Verified",
    status: "Unknown",
    reason: "NothingToVerify",
  } as const;
  expect(await asking({ ...at(now, now), conditions: [ready, none] })).toContain("no checks");
  const passed = { ...none, status: "True", reason: "Passed" } as const;
  expect(await asking({ ...at(now, now), conditions: [ready, passed] })).toBe("Asked: TOKEN");
});

test("where there is an instance for each, any revision by its whole name", async () => {
  const ends = "2026-01-01T00:20:00Z";
  const instances = [{ name: "main-b", revision: now, state: "Deployed", ends }];
  const there = { ...at(now, now), instances };
  expect(await asking(there, old)).toBe("Asked: TOKEN, in another instance for aaaaaaaa");
  const { ports } = await connect(io([]));
  expect((await ports.requests.read("shop", "test")).verifyAt).toMatch(/^[-0-9a-f]{36}\+a{40}$/);
  expect(await asking(there, "bbbbbbb")).toBe("Asked: TOKEN");
  await expect(asking(there, "aaaaaaa")).rejects.toThrow("all 40 digits");
});

test("where no instance is left, another one is made for it", async () => {
  const instances = [{ name: "main-b", revision: now, state: "Deployed" }];
  expect(await asking({ ...at(now, now), instances })).toBe("Asked: TOKEN");
  const gone = { ...at(now, undefined), instances: [] };
  expect(await asking(gone)).toBe("Asked: TOKEN, in another instance for bbbbbbbb");
  await expect(asking(gone, "aaaaaaaa")).rejects.toThrow("is bbbbbbbb: only that");
});
