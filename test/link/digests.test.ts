import { describe, expect, test } from "vitest";
import {
  bundleDigest,
  originsIn,
  rememberText,
  stackDigest,
  stamped,
  stampOutput,
  templateText,
  unstamped,
} from "../../src/link/digests.ts";
import type { DesiredStack, Target } from "../../src/model/bundle.ts";
import { canonicalJson, digestOf } from "../../src/model/digest.ts";
import type { Template } from "../../src/model/template.ts";

const queue = { Type: "AWS::SQS::Queue" };
const template: Template = {
  AWSTemplateFormatVersion: "2010-09-09",
  Resources: { Jobs: queue },
  Outputs: { JobsRef: { Value: { Ref: "Jobs" } } },
};
const stack: DesiredStack = {
  name: "app-base",
  unit: "base",
  template,
  parameters: {},
  tags: { a: "b" },
  capabilities: ["CAPABILITY_IAM"],
  dependsOn: [],
  origins: { Jobs: { file: "compose.yml", line: 3, column: 14, path: "x-sqs.jobs" } },
};
const target: Target = { account: "123456789012", region: "eu-west-1", cloudFormationRole: "cfn" };

describe("the digest of a stack", () => {
  const parameters = { A: "a" };
  const digest = stackDigest(stack, parameters, target);

  test("is that of all that it is, and where", () => {
    const { capabilities, name, tags } = stack;
    const all = { name, parameters, tags, capabilities, ...target, template };
    expect(digest).toBe(digestOf(all));
    const { cloudFormationRole: _, ...home } = target;
    const { cloudFormationRole: __, ...rest } = all;
    expect(stackDigest(stack, parameters, home)).toBe(digestOf(rest));
  });

  test.for<[string, Partial<DesiredStack>, Readonly<Record<string, string>>, Partial<Target>]>([
    ["name", { name: "other" }, parameters, {}],
    ["template", { template: { ...template, Description: "other" } }, parameters, {}],
    ["tags", { tags: {} }, parameters, {}],
    ["capabilities", { capabilities: [] }, parameters, {}],
    ["parameters", {}, { A: "b" }, {}],
    ["account", {}, parameters, { account: "210987654321" }],
    ["region", {}, parameters, { region: "us-east-1" }],
    ["role of CloudFormation", {}, parameters, { cloudFormationRole: "other" }],
  ])("is another for another %s", ([, changes, given, moved]) => {
    const other = stackDigest({ ...stack, ...changes }, given, { ...target, ...moved });
    expect(other).not.toBe(digest);
  });

  test("is the same by whomever it is asked for, and in whatever order it is written", () => {
    const moved = { ...target, role: "deployer", externalId: "x" };
    const { Outputs = {}, Resources, ...rest } = template;
    const turned = { Outputs, ...rest, Resources };
    expect(stackDigest({ ...stack, template: turned }, parameters, moved)).toBe(digest);
  });
});

test("a template's text is the canonical one, also where it is made of those of its resources", () => {
  expect(templateText(template)).toBe(canonicalJson(template));
  const lazy: Template = { ...template };
  rememberText(lazy, new Map([["Jobs", canonicalJson(queue)]]));
  expect(templateText(lazy)).toBe(canonicalJson(template));
  const other: Template = { ...template, Description: "d", Parameters: { A: { Type: "String" } } };
  rememberText(other, new Map([["Other", "{}"]]));
  expect(templateText(other)).toBe(canonicalJson({ ...other, Resources: { Other: {} } }));
});

test("the digest of a bundle is that of its stacks by name, and where they live", () => {
  const other = { ...stack, name: "app-api", unit: "s-api" };
  const { origins: _, ...first } = other;
  const { origins: __, ...second } = stack;
  const expected = digestOf({ stacks: [first, second], target });
  expect(bundleDigest([stack, other], target)).toBe(expected);
  expect(bundleDigest([other, stack], target)).toBe(expected);
});

describe("a template as it is applied", () => {
  const made = () => stamped(stack, "d1");

  test("has its digest and what asks for each resource", () => {
    const applied = made();
    expect(stampOutput).toBe("TrueupDigest");
    expect(applied).toEqual({
      ...template,
      Metadata: { Trueup: { Origins: { Jobs: "compose.yml:3:14 x-sqs.jobs" } } },
      Outputs: {
        ...template.Outputs,
        TrueupDigest: { Description: "What is deployed", Value: "d1" },
      },
    });
    expect(originsIn(applied)).toEqual(stack.origins);
  });

  test("is what was linked without its stamp, the same each time", () => {
    const applied = made();
    expect(unstamped(applied)).toEqual(template);
    expect(unstamped(applied)).toBe(unstamped(applied));
    const { Outputs: _, ...bare } = template;
    expect(unstamped(stamped({ ...stack, template: bare }, "d1"))).toStrictEqual(bare);
    expect(unstamped(bare)).toStrictEqual(bare);
  });

  test.for<[string, unknown]>([
    ["nothing", undefined],
    ["of somebody else", { Theirs: {} }],
    ["that is a text", { Trueup: "text" }],
    ["that is a list", { Trueup: [{ Origins: { Jobs: "a:1:2 b" } }] }],
    ["with origins that are a text", { Trueup: { Origins: "a:1:2 b" } }],
    ["with a list of origins", { Trueup: { Origins: ["a:1:2 b"] } }],
    ["with a text that says no place", { Trueup: { Origins: { Jobs: "nowhere" } } }],
    ["with lines between", { Trueup: { Origins: { Jobs: "a\nb:1:2 c" } } }],
    ["with lines after", { Trueup: { Origins: { Jobs: "a:1:2 b\nc" } } }],
    ["with no number", { Trueup: { Origins: { Jobs: "a:b:2 c" } } }],
  ])("and metadata %s tell no origin", ([, Metadata]) => {
    expect(originsIn({ ...template, Metadata } as Template)).toEqual({});
  });

  test("tells origins with any place and path", () => {
    const Origins = { A: "dir/a b.yml:120:31 x.y z", B: ":1:2 " };
    expect(originsIn({ ...template, Metadata: { Trueup: { Origins } } })).toEqual({
      A: { file: "dir/a b.yml", line: 120, column: 31, path: "x.y z" },
      B: { file: "", line: 1, column: 2, path: "" },
    });
  });
});

test("what is not there has a canonical text too", () => {
  expect(canonicalJson(undefined)).toBe("null");
});
