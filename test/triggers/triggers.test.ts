import { globSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { triggers } from "../../src/triggers/registry.ts";
import type { Event, Hint } from "../../src/triggers/trigger.ts";

const sample = (name: string): Event => JSON.parse(readFileSync(`events/${name}.json`, "utf8"));
const hintsOf = (event: Event): Hint[] =>
  triggers.map((trigger) => trigger(event)).filter((hint) => hint !== undefined);

/** Every sample that an event function gets, and where it sends us. */
const hints: Readonly<Record<string, Hint>> = {
  "build-change": { look: "key", key: "myapps/dev" },
  "deployment-change": { look: "stack", name: "trueup-myapps-dev-s-app01-5e6f7a8b" },
  "git-push": { look: "repository", repository: "myapps", pushed: { branch: "main" } },
  "image-push": { look: "images", repository: "blog-app-02" },
  "image-scan": { look: "images", repository: "blog-app-02" },
  "parameter-change": { look: "environment", application: "myapps", environment: "dev" },
  "pull-request": { look: "repository", repository: "myapps", pushed: { branch: "main" } },
  schedule: { look: "key", key: "myapps/dev" },
  "stack-change": { look: "stack", name: "trueup-myapps-dev-base-1a2b3c4d" },
  sweep: { look: "everything" },
  "task-change": { look: "key", key: "myapps/dev" },
};

/** What functions get that look for themselves what is to be done. */
const others = ["direct-invoke", "janitor", "queue-record"];

test.for(Object.entries(hints))("exactly one trigger reads %s", ([name, hint]) => {
  expect(hintsOf(sample(name))).toEqual([hint]);
});

test("every sample is an event of a trigger or of a function that reads none", () => {
  const names = globSync("events/*.json").map((path) => basename(path, ".json"));
  expect(names.sort()).toEqual([...Object.keys(hints), ...others].sort());
});

test.for(others)("no trigger reads %s", (name) => {
  expect(hintsOf(sample(name))).toEqual([]);
});

test("whatever comes in, a trigger answers and never throws", () => {
  const types = Object.keys(hints).map((name) => sample(name)["detail-type"]);
  const event = fc.record({
    "detail-type": fc.constantFrom(...types),
    detail: fc.jsonValue(),
    resources: fc.jsonValue(),
    key: fc.jsonValue(),
    execution: fc.jsonValue(),
  });
  fc.assert(
    fc.property(event, (candidate) => {
      hintsOf(candidate);
    }),
  );
});

describe("a git push", () => {
  const push = sample("git-push");
  const withDetail = (detail: object): Event => ({ ...push, detail });

  test("of a branch with slashes keeps its whole name", () => {
    const detail = { repositoryName: "myapps", referenceType: "branch", referenceName: "a/b" };
    expect(hintsOf(withDetail(detail))).toEqual([
      { look: "repository", repository: "myapps", pushed: { branch: "a/b" } },
    ]);
  });

  test("of a tag names the tag", () => {
    const detail = { repositoryName: "myapps", referenceType: "tag", referenceName: "v1" };
    expect(hintsOf(withDetail(detail))).toEqual([
      { look: "repository", repository: "myapps", pushed: { tag: "v1" } },
    ]);
  });

  test("without a repository is nobody's", () => {
    expect(hintsOf(withDetail({ referenceType: "branch" }))).toEqual([]);
  });
});

describe("a parameter", () => {
  const change = (name: string): Event => ({
    ...sample("parameter-change"),
    detail: { operation: "Update", name, type: "String" },
  });

  test.for(["approval", "hold", "requested-at", "suspended"])("%s is a request", (leaf) => {
    expect(hintsOf(change(`/trueup/myapps/dev/${leaf}`))).toEqual([
      { look: "environment", application: "myapps", environment: "dev" },
    ]);
  });

  test("registration is the application's", () => {
    expect(hintsOf(change("/trueup/myapps/registration"))).toEqual([
      { look: "application", application: "myapps" },
    ]);
  });

  test.for([
    "/trueup/myapps/status",
    "/trueup/myapps/dev/status",
    "/trueup/myapps/dev/requested-at/x",
    "/trueup/registration",
    "/other/myapps/dev/hold",
    "trueup/myapps/dev/hold",
  ])("%s is no request", (name) => expect(hintsOf(change(name))).toEqual([]));
});

describe("a deployment", () => {
  const change = (arn: string): Event => ({ ...sample("deployment-change"), resources: [arn] });
  const stack = "trueup-myapps-dev-s-app01-5e6f7a8b";

  test("of a service without its cluster's name, as of old, is found too", () => {
    const arn = `arn:aws:ecs:eu-west-1:123456789012:service/${stack}-App01-abc123`;
    expect(hintsOf(change(arn))).toEqual([{ look: "stack", name: stack }]);
  });

  test("of a service that CloudFormation did not name is nobody's", () => {
    expect(hintsOf(change("arn:aws:ecs:eu-west-1:123456789012:service/c/web"))).toEqual([]);
  });
});
