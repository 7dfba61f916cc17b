// biome-ignore-all lint/suspicious/noTemplateCurlyInString: compose and CloudFormation text has them.
import { describe, expect, test } from "vitest";
import { graphOf, only } from "./from-text.ts";
import { said, service } from "./one-service.ts";

// biome-ignore lint/suspicious/noExplicitAny: tests look into properties as a reader does.
const containerOf = (lines: string): any =>
  only(graphOf(service(lines)), "AWS::ECS::TaskDefinition").ContainerDefinitions[0];

describe("an empty entrypoint takes away the image's", () => {
  test.for(["[]", '""'])("%s: the command is what runs", (entrypoint) => {
    const lines = `entrypoint: ${entrypoint}\ncommand: [sh, -c, "\${AWS::Region}"]`;
    const { Command, EntryPoint } = containerOf(lines);
    expect(EntryPoint).toEqual(["sh", "-c", { Ref: "AWS::Region" }]);
    expect(Command).toBeUndefined();
  });

  test("without a command it is left, and that is said", () => {
    expect(said(service("entrypoint: []"))).toEqual(["warning no-effect services.web.entrypoint"]);
    expect(containerOf("entrypoint: []")).not.toHaveProperty("EntryPoint");
  });

  test("one that is left out leaves it", () => {
    const { Command, EntryPoint } = containerOf("entrypoint:\ncommand: [run]");
    expect([EntryPoint, Command]).toEqual([undefined, ["run"]]);
  });
});

describe("a health check", () => {
  const check = (lines: string) => containerOf(`healthcheck: { ${lines} }`).HealthCheck;

  test("has Docker's usual times where it says 0, as there, and where it says none", () => {
    const usual = { Command: ["CMD", "up"], Timeout: 30 };
    const zero = "test: [CMD, up], interval: 0s, timeout: 0s, retries: 0";
    expect(said(service(`healthcheck: { ${zero} }`))).toEqual([]);
    expect(check(zero)).toEqual(usual);
    expect(check("test: [CMD, up]")).toEqual(usual);
  });

  test("refers to what any text may refer to", () => {
    expect(check('test: "up ${AWS::Region}"').Command[1]).toEqual({
      "Fn::Join": ["", ["up ", { Ref: "AWS::Region" }]],
    });
  });

  test.for(["CMD", "CMD-SHELL"])("that is %s alone runs nothing", (word) => {
    expect(said(service(`healthcheck: { test: [${word}] }`))).toEqual([
      "error missing-key services.web.healthcheck.test",
    ]);
  });
});
