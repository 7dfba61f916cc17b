import { describe, expect, test } from "vitest";
import { aWorld, call, refusal } from "../world-of-services.ts";
import { cloudformation, deployed, described, parameters, proposed, stackOf } from "./a-world.ts";

const refused = (template: unknown): string =>
  refusal(aWorld(), "cloudformation:CreateStack", {
    StackName: "s",
    TemplateBody: typeof template === "string" ? template : JSON.stringify(template),
  });

const one = (properties: object, rest: object = {}) => ({
  ...rest,
  Resources: { A: { Type: "AWS::SSM::Parameter", Properties: properties } },
});

const valued = (Value: unknown, rest: object = {}) => one({ Type: "String", Value }, rest);

const refusals: readonly (readonly [message: string, template: unknown])[] = [
  ["Template format error: JSON not well-formed. (line 1, column 13)", '{"Resources":'],
  ["Template format error: YAML not well-formed. (line 2, column 1)", "Resources: [\nA: b"],
  ["Template format error: unsupported structure.", "just text"],
  ["Template format error: At least one Resources member must be defined.", { Resources: {} }],
  ["Invalid template property or properties [Resource]", { Resource: {}, Resources: {} }],
  [
    "Template format error: Resource name my-id is non alphanumeric.",
    { Resources: { "my-id": { Type: "AWS::SQS::Queue" } } },
  ],
  ["Template format error: Any Resources member must be an object.", { Resources: { A: "b" } }],
  [
    "Template format error: [/Resources/A] Every Resources object must contain a Type member.",
    { Resources: { A: {} } },
  ],
  [
    "Invalid template resource property 'Invalid'",
    { Resources: { A: { Type: "AWS::SQS::Queue", Invalid: 1 } } },
  ],
  [
    "[/Outputs/Url/Value] 'null' values are not allowed in templates",
    { ...valued("a"), Outputs: { Url: { Value: null } } },
  ],
  [
    "Template format error: Every Outputs member must contain a Value object",
    { ...valued("a"), Outputs: { Url: {} } },
  ],
  [
    "Template format error: Every Mappings attribute must be a String or a List.",
    { ...valued("a"), Mappings: { M: { A: { B: { C: "d" } } } } },
  ],
  [
    "Template format error: Every Mappings member A must be a map",
    { ...valued("a"), Mappings: { M: { A: "b" } } },
  ],
  [
    "Template format error: Unrecognized resource types: [AWS::SQS::Kueue]",
    { Resources: { A: { Type: "AWS::SQS::Kueue" } } },
  ],
  [
    "Template format error: Unresolved resource dependencies [Nobody] in the Resources block of the template",
    valued({ Ref: "Nobody" }),
  ],
  [
    "Template format error: Unresolved resource dependencies [Nobody] in the Outputs block of the template",
    { ...valued("a"), Outputs: { O: { Value: { Ref: "Nobody" } } } },
  ],
  [
    "Circular dependency between resources: [A, B]",
    parameters({
      A: { Value: { Ref: "B" } },
      B: { Value: { Ref: "A" } },
    }),
  ],
  [
    "Template error: resource A does not support attribute type Bogus in Fn::GetAtt",
    parameters({ A: {}, B: { Value: { "Fn::GetAtt": ["A", "Bogus"] } } }),
  ],
  [
    "Template error: unresolved condition dependency Missing in Fn::If",
    valued({ "Fn::If": ["Missing", "a", "b"] }),
  ],
  [
    "Template error: Unable to get mapping for M::C::Suffix",
    valued({ "Fn::FindInMap": ["M", "C", "Suffix"] }, { Mappings: { M: { A: { Suffix: "a" } } } }),
  ],
  [
    "Template error: every Fn::Equals object requires a list of 2 string parameters.",
    valued("a", { Conditions: { C: { "Fn::Equals": ["a"] } } }),
  ],
  [
    "Template error: Fn::Select requires a list argument with two elements: an integer index and a list",
    valued({ "Fn::Select": [0, "a"] }),
  ],
  [
    "Template error: Fn::Select requires a list argument with two elements: an integer index and a list",
    valued({ "Fn::Select": [3, ["a"]] }),
  ],
  [
    "Template error: every Fn::GetAtt object requires two non-empty parameters, the resource name and the resource attribute",
    valued({ "Fn::GetAtt": ["A", ""] }),
  ],
  [
    "Parameters: [Input] must have values",
    valued("a", { Parameters: { Input: { Type: "String" } } }),
  ],
];

describe("a template is refused in CloudFormation's words", () => {
  test.for(refusals)("%s", ([message, template]) =>
    expect(refused(template)).toBe(`ValidationError: ${message}`),
  );

  test("too long a body", () => {
    const body = JSON.stringify(valued("x".repeat(52_000)));
    expect(refused(body)).toBe(
      `ValidationError: 1 validation error detected: Value '${body}' at 'templateBody' failed to satisfy constraint: Member must have length less than or equal to 51200`,
    );
  });

  test("a resource that its condition leaves out is not there", () => {
    const template = {
      Conditions: { Never: { "Fn::Equals": ["a", "b"] } },
      Resources: {
        A: { Type: "AWS::SQS::Queue", Condition: "Never" },
        B: { Type: "AWS::SSM::Parameter", Properties: { Type: "String", Value: { Ref: "A" } } },
      },
    };
    expect(refused(template)).toBe(
      "ValidationError: Template format error: Unresolved resource dependencies [A] in the Resources block of the template",
    );
  });
});

describe("what is not emulated is refused aloud", () => {
  test.for<[string, object]>([
    ["the template section Transform", { Transform: "AWS::Serverless-2016-10-31", ...valued("a") }],
    ["the template section Rules", { Rules: {}, ...valued("a") }],
    ["Fn::Transform", valued({ "Fn::Transform": { Name: "x" } })],
    [
      "the resource type AWS::CloudFormation::Stack",
      { Resources: { A: { Type: "AWS::CloudFormation::Stack" } } },
    ],
    ["the resource type Custom::Thing", { Resources: { A: { Type: "Custom::Thing" } } }],
    ["UpdatePolicy (of A)", { Resources: { A: { Type: "AWS::SQS::Queue", UpdatePolicy: {} } } }],
  ])("%s", ([what, template]) =>
    expect(refused(template)).toBe(`NotImplemented: not emulated: ${what}`),
  );
});

describe("parameters", () => {
  const given = (declaration: object, value: string) =>
    refusal(aWorld(), "cloudformation:CreateStack", {
      StackName: "s",
      TemplateBody: JSON.stringify(valued("a", { Parameters: { P: declaration } })),
      Parameters: [{ ParameterKey: "P", ParameterValue: value }],
    });

  test.for<[object, string, string]>([
    [{ Type: "Number" }, "x", "Parameter 'P' must be a number."],
    [
      { Type: "String", AllowedValues: ["a", "b"] },
      "c",
      "Parameter 'P' must be one of AllowedValues",
    ],
    [{ Type: "String", AllowedPattern: "[a-z]+" }, "A", "Parameter 'P' must match pattern [a-z]+"],
    [
      { Type: "String", AllowedPattern: "[a-z]+", ConstraintDescription: "small letters" },
      "A",
      "Parameter 'P' failed to satisfy constraint: small letters",
    ],
    [{ Type: "String", MinLength: 3 }, "ab", "Parameter 'P' must contain at least 3 characters"],
    [{ Type: "String", MaxLength: 1 }, "ab", "Parameter 'P' must contain at most 1 characters"],
    [
      { Type: "AWS::SSM::Parameter::Value<String>" },
      "/nothing",
      "Unable to fetch parameters [/nothing] from parameter store for this account.",
    ],
  ])("%j refuses %s", ([declaration, value, message]) =>
    expect(given(declaration, value)).toBe(`ValidationError: ${message}`),
  );

  test("one that the template lacks", () =>
    expect(
      refusal(aWorld(), "cloudformation:CreateStack", {
        StackName: "s",
        TemplateBody: JSON.stringify(valued("a")),
        Parameters: [{ ParameterKey: "X", ParameterValue: "y" }],
      }),
    ).toBe("ValidationError: Parameters: [X] do not exist in the template"));

  test("a secret one is shown nowhere", () => {
    const world = aWorld();
    const template = valued({ Ref: "P" }, { Parameters: { P: { Type: "String", NoEcho: true } } });
    deployed(world, "s", JSON.stringify(template), {
      Parameters: [{ ParameterKey: "P", ParameterValue: "hunter2" }],
    });
    const shown = ["DescribeStacks", "DescribeStackEvents", "DescribeStackResources"].map(
      (operation) => cloudformation(world, operation, { StackName: "s" }),
    );
    expect(JSON.stringify(shown)).not.toContain("hunter2");
    expect(stackOf(world, "s").Parameters).toEqual([{ ParameterKey: "P", ParameterValue: "****" }]);
  });

  test("one of Parameter Store shows what it stood for", () => {
    const world = aWorld();
    call(world, "ssm:PutParameter", { Name: "/image", Value: "nginx:1", Type: "String" });
    const declaration = { Type: "AWS::SSM::Parameter::Value<String>", Default: "/image" };
    const template = valued({ Ref: "P" }, { Parameters: { P: declaration } });
    deployed(world, "s", JSON.stringify(template));
    expect(stackOf(world, "s").Parameters).toEqual([
      { ParameterKey: "P", ParameterValue: "/image", ResolvedValue: "nginx:1" },
    ]);
  });
});

test("a parameter of Parameter Store that stands for something else is a change of its own", () => {
  const world = aWorld();
  const put = (Value: string) =>
    call(world, "ssm:PutParameter", { Name: "/image", Value, Type: "String", Overwrite: true });
  put("nginx:1");
  const declaration = { Type: "AWS::SSM::Parameter::Value<String>", Default: "/image" };
  const template = JSON.stringify(valued({ Ref: "P" }, { Parameters: { P: declaration } }));
  deployed(world, "s", template);
  put("nginx:2");
  const { Id } = proposed(world, "s", template);
  const [change] = described(world, Id).Changes;
  expect(change.ResourceChange).toMatchObject({
    Action: "Modify",
    Replacement: "False",
    Details: [{ ChangeSource: "DirectModification", Evaluation: "Static" }],
  });
  expect(change.ResourceChange.Details).toHaveLength(1);
});

test("every function gives what CloudFormation gives", () => {
  const template = `
Parameters:
  Names: { Type: CommaDelimitedList, Default: "a, b" }
  Stage: { Type: String, Default: prod }
Mappings:
  Sizes: { prod: { Count: "3" } }
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
  Both: !And [!Condition IsProd, !Not [!Equals [a, b]]]
  Any: !Or [!Equals [a, b], !Condition Both]
Resources:
  Queue: { Type: AWS::SQS::Queue, Properties: { QueueName: q } }
Outputs:
  Ref: { Value: !Ref Queue }
  GetAtt: { Value: !GetAtt Queue.Arn }
  Sub: { Value: !Sub "\${Queue.QueueName} in \${AWS::Region} of \${!Literal} and \${Stage}" }
  SubMap: { Value: !Sub ["\${Own}-\${AWS::AccountId}", { Own: !Ref Stage }] }
  Join: { Value: !Join ["+", !Ref Names] }
  Select: { Value: !Select [1, !Split ["|", "x|y|z"]] }
  If: { Value: !If [Any, "yes", "no"] }
  Map: { Value: !FindInMap [Sizes, !Ref Stage, Count] }
  Base64: { Value: !Base64 "hello" }
  Zone: { Value: !Select [0, !GetAZs ""] }
  Cidr: { Value: !Select [2, !Cidr ["10.0.0.0/16", 4, 8]] }
  NoValue: { Value: !Join ["", [a, !If [IsProd, !Ref "AWS::NoValue", b]]] }
`;
  const world = aWorld();
  deployed(world, "s", template);
  const outputs = stackOf(world, "s").Outputs as { OutputKey: string; OutputValue: string }[];
  expect(Object.fromEntries(outputs.map((one) => [one.OutputKey, one.OutputValue]))).toEqual({
    Ref: "https://sqs.eu-west-1.amazonaws.com/123456789012/q",
    GetAtt: "arn:aws:sqs:eu-west-1:123456789012:q",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: Fn::Sub's own way to write it.
    Sub: "q in eu-west-1 of ${Literal} and prod",
    SubMap: "prod-123456789012",
    Join: "a+b",
    Select: "y",
    If: "yes",
    Map: "3",
    Base64: "aGVsbG8=",
    Zone: "eu-west-1a",
    Cidr: "10.0.2.0/24",
    NoValue: "a",
  });
});

test("IAM asks for a capability, and a named role for the stronger one", () => {
  const role = (properties: object) =>
    refused({
      Resources: {
        R: { Type: "AWS::IAM::Role", Properties: { AssumeRolePolicyDocument: {}, ...properties } },
      },
    });
  expect(role({})).toBe(
    "InsufficientCapabilitiesException: Requires capabilities : [CAPABILITY_IAM]",
  );
  expect(role({ RoleName: "r" })).toBe(
    "InsufficientCapabilitiesException: Requires capabilities : [CAPABILITY_NAMED_IAM]",
  );
});

test("a template is fetched from S3", () => {
  const world = aWorld();
  call(world, "s3:CreateBucket", {
    Bucket: "templates",
    CreateBucketConfiguration: { LocationConstraint: "eu-west-1" },
  });
  call(world, "s3:PutObject", {
    Bucket: "templates",
    Key: "a/b.json",
    Body: JSON.stringify(valued("a")),
  });
  const create = (StackName: string, TemplateURL: string) =>
    refusal(world, "cloudformation:CreateStack", { StackName, TemplateURL });
  expect(create("a", "https://templates.s3.eu-west-1.amazonaws.com/a/b.json")).toBe("accepted");
  expect(create("b", "https://s3.eu-west-1.amazonaws.com/templates/a/b.json")).toBe("accepted");
  expect(create("c", "s3://templates/a/b.json")).toBe(
    "ValidationError: S3 error: Domain name specified in templates is not a valid S3 domain",
  );
  expect(create("d", "https://example.com/b.json")).toBe(
    "ValidationError: TemplateURL must be a supported URL.",
  );
});
