import { describe, expect, test } from "vitest";
import { errorsOf, graphOf, only, saidOf } from "./from-text.ts";
import { service } from "./one-service.ts";

// CloudFormation's functions in Properties. Compose takes ${A} for a variable of its own, and $${A} as it stands.

const named = (value: string) =>
  service("", `x-sqs: { jobs: { Properties: { QueueName: { ${value} } } } }`);
const nameOf = (value: string) => only(graphOf(named(value)), "AWS::SQS::Queue").QueueName;
const region = { Ref: "AWS::Region" };
const joined = (...parts: readonly unknown[]) => ({ "Fn::Join": ["", parts] });

describe("Fn::Sub with names of its own", () => {
  test.for([
    [`["$\${A}", { A: { Ref: "AWS::Region" } }]`, joined(region)],
    [`["a-$\${A}-$\${A}", { A: b }]`, joined("a-", "b", "-", "b")],
    [`["$\${A}-\${AWS::Region}-b", { A: 1 }]`, joined(1, joined("-", region, "-b"))],
    [`["\${!B}-$\${A}", { A: b }]`, joined("$" + "{B}-", "b")],
  ] as const)("is text with what they are: %s", ([value, whole]) => {
    expect(nameOf(`"Fn::Sub": ${value}`)).toEqual(whole);
  });

  test.for([
    [`["a", { A: b }]`, "[1].A: the text has no {A} (Write $${A}: {A} is a variable of compose.)"],
    [`["$\${B}$\${A}", { A: b }]`, "[0]: {B} in Fn::Sub is not known here"],
    [`["$\${A}", { A: x-sqs::none::Arn }]`, "[1].A: there is no none in x-sqs"],
    [`["a"]`, ": must be text, or a list of text and a mapping"],
    [`["a", { }, b]`, ": must be text, or a list of text and a mapping"],
    ["1", ": must be text, or a list of text and a mapping"],
    [`["{$\${A}resolve:x:y}", { A: "{" }]`, ": {{ in text with references"],
    [`["{{$\${A}", { A: "resolve:x:y}}" }]`, ": {{ in text with references"],
    [`["{{ $\${A}e:x:y}}", { A: RESOLV }]`, ": {{ in text with references"],
    [`["{{res$\${A}", { A: { Ref: "AWS::Region" } }]`, ": {{ in text with references"],
    [`["$\${A}{{", { A: { Ref: "AWS::Region" } }]`, ": {{ in text with references"],
  ] as const)("says what is wrong: %s", ([value, message]) => {
    const said = errorsOf(named(`"Fn::Sub": ${value}`)).map((line) => line.replaceAll("${", "{"));
    const whole = `x-sqs.jobs.Properties.QueueName.Fn::Sub${message}`;
    expect(said).toEqual([expect.stringContaining(whole.replaceAll("${", "{"))]);
  });
});

test.for([
  `"Fn::Base64": [a]`,
  `"Fn::Cidr": [10.0.0.0/16]`,
  `"Fn::GetAZs": [a]`,
  `"Fn::Join": abc`,
  `"Fn::Join": ["-", [a], b]`,
  `"Fn::Join": [["-"], [a]]`,
  `"Fn::Join": ["-", a]`,
  `"Fn::Select": [first, [a]]`,
  `"Fn::Select": [1, [a]]`,
  `"Fn::Split": ["-", [a]]`,
])("a function says what it takes: %s", (value) => {
  const [, name] = /"(.*?)"/.exec(value) ?? [];
  expect(errorsOf(named(value))).toEqual([
    expect.stringContaining(
      `function-refused x-sqs.jobs.Properties.QueueName.${name}: is not what ${name} takes (For example {${name}: `,
    ),
  ]);
});

test.for([
  `"Fn::Select": [0, { "Fn::GetAZs": "" }]`,
  `"Fn::Select": ["1", { "Fn::Split": ["-", { Ref: "AWS::StackName" }] }]`,
  `"Fn::Join": ["-", { "Fn::Split": [".", a.b] }]`,
  `"Fn::Base64": { "Fn::Sub": "\${AWS::Region}" }`,
])("functions may be within each other: %s", (value) => {
  expect(errorsOf(named(value))).toEqual([]);
});

test.for([
  [`"Fn::Join": ["", [a]], A: b`, "Fn::Join and 1 more are one mapping"],
  [`"Fn::If": [A, b, c]`, "Fn::If cannot be used here"],
  [`"Fn::ImportValue": a`, "Fn::ImportValue cannot be used here"],
  ["Ref: A", "Ref cannot be used here"],
])("what is no function of ours says so: %s", ([value = "", message]) => {
  expect(errorsOf(named(value))).toEqual([
    expect.stringContaining(`function-refused x-sqs.jobs.Properties.QueueName: ${message}`),
  ]);
});

test.for([
  [`"Fn::Select": [0, [a, b]]`, `"Fn::Select": [1, [a, b]]`, false],
  [`"Fn::Join": ["-", [a, b]]`, `"Fn::Join": ["", [a, b]]`, false],
  [`"Fn::Join": ["-", [a, b]]`, `"Fn::Join": ["", [a-b]]`, true],
  [`"Fn::Sub": "\${AWS::Region}-a"`, `"Fn::Sub": "\${AWS::Region}-a"`, true],
  [`"Fn::Sub": "\${AWS::Region}-a"`, `"Fn::Sub": "\${AWS::AccountId}-a"`, false],
] as const)("two names are one where what works them out is alike: %s, %s", ([a, b, isOne]) => {
  const queue = (name: string) => `{ Properties: { QueueName: { ${name} } } }`;
  const text = service("", `x-sqs: { one: ${queue(a)}, two: ${queue(b)} }`);
  expect(saidOf(text).filter((line) => line.startsWith("error"))).toEqual(
    isOne ? ["error same-name x-sqs.two.Properties.QueueName"] : [],
  );
});
