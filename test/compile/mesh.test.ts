import { describe, expect, test } from "vitest";
import { graphOf, only, saidOf } from "./from-text.ts";

interface Wishes {
  readonly serves?: boolean;
  readonly after?: string;
  readonly from?: readonly string[];
}

const mesh = (families: Readonly<Record<string, Wishes>>): string => {
  const services = Object.entries(families).map(([name, { serves, after, from = [] }]) => {
    const ports = serves === true ? `service_ports: { tcp_80: { DnsName: ${name} } }` : "";
    const ingress = from.map((one) => `{ Name: ${one} }`).join(", ");
    return `  ${name}:
    image: ${name}:1
    ports: ["80"]
${after === undefined ? "" : `    depends_on: [${after}]\n`}    x-network:
      Ingress: { Services: [${ingress}] }
      x-ecs_connect: { MacroParameters: { x-cloudmap: mesh${ports === "" ? "" : `, ${ports}`} } }
`;
  });
  return `services:\n${services.join("")}x-cloudmap: { mesh: { Name: mesh.internal } }
x-vpc: { Properties: { SingleNat: true } }\n`;
};

const waitsOf = (text: string, family: string): readonly string[] =>
  graphOf(text).order.get(family) ?? [];

const nonceOf = (text: string, id: string): unknown => {
  // biome-ignore lint/suspicious/noExplicitAny: as a reader sees it.
  const service: any = graphOf(text).nodes.get(id)?.properties;
  return service.ForceNewDeployment?.ForceNewDeploymentNonce;
};

describe("a mesh", () => {
  test("whoever only calls comes after all who answer", () => {
    const text = mesh({ web: {}, api: { serves: true }, db: { serves: true } });
    expect(waitsOf(text, "web")).toEqual(["api", "db"]);
    expect([waitsOf(text, "api"), waitsOf(text, "db")]).toEqual([[], []]);
  });

  test("depends_on and Ingress say whom a family calls, and others do not matter to it", () => {
    const all = { web: {}, api: { serves: true, from: ["web"] }, db: { serves: true } };
    expect(waitsOf(mesh(all), "web")).toEqual(["api"]);
    const server = { ...all, api: { serves: true, after: "db" } };
    expect(waitsOf(mesh(server), "api")).toEqual(["db"]);
  });

  test("an endpoint that comes later deploys anew who may call it, and nobody else", () => {
    const before = mesh({ web: {}, api: { serves: true }, db: { serves: true, from: ["api"] } });
    const after = mesh({
      web: {},
      api: { serves: true },
      db: { serves: true, from: ["api"] },
      cache: { serves: true },
    });
    expect(nonceOf(after, "WebService")).not.toEqual(nonceOf(before, "WebService"));
    expect(nonceOf(after, "ApiService")).toEqual(nonceOf(before, "ApiService"));
    expect(nonceOf(after, "ApiService")).toBeDefined();
    expect(nonceOf(after, "DbService")).toBeUndefined();
  });

  test("two that call each other are deployed all the same, and it is said what that means", () => {
    const text = mesh({
      a: { serves: true, from: ["b"] },
      b: { serves: true, from: ["a"] },
    });
    expect([waitsOf(text, "a"), waitsOf(text, "b")]).toEqual([["b"], []]);
    expect(saidOf(text)).toContain("warning circle services.b.x-network");
    expect(nonceOf(text, "BService")).toBeDefined();
  });

  test("a circle by way of depends_on is seen, too", () => {
    const text = mesh({ web: {}, api: { serves: true, after: "mid" }, mid: { after: "web" } });
    expect(waitsOf(text, "web")).toEqual([]);
    expect(saidOf(text)).toContain("warning circle services.web.x-network");
  });
});

describe("a member of a mesh", () => {
  test("two services of one task are in it together, and cannot be in two", () => {
    const pair = (other: string) => `services:
${["a", "b"]
  .map(
    (name, index) => `  ${name}:
    image: ${name}:1
    ports: ["8${index}"]
    deploy: { labels: { ecs.task.family: shop } }
    x-network: { x-ecs_connect: { MacroParameters: { x-cloudmap: ${index === 0 ? "mesh" : other}, service_ports: { tcp_8${index}: { DnsName: ${name} } } } } }
`,
  )
  .join("")}x-cloudmap: { mesh: { Name: mesh.internal }, other: { Name: other.internal } }
x-vpc: { Properties: { SingleNat: true } }\n`;
    const { ServiceConnectConfiguration: own } = only(graphOf(pair("mesh")), "AWS::ECS::Service");
    expect(own.Services).toMatchObject([{ PortName: "tcp_80" }, { PortName: "tcp_81" }]);
    expect(saidOf(pair("other"))).toContain("error differs services.b.x-network.x-ecs_connect");
  });

  test("a namespace that is there already goes by its name", () => {
    const text = mesh({ web: {} }).replace(
      "{ Name: mesh.internal }",
      "{ Name: mesh.internal, Lookup: { NamespaceId: ns-0123 } }",
    );
    const { ServiceConnectConfiguration: own } = only(graphOf(text), "AWS::ECS::Service");
    expect(own.Namespace).toBe("mesh.internal");
  });

  test("the order of the file decides nothing", () => {
    const wishes = { a: { serves: true, from: ["b"] }, b: { serves: true, from: ["a"] } };
    const turned = mesh({ b: wishes.b, a: wishes.a });
    expect([waitsOf(turned, "a"), waitsOf(turned, "b")]).toEqual([["b"], []]);
  });

  test("carries TCP, of ports that are named or exposed", () => {
    const text = (name: string, ports: string) => `services:
  web:
    image: web:1
    ${ports}
    x-network: { x-ecs_connect: { MacroParameters: { x-cloudmap: mesh, service_ports: { ${name}: {} } } } }
x-cloudmap: { mesh: { Name: mesh.internal } }
x-vpc: { Properties: { SingleNat: true } }\n`;
    const path = "services.web.x-network.x-ecs_connect.MacroParameters.service_ports";
    expect(saidOf(text("tcp_80", 'expose: ["80"]'))).toEqual([]);
    expect(saidOf(text("udp_53", 'ports: ["53:53/udp"]'))).toContain(
      `error cannot-honour ${path}.udp_53`,
    );
    expect(saidOf(text("tcp_80", "ports: [{ name: http, target: 80 }]"))).toContain(
      `error unknown-value ${path}.tcp_80`,
    );
    expect(saidOf(text("tcp_81", 'ports: ["80"]'))).toContain(`error unknown-value ${path}.tcp_81`);
  });
});

test.for([
  [
    "a mesh",
    "x-ecs_connect: { MacroParameters: { x-cloudmap: m, service_ports: { tcp_80: { DnsName: api } } } }",
    "services.b.x-network.x-ecs_connect",
  ],
  ["a namespace", "x-cloudmap: { m: { Port: 80, Name: api } }", "services.b.x-network.x-cloudmap"],
] as const)(
  "a name that two have in %s is an error: AWS takes one of them",
  ([, network, path]) => {
    const service = (name: string, more: string = network) =>
      `  ${name}: { image: "${name}:1", ports: ["80"], x-network: { ${more} } }\n`;
    const rest =
      "x-cloudmap: { m: { Name: m.internal } }\nx-vpc: { Properties: { SingleNat: true } }\n";
    const errors = (text: string) => saidOf(text).filter((line) => line.startsWith("error"));
    expect(errors(`services:\n${service("a")}${service("b")}${rest}`)).toEqual([
      `error same-name ${path}`,
    ]);
    const other = network.replace("api", "other");
    expect(errors(`services:\n${service("a")}${service("b", other)}${rest}`)).toEqual([]);
  },
);

describe("a name of a mesh and one of its namespace", () => {
  const text = (named: string, dns: string) => `services:
  a: { image: "a:1", ports: ["80"], x-network: { x-cloudmap: ${named}, x-ecs_connect: { MacroParameters: { x-cloudmap: m, service_ports: { tcp_80: { DnsName: ${dns} } } } } } }
x-cloudmap: { m: { Name: m.internal }, n: { Name: n.internal } }
x-vpc: { Properties: { SingleNat: true } }
`;
  const errors = (named: string, dns: string) =>
    saidOf(text(named, dns)).filter((line) => line.startsWith("error"));

  test("are services of one Cloud Map, which takes one of them", () => {
    expect(errors("m", "a")).toEqual(["error same-name services.a.x-network.x-ecs_connect"]);
  });

  test("may be alike in two namespaces, and differ in one", () => {
    expect(errors("n", "a")).toEqual([]);
    expect(errors("m", "b")).toEqual([]);
  });
});
