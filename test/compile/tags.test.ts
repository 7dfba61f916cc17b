import { expect, test } from "vitest";
import { errorsOf, saidOf } from "./from-text.ts";
import { said, service } from "./one-service.ts";

// How many tags AWS takes: 50 of a stack and of a resource, the stack's own among them.

const many = (count: number, prefix = "t"): readonly string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}${index}`);
const mapping = (names: readonly string[]): string =>
  `{ ${names.map((name) => `${name}: a`).join(", ")} }`;
const queue = (names: readonly string[]): string => {
  const tags = names.map((Key) => `{ Key: ${Key}, Value: a }`).join(", ");
  return `x-sqs: { jobs: { Properties: { Tags: [${tags}] } } }\n`;
};

test("a stack has three of ours, and 47 of the file", () => {
  expect(said(service("", `x-tags: ${mapping(many(47))}`))).toEqual([]);
  expect(errorsOf(service("", `x-tags: ${mapping(many(48))}`))).toEqual([
    "out-of-bounds x-tags: 48 tags are too many: a stack has 50, and 3 of them are Trueup's (Keep 47 of them.)",
  ]);
});

test("a resource has its stack's, too, but for those that it has a value of its own for", () => {
  const shared = `x-tags: ${mapping(many(20))}\n`;
  expect(said(service("", shared + queue(many(27, "q"))))).toEqual([]);
  expect(said(service("", shared + queue([...many(27, "q"), "t0"])))).toEqual([]);
  expect(errorsOf(service("", shared + queue(many(29, "q"))))).toEqual([
    "out-of-bounds x-sqs.jobs.Properties.Tags: 52 tags are too many: a resource has 50, those of its stack among them (Leave 2 of them out.)",
  ]);
});

test("a service has those that its labels become", () => {
  const labels = (count: number) => `deploy: { labels: ${mapping(many(count))} }`;
  expect(said(service(labels(47)))).toEqual([]);
  expect(said(service(labels(48)))).toEqual(["error out-of-bounds services.web.deploy.labels"]);
});

test("tags that are a mapping count as well", () => {
  const parameter = `x-ssm_parameter: { p: { Properties: { Type: String, Value: a, Tags: ${mapping(many(48))} } } }`;
  expect(saidOf(service("", parameter))).toContain(
    "error out-of-bounds x-ssm_parameter.p.Properties.Tags",
  );
});
