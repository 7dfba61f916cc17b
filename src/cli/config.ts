import type { Skippable } from "../compose/inputs.ts";
import { jsonDocument, yamlDocument } from "./config-documents.ts";
import { configLists, isListName, listNames, variablesDocument } from "./config-lists.ts";
import { told } from "./explained.ts";
import { loadHere } from "./local-compose.ts";
import { readArguments, refuseMissing, UsageError } from "./usage.ts";
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
  json: { type: "boolean" },
  extensions: { type: "boolean" },
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
  const format = formatOf(values);
  const list = Object.keys(values).find(isListName);
  const skip = new Set(
    Object.entries(switches).flatMap(([name, what]) => (name in values ? [what] : [])),
  );
  // A list shows nothing of the files that services take their environment from.
  if (list !== undefined) skip.add("environment");
  // The variables are what interpolation would replace.
  if (list === "variables") skip.add("interpolation");
  const files = values.file ?? [];
  refuseMissing(files, io.cwd);
  const { loaded, inputs } = loadHere({
    cwd: io.cwd,
    env: io.env,
    files,
    envFiles: values["env-file"] ?? [],
    profiles: values.profile ?? [],
    projectName: values["project-name"],
    projectDirectory: values["project-directory"],
    services: positionals,
    dialect: "compose",
    skip,
  });
  const found = loaded.kind === "failed" ? loaded.diagnostics : loaded.warnings;
  for (const line of told(found)) io.err(line);
  if (loaded.kind === "failed") return 2;
  const { project } = loaded;
  const interpolated = !skip.has("interpolation");
  const shown = { interpolated, extensions: values.extensions === true || !interpolated };
  const isFormatted = values.format !== undefined || values.json === true;
  const product = () => {
    if (list === undefined) return documents[format](project, shown);
    if (list === "variables" && isFormatted) return variablesDocument(project, format);
    return configLists[list](project, inputs).join("\n");
  };
  const text = values.quiet === true ? "" : product();
  if (text !== "") io.out(text);
  return 0;
}

const documents = { json: jsonDocument, yaml: yamlDocument } as const;

function formatOf(values: {
  readonly format?: string | undefined;
  readonly json?: boolean | undefined;
}): keyof typeof documents {
  if (values.json === true || values.format === undefined || values.format === "json")
    return "json";
  if (values.format === "yaml") return "yaml";
  throw new UsageError(`--format takes json or yaml, not "${values.format}".`);
}

function flags<const N extends string>(names: readonly N[]) {
  return Object.fromEntries(names.map((name) => [name, { type: "boolean" }])) as Record<
    N,
    { readonly type: "boolean" }
  >;
}
