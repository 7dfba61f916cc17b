import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { approve, reject } from "../../src/cli/approve.ts";
import { connect } from "../../src/cli/connection.ts";
import { type LocalAws, startLocalAws } from "../../src/cli/local-aws.ts";
import type { Condition } from "../../src/model/status.ts";
import { emptyStatus } from "../../src/plan/statuses.ts";
import { digest } from "./published.ts";
import { quietIn } from "./quiet.ts";

const home = mkdtempSync(join(tmpdir(), "trueup-unasked-"));
const plan = digest("a");
let local: LocalAws;

const io = (out: string[]) => quietIn(home, local.environment, out);

beforeAll(async () => {
  const log = () => undefined;
  local = await startLocalAws({ directory: join(home, "aws"), port: 0, log });
  const { ports } = await connect(io([]));
  const empty = { changes: [], riskier: [], callouts: [], settings: [], gates: [] };
  await ports.artifacts.put(`plans/${plan}.json`, JSON.stringify({ digest: plan, ...empty }));
}, 60_000);

afterAll(async () => {
  await local.close();
  rmSync(home, { recursive: true, force: true });
});

/** An environment that stands so and offers the plan. */
async function stands(...said: readonly (readonly [Condition["type"], string, string])[]) {
  const { ports } = await connect(io([]));
  await ports.statuses.writeEnvironment("shop", "dev", {
    ...emptyStatus,
    digest: { bundle: digest("b"), plan },
    conditions: said.map(([type, status, reason]) => ({
      ...{ type, status: status as Condition["status"], reason },
      ...{ message: "", since: "2026-01-01T00:00:00Z", observedRevision: "" },
    })),
  });
}

async function approved(): Promise<string | undefined> {
  const out: string[] = [];
  expect(await approve.run(["shop/dev", "--yes"], io(out))).toBe(0);
  return out.at(-1);
}

test("a plan that no gate holds takes neither an approval nor a rejection", async () => {
  await stands(["Ready", "False", "Held"], ["Held", "True", "Suspended"]);
  expect(await approved()).toBe("Nothing waits for approval.");
  await expect(reject.run(["shop/dev", "--yes"], io([]))).rejects.toThrow(
    "Plan aaaaaaaaaaaa of shop/dev waits for nobody's word, or no more, so that no rejection stops it. trueup suspend shop/dev keeps",
  );
});

test("a plan that people were asked about may be voted on after a pass that broke off", async () => {
  await stands(["Ready", "False", "ProgressingWithRetry"]);
  expect(await approved()).toBe("shop/dev: plan aaaaaaaaaaaa has your approval.");
});
