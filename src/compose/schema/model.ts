import { service } from "./service.ts";
import {
  driverOptions,
  either,
  type Fields,
  flag,
  keep,
  list,
  map,
  nameOrNames,
  nullable,
  object,
  objectName,
  pairs,
  scalar,
  text,
} from "./shape.ts";

const external = either(flag, object({ name: text }));
const openExternal = either(flag, object({ name: text }, { open: true }));

const network = nullable(
  object(
    {
      name: text,
      driver: text,
      driver_opts: driverOptions,
      ipam: object({
        driver: text,
        config: list(
          object({ subnet: text, ip_range: text, gateway: text, aux_addresses: map(text) }),
        ),
        options: map(text),
      }),
      external,
      internal: flag,
      enable_ipv4: keep(flag),
      enable_ipv6: keep(flag),
      attachable: flag,
      labels: pairs,
    },
    { always: ["ipam"] },
  ),
);

const volume = nullable(
  object({ name: text, driver: text, driver_opts: driverOptions, external, labels: pairs }),
);

const secret = object({
  name: text,
  environment: text,
  file: text,
  external: openExternal,
  labels: pairs,
  driver: text,
  driver_opts: driverOptions,
  template_driver: text,
});

const config = object({
  name: text,
  content: text,
  environment: text,
  file: text,
  external: openExternal,
  labels: pairs,
  template_driver: text,
});

const model = object(
  {
    name: text,
    model: text,
    context_size: scalar(["whole"], "whole"),
    runtime_flags: list(text),
  },
  { required: ["model"] },
);

const include = object(
  { path: nameOrNames, env_file: nameOrNames, project_directory: text },
  { closed: true },
);

/** What stands at the top of a compose file. */
export const topLevel: Fields = {
  version: text,
  name: text,
  include: list(either(text, include)),
  services: map(service, { keys: objectName }),
  models: map(model, { keys: objectName, otherKeys: "ignored" }),
  networks: map(network, { keys: objectName, otherKeys: "ignored" }),
  volumes: map(volume, { keys: objectName }),
  secrets: map(secret, { keys: objectName }),
  configs: map(config, { keys: objectName }),
};

/** A whole compose file. */
export const composeFile = object(topLevel);
