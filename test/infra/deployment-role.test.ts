import { globSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { handlers } from "./handlers.ts";
import { having, listOf, template } from "./template.ts";

const policies = listOf(template.Resources.CloudFormationRole?.Properties.ManagedPolicyArns).map(
  (reference) => {
    const { Ref: name } = reference as { readonly Ref: string };
    return { name, document: template.Resources[name]?.Properties.PolicyDocument };
  },
);

const statements = policies.flatMap(({ document }) => having("Effect", document));
const granted = new Set(
  statements
    .filter(({ Effect }) => Effect === "Allow")
    .flatMap(({ Action }) => listOf(Action).map(String)),
);

/** The types that a pattern finds in files. */
const typesIn = (paths: readonly string[], pattern: RegExp): readonly string[] =>
  paths
    .flatMap((path) => [...readFileSync(path, "utf8").matchAll(pattern)])
    .map(([, type = ""]) => type);

const compiled = typesIn(globSync("test/golden/**/*.yaml"), /Type: (AWS::\w+::\w+)/g);
const compilable = typesIn(globSync("src/compile/**/*.ts"), /type: .*?"(AWS::\w+::\w+)"/g);

/** `ec2: CreateVpc DeleteVpc; kms: DescribeKey`, an action at a time. */
const actionsOf = (handler: string): readonly string[] =>
  handler.split("; ").flatMap((part) => {
    const [service, names = ""] = part.split(": ");
    return names.split(" ").map((name) => `${service}:${name}`);
  });

/** A document as IAM counts it, with the longest names that it can get. */
const sizeOf = (document: unknown): number =>
  JSON.stringify(document)
    .replace(/\{"(?:Sub|GetAtt|Ref)":("[^"]*")\}/g, "$1")
    .replaceAll("<Prefix>", "p".repeat(16))
    .replaceAll("<AWS::Partition>", "aws-us-gov")
    .replaceAll("<AWS::AccountId>", "123456789012").length;

describe("the role of CloudFormation", () => {
  test("is told of every type that is compiled", () => {
    expect(compiled.length).toBeGreaterThan(500);
    expect(compilable.length).toBeGreaterThan(40);
    const untold = [...compiled, ...compilable].filter((type) => !(type in handlers));
    expect([...new Set(untold)]).toEqual([]);
  });

  test.for(Object.entries(handlers))("may make and remove a %s", ([, handler]) => {
    expect(actionsOf(handler).filter((action) => !granted.has(action))).toEqual([]);
  });

  test("has no more policies, and no longer ones, than IAM takes", () => {
    expect(policies.length).toBeGreaterThan(0);
    expect(policies.length).toBeLessThanOrEqual(10);
    expect(policies.filter(({ document }) => sizeOf(document) > 6144)).toEqual([]);
  });

  test("makes roles for services only for those whose resources are compiled", () => {
    const creating = statements.filter(({ Action }) =>
      listOf(Action).includes("iam:CreateServiceLinkedRole"),
    );
    expect(creating).toHaveLength(1);
    const named = having("iam:AWSServiceName", creating).flatMap((condition) =>
      listOf(condition["iam:AWSServiceName"]).map(String),
    );
    expect(named.length).toBeGreaterThan(5);
    const called = Object.values(handlers)
      .flatMap(actionsOf)
      .map((action) => action.replace(/:.*/, ""));
    expect(named.filter((name) => !called.some((service) => name.includes(service)))).toEqual([]);
  });

  test("cannot write what people ask and approve by, or to the memory of the controller", () => {
    const denied = statements.filter(({ Effect }) => Effect === "Deny");
    expect(denied).toContainEqual(
      expect.objectContaining({
        Sid: "Requests",
        Action: expect.arrayContaining(["ssm:DeleteParameter", "ssm:PutParameter"]),
        Resource: expect.arrayContaining([
          { Sub: "arn:<AWS::Partition>:ssm:*:<AWS::AccountId>:parameter/trueup/*" },
        ]),
      }),
    );
    expect(denied).toContainEqual(
      expect.objectContaining({
        Action: expect.arrayContaining(["s3:DeleteBucket", "s3:PutBucketPolicy"]),
        Resource: { GetAtt: "Bucket.Arn" },
      }),
    );
  });

  test("makes no role without the boundary, and takes none away", () => {
    const bounds = having("Effect", template.Resources.CloudFormationRole);
    expect(bounds).toContainEqual(
      expect.objectContaining({
        Effect: "Deny",
        Action: expect.arrayContaining(["iam:CreateRole", "iam:PutRolePermissionsBoundary"]),
        Condition: { StringNotEquals: { "iam:PermissionsBoundary": expect.anything() } },
      }),
    );
    expect(bounds).toContainEqual(
      expect.objectContaining({ Effect: "Deny", Action: "iam:DeleteRolePermissionsBoundary" }),
    );
  });
});

test("a role that is bounded writes no IAM, changes no stack and answers for nobody", () => {
  const bounds = having("Effect", template.Resources.BoundaryPolicy);
  const [work = {}] = bounds;
  expect(listOf(work.NotAction)).toEqual(expect.arrayContaining(["cloudformation:*", "iam:*"]));
  const { NotAction, Resource } = bounds.find(({ Effect }) => Effect === "Deny") ?? {};
  expect(listOf(NotAction).filter((action) => !/:(?:Get|List)\*$/.test(String(action)))).toEqual(
    [],
  );
  const denied = listOf(Resource).map((one) => JSON.stringify(one));
  for (const what of ["Bucket.Arn", "Queue.Arn", "function:", "schedule/", "parameter/trueup/"])
    expect(denied.some((one) => one.includes(what))).toBe(true);
});
