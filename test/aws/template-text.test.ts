import { describe, expect, test } from "vitest";
import { templateFrom } from "../../src/aws/template-text.ts";

const yaml = `AWSTemplateFormatVersion: 2010-09-09
Conditions:
  Large: !Not [!Equals [!Ref Size, "1"]]
Resources:
  Queue:
    Type: AWS::SQS::Queue
    Condition: Large
    Properties:
      VisibilityTimeout: 60
      QueueName:
      Tags: [!If [Large, { Key: a, Value: !Sub "b" }, !Ref AWS::NoValue]]
Outputs:
  Arn: { Value: !GetAtt Queue.Arn }
  Name: { Value: !GetAtt [Queue, QueueName] }
`;

const tag = {
  "Fn::If": ["Large", { Key: "a", Value: { "Fn::Sub": "b" } }, { Ref: "AWS::NoValue" }],
};

describe("a template", () => {
  test("in JSON is what it says", () => {
    const template = { Resources: { Queue: { Type: "AWS::SQS::Queue" } } };
    expect(templateFrom(JSON.stringify(template), "id")).toEqual(template);
  });

  test("in YAML is the same, whatever its intrinsics are short for", () => {
    expect(templateFrom(yaml, "id")).toEqual({
      AWSTemplateFormatVersion: "2010-09-09",
      Conditions: { Large: { "Fn::Not": [{ "Fn::Equals": [{ Ref: "Size" }, "1"] }] } },
      Resources: {
        Queue: {
          Type: "AWS::SQS::Queue",
          Condition: "Large",
          Properties: { VisibilityTimeout: 60, QueueName: null, Tags: [tag] },
        },
      },
      Outputs: {
        Arn: { Value: { "Fn::GetAtt": ["Queue", "Arn"] } },
        Name: { Value: { "Fn::GetAtt": ["Queue", "QueueName"] } },
      },
    });
  });

  test.for([
    "",
    "text",
    "{",
    "Resources: [",
    "Resources: { Queue: }",
    '{"Resources":{"Fn::ForEach::Q":["I",["a"],{}]}}',
  ])("that cannot be read says whose it is: %j", (text) => {
    const told = { reason: "ForeignTemplate", message: expect.stringContaining("template of id") };
    expect(() => templateFrom(text, "id")).toThrow(expect.objectContaining(told));
  });
});
