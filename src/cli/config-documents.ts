import { withoutExtensions } from "../compose/extensions.ts";
import { printYaml } from "../compose/print.ts";
import type { Data, Project } from "../compose/project.ts";

/** How a model is shown. */
export interface Shown {
  /** The `x-*` keys below the top level too. */
  readonly extensions: boolean;
  /** Text in which `${…}` was replaced: every `$` left is doubled, so that it can be read again. */
  readonly interpolated: boolean;
}

/** JSON as the reference prints it, oddities included. */
export function jsonDocument(project: Project, { extensions, interpolated }: Shown): string {
  const shown = extensions ? project : withoutExtensions({ ...project, models: {} });
  const services = mapEach(shown.services, (service) =>
    service.blkio_config === undefined
      ? service
      : { ...service, blkio_config: capitalised(service.blkio_config) },
  );
  const emptied = mapEach(shown.extensions, nullForEmptyLists);
  const document = documentOf({ ...shown, services, extensions: emptied } as Project);
  return JSON.stringify(interpolated ? doubled(document) : document, undefined, 2);
}

/** YAML, which carries models and every `x-*` key and leaves out what is empty. */
export function yamlDocument(project: Project, { interpolated }: Shown): string {
  const services = mapEach(project.services, ({ command, entrypoint, deploy, ...service }) => ({
    ...service,
    ...(command === null ? {} : { command }),
    ...(entrypoint === null ? {} : { entrypoint }),
    ...(deploy === undefined ? {} : { deploy: withoutEmpty(deploy, ["resources", "placement"]) }),
  }));
  const networks = mapEach(project.networks, (network) => withoutEmpty(network, ["ipam"]));
  const document = documentOf({ ...project, services, networks } as Project);
  return printYaml(interpolated ? doubled(document) : document).trimEnd();
}

function documentOf(project: Project): Data {
  const { name, services, networks, volumes, secrets, configs, models, extensions } = project;
  const filled = Object.entries({ networks, volumes, secrets, configs, models }).filter(
    ([, section]) => Object.keys(section).length > 0,
  );
  return { name, services, ...Object.fromEntries(filled), ...extensions } as Data;
}

const doubled = (data: Data): Data => JSON.parse(JSON.stringify(data).replaceAll("$", () => "$$"));

const mapEach = <T>(section: Readonly<Record<string, T>>, change: (entry: T) => unknown) =>
  Object.fromEntries(Object.entries(section).map(([key, entry]) => [key, change(entry)]));

/** The reference's types for the limits of devices have no JSON names of their own. */
function capitalised(data: Data): Data {
  if (Array.isArray(data)) return data.map(capitalisedKeys);
  if (typeof data !== "object" || data === null) return data;
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => [
      key,
      Array.isArray(value) ? capitalised(value) : value,
    ]),
  );
}

const capitalisedKeys = (data: Data): Data =>
  Object.fromEntries(
    Object.entries(data ?? {}).map(([key, value]) => [
      `${key[0]?.toUpperCase()}${key.slice(1)}`,
      value,
    ]),
  );

function nullForEmptyLists(data: Data): Data {
  if (typeof data !== "object" || data === null) return data;
  if (Array.isArray(data)) return data.length === 0 ? null : data.map(nullForEmptyLists);
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => [key, nullForEmptyLists(value)]),
  );
}

function withoutEmpty(data: Data, keys: readonly string[]): Data {
  if (typeof data !== "object" || data === null || Array.isArray(data)) return data;
  return Object.fromEntries(
    Object.entries(data).filter(([key, value]) => !(keys.includes(key) && isEmpty(value))),
  );
}

const isEmpty = (value: Data): boolean =>
  typeof value === "object" && value !== null && Object.keys(value).length === 0;
