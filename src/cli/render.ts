import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { stackDigest } from "../link/digests.ts";
import type { Bundle, DesiredStack, Origin } from "../model/bundle.ts";
import { renderDiagnostic } from "../model/diagnostic.ts";
import { offline } from "./offline-lookups.ts";
import { readArguments, refuseMore, refuseUnlike, UsageError } from "./usage.ts";
import type { Io, Verb } from "./verb.ts";
import { renderWorkingCopy, type Where } from "./working-copy.ts";

/** Compiles what lies here to CloudFormation, offline. */
export const render: Verb = {
  name: "render",
  summary: "compile to CloudFormation, offline",
  usage:
    "trueup render [-f FILE]… [--environment E] [-p NAME] [--layout per-service|single] [--lookups FILE|placeholder] [--account ID] [--region R] [--explain] [-o DIR]",

  async run(args, io) {
    const { positionals, values } = readArguments(args, {
      account: { type: "string" },
      environment: { type: "string" },
      explain: { type: "boolean" },
      file: { type: "string", short: "f", multiple: true },
      json: { type: "boolean" },
      layout: { type: "string" },
      lookups: { type: "string" },
      output: { type: "string", short: "o" },
      "project-name": { type: "string", short: "p" },
      region: { type: "string" },
    });
    refuseMore(positionals, 0);
    refuseUnlike("account", values.account);
    refuseUnlike("region", values.region);
    const { bundle, warnings } = await renderWorkingCopy({
      ...whereOf(io),
      ...(values.account === undefined ? {} : { account: values.account }),
      ...(values.region === undefined ? {} : { region: values.region }),
      directory: io.cwd,
      files: values.file ?? [],
      environment: values.environment,
      layout: readLayout(values.layout),
      project: values["project-name"],
      ...(values.lookups === undefined ? {} : offline(values.lookups, io)),
    });
    for (const warning of warnings) io.err(renderDiagnostic(warning));
    if (values.explain === true) for (const line of explained(bundle)) io.err(line);
    if (values.output === undefined) io.out(printed(bundle));
    else writeAll(resolve(io.cwd, values.output), values.output, bundle);
    return 0;
  },
};

/** Where the stacks would be, as far as a process tells that asks nobody. */
export function whereOf({ env }: Io): Where {
  const { TRUEUP_CLOUDFORMATION_ROLE: cloudFormationRole } = env;
  const { TRUEUP_PERMISSIONS_BOUNDARY: permissionsBoundary } = env;
  return {
    account: env.TRUEUP_ACCOUNT ?? "123456789012",
    region: env.AWS_REGION || env.AWS_DEFAULT_REGION || "eu-west-1",
    prefix: env.TRUEUP_PREFIX ?? "trueup",
    ...(cloudFormationRole === undefined ? {} : { cloudFormationRole }),
    ...(permissionsBoundary === undefined ? {} : { permissionsBoundary }),
  };
}

function readLayout(text: string | undefined): "per-service" | "single" | undefined {
  if (text === undefined || text === "per-service" || text === "single") return text;
  throw new UsageError(`--layout is per-service or single, not "${text}".`);
}

/** One template is printed itself; several as `stacks.json` with the templates in it. */
function printed(bundle: Bundle): string {
  const [only, ...more] = bundle.stacks;
  const single = only !== undefined && more.length === 0;
  return json(single ? only.template : listed(bundle, ({ template }) => template));
}

/** `named`: the directory as it was given. */
function writeAll(directory: string, named: string, bundle: Bundle): void {
  try {
    mkdirSync(directory, { recursive: true });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "EEXIST" && code !== "ENOTDIR") throw error;
    throw new UsageError(`${named} is a file, or lies below one: -o takes a directory.`);
  }
  const write = (name: string, value: unknown) =>
    writeFileSync(join(directory, name), `${json(value)}\n`);
  for (const { name, parameters, template } of bundle.stacks) {
    write(`${name}.template.json`, template);
    write(
      `${name}.parameters.json`,
      Object.entries(parameters).map(([ParameterKey, value]) => ({
        ParameterKey,
        ParameterValue: typeof value === "string" ? value : value.output.join("."),
      })),
    );
  }
  write(
    "stacks.json",
    listed(bundle, ({ name }) => `${name}.template.json`),
  );
}

/** `stacks.json`: a digest is there where every value is known before anything is deployed. */
function listed({ digest, stacks, target }: Bundle, templateOf: (stack: DesiredStack) => unknown) {
  const { account, region, role } = target;
  return {
    digest,
    target: { account, region, role: role ?? null },
    stacks: stacks.map((stack) => {
      const { capabilities, dependsOn, name, parameters, tags, unit } = stack;
      const known = Object.entries(parameters).filter(
        (entry): entry is [string, string] => typeof entry[1] === "string",
      );
      const whole = known.length === Object.keys(parameters).length;
      return {
        name,
        unit,
        template: templateOf(stack),
        parameters,
        tags,
        capabilities,
        dependsOn,
        digest: whole ? stackDigest(stack, Object.fromEntries(known), target) : null,
      };
    }),
  };
}

/** Which compose line each resource comes from, and each of its properties. */
const explained = ({ stacks }: Bundle): readonly string[] =>
  stacks.flatMap((stack) => [
    stack.name,
    ...Object.entries(stack.template.Resources).flatMap(([id, { Properties = {}, Type }]) => [
      `  ${id}  ${Type}  ${place(stack.origins[id])}`,
      ...Object.keys(Properties).map((property) => {
        const origin = stack.originOf?.(id, [property]) ?? stack.origins[id];
        return `    ${property}  ${place(origin)}`;
      }),
    ]),
  ]);

const place = (origin: Origin | undefined): string =>
  origin === undefined ? "" : `${origin.file}:${origin.line}  ${origin.path}`;

const json = (value: unknown): string => JSON.stringify(value, undefined, 2);
