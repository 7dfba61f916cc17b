import { stringify } from "yaml";
import { withoutExtensions } from "../compose/extensions.ts";
import type { Skippable } from "../compose/inputs.ts";
import type { Data, Project } from "../compose/project.ts";
import { renderDiagnostic } from "../model/diagnostic.ts";
import { configLists, isListName, listNames } from "./config-lists.ts";
import { loadHere } from "./local-compose.ts";
import { readArguments, UsageError } from "./usage.ts";
import type { ExitStatus, Io, Verb } from "./verb.ts";

/** `docker compose config`'s words for what it leaves out, and ours. */
const switches = {
  "no-interpolate": "interpolation",
  "no-consistency": "consistency",
  "no-path-resolution": "paths",
  "no-normalize": "normalization",
  "no-env-resolution": "environment",
  "all-resources": "pruning",
} as const satisfies Readonly<Record<string, Skippable>>;

const options = {
  file: { type: "string", short: "f", multiple: true },
  "env-file": { type: "string", multiple: true },
  profile: { type: "string", multiple: true },
  "project-name": { type: "string", short: "p" },
  "project-directory": { type: "string" },
  format: { type: "string" },
  extensions: { type: "boolean" },
  json: { type: "boolean" },
  quiet: { type: "boolean", short: "q" },
  ...flags(listNames),
  ...flags(Object.keys(switches) as (keyof typeof switches)[]),
} as const;

/** `trueup config`: the compose model as it is read, the way `docker compose config` prints it. */
export const config: Verb = {
  name: "config",
  summary: "print the compose model as it is read",
  usage:
    "trueup config [-f FILE]… [--env-file F]… [--profile P]… [-p NAME] [--project-directory D]\n" +
    "              [--format json|yaml] [--extensions] [-q]\n" +
    `              [${listNames.map((name) => `--${name}`).join("|")}]\n` +
    `              [${Object.keys(switches)
      .map((name) => `--${name}`)
      .join("] [")}] [SERVICE]…`,
  run: async (args, io) => run(args, io),
};

function run(args: readonly string[], io: Io): ExitStatus {
  const { values, positionals } = readArguments(args, options);
  const format = values.format ?? "json";
  if (format !== "json" && format !== "yaml")
    throw new UsageError(`--format takes json or yaml, not "${format}".`);
  const list = Object.keys(values).find(isListName);
  const chosen = Object.entries(switches).filter(([name]) => name in values);
  const skip = new Set<Skippable>(chosen.map(([, what]) => what));
  if (list === "variables")
    for (const what of ["interpolation", "consistency"] as const) skip.add(what);
  const { loaded, inputs } = loadHere({
    cwd: io.cwd,
    env: io.env,
    files: values.file ?? [],
    envFiles: values["env-file"] ?? [],
    profiles: values.profile ?? [],
    projectName: values["project-name"],
    projectDirectory: values["project-directory"],
    services: positionals,
    dialect: "compose",
    skip,
  });
  for (const found of loaded.kind === "failed" ? loaded.diagnostics : loaded.warnings)
    io.err(renderDiagnostic(found));
  if (loaded.kind === "failed") return 2;
  if (values.quiet === true) return 0;
  const { project } = loaded;
  if (list !== undefined) for (const line of configLists[list](project, inputs)) io.out(line);
  else
    io.out(
      format === "yaml" ? yamlOf(project, skip) : jsonOf(project, values.extensions === true, skip),
    );
  return 0;
}

function flags<const N extends string>(names: readonly N[]) {
  return Object.fromEntries(names.map((name) => [name, { type: "boolean" }])) as Record<
    N,
    { readonly type: "boolean" }
  >;
}

/** JSON as the reference has it: no models, and no `x-*` but the topmost, unless asked for. */
function jsonOf(project: Project, extensions: boolean, skip: ReadonlySet<Skippable>): string {
  const shown = extensions ? project : withoutExtensions({ ...project, models: {} });
  return JSON.stringify(escaped(documentOf(shown), skip), undefined, 2);
}

/** YAML, which carries everything and leaves out what is empty. */
function yamlOf(project: Project, skip: ReadonlySet<Skippable>): string {
  const services = mapEach(project.services, ({ command, entrypoint, deploy, ...service }) => ({
    ...service,
    ...(command === null ? {} : { command }),
    ...(entrypoint === null ? {} : { entrypoint }),
    ...(deploy === undefined ? {} : { deploy: withoutEmpty(deploy, ["resources", "placement"]) }),
  }));
  const networks = mapEach(project.networks, (network) => withoutEmpty(network, ["ipam"]));
  const document = documentOf({ ...project, services, networks } as Project);
  return stringify(escaped(document, skip), { lineWidth: 0 }).trimEnd();
}

function documentOf(project: Project): Data {
  const { name, services, networks, volumes, secrets, configs, models, extensions } = project;
  const filled = Object.entries({ networks, volumes, secrets, configs, models }).filter(
    ([, section]) => Object.keys(section).length > 0,
  );
  return { name, services, ...Object.fromEntries(filled), ...extensions } as Data;
}

/** Every `$` doubled, so that what is printed can be read again; but for text nobody interpolated. */
function escaped(data: Data, skip: ReadonlySet<Skippable>): Data {
  if (skip.has("interpolation")) return data;
  return JSON.parse(JSON.stringify(data).replaceAll("$", () => "$$"));
}

const mapEach = <T>(section: Readonly<Record<string, T>>, change: (entry: T) => unknown) =>
  Object.fromEntries(Object.entries(section).map(([key, entry]) => [key, change(entry)]));

function withoutEmpty(data: Data, keys: readonly string[]): Data {
  if (typeof data !== "object" || data === null || Array.isArray(data)) return data;
  return Object.fromEntries(
    Object.entries(data).filter(([key, value]) => !(keys.includes(key) && isEmpty(value))),
  );
}

const isEmpty = (value: Data): boolean =>
  typeof value === "object" && value !== null && Object.keys(value).length === 0;
