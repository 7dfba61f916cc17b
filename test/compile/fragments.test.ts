import { describe, expect, test } from "vitest";
import { graphOf, only, saidOf } from "./from-text.ts";

const image = `web@sha256:${"0".repeat(64)}`;
const vpc = "x-vpc: { Properties: { SingleNat: true } }";

describe("a key at the top that is there for its anchors", () => {
  test.for([
    ["itself", `x-common: &it { image: "${image}" }`],
    ["below it", `x-common: { other: 1, web: &it { image: "${image}" } }`],
    ["in a list", `x-common: [&it { image: "${image}" }]`],
  ] as const)("%s is none of ours", ([, fragment]) => {
    const text = `${fragment}\nservices: { web: { <<: *it } }\n${vpc}`;
    expect(saidOf(text)).toEqual([]);
    const [web] = only(graphOf(text), "AWS::ECS::TaskDefinition").ContainerDefinitions;
    expect(web.Image).toBe(image);
  });

  test("is read all the same where it is one of ours", () => {
    const text = `x-sqs: { jobs: &queue { Properties: { Delay: 5 } } }\nservices: { web: { image: "${image}" } }\n${vpc}`;
    expect(saidOf(text)).toEqual(["error unknown-property x-sqs.jobs.Properties.Delay"]);
  });
});

test("without an anchor nobody knows what it is for", () => {
  const text = `x-common: { a: b }\nservices: { web: &it { image: "${image}" } }\n${vpc}`;
  expect(saidOf(text)).toEqual(["warning unknown-key x-common"]);
});
