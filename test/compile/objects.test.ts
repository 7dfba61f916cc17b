import { expect, test } from "vitest";
import { objectFates } from "../../src/compile/services/objects.ts";
import { compiledFrom, saidOf } from "./from-text.ts";

/** Where a key of each kind stands: what is around it, and what its path begins with. */
const places: Readonly<Record<string, (given: string) => readonly [text: string, path: string]>> = {
  networks: (given) => [file("networks: [n]", `networks: { n: { ${given} } }`), "networks.n"],
  "services.networks": (given) => [
    file(`networks: { n: { ${given} } }`, "networks: { n: {} }"),
    "services.web.networks.n",
  ],
  volumes: (given) => [
    file('volumes: ["data:/v"]', `volumes: { data: { ${given} } }`),
    "volumes.data",
  ],
  "services.volumes.volume": (given) => [
    file(
      `volumes: [{ type: volume, source: v, target: /v, volume: { ${given} } }]`,
      "volumes: { v: {} }",
    ),
    "services.web.volumes[0].volume",
  ],
  "services.depends_on": (given) => [
    file(`depends_on: { other: { condition: service_started, ${given} } }`, ""),
    "services.web.depends_on.other",
  ],
  secrets: (given) => [
    file("secrets: [s]", `secrets: { s: { x-secrets: { Name: s }, ${given} } }`),
    "secrets.s",
  ],
  configs: (given) => [
    file("configs: [{ source: c, target: /c/c }]", `configs: { c: { content: c, ${given} } }`),
    "configs.c",
  ],
};

const file = (own: string, beside: string): string =>
  `services:\n  web: { image: "web:1", ${own} }\n  other: { image: "other:1" }\nx-vpc: { Properties: { SingleNat: true } }\n${beside}\n`;

const samples: Readonly<Record<string, string>> = {
  aliases: "[a]",
  attachable: "true",
  driver: "overlay",
  driver_opts: "{ a: b }",
  enable_ipv4: "true",
  enable_ipv6: "true",
  external: "true",
  gw_priority: "1",
  interface_name: "eth1",
  internal: "true",
  ipam: "{ config: [{ subnet: 10.0.0.0/16 }] }",
  ipv4_address: "10.0.0.7",
  ipv6_address: '"fd00::7"',
  labels: "{ a: b }",
  link_local_ips: "[169.254.8.8]",
  mac_address: '"02:42:ac:11:00:01"',
  nocopy: "true",
  priority: "1",
  restart: "true",
  subpath: "a",
  template_driver: "golang",
};

test.for(
  Object.entries(objectFates).flatMap(([what, keys]) =>
    Object.entries(keys).map(([key, { fate }]) => [what, key, fate] as const),
  ),
)("%s: %s is %s", ([what, key, fate]) => {
  const [text, path] = places[what]?.(`${key}: ${samples[key]}`) ?? [];
  const expected = {
    honoured: undefined,
    warned: `warning no-effect ${path}.${key}`,
    refused: `error cannot-honour ${path}.${key}`,
  };
  expect(saidOf(text ?? "")).toContain(expected[fate]);
});

test.for(Object.entries(places))("%s without any of them is nothing to tell of", ([, place]) => {
  const said = saidOf(place("")[0]).filter((line) => !/^warning (?:not-kept|covers) /.test(line));
  expect(said).toEqual([]);
});

test("a network of the file's own subnets may be internal", () => {
  const text = file("networks: [n]", "networks: { n: { internal: true, x-vpc: StorageSubnets } }");
  expect(saidOf(text)).toEqual(["warning no-way services.web.networks"]);
});

test.for([
  ["driver_opts", "driver: local, driver_opts: { type: nfs, o: addr=10.0.0.1, device: ':/x' }"],
  ["driver_opts", "driver_opts: { type: none, o: bind, device: /srv }"],
  ["driver", "driver: rexray"],
])("a volume that is elsewhere is never one that ends with its task: %s", ([key, given]) => {
  const text = file('volumes: ["data:/v"]', `volumes: { data: { ${given} } }`);
  expect(saidOf(text)).toContain(`error cannot-honour volumes.data.${key}`);
});

test("a volume in memory may as well be on the task's disk", () => {
  const given = "driver: local, driver_opts: { type: tmpfs, device: tmpfs }";
  const text = file('volumes: ["data:/v"]', `volumes: { data: { ${given} } }`);
  expect(saidOf(text)).toEqual(["warning not-kept services.web.volumes[0]"]);
});

test("what waits for another because of its links says nothing of restarts", () => {
  expect(saidOf(file("links: [other]", ""))).toEqual(["warning no-effect services.web.links"]);
});

test("a security group that Docker's retired integration took for a network is said elsewhere", () => {
  const text = file("networks: [n]", "networks: { n: { external: true, name: sg-0a1b } }");
  const compiled = compiledFrom(text);
  const said = compiled.kind === "compiled" ? compiled.warnings : [];
  expect(said).toEqual([
    expect.objectContaining({
      path: "networks.n.name",
      message: "no task gets sg-0a1b from a network",
      help: "Write x-network: {AdditionalSecurityGroups: [sg-0a1b]} at its services.",
    }),
  ]);
});
