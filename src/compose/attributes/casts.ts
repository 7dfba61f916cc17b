import type { Attributes, Cast } from "../attribute.ts";
import type { Scalar } from "../tree.ts";

const services = {
  int: [
    ...["count", "period", "quota", "rt_period", "rt_runtime", "shares"].map((k) => `cpu_${k}`),
    ...["replicas", "update_config.parallelism", "rollback_config.parallelism"].map(
      (key) => `deploy.${key}`,
    ),
    "deploy.restart_policy.max_attempts",
    "deploy.placement.max_replicas_per_node",
    "healthcheck.retries",
    "oom_score_adj",
    "pids_limit",
    "ports.*.target",
    "scale",
    "ulimits.*",
    "ulimits.*.hard",
    "ulimits.*.soft",
  ],
  float: [
    "cpu_percent",
    "cpus",
    "deploy.update_config.max_failure_ratio",
    "deploy.rollback_config.max_failure_ratio",
  ],
  bool: [
    "healthcheck.disable",
    "init",
    "oom_kill_disable",
    "privileged",
    "read_only",
    "stdin_open",
    "tty",
    "volumes.*.read_only",
    "volumes.*.volume.nocopy",
  ],
} as const;

/** What text at these paths means once variables are replaced: `"3"` is three replicas. */
export const casts: Attributes = Object.fromEntries(
  [...castTable()].map(([path, cast]) => [path, { cast }]),
);

function* castTable(): Generator<[string, Cast]> {
  for (const path of services.int) yield [`services.*.${path}`, toInt];
  for (const path of services.float) yield [`services.*.${path}`, toFloat];
  for (const path of services.bool) yield [`services.*.${path}`, toBool];
  for (const key of ["external", "internal", "attachable", "enable_ipv4", "enable_ipv6"])
    yield [`networks.*.${key}`, toBool];
  for (const kind of ["volumes", "secrets", "configs"]) yield [`${kind}.*.external`, toBool];
}

function toInt(text: string): Scalar | undefined {
  if (!/^[+-]?[0-9]+$/.test(text)) return undefined;
  const big = BigInt(text.replace("+", ""));
  if (big >= 2n ** 63n || big < -(2n ** 63n)) return undefined;
  return Number.isSafeInteger(Number(big)) ? Number(big) : big;
}

function toFloat(text: string): Scalar | undefined {
  return /^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)(e[+-]?[0-9]+)?$/i.test(text)
    ? Number(text)
    : undefined;
}

function toBool(text: string): boolean | undefined {
  if (/^(true|y|yes|on)$/i.test(text)) return true;
  return /^(false|n|no|off)$/i.test(text) ? false : undefined;
}
