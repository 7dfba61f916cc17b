import { expect, test } from "vitest";
import { graphOf } from "./from-text.ts";

const namesIn = (text: string): readonly string[] => {
  const graph = graphOf(text);
  return graph.outputs.map(({ name }) => name);
};

const network = "x-vpc: { Properties: { SingleNat: true } }\n";
const web = 'services: { web: { image: "web:1" } }\n';

test.for([
  ["a network", network, ["VpcId", "AppSubnets", "PublicSubnets", "StorageSubnets"]],
  ["a cluster alone", "x-cluster: {}\n", ["ClusterName"]],
  ["one zone", "x-route53: { a: { Name: a.example } }\n", ["HostedZoneId"]],
  [
    "two zones, since nobody says which",
    "x-route53: { a: { Name: a.example }, b: { Name: b.example } }\n",
    [],
  ],
  ["nothing that others could take", "x-sqs: { jobs: {} }\n", []],
  ["services", `${web}${network}x-cluster: {}\n`, []],
] as const)("an application with %s hands out what it has", ([, text, outputs]) => {
  expect(namesIn(text)).toEqual(outputs);
});

test("a network that is there already is handed out too", () => {
  const text = `x-cluster: {}
x-vpc:
  Lookup:
    VpcId: { Tags: { Name: main } }
    AppSubnets: { Tags: { tier: app } }
    PublicSubnets: { Tags: { tier: public } }
    StorageSubnets: { Tags: { tier: data } }
`;
  const lookups = new Map([
    ["x-vpc.VpcId", { VpcId: "vpc-1" }],
    ["x-vpc.AppSubnets", { SubnetIds: "subnet-1,subnet-2" }],
    ["x-vpc.PublicSubnets", { SubnetIds: "subnet-3" }],
    ["x-vpc.StorageSubnets", { SubnetIds: "subnet-4" }],
  ]);
  const { outputs } = graphOf(text, { lookups });
  expect(outputs.map(({ name, value }) => [name, value])).toMatchObject([
    ["VpcId", "vpc-1"],
    ["AppSubnets", "subnet-1,subnet-2"],
    ["PublicSubnets", "subnet-3"],
    ["StorageSubnets", "subnet-4"],
    ["ClusterName", { Ref: expect.stringMatching(/^Cluster/) }],
  ]);
});
