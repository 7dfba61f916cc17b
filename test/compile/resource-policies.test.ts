import { describe, expect, test } from "vitest";
import { errorsOf, graphOf, only, saidOf } from "./from-text.ts";

// Policies that files write for keys, buckets and file systems: what AWS would refuse with a stack half-way.

const file = (rest: string, lines = "") => `services:
  web: { image: "web:1"${lines} }
x-vpc: { Properties: { SingleNat: true } }
${rest}
`;
const keyOf = (policy: string) => file(`x-kms: { k: { Properties: { KeyPolicy: ${policy} } } }`);
const bucketOf = (statement: string) =>
  file(`x-s3: { b: { MacroParameters: { BucketPolicy: { Statement: [${statement}] } } } }`);
const filesOf = (policy: string) =>
  file(
    `volumes: { data: { x-efs: { Properties: { FileSystemPolicy: ${policy} } } } }`,
    ', volumes: ["data:/v:ro"]',
  );

const everybody = "Effect: Allow, Principal: '*'";
const document = (statement: string) => `{ Version: "2012-10-17", Statement: [${statement}] }`;
const errors = (text: string) => saidOf(text).filter((line) => line.startsWith("error"));

const key = "x-kms.k.Properties.KeyPolicy";
const files = "volumes.data.x-efs.Properties.FileSystemPolicy";
const bucket = "x-s3.b.MacroParameters.BucketPolicy.Statement[0]";

describe("the policy of a key or a file system", () => {
  test.for([
    ["{ Version: 2012-10-18, Statement: [] }", "unknown-value", ".Version"],
    ['{ Version: "2012-10-17", Statemnt: [] }', "unknown-key", ".Statemnt"],
    ['{ Version: "2012-10-17", Statement: all }', "wrong-type", ".Statement"],
    [document(`{ ${everybody}, Acton: "*", Resource: "*" }`), "unknown-key", ".Statement[0].Acton"],
    [
      document(`{ ${everybody}, Action: read, Resource: "*" }`),
      "unknown-value",
      ".Statement[0].Action",
    ],
    [document('{ Effect: Allow, Action: "a:b", Resource: "*" }'), "missing-key", ".Statement[0]"],
    ["[]", "wrong-type", ""],
  ] as const)("is refused where AWS would refuse it: %s", ([policy, code, at]) => {
    expect(errors(keyOf(policy))).toContain(`error ${code} ${key}${at}`);
    expect(errors(filesOf(policy))).toContain(`error ${code} ${files}${at}`);
  });

  test("says the nearest name of what it does not know", () => {
    const text = keyOf(
      document("{ Effect: Allow, Principle: '*', Action: 'kms:*', Resource: '*' }"),
    );
    expect(errorsOf(text)).toEqual([
      `unknown-key ${key}.Statement[0].Principle: unknown key Principle (Did you mean Principal?)`,
    ]);
  });

  test.for([
    ["Principal: root", "unknown-value"],
    ["Principal: ['*']", "unknown-value"],
    ["Principal: { Aws: '*' }", "unknown-key"],
    ["Principal: '*', NotPrincipal: '*'", "contradiction"],
  ] as const)("says for whom it is: %s", ([who, code]) => {
    const text = keyOf(document(`{ Effect: Allow, ${who}, Action: "kms:*", Resource: "*" }`));
    expect(errors(text).map((line) => line.split(" ")[1])).toEqual([code]);
  });

  test("is taken as it is where AWS takes it", () => {
    const root = '{ AWS: "arn:aws:iam::123456789012:root" }';
    const owner = `{ Sid: A, Effect: Allow, Principal: ${root}, Action: "kms:*", Resource: "*" }`;
    expect(saidOf(keyOf(document(owner)))).toEqual([]);
    expect(
      saidOf(
        keyOf(document(`${owner}, { ${everybody}, NotAction: ["kms:Decrypt"], NotResource: "*" }`)),
      ),
    ).toEqual([]);
    expect(
      saidOf(filesOf(`{ Statement: { ${everybody}, Action: "elasticfilesystem:*" } }`)),
    ).toEqual([]);
  });

  test("names the key, or KMS lets nobody", () => {
    const text = (policy: string) => document(`{ ${everybody}, Action: "kms:*"${policy} }`);
    expect(errors(keyOf(text("")))).toEqual([`error missing-key ${key}.Statement[0]`]);
  });
});

describe("a statement about a bucket", () => {
  test.for([
    [`{ ${everybody}, Action: "s3:Get*", Resources: "*" }`, "unknown-key", ".Resources"],
    ['{ Effect: Allow, Action: "s3:Get*" }', "missing-key", ""],
    [`{ ${everybody} }`, "missing-key", ""],
    [`{ ${everybody}, Action: "s3:Get*", Resource: all }`, "unknown-value", ".Resource"],
    ["everything", "wrong-type", ""],
  ] as const)("is refused where S3 would refuse it: %s", ([statement, code, at]) => {
    expect(errors(bucketOf(statement))).toEqual([`error ${code} ${bucket}${at}`]);
  });

  test("is about all of the bucket unless it says of what, or of what not", () => {
    const statementOf = (more: string) =>
      only(
        graphOf(bucketOf(`{ Sid: Own, ${everybody}, Action: "s3:Get*"${more} }`)),
        "AWS::S3::BucketPolicy",
      ).PolicyDocument.Statement.find(({ Sid }: { readonly Sid?: string }) => Sid === "Own");
    expect(statementOf("").Resource).toHaveLength(2);
    expect(statementOf(', NotResource: "arn:aws:s3:::b/open/*"')).toEqual({
      Sid: "Own",
      Effect: "Allow",
      Principal: "*",
      Action: "s3:Get*",
      NotResource: "arn:aws:s3:::b/open/*",
    });
  });
});
