import { expect, test } from "vitest";
import { graphOf, nodesOf } from "./from-text.ts";
import { service } from "./one-service.ts";

// What services of AWS are called where a VPC has endpoints to them.

const named = (name: string, region: string) => {
  const text = service("").replace(
    "SingleNat: true",
    `Endpoints: { AwsServices: [{ service: ${name} }] }`,
  );
  const target = { account: "123456789012", region };
  const [endpoint] = nodesOf(graphOf(text, { settings: { target } }), "AWS::EC2::VPCEndpoint");
  return endpoint?.properties;
};
const short = (before: string, after: string) => ({
  "Fn::Join": ["", [before, { Ref: "AWS::Region" }, after]],
});

test.for([
  ["ecr.api", "eu-west-1", "Interface", short("com.amazonaws.", ".ecr.api")],
  ["s3", "eu-west-1", "Gateway", short("com.amazonaws.", ".s3")],
  ["ecr.api", "cn-north-1", "Interface", short("cn.com.amazonaws.", ".ecr.api")],
  ["sqs", "cn-northwest-1", "Interface", short("cn.com.amazonaws.", ".sqs")],
  ["logs", "cn-north-1", "Interface", short("com.amazonaws.", ".logs")],
  ["s3", "cn-north-1", "Gateway", short("com.amazonaws.", ".s3")],
  ["com.amazonaws.eu-west-1.logs", "eu-west-1", "Interface", "com.amazonaws.eu-west-1.logs"],
  ["com.amazonaws.eu-west-1.s3", "eu-west-1", "Gateway", "com.amazonaws.eu-west-1.s3"],
  ["cn.com.amazonaws.cn-north-1.s3", "cn-north-1", "Interface", "cn.com.amazonaws.cn-north-1.s3"],
] as const)("%s in %s", ([name, region, VpcEndpointType, ServiceName]) => {
  expect(named(name, region)).toMatchObject({ VpcEndpointType, ServiceName });
});
