import { describe, expect, test } from "vitest";
import { saidOf } from "./from-text.ts";

const file = (web: string, side = "") => `
services:
  web: { image: "web:1", ${web} }
${side}
x-vpc: { Properties: { SingleNat: true } }
`;
const days = "x-logging: { RetentionInDays: 7 }";
const named = "logging: { driver: awslogs, options: { awslogs-group: theirs } }";
const family = "deploy: { labels: { ecs.task.family: f } }";

describe("days of logs that no group is made for do nothing, and it is said:", () => {
  test.for([
    [`${days}, ${named}`, "x-logging.RetentionInDays"],
    [`x-aws-logs_retention: 7, ${named}`, "x-aws-logs_retention"],
    [`${days}, logging: { driver: none }`, "x-logging.RetentionInDays"],
  ] as const)("%s", ([web, key]) => {
    expect(saidOf(file(web))).toEqual([`warning no-effect services.web.${key}`]);
  });

  test("not where the family has a group for somebody else", () => {
    const side = `  side: { image: "side:1", ${family} }`;
    expect(saidOf(file(`${days}, ${named}, ${family}`, side))).toEqual([]);
    expect(saidOf(file(days))).toEqual([]);
  });
});
