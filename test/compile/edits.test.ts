import { describe, expect, test } from "vitest";
import type { Node } from "../../src/compile/graph.ts";
import { isSameJson } from "../../src/model/same.ts";
import { errorsOf, graphOf, nodesOf } from "./from-text.ts";

// What is edited changes what it says, and nothing beside it; and CloudFormation can make the change.

const plain = (text: string): ReadonlyMap<string, Node> => graphOf(text).nodes;

/** What an edit does to resources, in their order: + comes, - goes, * changes. */
function edited(before: string, after: string): readonly string[] {
  const [old, now] = [plain(before), plain(after)];
  const ids = [...new Set([...old.keys(), ...now.keys()])].sort();
  return ids.flatMap((id) => {
    const [one, other] = [old.get(id), now.get(id)];
    if (one === undefined) return [`+ ${id}`];
    if (other === undefined) return [`- ${id}`];
    return isSameJson(one.properties, other.properties) ? [] : [`* ${id}`];
  });
}

const typesOf = (text: string): ReadonlyMap<string, string> =>
  new Map([...plain(text)].map(([id, { type }]) => [id, type]));

const service = (more = "", ports = "80:80") =>
  `services:\n  web: { image: "web:1", ports: ["${ports}"]${more} }\n  api: { image: "api:1", ports: ["80:80"] }\n`;

describe("certificates of a listener", () => {
  const listener = (...names: readonly string[]) => `${service()}x-acm:
${["a", "b", "c"].map((name) => `  ${name}: { MacroParameters: { DomainNames: [${name}.example.com] } }\n`).join("")}x-elbv2:
  lb:
    Properties: { Type: application }
    Services: { "web:web:80": { port: 80, protocol: HTTP } }
    Listeners:
      - Port: 443
        Certificates: [${names.map((name) => `{ x-acm: ${name} }`).join(", ")}]
        Targets: [{ name: "web:web:80", access: / }]
`;
  const count = (text: string) =>
    nodesOf(graphOf(text), "AWS::ElasticLoadBalancingV2::ListenerCertificate").length;

  test("stay where they are when another leaves the list, or the list is ordered anew", () => {
    const changes = edited(listener("a", "b", "c"), listener("a", "c"));
    expect(changes).toEqual([expect.stringMatching(/^- LbListener443\w+Certificate\w+$/)]);
    expect(edited(listener("a", "b", "c"), listener("a", "c", "b"))).toEqual([]);
  });

  test("are each added once", () => {
    expect(count(listener("a", "b", "c"))).toBe(2);
    expect(count(listener("a", "b", "b"))).toBe(1);
  });
});

describe("names of a certificate", () => {
  const certificate = (...names: readonly string[]) =>
    `${service()}x-route53: { z: { Name: example.com, Lookup: { HostedZoneId: Z1 } } }
x-acm: { c: { MacroParameters: { DomainNames: [${names.join(", ")}], HostedZoneId: x-route53::z } } }
`;

  test("but the first are in no order", () => {
    const names = ["a.example.com", "b.example.com", "c.example.com"] as const;
    expect(edited(certificate(...names), certificate(names[0], names[2], names[1]))).toEqual([]);
    expect(edited(certificate(...names), certificate(names[1], names[0], names[2]))).toEqual([
      expect.stringMatching(/^[+-] CCertificate/),
      expect.stringMatching(/^[+-] CCertificate/),
    ]);
  });
});

test("another gateway is another route, and no subnet changes its table of routes", () => {
  const network = (nat: string) => `${service()}x-vpc: { Properties: { ${nat} } }\n`;
  const [one, two, none] = ["SingleNat: true", "SingleNat: false", "DisableNat: true"].map(network);
  const tables = (before = "", after = "") =>
    edited(before, after).filter((one) => /(?:Table\d|Routes)$/.test(one));
  expect([tables(one, two), tables(two, one), tables(one, none)]).toEqual([[], [], []]);
  expect(edited(one ?? "", two ?? "")).toContain("* AppRouteTable2DefaultRoute");
});

describe("subnets of a network that is there", () => {
  const network = (subnets: string) =>
    `${service(', volumes: ["files:/files"]')}volumes: { files: { x-efs: {} } }
x-vpc: { Use: { VpcId: vpc-0a, AppSubnets: "${subnets}", PublicSubnets: "${subnets}", StorageSubnets: "${subnets}" } }
x-elbv2:
  nlb:
    Properties: { Type: network, Scheme: internet-facing }
    Services: { "web:web:80": { port: 80, protocol: TCP } }
    Listeners: [{ Port: 80, Protocol: TCP, Targets: [{ name: "web:web:80" }] }]
`;

  test("are in no order", () => {
    expect(edited(network("subnet-0b,subnet-0c"), network("subnet-0c,subnet-0b"))).toEqual([]);
  });

  test("that come move neither mount targets nor addresses to others", () => {
    const changes = edited(
      network("subnet-0b,subnet-0c"),
      network("subnet-0a,subnet-0b,subnet-0c"),
    );
    expect(changes.filter((one) => /MountTarget|Address/.test(one))).toEqual([
      expect.stringMatching(/^\+ FilesMountTarget\w{6}$/),
      expect.stringMatching(/^\+ NlbLoadBalancer\w+Address\w{6}$/),
    ]);
  });

  test.for([1, 3])("have each of %i mount targets waited for", (count) => {
    const subnets = ["subnet-0a", "subnet-0b", "subnet-0c"].slice(0, count).join(",");
    const graph = graphOf(network(subnets));
    const targets = nodesOf(graph, "AWS::EFS::MountTarget").map(({ id }) => id);
    expect(targets).toHaveLength(count);
    const waits = graph.nodes.get("WebService")?.dependsOn ?? [];
    expect(waits.filter((id) => id.includes("MountTarget"))).toEqual(targets.sort());
  });
});

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
  ["cap_drop: [NET_RAW, CHOWN]", "cap_drop: [CHOWN, NET_RAW]"],
  [
    "x-network: { AdditionalSecurityGroups: [sg-0a, sg-0b] }",
    "x-network: { AdditionalSecurityGroups: [sg-0b, sg-0a] }",
  ],
  ["x-iam: { ManagedPolicyArns: [ours, theirs] }", "x-iam: { ManagedPolicyArns: [theirs, ours] }"],
])("a list without an order is none in another: %s", ([before, after]) => {
  expect(edited(service(`, ${before}`), service(`, ${after}`))).toEqual([]);
  expect(edited(service(`, ${before}`), service())).not.toEqual([]);
});

describe("what there can be only one of", () => {
  const balancers = (aliased: string, names: string) => `${service()}x-elbv2:
${["old", "new"]
  .map(
    (name) =>
      `  ${name}: { ${name === aliased ? `DnsAliases: [{ Route53Zone: Z1, Names: [${names}] }], ` : ""}Services: { "web:web:80": { port: 80, protocol: HTTP } }, Listeners: [{ Port: 80, Protocol: HTTP, Targets: [{ name: "web:web:80", access: / }] }] }\n`,
  )
  .join("")}`;
  const key = (name: string) =>
    `${service()}x-kms: { ${name}: { MacroParameters: { Alias: alias/app } } }\n`;
  const found = (name: string) => `${service()}x-rds:
  ${name}:
    Lookup: { cluster: { Tags: { name: shop } } }
    Services: { web: { Access: { DBCluster: RO } } }
`;

  test("a name in DNS is led to another load balancer in place, and may end with a dot", () => {
    const changes = edited(balancers("old", "a.example.com"), balancers("new", "a.example.com."));
    expect(changes).toEqual([expect.stringMatching(/^\* AExampleComAlias\w{6}$/)]);
  });

  test("an alias is given to another key in place", () => {
    expect(edited(key("one"), key("two"))).toEqual([
      expect.stringMatching(/^\* KeyAlias\w{6}$/),
      "- OneKey",
      "+ TwoKey",
    ]);
    const both = key("one").replace(
      "alias/app } }",
      "alias/app } }, two: { MacroParameters: { Alias: alias/app } }",
    );
    expect(errorsOf(both)).toEqual([
      "same-name x-kms.two: AliasName alias/app is that of x-kms.one already (Give each a name of its own, or none.)",
    ]);
  });

  test("instances that have names are told apart by them", () => {
    const cluster = (...names: readonly string[]) =>
      `${service()}x-rds: { d: { MacroParameters: { Engine: aurora-mysql, EngineVersion: "8.0", Instances: [${names.map((name) => `{ DBInstanceIdentifier: ${name} }`).join(", ")}] } } }\n`;
    expect(edited(cluster("one", "two"), cluster("two", "one"))).toEqual([]);
    expect(edited(cluster("one", "two"), cluster("two"))).toEqual(["- DDatabaseOneInstance"]);
  });

  test("a rule at a group of others is the same, whatever the file calls what is there", () => {
    const [old, now] = ["db", "main"].map((name) =>
      nodesOf(
        graphOf(found(name), { lookups: "placeholder" }),
        "AWS::EC2::SecurityGroupIngress",
      ).map(({ id }) => id),
    );
    expect(old).toHaveLength(1);
    expect(now).toEqual(old);
  });
});

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

describe("target groups that families share", () => {
  const groups = ["one", "two"];
  const shared = (type: string, protocol: string, targets: string) => `${service()}x-elbv2:
  lb:
    Properties: { Type: ${type} }
    TargetGroups:
${groups.map((name) => `      ${name}: { Port: 80, Protocol: ${protocol}, HealthCheck: {}, Services: [{ Name: "web:web" }, { Name: "api:api" }] }\n`).join("")}    Listeners:
${targets}`;
  const rules = (one: number, two: number) =>
    shared(
      "application",
      "HTTP",
      `      - { Port: 80, Protocol: HTTP, Targets: [{ name: one, access: /one, Priority: ${one} }, { name: two, access: /two, Priority: ${two} }] }\n`,
    );
  const listeners = (first: string, second: string) =>
    shared(
      "network",
      "TCP",
      `      - { Port: 80, Protocol: TCP, Targets: [{ name: ${first} }] }\n      - { Port: 81, Protocol: TCP, Targets: [{ name: ${second} }] }\n`,
    );

  test("exchange their priorities in place", () => {
    expect(edited(rules(1, 2), rules(2, 1))).toEqual(["* OnLb80Rule1", "* OnLb80Rule2"]);
  });

  test("exchange their listeners in place", () => {
    expect(edited(listeners("one", "two"), listeners("two", "one"))).toEqual([
      "* OnLb80Listener",
      "* OnLb81Listener",
    ]);
  });
});
