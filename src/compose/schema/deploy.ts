import {
  duration,
  type Fields,
  keep,
  list,
  names,
  nullable,
  object,
  oneOf,
  pairs,
  scalar,
  text,
  whole,
} from "./shape.ts";

/** A number of devices of a kind, or some by their ids. */
export const deviceFields: Fields = {
  capabilities: names,
  count: scalar(["text", "whole"], "count"),
  device_ids: names,
  driver: text,
  options: pairs,
};

const rollout = object({
  parallelism: keep(whole),
  delay: duration,
  failure_action: text,
  monitor: duration,
  max_failure_ratio: scalar(["number", "text"], "float32"),
  order: oneOf("start-first", "stop-first"),
});

const cpus = scalar(["number", "text"], "float32");
const memory = scalar(["text"], "bytes");

const resources = object({
  limits: object({ cpus, memory, pids: whole }),
  reservations: object({
    cpus,
    memory,
    generic_resources: list(
      object({
        discrete_resource_spec: object({ kind: text, value: scalar(["number", "text"], "whole") }),
      }),
    ),
    devices: list(object(deviceFields, { required: ["capabilities"] })),
  }),
});

const placement = object({
  constraints: list(text),
  preferences: list(object({ spread: text })),
  max_replicas_per_node: whole,
});

/** How a service is deployed. */
export const deploy = nullable(
  object(
    {
      mode: text,
      endpoint_mode: text,
      replicas: keep(whole),
      labels: pairs,
      rollback_config: rollout,
      update_config: rollout,
      resources,
      restart_policy: object({
        condition: text,
        delay: keep(duration),
        max_attempts: keep(whole),
        window: keep(duration),
      }),
      placement,
    },
    { always: ["resources", "placement"] },
  ),
);
