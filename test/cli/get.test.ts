import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { connect } from "../../src/cli/connection.ts";
import { get } from "../../src/cli/get.ts";
import { type LocalAws, startLocalAws } from "../../src/cli/local-aws.ts";
import { emptyStatus } from "../../src/plan/statuses.ts";
import { quietIn } from "./quiet.ts";

const home = mkdtempSync(join(tmpdir(), "trueup-get-"));
let local: LocalAws;

const io = (out: string[]) => quietIn(home, local.environment, out);

beforeAll(async () => {
  const log = () => undefined;
  local = await startLocalAws({ directory: join(home, "aws"), port: 0, log });
}, 60_000);

afterAll(async () => {
  await local.close();
  rmSync(home, { recursive: true, force: true });
});

test("every error is told, those too for which the status has no room", async () => {
  const errors = Array.from({ length: 60 }, (_, at) => ({
    file: "docker-compose.yml",
    line: at + 1,
    column: 3,
    path: `services.app${at}`,
    message: "there is no such key",
    help: "",
  }));
  const { ports } = await connect(io([]));
  await ports.statuses.writeEnvironment("shop", "prod", { ...emptyStatus, errors });

  const out: string[] = [];
  await get.run(["shop/prod"], io(out));
  const told = out.join("\n");
  expect(told.match(/services\.app\d+/g)).toEqual(errors.map(({ path }) => path));
  expect(told).not.toContain("more");

  const json: string[] = [];
  await get.run(["shop/prod", "--json"], io(json));
  const { errors: shown, more, moreErrors } = JSON.parse(json.join(""));
  expect([shown.length + moreErrors, more]).toEqual([60, expect.stringMatching(/^errors\//)]);
});
