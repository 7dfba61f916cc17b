import {
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

export const command = nullable(either(text, list(text)));

export const extraHosts = either(map(either(text, list(text))), set(text));

export const ulimits = map(
  either(whole, object({ hard: whole, soft: whole }, { required: ["soft", "hard"] })),
  { keys: /^[a-z]+$/, otherKeys: "ignored" },
);

export const fileMounts = list(
  either(text, object({ source: text, target: text, uid: text, gid: text, mode: keep(mode) })),
);

export const hook = object(
  { command: keep(command), user: text, privileged: flag, working_dir: text, environment: pairs },
  { required: ["command"], always: ["command"] },
);

export const build = either(
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

export const blkio = object(
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

export const network = nullable(
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

export const port = object({
  name: text,
  mode: text,
  host_ip: text,
  target: whole,
  published: scalar(["text", "whole"], "text"),
  protocol: text,
  app_protocol: text,
});

export const mount = object(
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
      size: scalar(["whole", "text"], "bytes", { range: [0, Number.POSITIVE_INFINITY] }),
      mode: scalar(["number", "text"], "whole"),
    }),
    image: object({ subpath: text }),
  },
  { required: ["type"] },
);

export const watch = object(
  {
    ignore: nameOrNames,
    include: nameOrNames,
    path: text,
    action: oneOf("rebuild", "sync", "restart", "sync+restart", "sync+exec"),
    target: text,
    exec: hook,
    initial_sync: strictFlag,
  },
  { required: ["path", "action"], always: ["exec"] },
);

export const dependency = object(
  {
    restart: flag,
    required: keep(strictFlag),
    condition: oneOf("service_started", "service_healthy", "service_completed_successfully"),
  },
  { required: ["condition"] },
);

export const envFile = object(
  { path: text, format: text, required: keep(flag) },
  { required: ["path"], closed: true },
);

export const healthcheck = object({
  disable: flag,
  interval: keep(duration),
  retries: keep(wholeNumber),
  test: either(text, list(text)),
  timeout: keep(duration),
  start_period: keep(duration),
  start_interval: keep(duration),
});

const option = scalar(["text", "number", "switch"], "text");

export const provider = object(
  {
    type: text,
    options: map(either(option, list(option)), { otherKeys: "ignored" }),
  },
  { required: ["type"] },
);

export const limited = (min: number, max: number, form: "whole" | "float32"): Shape =>
  scalar(["whole", "text"], form, { range: [min, max] });
