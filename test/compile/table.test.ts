import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import type { Site } from "../../src/compile/services/family.ts";
import type { Fate } from "../../src/compile/services/fate.ts";
import { objectFates } from "../../src/compile/services/objects.ts";
import { fates } from "../../src/compile/services/table.ts";
import { graphOf, saidOf } from "./from-text.ts";

// One sample a key: what a person would write. A key of the table without a sample fails below.
const samples: Readonly<Record<string, string>> = {
  annotations: "{ a: b }",
  attach: "true",
  blkio_config: "{ weight: 300 }",
  build: "{ context: . }",
  cap_add: "[SYS_PTRACE]",
  cap_drop: "[ALL]",
  cgroup: "host",
  cgroup_parent: "m-executor-abcd",
  command: "[run]",
  configs: "[settings]",
  container_name: "named",
  cpu_count: "2",
  cpu_percent: "50",
  cpu_period: "100000",
  cpu_quota: "50000",
  cpu_rt_period: "1400",
  cpu_rt_runtime: "400",
  cpu_shares: "512",
  cpus: "2",
  cpuset: "0-1",
  credential_spec: "{ file: spec.json }",
  depends_on: "[other]",
  deploy: "{ replicas: 2 }",
  "deploy.endpoint_mode": "vip",
  "deploy.labels": "{ team: shop }",
  "deploy.mode": "replicated",
  "deploy.placement": "{ constraints: [node.labels.disk == ssd] }",
  "deploy.replicas": "3",
  "deploy.resources": '{ limits: { cpus: "2" } }',
  "deploy.resources.limits": '{ cpus: "2" }',
  "deploy.resources.limits.cpus": '"2"',
  "deploy.resources.limits.memory": "4g",
  "deploy.resources.limits.pids": "10",
  "deploy.resources.reservations": '{ cpus: "2" }',
  "deploy.resources.reservations.cpus": '"2"',
  "deploy.resources.reservations.devices": "[{ capabilities: [gpu], count: 1 }]",
  "deploy.resources.reservations.generic_resources":
    "[{ discrete_resource_spec: { kind: a, value: 2 } }]",
  "deploy.resources.reservations.memory": "4g",
  "deploy.restart_policy": "{ condition: on-failure }",
  "deploy.rollback_config": "{ parallelism: 1 }",
  "deploy.update_config": "{ failure_action: pause }",
  develop: "{ watch: [{ path: ., action: rebuild }] }",
  device_cgroup_rules: '["c 1:3 mr"]',
  devices: '["/dev/null:/dev/null"]',
  dns: "8.8.8.8",
  dns_opt: "[use-vc]",
  dns_search: "example.com",
  domainname: "example.com",
  entrypoint: "[start]",
  environment: "{ A: b }",
  expose: '["8000"]',
  external_links: "[db]",
  extra_hosts: '["a=1.2.3.4"]',
  gpus: "[{ count: 1 }]",
  group_add: '["1000"]',
  healthcheck: "{ test: [CMD, ok] }",
  hostname: "host",
  image: "other:2",
  init: "true",
  ipc: "host",
  isolation: "process",
  labels: "{ a: b }",
  links: "[other]",
  logging: "{ driver: none }",
  mac_address: "02:42:ac:11:65:43",
  mem_limit: "4g",
  mem_reservation: "4g",
  mem_swappiness: "60",
  memswap_limit: "4g",
  models: "[llm]",
  network_mode: "host",
  networks: "[front]",
  oom_kill_disable: "true",
  oom_score_adj: "100",
  pid: "host",
  pids_limit: "10",
  platform: "linux/arm64",
  ports: '["80"]',
  post_start: "[{ command: [a] }]",
  pre_stop: "[{ command: [a] }]",
  privileged: "true",
  provider: "{ type: x }",
  pull_policy: "always",
  read_only: "true",
  restart: "always",
  runtime: "runsc",
  scale: "2",
  secrets: "[password]",
  security_opt: '["no-new-privileges:true"]',
  shm_size: "64m",
  stdin_open: "true",
  stop_grace_period: "90s",
  stop_signal: "SIGINT",
  storage_opt: "{ size: 1G }",
  sysctls: "{ net.core.somaxconn: 1024 }",
  tmpfs: "/run",
  tty: "true",
  ulimits: "{ nofile: 1024 }",
  use_api_socket: "true",
  user: '"1000"',
  userns_mode: "host",
  uts: "host",
  volumes: '["data:/data"]',
  volumes_from: "[other]",
  working_dir: "/srv",
};

/** Read by the loader, so that the compiler never sees them; or newer than the schema it has. */
const loaders = ["env_file", "extends", "label_file", "pre_start", "profiles"];

/** Asked for in a test of its own. */
const elsewhere = [
  "configs",
  "deploy",
  "deploy.restart_policy",
  "network_mode",
  "networks",
  "pid",
  "restart",
  "secrets",
  "tmpfs",
  "volumes",
  "volumes_from",
];

const rest = `
  other: { image: "x:1" }
networks: { front: { x-vpc: PublicSubnets } }
volumes: { data: {} }
models: { llm: { model: m } }
secrets: { password: { x-secrets: { Name: p } } }
configs: { settings: { content: a } }
x-vpc: { Properties: { SingleNat: true } }
`;

/** A cluster whose tasks run so by themselves. */
const instances =
  "x-cluster: { Properties: { CapacityProviders: [ours], DefaultCapacityProviderStrategy: [{ CapacityProvider: ours, Weight: 1 }] } }\n";
const clusters: Readonly<Record<Site, string>> = {
  fargate: "",
  instance: instances,
  "instance-network": instances,
};

/** What a key counts from: ECS counts swap beyond a limit of memory. */
const beside: Readonly<Record<string, string>> = {
  mem_swappiness: "    mem_limit: 2g\n    memswap_limit: 4g\n",
  memswap_limit: "    mem_limit: 2g\n",
};

/** The one service, with a line for the key or without. */
function composeWith(key: string, site: Site, line = lineOf(key)): string {
  const image = /^(?:image|provider):/.test(line) ? "" : "    image: web:1\n";
  const more = site === "fargate" ? "" : (beside[key] ?? "");
  const mode = site === "instance-network" ? "    network_mode: bridge\n" : "";
  return `services:\n  web:\n${image}${more}${mode}    ${line}\n${rest}${clusters[site]}`;
}

function lineOf(key: string): string {
  const [outer = "", ...inner] = key.split(".");
  return `${outer}: ${inner.reduceRight((value, name) => `{ ${name}: ${value} }`, samples[key] ?? "")}`;
}

/** What is made, without where it comes from. */
const template = (text: string): string =>
  JSON.stringify(
    [...graphOf(text).nodes.values()].map(
      ({ deletionPolicy, dependsOn, id, layer, properties, type, updateReplacePolicy }) => [
        ...[id, type, layer, properties, dependsOn, deletionPolicy, updateReplacePolicy],
      ],
    ),
  );

describe.for(["fargate", "instance", "instance-network"] as const)("on %s", (launch) => {
  const keys = Object.entries(fates[launch]).filter(([key]) => !loaders.includes(key));
  const of = (fate: Fate["fate"]): readonly string[] =>
    keys.filter(([, value]) => value.fate === fate).map(([key]) => key);

  test("every key of the table has a sample, and no sample is of another", () => {
    expect(Object.keys(samples).sort()).toEqual(keys.map(([key]) => key).sort());
  });

  test.for(
    of("honoured").filter(
      (key) => !elsewhere.includes(key) && key !== "deploy.mode" && key !== "depends_on",
    ),
  )("%s changes what is made", (key) => {
    expect(template(composeWith(key, launch))).not.toBe(template(composeWith(key, launch, "")));
  });

  test.for(of("warned"))("%s is warned about, and changes nothing", (key) => {
    const text = composeWith(key, launch);
    expect(saidOf(text)).toEqual([`warning no-effect services.web.${key}`]);
    // The loader makes a depends_on of links.
    if (key !== "links") expect(template(text)).toBe(template(composeWith(key, launch, "")));
  });

  test.for(of("refused"))("%s is refused", (key) => {
    expect(saidOf(composeWith(key, launch))).toContain(`error cannot-honour services.web.${key}`);
  });

  test.for(
    keys.flatMap(([key, fate]) =>
      fate.fate === "honoured" ? [] : (fate.but ?? []).map((value) => [key, value] as const),
    ),
  )("%s: %s is what there is anyway", ([key, value]) => {
    const text = composeWith(key, launch, `${key}: ${value}`);
    expect(saidOf(text)).toEqual([]);
    expect(template(text)).toBe(template(composeWith(key, launch, "")));
  });
});

test("the page tells what becomes of every key", async () => {
  const page = fileURLToPath(new URL("../../docs/compose-compatibility.md", import.meta.url));
  await expect(printedOn(readFileSync(page, "utf8"))).toMatchFileSnapshot(page);
});

const begin =
  "<!-- printed from src/compile/services/table.ts by `npm exec -- vitest run test/compile/table --update` -->\n";
const end = "<!-- end of what is printed -->";

function printedOn(page: string): string {
  const [head = "", after] = page.split(begin);
  if (after === undefined) throw new Error("The page has no place to print.");
  const rows = Object.entries(fates.fargate).map(([key, fate]) =>
    row(key, fate, fates.instance[key] ?? fate, fates["instance-network"][key] ?? fate),
  );
  const table = [
    "| key | on Fargate | on container instances | with their network |\n| --- | --- | --- | --- |\n",
    ...rows,
    "\nBelow services, and beside them; what is not here is honoured:\n\n",
    "| key | on ECS |\n| --- | --- |\n",
    ...Object.entries(objectFates).flatMap(([what, keys]) =>
      Object.entries(keys).map(([key, fate]) => row(`${what}.*.${key}`, fate)),
    ),
  ].join("");
  return `${head}${begin}${table}${after.slice(after.indexOf(end))}`;
}

const row = (key: string, ...all: readonly Fate[]): string =>
  `| \`${key}\` | ${all.map(words).join(" | ")} |\n`;

const butOf = (values: readonly string[] = []): string =>
  values.length === 0 ? "" : `, but for ${values.map((value) => `\`${value}\``).join(", ")}`;

const words = (fate: Fate): string => {
  switch (fate.fate) {
    case "honoured":
      return "honoured";
    case "warned":
      return `a warning${butOf(fate.but)}: ${fate.because}`;
    case "refused":
      return `refused${butOf(fate.but)}${fate.loose === undefined ? "" : ", a warning where it asks for less isolation"}: ${fate.because}`;
  }
};
