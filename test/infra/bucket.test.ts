import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { verdictsIn } from "../../src/aws/verdicts.ts";
import type { Verified } from "../../src/model/verification.ts";
import { recorder } from "../aws/recorder.ts";
import { having, listOf, template } from "./template.ts";

const { Bucket, BucketPolicy } = template.Resources;

const verified: Verified = {
  v: 1,
  revision: "abc",
  bundle: "b",
  run: 1,
  verdict: "passed",
  message: "",
  since: "2026-06-01T00:00:00Z",
  at: "2026-06-01T01:00:00Z",
  images: {},
};

describe("the controller's bucket", () => {
  const [denied] = having("Effect", BucketPolicy).filter(({ Effect }) => Effect === "Deny");
  const prefixes = listOf(denied?.Resource).map((resource) =>
    String((resource as { readonly Sub: string }).Sub).replace(/^<Bucket.Arn>\/|\*$/g, ""),
  );

  test("takes what may be promoted from the controller, and from nobody else", async () => {
    expect(denied).toMatchObject({
      Principal: "*",
      Action: ["s3:DeleteObject", "s3:DeleteObjectVersion", "s3:PutObject"],
      Condition: { ArnNotEquals: { "aws:PrincipalArn": { GetAtt: "ReconcileFunctionRole.Arn" } } },
    });
    const { call, requests } = recorder({ "s3:PutObject": [{ ETag: "1" }] });
    await verdictsIn("bucket", call).write("myapps", "test", verified);
    const [{ Key = "" } = {}] = requests.map(({ input }) => input as { readonly Key: string });
    expect(prefixes.filter((prefix) => Key.startsWith(prefix))).toEqual(["verdicts/"]);
    const [, chosen] = /`(promotions\/)\$/.exec(readFileSync("src/desired/taken.ts", "utf8")) ?? [];
    expect(prefixes).toEqual(["verdicts/", chosen]);
  });

  test("keeps what was there before, and is kept itself", () => {
    expect(Bucket?.Properties.VersioningConfiguration).toEqual({ Status: "Enabled" });
    expect(Bucket).toMatchObject({ DeletionPolicy: "Retain", UpdateReplacePolicy: "Retain" });
  });
});
