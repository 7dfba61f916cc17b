import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { artifactsIn } from "../../src/aws/artifacts.ts";
import { requestsOf } from "../../src/aws/requests.ts";
import { statusesOf } from "../../src/aws/statuses.ts";
import { requestLeaves } from "../../src/model/requests.ts";
import type { ApplicationStatus, EnvironmentStatus } from "../../src/model/status.ts";
import { checkPattern, matches } from "../../src/sandbox/events/pattern.ts";
import { recorder } from "../aws/recorder.ts";
import { functionsOf, having } from "./template.ts";

const written = functionsOf.flatMap(({ name, Properties }) =>
  having("Pattern", Properties.Events).map(({ Pattern }) => {
    const { account, ...pattern } = Pattern as Readonly<Record<string, unknown>>;
    return { name, account, pattern };
  }),
);

/** Patterns as EventBridge gets them, with the prefix put in, but for whose events they are. */
const rules = written.map(({ name, pattern: text }) => ({
  name,
  pattern: JSON.parse(
    JSON.stringify(text).replace(/\{"Sub":("[^"]*")\}/g, (_, sub: string) =>
      sub.replace("<Prefix>", "trueup"),
    ),
  ),
}));

test("rules hear of the accounts that are deployed to, and of nobody else's sources or requests", () => {
  const own = { Ref: "AWS::AccountId" };
  const all = [",", [",", [own, [",", { Ref: "TargetAccounts" }]]]];
  for (const { account, pattern } of written) {
    const [source] = pattern.source as readonly string[];
    const isOwn = source === "aws.codecommit" || source === "aws.ssm";
    expect(JSON.parse(JSON.stringify(account))).toEqual(isOwn ? [own] : all);
  }
  expect(written.length).toBeGreaterThan(8);
});

const woken = (event: unknown): readonly string[] =>
  rules.filter(({ pattern }) => matches(pattern, event)).map(({ name }) => name);

const sample = (name: string) => JSON.parse(readFileSync(`events/${name}.json`, "utf8"));

test.for(rules)("a rule of $name is one that EventBridge takes", ({ pattern }) => {
  checkPattern(pattern);
});

test.for([
  ["git-push", "GitPushFunction"],
  ["pull-request", "GitPushFunction"],
  ["image-push", "ImagePushFunction"],
  ["image-scan", "ImagePushFunction"],
  ["stack-change", "SignalFunction"],
  ["build-change", "SignalFunction"],
  ["deployment-change", "SignalFunction"],
  ["task-change", "SignalFunction"],
  ["parameter-change", "SignalFunction"],
] as const)("%s wakes %s, once", ([name, expected]) => {
  expect(woken(sample(name))).toEqual([expected]);
});

test("a tag wakes GitPushFunction, like a branch", () => {
  const event = sample("git-push");
  const detail = { ...event.detail, referenceType: "tag", referenceName: "v1.0.0" };
  expect(woken({ ...event, detail })).toEqual(["GitPushFunction"]);
});

describe("nobody is woken by", () => {
  const detail = (name: string, changed: object) => {
    const event = sample(name);
    return { ...event, detail: { ...event.detail, ...changed } };
  };

  test("an image that is deleted or was not pushed", () => {
    expect(woken(detail("image-push", { "action-type": "DELETE" }))).toEqual([]);
    expect(woken(detail("image-push", { result: "FAILURE" }))).toEqual([]);
  });

  test("a stack in the middle of something, or somebody else's", () => {
    const status = { "status-details": { status: "UPDATE_IN_PROGRESS", "status-reason": "" } };
    expect(woken(detail("stack-change", status))).toEqual([]);
    const arn = "arn:aws:cloudformation:eu-west-1:123456789012:stack/other-1/0f";
    expect(woken(detail("stack-change", { "stack-id": arn }))).toEqual([]);
  });
});

describe("nobody is woken by", () => {
  test("a build or a task that verifies nothing of ours", () => {
    const build = sample("build-change");
    const { environment } = build.detail["additional-information"];
    environment["environment-variables"] = [{ name: "OTHER", type: "PLAINTEXT", value: "x" }];
    expect(woken(build)).toEqual([]);
    const task = sample("task-change");
    expect(woken({ ...task, detail: { ...task.detail, startedBy: "ecs-svc/1" } })).toEqual([]);
    expect(woken({ ...task, detail: { ...task.detail, lastStatus: "RUNNING" } })).toEqual([]);
  });
});

describe("a parameter", () => {
  const change = (name: string, operation = "Update") => ({
    ...sample("parameter-change"),
    detail: { operation, name, type: "String" },
  });

  test.for(requestLeaves)("by which people ask wakes SignalFunction: %s", (leaf) => {
    for (const operation of ["Create", "Update", "Delete"]) {
      expect(woken(change(`/trueup/myapps/dev/${leaf}`, operation))).toEqual(["SignalFunction"]);
    }
  });

  test("that registers wakes SignalFunction", () => {
    expect(woken(change("/trueup/myapps/registration"))).toEqual(["SignalFunction"]);
  });

  test("that the controller publishes wakes nobody, whatever is written", async () => {
    const { call, requests } = recorder({ "ssm:PutParameter": [{}, {}] });
    const status = { conditions: [], errors: [], images: [], stacks: [], environments: [] };
    await statusesOf(call, artifactsIn("bucket", call)).writeEnvironment(
      "myapps",
      "dev",
      status as unknown as EnvironmentStatus,
    );
    await statusesOf(call, artifactsIn("bucket", call)).writeApplication(
      "myapps",
      status as unknown as ApplicationStatus,
    );
    const names = requests.map(({ input }) => (input as { Name: string }).Name);
    expect(names).toEqual(["/trueup/myapps/dev/status", "/trueup/myapps/status"]);
    for (const operation of ["Create", "Update", "Delete"]) {
      expect(names.flatMap((name) => woken(change(name, operation)))).toEqual([]);
    }
  });

  test("that a direct invoke writes is a request like a person's", async () => {
    const { call, requests } = recorder({ "ssm:PutParameter": [{}] });
    await requestsOf(call).ask("myapps", "dev", "t-1");
    const [name = ""] = requests.map(({ input }) => (input as { Name: string }).Name);
    expect(woken(change(name))).toEqual(["SignalFunction"]);
  });
});
