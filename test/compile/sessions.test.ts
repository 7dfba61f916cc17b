import { describe, expect, test } from "vitest";
import { graphOf, saidOf } from "./from-text.ts";

/** A service with a shell, on a cluster that is told how to record what happens in it. */
const project = (cluster: string, rest = ""): string => `services:
  web: { image: "web:1", x-ecs: { EnableExecuteCommand: true } }
x-cluster: ${cluster}
x-vpc: { Properties: { SingleNat: true } }
${rest}`;

const recorded = (settings: string): string =>
  project(`{ Properties: { Configuration: { ExecuteCommandConfiguration: ${settings} } } }`);

const rights = (text: string): string =>
  JSON.stringify(graphOf(text).nodes.get("WebTaskPolicy")?.properties);

describe("sessions in containers", () => {
  test("with a key take the right to use that key: by id, by ARN, or whichever has its alias", () => {
    expect(rights(recorded("{ KmsKeyId: 0a1b }"))).toContain('":","key/0a1b"');
    const arn = "arn:aws:kms:eu-west-1:123456789012:key/0a1b";
    expect(rights(recorded(`{ KmsKeyId: "${arn}" }`))).toContain(`"Resource":["${arn}"]`);
    expect(rights(recorded("{ KmsKeyId: alias/sessions }"))).toContain(
      '"kms:ResourceAliases":"alias/sessions"',
    );
    expect(rights(recorded("{ Logging: NONE }"))).not.toContain("kms:");
  });

  test("a key made for them encrypts the records only where it may be used again", () => {
    const made = (reuse: boolean) =>
      graphOf(
        project(
          `{ MacroParameters: { CreateExecLoggingKmsKey: true, CreateExecLoggingLogGroup: true, AllowKmsKeyReuse: ${reuse} } }`,
        ),
      ).nodes.get("SessionsLogGroup")?.properties;
    expect(made(true)).toHaveProperty("KmsKeyId");
    expect(made(false)).not.toHaveProperty("KmsKeyId");
  });

  test("one cluster has one name", () => {
    expect(saidOf(project("{}", "x-aws-cluster: other\n"))).toContain(
      "error contradiction x-aws-cluster",
    );
  });
});
