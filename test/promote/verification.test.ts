import { describe, expect, test } from "vitest";
import type { Check, Finding, Verification } from "../../src/model/verification.ts";
import { beginning, filled, progressOf } from "../../src/promote/verification.ts";

const http: Check = { kind: "http", url: "http://a/", status: 200, retries: 2, withinSeconds: 300 };
const lambda: Check = { kind: "lambda", function: "smoke" };
const of = { revision: "a".repeat(40), bundle: "b", run: 1 };
const start = beginning(of, "2026-06-01T00:00:00Z");
const passed: Finding = { kind: "said", verdict: "passed", message: "200" };
const failed: Finding = { kind: "said", verdict: "failed", message: "500" };
const errored: Finding = { kind: "errored", message: "no answer" };

const look = (finding: Finding, checks: readonly Check[], now = "2026-06-01T00:00:30Z") => ({
  checks,
  finding,
  now,
  deadlineSeconds: 1800,
});

/** Looks as often as there are findings, and tells how it ended. */
function looks(checks: readonly Check[], ...findings: readonly Finding[]) {
  let verification: Verification = start;
  for (const finding of findings) {
    const progress = progressOf(verification, look(finding, checks));
    if (progress.kind === "ended") return progress.verdict;
    verification = progress.verification;
  }
  return "going";
}

describe("a verification", () => {
  test("passes when every check has passed, one after the other", () => {
    expect(looks([http, lambda], passed)).toBe("going");
    expect(looks([http, lambda], passed, passed)).toBe("passed");
  });

  test("with nothing to check passes", () => expect(looks([], passed)).toBe("passed"));

  test("asks over the network again as often as it is told to", () => {
    expect(looks([http], failed, failed)).toBe("going");
    expect(looks([http], failed, failed, failed)).toBe("failed");
    expect(looks([http], failed, failed, passed)).toBe("passed");
  });

  test("does not ask again once the time for that is over", () => {
    const { kind } = progressOf(start, look(failed, [http], "2026-06-01T00:05:00Z"));
    expect(kind).toBe("ended");
  });

  test("counts tries anew for the next check", () => {
    expect(looks([http, http], failed, failed, passed, failed, failed, passed)).toBe("passed");
  });

  test("takes a lambda's no for a no, whatever comes after it", () => {
    expect(looks([lambda], failed)).toBe("failed");
    expect(looks([lambda, http], failed)).toBe("failed");
    const unsure: Finding = { kind: "said", verdict: "inconclusive", message: "" };
    expect(looks([lambda, http], unsure)).toBe("inconclusive");
  });

  test("that could not be made is made again, three times, and then nobody could tell", () => {
    expect(looks([lambda], errored, errored, errored)).toBe("going");
    expect(looks([lambda], errored, errored, errored, errored)).toBe("inconclusive");
    expect(looks([lambda], errored, errored, passed)).toBe("passed");
  });

  test("remembers what it has started, and forgets it when it has to start again", () => {
    const running = progressOf(start, look({ kind: "running", handle: "build:1" }, [lambda]));
    expect(running).toMatchObject({ verification: { handle: "build:1" } });
    if (running.kind !== "going") throw new Error("ended");
    const again = progressOf(running.verification, look(errored, [lambda]));
    expect(again).toMatchObject({ kind: "going", verification: { errors: 1 } });
    expect(again.kind === "going" && "handle" in again.verification).toBe(false);
  });

  test("that is not done in time is inconclusive, never passed or failed", () => {
    const running: Finding = { kind: "running", handle: "build:1" };
    const late = look(running, [lambda], "2026-06-01T00:30:00Z");
    expect(progressOf(start, late)).toMatchObject({ kind: "ended", verdict: "inconclusive" });
    expect(progressOf(start, { ...late, finding: passed })).toMatchObject({ verdict: "passed" });
  });

  test("that hears an answer after its time takes it for what it is", () => {
    const late = (finding: Finding) => look(finding, [lambda, http], "2026-06-01T00:30:00Z");
    expect(progressOf(start, late(passed))).toMatchObject({
      kind: "going",
      message: "lambda smoke: passed",
      verification: { index: 1 },
    });
    const tired = { ...start, errors: 3 };
    expect(progressOf(tired, late(errored))).toMatchObject({ message: "lambda smoke: no answer" });
    expect(progressOf(start, late(errored))).toMatchObject({
      message: "lambda smoke: is not done after 1800 s: lambda smoke: no answer",
    });
  });

  test.for<[check: Check, name: string]>([
    [http, "http http://a/"],
    [lambda, "lambda smoke"],
    [{ kind: "codebuild", project: "e2e" }, "codebuild e2e"],
    [{ kind: "task", service: "web", command: [] }, "task web"],
  ])("says which check it is at: %s", ([check, name]) => {
    const { message } = progressOf(start, look({ kind: "running", handle: "1" }, [check]));
    expect(message).toBe(`${name}: is running`);
  });

  test("says how many checks have passed", () => {
    expect(progressOf(start, look(passed, [lambda])).message).toBe("The check passed.");
    const second = { ...start, index: 1 };
    expect(progressOf(second, look(passed, [lambda, http])).message).toBe("All 2 checks passed.");
    expect(progressOf(start, look(passed, [])).message).toBe("All 0 checks passed.");
  });
});

describe("placeholders", () => {
  const the = (name: string) => `\${${name}}`;
  const known = { revision: "abc", outputs: { PublicUrl: "http://lb" } };

  test("are the revision and the outputs", () => {
    const check: Check = { ...http, url: `${the("outputs.PublicUrl")}/${the("revision")}` };
    expect(filled(check, known)).toEqual({
      kind: "filled",
      check: { ...http, url: "http://lb/abc" },
    });
  });

  test("are filled in commands too", () => {
    const check: Check = { kind: "task", service: "web", command: ["./smoke", the("revision")] };
    expect(filled(check, known)).toMatchObject({ check: { command: ["./smoke", "abc"] } });
  });

  test.for(["outputs.Nothing", "PublicUrl", "outputs.revision", "outputs.constructor"])(
    "that name nothing are said: %s",
    (name) => {
      const { kind, ...rest } = filled({ ...http, url: the(name) }, known);
      expect(kind).toBe("unknown");
      expect(JSON.stringify(rest)).toContain("there are outputs.PublicUrl, revision");
    },
  );
});
