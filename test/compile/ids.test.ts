import { describe, expect, test } from "vitest";
import { graphOf, saidOf } from "./from-text.ts";

const services = (...names: readonly string[]): string =>
  `services:\n${names.map((name) => `  ${name}: { image: "a:1" }\n`).join("")}`;

/** How many of a type there are: two that were merged are one. */
const count = (text: string, type: string): number =>
  [...graphOf(text).nodes.values()].filter((node) => node.type === type).length;

const errors = (text: string): readonly string[] =>
  saidOf(text).filter((line) => line.startsWith("error"));

describe("names of services", () => {
  test.for([
    ["that only look alike", ["my-svc", "mysvc"]],
    ["that are spelled together", ["ab-c", "a-bc"]],
    ["that are those of parts of the product", ["vpc", "iam", "cluster", "base", "watch"]],
    ["that are those of resources of the network", ["nat", "internet-gateway", "public-subnet1"]],
    ["one of which goes on where the other's resources do", ["web", "web-task", "web-execution"]],
    ["that begin with a digit", ["1web", "2web"]],
  ] as const)("%s give each its own resources", ([, names]) => {
    expect(count(services(...names), "AWS::ECS::Service")).toBe(names.length);
    expect(count(services(...names), "AWS::EC2::SecurityGroup")).toBe(names.length);
  });

  test.for([
    ["a hyphen and an underscore", ["my-svc", "my_svc"]],
    ["a dot and a hyphen", ["my.svc", "my-svc"]],
    ["the case of the first letter", ["web", "Web"]],
  ] as const)("that differ by %s only are an error, never one service", ([, names]) => {
    expect(errors(services(...names))).toContainEqual(
      expect.stringMatching(/^error same-name services\./),
    );
  });

  test("are at most as long as ECS takes", () => {
    expect(errors(services("a".repeat(100)))).toEqual([]);
    expect(errors(services("a".repeat(101)))).toContainEqual(
      expect.stringMatching(/^error bad-name services\.a+/),
    );
  });
});

describe("names of resources", () => {
  const queues = (...names: readonly string[]): string =>
    `${services("web")}x-sqs: { ${names.map((name) => `${name}: {}`).join(", ")} }\n`;

  test("may be those of services, and of resources of another kind", () => {
    const text = `${queues("web", "web-cluster")}x-sns: { web: {} }\n`;
    expect(count(text, "AWS::SQS::Queue")).toBe(2);
    expect(count(text, "AWS::SNS::Topic")).toBe(1);
  });

  test("that differ by a sign only are an error, never one resource", () => {
    expect(errors(queues("my-jobs", "my_jobs"))).toEqual(["error same-name x-sqs.my_jobs"]);
  });

  test("too long for a logical id are an error", () => {
    expect(errors(queues("q".repeat(195)))).toEqual([]);
    const name = "q".repeat(196);
    expect(errors(queues(name))).toEqual([`error bad-name x-sqs.${name}`]);
  });
});
