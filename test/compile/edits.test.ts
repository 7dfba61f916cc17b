import { expect, test } from "vitest";
import type { Node } from "../../src/compile/graph.ts";
import { graphOf } from "./from-text.ts";

// What is edited changes what it says, and nothing beside it; and CloudFormation can make the change.

const plain = (text: string): ReadonlyMap<string, Node> => graphOf(text).nodes;

const typesOf = (text: string): ReadonlyMap<string, string> =>
  new Map([...plain(text)].map(([id, { type }]) => [id, type]));

const service = (more = "", ports = "80:80") =>
  `services:\n  web: { image: "web:1", ports: ["${ports}"]${more} }\n  api: { image: "api:1", ports: ["80:80"] }\n`;

const cache = (properties: string) =>
  `${service()}x-elasticache: { c: { Properties: { ${properties} }, MacroParameters: { Engine: redis, EngineVersion: "7.1" } } }\n`;
const database = (engine: string) => `${service()}x-rds:
  d:
    MacroParameters: { Engine: ${engine}, EngineVersion: "15.4", ParametersGroups: { Family: ${engine}15 } }
    Services: { web: { Access: { DBCluster: RO } } }
`;
const measured =
  "{ Properties: { Namespace: A, MetricName: B, Statistic: Sum, Period: 60, EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: GreaterThanThreshold } }";
const alarms = (second: string) =>
  `${service()}x-alarms:\n  a: ${measured}\n  b: ${second}\n  c: { MacroParameters: { CompositeExpression: "ALARM(b)" } }\n`;

test.for([
  ["a cache becomes a replication group", cache(""), cache("NumCacheClusters: 2")],
  ["an instance becomes a cluster", database("postgres"), database("aurora-postgresql")],
  [
    "an alarm becomes one on others",
    alarms(measured),
    alarms('{ MacroParameters: { CompositeExpression: "ALARM(a)" } }'),
  ],
  [
    "an alarm becomes one by its rule",
    alarms(measured),
    alarms("{ Properties: { AlarmRule: 'ALARM(\"else\")' } }"),
  ],
] as const)("nothing is another type under its id where %s", ([, before, after]) => {
  const [old, now] = [typesOf(before), typesOf(after)];
  const retyped = [...now].filter(([id, type]) => (old.get(id) ?? type) !== type);
  expect(retyped).toEqual([]);
  expect([...now.values()].sort()).not.toEqual([...old.values()].sort());
});
