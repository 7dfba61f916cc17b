import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import type { Template } from "../../src/model/template.ts";
import { accepted } from "./accepted.ts";
import { readCases } from "./cases.ts";
import { acceptedBy, differences } from "./differences.ts";
import { faultsIn } from "./faults.ts";
import { printedOn } from "./page.ts";
import { type Ending, runCase, summarised } from "./parity.ts";
import type { Container, Summary } from "./summary.ts";

const directory = fileURLToPath(new URL("../../../shared/composex/dev", import.meta.url));
const endings = readCases(directory).map((one) => ({ id: one.id, ending: runCase(one) }));

// The cases are not part of the project.
describe.skipIf(endings.length === 0)(`what is made of the cases in ${directory}`, () => {
  test.for(endings)("$id: is clean and explained, or names what is not built", ({ ending }) => {
    expect(complaints(ending)).toEqual([]);
  });

  test("no difference is accepted that there is not", () => {
    const all = endings.flatMap(({ ending }) =>
      ending.kind === "later" ? [] : ending.differences,
    );
    const used = new Set(all.map(acceptedBy));
    // What waits for a kind may use the others.
    const waits = endings.some(({ ending }) => ending.kind === "later");
    if (!waits) expect(accepted.filter((entry) => !used.has(entry))).toEqual([]);
    expect(used.size).toBeGreaterThan(accepted.length / 2);
  });
});

const complaints = (ending: Ending): readonly string[] => {
  switch (ending.kind) {
    case "rendered":
      return [...ending.faults, ...ending.unexplained];
    case "refused":
      return ending.unexplained;
    case "later":
      return ending.errors.filter((error) => !/\S+ is not supported yet/.test(error));
  }
};

test("the page tells the differences that are accepted", async () => {
  const page = fileURLToPath(new URL("../../docs/composex-compatibility.md", import.meta.url));
  await expect(printedOn(readFileSync(page, "utf8"))).toMatchFileSnapshot(page);
});

describe("a comparison sees", () => {
  const container: Container = {
    env: ["A"],
    secrets: ["s"],
    ports: ["80"],
    dependsOn: ["b:START"],
    healthcheck: true,
  };
  const old: Summary = {
    types: { "AWS::SQS::Queue": 2 },
    containers: { web: container },
    actions: ["s3:Get*", "sqs:*"],
  };

  test("nothing where there is nothing to see", () => {
    expect(differences(old, { ...old, types: { "AWS::SQS::Queue": 1 } })).toEqual([]);
  });

  test("types, containers, and what is in them", () => {
    const bare = { env: [], secrets: [], ports: ["81"], dependsOn: [], healthcheck: false };
    const ours = { types: { "AWS::SNS::Topic": 1 }, containers: { web: bare, b: bare } };
    expect(differences(old, { ...ours, actions: old.actions })).toEqual([
      "- type AWS::SQS::Queue",
      "+ type AWS::SNS::Topic",
      "+ container b",
      "- container web environment A",
      "- container web secret s",
      "- container web port 80",
      "+ container web port 81",
      "- container web after b:START",
      "- container web has healthcheck",
    ]);
  });

  test("actions, but not how a wildcard is written out", () => {
    const actions = ["s3:GetObject", "sqs:SendMessage"];
    expect(differences(old, { ...old, actions })).toEqual([
      "- action sqs:*",
      "+ action sqs:SendMessage",
    ]);
  });

  test("that an accepted line is that line only", () => {
    expect(acceptedBy("- action sqs:*")).toBeDefined();
    expect(acceptedBy("- action sqs:SendMessage")).toBeUndefined();
    expect(acceptedBy("- action ecr:GetAuthorizationToken")).toBeDefined();
    expect(acceptedBy("+ action ecr:GetAuthorizationToken")).toBeUndefined();
  });
});

test("the sum counts what waits and what is refused with reason apart", () => {
  const clean: Ending = {
    kind: "rendered",
    warnings: [],
    faults: [],
    differences: [],
    unexplained: [],
  };
  const endings: readonly Ending[] = [
    clean,
    { ...clean, faults: ["x"], unexplained: ["- type T"] },
    { kind: "refused", errors: ["x"], differences: ["! x"], unexplained: [] },
    { kind: "refused", errors: ["x"], differences: ["! x"], unexplained: ["! x"] },
    { kind: "later", errors: ["x"] },
  ];
  expect(summarised(endings)).toBe(
    "2 of 3 render, 1 schema-clean, 2 unexplained differences, 1 need what is not built yet, 1 refused with reason",
  );
});

describe("a template is faulty", () => {
  const template = (Properties: object, Type = "AWS::SQS::Queue"): Template =>
    ({
      AWSTemplateFormatVersion: "2010-09-09",
      Resources: {
        Key: { Type: "AWS::KMS::Key", Properties: { KeyPolicy: {} } },
        It: { Type, Properties },
      },
    }) as unknown as Template;

  test.for<[string, Template, RegExp]>([
    ["of an unknown type", template({}, "AWS::SQS::Quue"), /Unrecognized resource types/],
    ["with an unknown property", template({ Nmae: "x" }), /unsupported properties .*Nmae/],
    ["with a value of another type", template({ DelaySeconds: "soon" }), /does not match type/],
    [
      "without what is required",
      template({}, "AWS::Logs::SubscriptionFilter"),
      /\{\/FilterPattern\} is required/,
    ],
    [
      "with a value that is not among those allowed",
      template({ RetentionInDays: 2 }, "AWS::Logs::LogGroup"),
      /is not one of/,
    ],
    ["that refers to nothing", template({ QueueName: { Ref: "Nobody" } }), /Nobody/],
    [
      "that asks for an attribute there is not",
      template({ KmsMasterKeyId: { "Fn::GetAtt": ["Key", "Nothing"] } }),
      /does not support attribute type Nothing/,
    ],
  ])("%s", ([, faulty, message]) => {
    expect(faultsIn(faulty).join("\n")).toMatch(message);
  });

  test("but not for what only CloudFormation knows", () => {
    const value = { "Fn::GetAtt": ["Key", "Arn"] };
    const properties = { DelaySeconds: { Ref: "Key" }, KmsMasterKeyId: value };
    expect(faultsIn(template({ ...properties, QueueName: { Ref: "AWS::NoValue" } }))).toEqual([]);
  });
});
