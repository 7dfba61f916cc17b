import { expect, test } from "vitest";
import type { Template } from "../../src/model/template.ts";
import { moved } from "../../src/plan/layout.ts";
import { stackIn, unitOf } from "./situations.ts";

const holding = (...ids: readonly string[]): Template => ({
  AWSTemplateFormatVersion: "2010-09-09",
  Resources: Object.fromEntries(
    ids.map((id) => [id, { Type: id === "Jobs" ? "AWS::SQS::Queue" : "AWS::IAM::Role" }]),
  ),
});

const wants = (unit: string, ...ids: readonly string[]) => {
  const one = unitOf(stackIn("UPDATE_COMPLETE"));
  return { ...one, goal: { ...one.goal, unit, template: holding(...ids) } };
};

const judged = (
  units: readonly ReturnType<typeof wants>[],
  deployed: Readonly<Record<string, Template>>,
  leaving: readonly string[] = [],
) =>
  moved({
    units,
    leaving: leaving.map((unit) => ({ unit, stack: stackIn("CREATE_COMPLETE") })),
    templates: new Map(Object.entries(deployed)),
  });

test("what would go from one stack to another holds both, and says how to go on", () => {
  const found = judged([wants("base", "Jobs"), wants("s-web", "Role")], {
    base: holding(),
    "s-web": holding("Jobs", "Role"),
  });
  expect([...found.keys()].sort()).toEqual(["base", "s-web"]);
  expect(found.get("base")).toEqual({
    reason: "LayoutChanged",
    message: expect.stringMatching(
      /^Jobs \(AWS::SQS::Queue\) is deployed in s-web and would move to base; .*give it another name/,
    ),
  });
});

test("a stack that leaves with something that another is to have is held too", () => {
  const found = judged([wants("all", "Jobs", "Role")], { base: holding("Jobs", "Role") }, ["base"]);
  expect([...found.keys()].sort()).toEqual(["all", "base"]);
  expect(found.get("all")?.message).toContain("and 1 more");
  expect(found.get("all")?.message).toMatch(/^Jobs .*`layout: per-service`/);
});

test("all in one that is to become several is asked to stay all in one", () => {
  const found = judged([wants("base", "Jobs")], { all: holding("Jobs") }, ["all"]);
  expect(found.get("base")?.message).toContain("`layout: single`");
});

test("each is told of its own, and not of what others would move", () => {
  const units = [wants("base", "Jobs"), wants("s-a", "Role"), wants("s-b"), wants("s-c")];
  const found = judged(units, { "s-b": holding("Jobs"), "s-c": holding("Role") });
  const told = [...found].map(([unit, { message }]) => [unit, message.split(";")[0]]);
  const jobs = "Jobs (AWS::SQS::Queue) is deployed in s-b and would move to base";
  const role = "Role (AWS::IAM::Role) is deployed in s-c and would move to s-a";
  expect(Object.fromEntries(told)).toEqual({ base: jobs, "s-a": role, "s-b": jobs, "s-c": role });
});

test("a stack that others have nothing to do with goes its way", () => {
  const units = [wants("base", "Jobs"), wants("s-web", "Role"), wants("s-api", "Task")];
  const found = judged(units, { base: holding(), "s-web": holding("Jobs"), "s-api": holding() });
  expect(found.has("s-api")).toBe(false);
});

test("what is in both already, or is something else of the same name, does not move", () => {
  const both = { base: holding("Jobs"), "s-web": holding("Jobs") };
  expect(judged([wants("base", "Jobs"), wants("s-web")], both).size).toBe(0);
  const other: Template = {
    AWSTemplateFormatVersion: "2010-09-09",
    Resources: { Jobs: { Type: "AWS::SNS::Topic" } },
  };
  expect(judged([wants("base", "Jobs"), wants("s-web")], { "s-web": other }).size).toBe(0);
});

test("where nothing is deployed nothing moves", () => {
  expect(judged([wants("all", "Jobs")], {}, ["base"]).size).toBe(0);
});

test("where nothing changes no template is made to see that nothing moves", () => {
  const one = wants("all", "Jobs");
  const goal = Object.defineProperty({ ...one.goal }, "template", {
    get: () => {
      throw new Error("It is made.");
    },
  });
  expect(judged([{ ...one, goal }], {}).size).toBe(0);
  expect(() => judged([{ ...one, goal }], { base: holding() })).toThrow("It is made.");
});
