import { describe, expect, test } from "vitest";
import { errorsOf, graphOf, only, saidOf } from "./from-text.ts";

// `x-network.x-cloudmap`: what Cloud Map and ECS take.

const file = (services: string) =>
  `services:\n${services}x-vpc: { Properties: { SingleNat: true } }\nx-cloudmap: { a: { Name: a.internal }, b: { Name: b.internal } }\n`;
const web = (names: string, labels = "{}") =>
  `  web: { image: "web:1", ports: ["80"], deploy: { labels: ${labels} }, x-network: { x-cloudmap: ${names} } }\n`;
const long = "a".repeat(64);

describe("a name in a namespace", () => {
  test.for([
    [web(`{ a: { Name: ${long} } }`), `x-cloudmap: ${long} is no name in DNS`],
    [web("{ a: { Name: a..b } }"), "x-cloudmap: a..b is no name in DNS"],
    [web("a", `{ ecs.task.family.hostname: ${long} }`), `x-cloudmap: ${long} is no name in DNS`],
  ] as const)("is one that DNS takes: %s", ([services, said]) => {
    const help = "Names have letters, digits, - and _, at most 63 between dots.";
    expect(errorsOf(file(services))).toEqual([
      `out-of-bounds services.web.x-network.${said} (${help} Give it another as x-cloudmap: {NAMESPACE: {Name: …}}.)`,
    ]);
  });

  test.for(["a".repeat(63), "shop.web", "_web-1"])("may be %s", (name) => {
    expect(errorsOf(file(web(`{ a: { Name: ${name} } }`)))).toEqual([]);
  });
});

test.for([
  web("{ a: {}, b: {} }"),
  `  web: { image: "web:1", ports: ["80"], x-network: { x-cloudmap: a }, deploy: { labels: { ecs.task.family: web } } }
  side: { image: "side:1", ports: ["81"], x-network: { x-cloudmap: b }, deploy: { labels: { ecs.task.family: web } } }\n`,
])("ECS registers a service once", (services) => {
  expect(errorsOf(file(services))).toEqual([
    expect.stringContaining(
      "web is in a namespace already, and ECS registers a service in one only",
    ),
  ]);
});

test("services of one task may each say the same", () => {
  const one = (name: string, port: number) =>
    `  ${name}: { image: "${name}:1", ports: ["${port}"], x-network: { x-cloudmap: a }, deploy: { labels: { ecs.task.family: web } } }\n`;
  const graph = graphOf(file(`${one("web", 80)}${one("side", 81)}`));
  expect(only(graph, "AWS::ECS::Service").ServiceRegistries).toEqual([
    { RegistryArn: { "Fn::GetAtt": ["WebInADiscoveryService", "Arn"] }, Port: 81 },
  ]);
});

test("a name of a port that nothing listens on is warned of", () => {
  const on = (port: number) => saidOf(file(web(`{ a: { Port: ${port} } }`)));
  const warning = "warning no-ports services.web.x-network.x-cloudmap";
  expect(on(43)).toContain(warning);
  expect(on(80)).not.toContain(warning);
});
