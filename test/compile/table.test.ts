import { describe, expect, test } from "vitest";
import { type Fate, fates } from "../../src/compile/services/table.ts";
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
  "deploy.placement": "{ constraints: [node.role == manager] }",
  "deploy.replicas": "3",
  "deploy.resources": '{ limits: { cpus: "2" } }',
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
  gpus: "all",
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
  runtime: "runc",
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
const elsewhere = ["configs", "deploy", "network_mode", "networks", "secrets", "tmpfs", "volumes"];

const rest = `
  other: { image: "x:1" }
networks: { front: { x-vpc: PublicSubnets } }
volumes: { data: {} }
models: { llm: { model: m } }
secrets: { password: { x-secrets: { Name: p } } }
configs: { settings: { content: a } }
x-vpc: { Properties: { SingleNat: true } }
`;

function composeWith(key: string): string {
  const [outer = "", inner] = key.split(".");
  const line =
    inner === undefined ? `${key}: ${samples[key]}` : `deploy: { ${inner}: ${samples[key]} }`;
  const image = outer === "image" || outer === "provider" ? "" : "    image: web:1\n";
  return `services:\n  web:\n${image}    ${line}\n${rest}`;
}

const keys = Object.entries(fates).filter(([key]) => !loaders.includes(key));

test("every key of the table has a sample, and no sample is of another", () => {
  expect(Object.keys(samples).sort()).toEqual(keys.map(([key]) => key).sort());
});

const plain = `services:\n  web:\n    image: web:1\n${rest}`;
/** What is made, without where it comes from. */
const template = (text: string): string =>
  JSON.stringify(
    [...graphOf(text).nodes.values()].map(
      ({ deletionPolicy, dependsOn, id, layer, properties, type, updateReplacePolicy }) => [
        ...[id, type, layer, properties, dependsOn, deletionPolicy, updateReplacePolicy],
      ],
    ),
  );
const of = (fate: Fate["fate"]): readonly string[] =>
  keys.filter(([, value]) => value.fate === fate).map(([key]) => key);

describe.for(
  of("honoured").filter(
    (key) => !elsewhere.includes(key) && key !== "deploy.mode" && key !== "depends_on",
  ),
)("%s", (key) => {
  test("changes what is made", () => {
    expect(template(composeWith(key))).not.toBe(template(plain));
  });
});

describe.for(of("warned"))("%s", (key) => {
  test("is warned about, and changes nothing", () => {
    expect(saidOf(composeWith(key))).toEqual([`warning no-effect services.web.${key}`]);
    // The loader makes a depends_on of links.
    if (key !== "links") expect(template(composeWith(key))).toBe(template(plain));
  });
});

describe.for(of("refused"))("%s", (key) => {
  test("is refused", () => {
    expect(saidOf(composeWith(key))).toContain(`error cannot-honour services.web.${key}`);
  });
});
