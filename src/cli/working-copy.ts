import { existsSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import type { Application, Environment } from "../application/application.ts";
import { composeFilesOf, variablesOf } from "../application/inputs.ts";
import { readApplication } from "../application/read.ts";
import type { LoadInputs } from "../compose/inputs.ts";
import type { Target } from "../model/bundle.ts";
import { invalid } from "../model/errors.ts";
import { type Rendered, type RenderSettings, render } from "../render.ts";
import { UsageError } from "./usage.ts";

/** What to render of a directory: as its `trueup.yaml` says, or plain compose files. */
export interface Wanted {
  readonly directory: string;
  /** Given by `-f`; empty: those of trueup.yaml, or as docker compose finds them. */
  readonly files: readonly string[];
  readonly environment?: string | undefined;
  readonly layout?: RenderSettings["layout"] | undefined;
  readonly account: string;
  readonly region: string;
  /** Given by `-p`: stands for `<prefix>-<app>-<env>`. */
  readonly project?: string | undefined;
  readonly prefix: string;
  readonly cloudFormationRole?: string | undefined;
}

export type WorkingCopy = Extract<Rendered, { readonly kind: "rendered" }> & {
  readonly application: string;
  readonly environment: Environment | undefined;
};

/** Compiles what lies in a directory now, committed or not. Throws with every diagnostic. */
export function renderWorkingCopy(wanted: Wanted): WorkingCopy {
  const { directory, files } = wanted;
  const application = files.length > 0 ? undefined : readLocalApplication(directory);
  if (files.length === 0 && application === undefined) {
    throw new UsageError("There is no trueup.yaml here: say -f FILE.");
  }
  const environment = application && chosen(application, wanted.environment);
  const name = application?.name ?? folded(basename(directory));
  const settings = settingsOf(name, environment, wanted);
  const contents = new Map<string, string | undefined>();
  const exists = (path: string) => existsSync(join(directory, path));
  const inputs: LoadInputs = {
    files: application && environment ? composeFilesOf(application, environment, exists) : files,
    projectDirectory: "",
    projectName: name,
    contents,
    variables: new Map(
      Object.entries(
        variablesOf(name, { name: settings.environment, variables: environment?.variables ?? {} }),
      ),
    ),
    profiles: [],
    dialect: "composex",
  };
  let rendered = render(inputs, settings);
  while (rendered.kind === "needs") {
    for (const path of rendered.paths) contents.set(path, readLocal(directory, path));
    rendered = render(inputs, settings);
  }
  if (rendered.kind === "failed") throw invalid("SourceInvalid", rendered.diagnostics);
  return { ...rendered, application: name, environment };
}

const settingsOf = (
  application: string,
  environment: Environment | undefined,
  wanted: Wanted,
): RenderSettings => ({
  application,
  environment: environment?.name ?? wanted.environment ?? "local",
  target: targetOf(wanted, environment),
  prefix: wanted.prefix,
  layout: wanted.layout ?? environment?.layout ?? "per-service",
  ...(wanted.project === undefined ? {} : { project: wanted.project }),
});

/** `trueup.yaml` of a directory; undefined: it has none. */
function readLocalApplication(directory: string): Application | undefined {
  const text = readLocal(directory, "trueup.yaml");
  if (text === undefined) return undefined;
  const read = readApplication("trueup.yaml", text);
  if (read.kind === "failed") throw invalid("ApplicationFileInvalid", read.diagnostics);
  return read.application;
}

function chosen({ environments, name }: Application, wanted: string | undefined): Environment {
  const names = Object.keys(environments);
  const found = environments[wanted ?? (names.length === 1 ? (names[0] ?? "") : "")];
  if (found !== undefined) return found;
  throw new UsageError(`Say --environment: ${name} has ${names.join(", ")}.`);
}

const targetOf = (
  { account, cloudFormationRole, region }: Wanted,
  environment: Environment | undefined,
): Target => {
  const { target } = environment ?? {};
  const role = target?.cloudFormationRole ?? cloudFormationRole;
  return {
    account: target?.account ?? account,
    region: target?.region ?? region,
    ...(target?.role === undefined ? {} : { role: target.role }),
    ...(target?.externalId === undefined ? {} : { externalId: target.externalId }),
    ...(role === undefined ? {} : { cloudFormationRole: role }),
  };
};

function readLocal(directory: string, path: string): string | undefined {
  const file = join(directory, path);
  return existsSync(file) && statSync(file).isFile() ? readFileSync(file, "utf8") : undefined;
}

const folded = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, "-")
    .replace(/^[^a-z]+/, "") || "app";
