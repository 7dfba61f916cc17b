import { expect, test } from "vitest";
import { graphOf, nodesOf, only, saidOf } from "./from-text.ts";

// What is collected of a service, and where it is found.

const file = (lines: string): string => `services:
  web:
    image: web@sha256:${"0".repeat(64)}
    ${lines}
x-vpc: { Properties: { SingleNat: true } }
x-cloudmap: { inside: { Name: app.internal } }
`;

/** Whose metrics each processor of the CloudWatch agent takes. */
const processors = (exporter: string): readonly string[] => {
  const task = only(
    graphOf(file(`x-prometheus: { ContainersInsights: { CollectForJavaJmx: { ${exporter} } } }`)),
    "AWS::ECS::TaskDefinition",
  );
  const text = JSON.stringify(task).replaceAll(/\\+/g, "");
  return text.match(/"source_labels":\[[^\]]*\],"label_matcher":"[^"]*"/g) ?? [];
};

test("an exporter's own labels select what its usual metrics are of", () => {
  const usual = processors("ExporterPort: 1234");
  expect(new Set(usual)).toEqual(new Set(['"source_labels":["job"],"label_matcher":"^web-1234$"']));
  const own = processors(
    "ExporterPort: 1234, source_labels: [container_name], label_matcher: '^web.*$'",
  );
  expect(own).toHaveLength(usual.length);
  expect(new Set(own)).toEqual(
    new Set(['"source_labels":["container_name"],"label_matcher":"^web.*$"']),
  );
});

test("a service without ports is in no namespace, and said to be in none", () => {
  const text = file("x-network: { x-cloudmap: inside }");
  expect(saidOf(text)).toEqual(["warning no-ports services.web.x-network.x-cloudmap"]);
  expect(nodesOf(graphOf(text), "AWS::ServiceDiscovery::Service")).toEqual([]);
});
