import type { Data } from "../../compose/project.ts";
import { shown } from "../../compose/shown.ts";
import { suggestion } from "../nearest.ts";
import { asMapping, isMapping } from "../read.ts";
import type { Path, Report } from "../report.ts";
import type { Scope } from "../scope.ts";
import type { Member, Site } from "./family.ts";
import {
  asksForNothing,
  type Fate,
  fateWith,
  honoured,
  refused,
  refusedBut,
  sayFate,
  warned,
  warnedBut,
} from "./fate.ts";
import { lessIsolation } from "./security-options.ts";

const local = warned("only a local engine has a use for it");
const host = warned("Fargate shares no host whose resources it could set");
const task = warned("a task has an address and a name of its own");
const noHostAccess = "Fargate gives no access to the host";
const hostAccess = refused(noHostAccess);
/** What a container would see or share of its host: without it it is the more isolated. */
const hostView = warned(noHostAccess);
const dockersOwn = warned("ECS leaves it to the Docker of the instance");
const noSettingThere = "ECS has no setting for it on container instances";
const noSetting = warned(noSettingThere);
const notOffered = refused(noSettingThere);

const onFargate: Readonly<Record<string, Fate>> = {
  annotations: local,
  attach: local,
  blkio_config: host,
  build: warned("images are built elsewhere: the image it names is deployed"),
  cap_add: honoured,
  cap_drop: honoured,
  cgroup: warnedBut(["private"], noHostAccess),
  cgroup_parent: hostView,
  command: honoured,
  configs: honoured,
  container_name: local,
  cpu_count: host,
  cpu_percent: host,
  cpu_period: host,
  cpu_quota: host,
  cpu_rt_period: host,
  cpu_rt_runtime: host,
  cpu_shares: host,
  cpus: honoured,
  cpuset: host,
  credential_spec: refused("ECS reads credential specs from S3 or Parameter Store alone"),
  depends_on: honoured,
  deploy: honoured,
  "deploy.endpoint_mode": warned("x-network says how a service is found"),
  "deploy.labels": honoured,
  "deploy.mode": honoured,
  "deploy.placement": warned("Fargate places tasks by itself, over all subnets"),
  "deploy.replicas": honoured,
  "deploy.resources": honoured,
  "deploy.resources.limits": honoured,
  "deploy.resources.limits.cpus": honoured,
  "deploy.resources.limits.memory": honoured,
  "deploy.resources.limits.pids": warned("ECS limits no processes"),
  "deploy.resources.reservations": honoured,
  "deploy.resources.reservations.cpus": honoured,
  "deploy.resources.reservations.devices": refused("Fargate has no GPUs"),
  "deploy.resources.reservations.generic_resources": warned("ECS has no resources of such kinds"),
  "deploy.resources.reservations.memory": honoured,
  "deploy.restart_policy": honoured,
  "deploy.rollback_config": warned("the circuit breaker rolls back as fast as it can"),
  "deploy.update_config": honoured,
  develop: local,
  device_cgroup_rules: hostView,
  devices: hostAccess,
  dns: warned("tasks ask the resolver of their VPC"),
  dns_opt: warned("tasks ask the resolver of their VPC"),
  dns_search: warned("tasks ask the resolver of their VPC"),
  domainname: task,
  entrypoint: honoured,
  env_file: honoured,
  environment: honoured,
  expose: honoured,
  extends: honoured,
  external_links: task,
  extra_hosts: warned("awsvpc tasks have no hosts file of their own"),
  gpus: refused("Fargate has no GPUs"),
  group_add: warned("ECS runs containers with the groups of their image"),
  healthcheck: honoured,
  hostname: task,
  image: honoured,
  init: honoured,
  // Docker's own two modes: whoever would share is told where it says so.
  ipc: warnedBut(["private", "shareable"], "containers share no memory there, nor with the host"),
  isolation: host,
  label_file: honoured,
  labels: honoured,
  links: warned("services find each other through x-network"),
  logging: honoured,
  mac_address: task,
  mem_limit: honoured,
  mem_reservation: honoured,
  mem_swappiness: host,
  memswap_limit: host,
  models: refused("ECS runs no models: name the endpoint of one in environment"),
  network_mode: honoured,
  networks: honoured,
  oom_kill_disable: host,
  oom_score_adj: host,
  pid: honoured,
  pids_limit: host,
  platform: honoured,
  ports: honoured,
  post_start: refused("ECS runs no hooks in a container"),
  pre_start: refused("ECS runs no hooks in a container"),
  pre_stop: refused("ECS runs no hooks in a container"),
  privileged: hostAccess,
  profiles: honoured,
  provider: refused("nothing runs a provider on ECS"),
  pull_policy: warned("Fargate pulls the image for every task"),
  read_only: honoured,
  restart: honoured,
  runtime: refusedBut(["runc"], "Fargate has one runtime"),
  scale: honoured,
  secrets: honoured,
  security_opt: refusedBut([], "Fargate takes no security options", lessIsolation),
  shm_size: warned("Fargate gives every task 64 MiB of shared memory"),
  stdin_open: honoured,
  stop_grace_period: honoured,
  stop_signal: warned("ECS sends the STOPSIGNAL of the image"),
  storage_opt: warned("the label ecs.ephemeral.storage sets the size of a task's disk"),
  sysctls: honoured,
  tmpfs: honoured,
  tty: honoured,
  ulimits: honoured,
  use_api_socket: hostAccess,
  user: honoured,
  userns_mode: hostView,
  uts: hostView,
  volumes: honoured,
  volumes_from: honoured,
  working_dir: honoured,
};

/** What is otherwise on container instances. */
const onInstances: Readonly<Record<string, Fate>> = {
  blkio_config: dockersOwn,
  cgroup: warnedBut(["private"], noSettingThere),
  cgroup_parent: noSetting,
  cpu_count: dockersOwn,
  cpu_percent: dockersOwn,
  cpu_period: dockersOwn,
  cpu_quota: dockersOwn,
  cpu_rt_period: dockersOwn,
  cpu_rt_runtime: dockersOwn,
  cpu_shares: warned("ECS makes shares of cpus"),
  cpuset: dockersOwn,
  "deploy.placement": honoured,
  "deploy.resources.reservations.devices": honoured,
  device_cgroup_rules: noSetting,
  devices: honoured,
  gpus: honoured,
  ipc: honoured,
  isolation: dockersOwn,
  mem_swappiness: honoured,
  memswap_limit: honoured,
  oom_kill_disable: dockersOwn,
  oom_score_adj: dockersOwn,
  pids_limit: dockersOwn,
  privileged: honoured,
  pull_policy: warned("the agent of the instance decides when images are pulled"),
  runtime: refusedBut(["runc"], "the agent of the instance chooses the runtime"),
  security_opt: honoured,
  shm_size: honoured,
  storage_opt: warned("containers share the disk of their instance"),
  use_api_socket: notOffered,
  userns_mode: noSetting,
  uts: noSetting,
};

/** What is otherwise where tasks use the network of their instance. */
const onTheirNetwork: Readonly<Record<string, Fate>> = {
  dns: honoured,
  dns_opt: noSetting,
  dns_search: honoured,
  domainname: noSetting,
  extra_hosts: honoured,
  hostname: honoured,
  links: honoured,
  mac_address: noSetting,
};

/** Every key of a compose service, and of its `deploy`, by what it runs on. The one place that says so. */
export const fates: Readonly<Record<Site, Readonly<Record<string, Fate>>>> = {
  fargate: onFargate,
  instance: { ...onFargate, ...onInstances },
  "instance-network": { ...onFargate, ...onInstances, ...onTheirNetwork },
};

/** Says of every key of a service what becomes of it: nothing is dropped in silence. */
export function checkKeys(
  { service, path }: Pick<Member, "service" | "path">,
  site: Site,
  { report }: Pick<Scope, "report">,
): void {
  for (const level of levels[site]) {
    const given = level.keys.reduce<Data | undefined>(
      (data, key) => asMapping(data)[key],
      service as Data,
    );
    if (isMapping(given)) judge(given, path, level, report);
  }
}

/** The keys of one mapping, by the names they have there. */
interface Level {
  readonly prefix: string;
  /** The mapping's own, from the service down. */
  readonly keys: readonly string[];
  readonly fates: ReadonlyMap<string, Fate>;
}

const prefixes = ["", "deploy.", "deploy.resources.limits.", "deploy.resources.reservations."];

const levelsOf = (site: Site): readonly Level[] =>
  prefixes.map((prefix) => ({
    prefix,
    keys: prefix.split(".").slice(0, -1),
    fates: new Map(
      Object.entries(fates[site]).flatMap(([name, fate]) => {
        const key = name.slice(prefix.length);
        return name.startsWith(prefix) && !key.includes(".") ? [[key, fate]] : [];
      }),
    ),
  }));

const levels: Readonly<Record<Site, readonly Level[]>> = {
  fargate: levelsOf("fargate"),
  instance: levelsOf("instance"),
  "instance-network": levelsOf("instance-network"),
};

function judge(
  given: Readonly<Record<string, Data | undefined>>,
  path: Path,
  { fates: known, keys, prefix }: Level,
  report: Report,
): void {
  for (const key of Object.keys(given)) {
    const fate = fateWith(given[key], known.get(key));
    if (fate?.fate === "honoured" || key.startsWith("x-")) continue;
    if (asksForNothing(given[key], fate)) continue;
    const at = [...path, ...keys, key];
    if (fate === undefined) {
      const message = `unknown key ${shown(key)}`;
      report.error({
        code: "unknown-key",
        path: at,
        message,
        help: suggestion(key, [...known.keys()]),
      });
    } else sayFate(fate, `${prefix}${key}`, at, report);
  }
}
