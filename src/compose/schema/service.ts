import { deploy, deviceRequest } from "./deploy.ts";
import {
  amount,
  any,
  bytes,
  driverOptions,
  duration,
  either,
  flag,
  keep,
  list,
  map,
  mode,
  nameOrNames,
  names,
  nullable,
  object,
  objectName,
  oneOf,
  pairs,
  type Shape,
  scalar,
  set,
  strictFlag,
  text,
  whole,
  wholeNumber,
} from "./shape.ts";

const command = nullable(either(text, list(text)));

const extraHosts = either(map(either(text, list(text))), set(text));

const ulimits = map(
  either(whole, object({ hard: whole, soft: whole }, { required: [["soft"], ["hard"]] })),
  { keys: /^[a-z]+$/, otherKeys: "ignored" },
);

const fileMounts = list(
  either(text, object({ source: text, target: text, uid: text, gid: text, mode: keep(mode) })),
);

const hook = object(
  { command: keep(command), user: text, privileged: flag, working_dir: text, environment: pairs },
  { required: [["command"]], always: ["command"] },
);

const build = either(
  text,
  object({
    context: text,
    dockerfile: text,
    dockerfile_inline: text,
    entitlements: list(text),
    args: pairs,
    ssh: pairs,
    labels: pairs,
    cache_from: list(text),
    cache_to: list(text),
    no_cache: flag,
    additional_contexts: pairs,
    network: text,
    provenance: scalar(["text", "switch"], "text"),
    sbom: scalar(["text", "switch"], "text"),
    pull: flag,
    target: text,
    shm_size: scalar(["whole", "text"], "bytes"),
    extra_hosts: extraHosts,
    isolation: text,
    privileged: flag,
    secrets: fileMounts,
    tags: list(text),
    ulimits,
    platforms: list(text),
  }),
);

const blkioLimits = list(
  object({ path: text, rate: scalar(["whole", "text"], "bytes") }, { closed: true }),
);

const blkio = object(
  {
    device_read_bps: blkioLimits,
    device_read_iops: blkioLimits,
    device_write_bps: blkioLimits,
    device_write_iops: blkioLimits,
    weight: whole,
    weight_device: list(object({ path: text, weight: whole }, { closed: true })),
  },
  { closed: true },
);

const network = nullable(
  object({
    aliases: names,
    interface_name: text,
    ipv4_address: text,
    ipv6_address: text,
    link_local_ips: names,
    mac_address: text,
    driver_opts: driverOptions,
    priority: scalar(["number"], "whole"),
    gw_priority: scalar(["number"], "whole"),
  }),
);

const port = object({
  name: text,
  mode: text,
  host_ip: text,
  target: whole,
  published: scalar(["text", "whole"], "text"),
  protocol: text,
  app_protocol: text,
});

const mount = object(
  {
    type: oneOf("bind", "volume", "tmpfs", "cluster", "npipe", "image"),
    source: text,
    target: text,
    read_only: flag,
    consistency: text,
    bind: object({
      propagation: text,
      create_host_path: flag,
      recursive: oneOf("enabled", "disabled", "writable", "readonly"),
      selinux: oneOf("z", "Z"),
    }),
    volume: object({ labels: pairs, nocopy: flag, subpath: text }),
    tmpfs: object({
      size: { ...scalar(["whole", "text"], "bytes"), range: [0, Number.POSITIVE_INFINITY] },
      mode: scalar(["number", "text"], "whole"),
    }),
    image: object({ subpath: text }),
  },
  { required: [["type"]] },
);

const watch = object(
  {
    ignore: nameOrNames,
    include: nameOrNames,
    path: text,
    action: oneOf("rebuild", "sync", "restart", "sync+restart", "sync+exec"),
    target: text,
    exec: hook,
    initial_sync: strictFlag,
  },
  { required: [["path"], ["action"]], always: ["exec"] },
);

const dependency = object(
  {
    restart: flag,
    required: keep(strictFlag),
    condition: oneOf("service_started", "service_healthy", "service_completed_successfully"),
  },
  { required: [["condition"]] },
);

const envFile = object(
  { path: text, format: text, required: keep(flag) },
  { required: [["path"]], closed: true },
);

const healthcheck = object({
  disable: flag,
  interval: keep(duration),
  retries: keep(wholeNumber),
  test: either(text, list(text)),
  timeout: keep(duration),
  start_period: keep(duration),
  start_interval: keep(duration),
});

const option = scalar(["text", "number", "switch"], "text");

const provider = object(
  {
    type: text,
    options: map(either(option, list(option)), { otherKeys: "ignored" }),
  },
  { required: [["type"]] },
);

const limited = (min: number, max: number, form: "whole" | "float32"): Shape => ({
  ...scalar(["whole", "text"], form),
  range: [min, max],
});

/** A service's keys and what each may hold. */
export const service = object(
  {
    annotations: pairs,
    attach: keep(flag),
    blkio_config: blkio,
    build,
    cap_add: names,
    cap_drop: names,
    cgroup: oneOf("host", "private"),
    cgroup_parent: text,
    command: keep(command),
    configs: fileMounts,
    container_name: { ...text, pattern: /[a-zA-Z0-9][a-zA-Z0-9_.-]+/ },
    cpu_count: limited(0, Number.POSITIVE_INFINITY, "whole"),
    cpu_percent: limited(0, 100, "float32"),
    cpu_period: wholeNumber,
    cpu_quota: wholeNumber,
    cpu_rt_period: wholeNumber,
    cpu_rt_runtime: wholeNumber,
    cpu_shares: wholeNumber,
    cpus: amount,
    cpuset: text,
    credential_spec: object({ config: text, file: text, registry: text }),
    depends_on: either(names, map(dependency, { keys: objectName })),
    deploy,
    develop: nullable(object({ watch: list(watch) })),
    device_cgroup_rules: names,
    devices: list(
      either(
        text,
        object({ source: text, target: text, permissions: text }, { required: [["source"]] }),
      ),
    ),
    dns: nameOrNames,
    dns_opt: names,
    dns_search: nameOrNames,
    domainname: text,
    entrypoint: keep(command),
    env_file: either(text, list(either(text, envFile))),
    environment: pairs,
    expose: set(scalar(["text", "number"], "text")),
    extends: either(
      text,
      object({ service: text, file: text }, { required: [["service"]], closed: true }),
    ),
    external_links: names,
    extra_hosts: extraHosts,
    gpus: either(oneOf("all"), list(object(deviceRequest.fields, { open: true }))),
    group_add: set(scalar(["text", "number"], "text")),
    healthcheck,
    hostname: text,
    image: text,
    init: keep(flag),
    ipc: text,
    isolation: text,
    label_file: either(text, list(text)),
    labels: pairs,
    links: names,
    logging: object({
      driver: text,
      options: map(scalar(["text", "number", "null"], "text"), { otherKeys: "ignored" }),
    }),
    mac_address: text,
    mem_limit: bytes,
    mem_reservation: scalar(["whole", "text"], "bytes"),
    mem_swappiness: scalar(["whole", "text"], "bytes"),
    memswap_limit: bytes,
    models: either(
      names,
      map(nullable(object({ endpoint_var: text, model_var: text })), {
        keys: objectName,
        otherKeys: "ignored",
      }),
    ),
    network_mode: text,
    networks: either(names, map(network, { keys: objectName })),
    oom_kill_disable: flag,
    oom_score_adj: limited(-1000, 1000, "whole"),
    pid: nullable(text),
    pids_limit: wholeNumber,
    platform: text,
    ports: set(either(scalar(["number", "text"], "text"), port)),
    post_start: list(hook),
    pre_stop: list(hook),
    privileged: flag,
    profiles: names,
    provider,
    pull_policy: {
      ...text,
      pattern:
        /always|never|build|if_not_present|missing|refresh|daily|weekly|every_([0-9]+[wdhms])+/,
    },
    pull_refresh_after: text,
    read_only: flag,
    restart: text,
    runtime: text,
    scale: keep(whole),
    secrets: fileMounts,
    security_opt: names,
    shm_size: bytes,
    stdin_open: flag,
    stop_grace_period: keep(duration),
    stop_signal: text,
    storage_opt: map(any, { otherKeys: "ignored" }),
    sysctls: pairs,
    tmpfs: nameOrNames,
    tty: flag,
    ulimits,
    use_api_socket: strictFlag,
    user: text,
    userns_mode: text,
    uts: text,
    volumes: set(either(text, mount)),
    volumes_from: names,
    working_dir: text,
  },
  { always: ["command", "entrypoint"] },
);
