import { describe, expect, test } from "vitest";
import { graphOf, nodesOf, saidOf } from "./from-text.ts";

const queue = (settings: string, more = ""): string => `
services: { web: { image: "web:1" } }
x-vpc: { Properties: { SingleNat: true } }
x-cloudmap: { inside: { Name: app.internal } }
x-sqs: { jobs: { ${more} Settings: { x-cloudmap: ${settings} } } }`;

const path = "x-sqs.jobs.Settings.x-cloudmap";

describe("a resource in a namespace", () => {
  test.for([
    ["outside", `error unknown-resource ${path}`],
    [
      "{ Namespace: inside, ReturnValues: { QueueNmae: n } }",
      `error unknown-value ${path}.ReturnValues.QueueNmae`,
    ],
    ["{ Namespace: inside, Hostname: a }", `error unknown-key ${path}.Hostname`],
    ["{}", `error missing-key ${path}`],
  ])("%s is wrong", ([settings = "", said]) => {
    expect(saidOf(queue(settings))).toContain(said);
  });

  test.for([
    ["inside", 0],
    ["{ Namespace: inside, ForceRegister: true }", 1],
  ] as const)("that is looked up, %s, has %i registrations", ([settings, count]) => {
    const text = queue(settings, 'Lookup: { Arn: "arn:aws:sqs:eu-west-1:123456789012:jobs" },');
    const graph = graphOf(text, { lookups: "placeholder" });
    expect(nodesOf(graph, "AWS::ServiceDiscovery::Instance")).toHaveLength(count);
    const said = saidOf(text, { lookups: "placeholder" });
    expect(said).toEqual(count === 0 ? [`warning no-effect ${path}`] : []);
  });
});
