import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { afterAll, expect, onTestFinished, test } from "vitest";

// The command line as a process: what a shell, a pipe and whoever stops it see of it.

const bin = fileURLToPath(new URL("../../bin/trueup.mjs", import.meta.url));
const home = mkdtempSync(join(tmpdir(), "trueup-process-"));

afterAll(() => rmSync(home, { recursive: true, force: true }));

const said = (...args: readonly string[]) => {
  const { status, stderr } = spawnSync(process.execPath, [bin, ...args], { cwd: home });
  return { status, err: String(stderr) };
};

test("who stops reading is shown no error", () => {
  const script = `"${process.execPath}" "${bin}" help | (exec <&-; sleep 3); echo "$\{PIPESTATUS[0]}"`;
  const { stderr, stdout } = spawnSync("bash", ["-c", script]);
  expect([String(stderr), String(stdout)]).toEqual(["", "0\n"]);
});

test("help of help is help", () => {
  expect(said("help", "help")).toEqual({ status: 0, err: "" });
  // A value may be the word.
  expect(said("render", "-p", "help")).toMatchObject({ status: 2 });
});

test("the version is that of the package, and no verb", () => {
  const { version } = JSON.parse(
    readFileSync(new URL("../../package.json", import.meta.url), "utf8"),
  );
  const { status, stdout } = spawnSync(process.execPath, [bin, "--version"], { cwd: home });
  expect([status, String(stdout)]).toEqual([0, `trueup ${version}\n`]);
});

test("where an error came from is shown for the asking, and nothing else is another", () => {
  const plain = said("render");
  const shown = said("render", "--debug");
  expect([plain.status, shown.status]).toEqual([2, 2]);
  expect(plain.err).not.toContain("    at ");
  expect(shown.err).toContain("    at ");
  expect(shown.err).toContain(plain.err);
});

test("who stops the launcher stops what it runs", { timeout: 60_000 }, async () => {
  // As a Node that is too old would: it has the one that the project brings along do the work.
  const old = "Object.defineProperty(process.versions, 'node', { value: '20.0.0' });";
  const args = ["--import", `data:text/javascript,${encodeURIComponent(old)}`, bin];
  const child = spawn(process.execPath, [...args, "dev", "--empty", "--port", "0"], { cwd: home });
  onTestFinished(() => void child.kill("SIGKILL"));
  const lines: string[] = [];
  child.stdout.on("data", (chunk) => lines.push(String(chunk)));
  await expect.poll(() => lines.join(""), { timeout: 30_000 }).toContain("Ctrl-C");
  const [, url = ""] = /AWS at (\S+),/.exec(lines.join("")) ?? [];
  expect((await fetch(url)).status).toBeGreaterThan(0);
  expect(lines.join("")).not.toContain("git clone");
  expect(lines.join("")).toContain("aws codecommit create-repository --repository-name NAME");

  const ended = new Promise((done) => child.once("exit", (code) => done(code)));
  child.kill("SIGTERM");
  expect(await ended).toBe(0);
  await expect(fetch(url)).rejects.toThrow();
});
