// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references are what is tested.
import { describe, expect, test } from "vitest";
import { graphOf, nodesOf } from "./from-text.ts";

interface Policy {
  readonly PolicyDocument: {
    readonly Statement: readonly { readonly Action: unknown; readonly Resource: unknown }[];
  };
}

/** The repositories that tasks of this image may pull from, and of what else the service asks for. */
function pulledBy(image: string, more = ""): readonly unknown[] {
  const text = `services: { web: { image: "${image}" ${more} } }\nx-vpc: { Properties: { SingleNat: true } }`;
  return nodesOf(graphOf(text), "AWS::IAM::Policy")
    .map(({ properties }) => properties as unknown as Policy)
    .flatMap(({ PolicyDocument: { Statement } }) => Statement)
    .flatMap(({ Action, Resource }) =>
      [Action].flat().includes("ecr:BatchGetImage") ? [Resource].flat() : [],
    );
}

const of = (account: unknown, region: unknown, name: string) => {
  const parts = ["arn:", { Ref: "AWS::Partition" }, ":ecr:", region, ":", account, ":"];
  return { "Fn::Join": ["", [...parts, `repository/${name}`]] };
};

describe("tasks may pull from ECR", () => {
  test.for([
    ["123456789012.dkr.ecr.eu-west-1.amazonaws.com/a/web:1", "123456789012", "eu-west-1"],
    ["123456789012.dkr.ecr-fips.us-east-1.amazonaws.com/a/web:1", "123456789012", "us-east-1"],
    ["123456789012.dkr-ecr.eu-west-1.on.aws/a/web", "123456789012", "eu-west-1"],
    ["123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/a/web:1", "123456789012", "cn-north-1"],
    [
      "${AWS::AccountId}.dkr.ecr.${AWS::Region}.${AWS::URLSuffix}/a/web:1",
      { Ref: "AWS::AccountId" },
      { Ref: "AWS::Region" },
    ],
  ] as const)("%s", ([image, account, region]) => {
    expect(pulledBy(image)).toEqual([of(account, region, "a/web")]);
  });

  test("whose name the stack's is a part of", () => {
    const image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/${AWS::StackName}/web:1";
    expect(pulledBy(image)).toEqual([of("123456789012", "eu-west-1", "*/web")]);
  });

  test("what stands beside the services, too", () => {
    const own = "${AWS::AccountId}.dkr.ecr.eu-west-1.amazonaws.com/xray:1";
    expect(pulledBy("web:1", `, x-xray: { image: "${own}" }`)).toEqual([
      of({ Ref: "AWS::AccountId" }, "eu-west-1", "xray"),
    ]);
  });

  test("and from no other registry", () => {
    expect(pulledBy("123456789012.dkr.ecr.eu-west-1.example.com/web:1")).toEqual([]);
  });
});
