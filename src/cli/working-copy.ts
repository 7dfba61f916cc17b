import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import type { Application, Environment, Parameters } from "../application/application.ts";
import { checkConsents } from "../application/consent.ts";
import { composeFilesNamed, composeFilesOf, variablesOf } from "../application/inputs.ts";
import { checkLease } from "../application/lease.ts";
import { readApplication } from "../application/read.ts";
import type { PositionOf } from "../application/shaped.ts";
import { sharedNames } from "../application/shared-names.ts";
import { withStandIns } from "../application/stored-environment.ts";
import type { LoadInputs } from "../compose/inputs.ts";
import { parametersUnasked } from "../desired/given.ts";
import { targetOf } from "../desired/target.ts";
import type { Target } from "../model/bundle.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import { invalid } from "../model/errors.ts";
import type { FixedName } from "../model/fixed-name.ts";
import { environmentKey } from "../model/key.ts";
import type { OpenLookup } from "../model/lookup.ts";
import { own } from "../model/own.ts";
import type { Home } from "../ports/ports.ts";
import { type Rendered, type RenderSettings, render } from "../render.ts";
import { readCommitted, readLocal, unpushed } from "./committed.ts";
import { folded } from "./names.ts";
import { nothingHere } from "./nothing-here.ts";
import { unreadOverrides } from "./overrides.ts";
import { type ReadStored, said } from "./said.ts";
import { refuseMissing, UsageError } from "./usage.ts";

/** What the controller has that would deploy it, as far as it is known. */
export type Where = Omit<Home, "code">;

/** What to render of a directory: as its `trueup.yaml` says, or plain compose files. */
export interface Wanted extends Where {
  readonly directory: string;
  /** Given by `-f`; empty: those of trueup.yaml, or as docker compose finds them. */
  readonly files: readonly string[];
  readonly environment?: string | undefined;
  readonly layout?: RenderSettings["layout"] | undefined;
  /** Given by `-p`: stands for `<prefix>-<app>-<env>`. */
  readonly project?: string | undefined;
  /** Answers how an environment was deployed last; none: nobody is asked. */
  readonly deployedAs?: ((key: string) => Promise<Target | undefined>) | undefined;
  /** Answers what has to be looked up; none: that is an error. */
  readonly answer?: AnswerLookups | undefined;
  /** Answers what Parameter Store has under names; none: that is an error. */
  readonly read?: ReadStored | undefined;
  /** Answers what another environment hands out; none: that is an error. */
  readonly take?: TakeParameters | undefined;
}

/** `from`: `application/environment`. */
export type TakeParameters = (
  from: string,
  taker: { readonly by: string; readonly target: Target },
) => Promise<Parameters>;

export type AnswerLookups = (
  open: readonly OpenLookup[],
  target: Target,
) => Promise<RenderSettings["lookups"]>;

export type WorkingCopy = Extract<Rendered, { readonly kind: "rendered" }> & {
  readonly application: string;
  readonly environment: Environment | undefined;
  /** Where things stand in `trueup.yaml`; undefined: plain compose files have none. */
  readonly positionOf: PositionOf | undefined;
};

/** Compiles what lies in a directory now, committed or not. Throws with every diagnostic. */
export async function renderWorkingCopy(wanted: Wanted): Promise<WorkingCopy> {
  const { directory, files } = wanted;
  const read = files.length > 0 ? undefined : readLocalApplication(directory);
  const application = read?.application;
  if (files.length === 0 && application === undefined) {
    throw nothingHere(directory);
  }
  refuseMissing(files, directory);
  const { endless, environment, written } = await wantedOf(read, wanted);
  const name = application?.name ?? folded(basename(directory));
  const unasked = settingsOf(name, environment, await bounded(name, environment, wanted));
  const settings = { ...unasked, parameters: await parametersOf(environment, unasked, wanted) };
  const inputs = {
    ...inputsOf(name, application, environment, wanted),
    ...(read === undefined || environment === undefined
      ? {}
      : { namedAt: composeFilesNamed(read.application, environment, read.positionOf) }),
  };
  const rendered = await renderedLocally(inputs, settings, wanted);
  if (rendered.kind !== "rendered")
    throw invalid("SourceInvalid", [...endless, ...rendered.diagnostics]);
  if (endless.length > 0) throw invalid("NotPermitted", endless);
  const others = application === undefined ? [] : Object.values(application.environments);
  const shared = others
    .filter((other) => other.name !== environment?.name)
    .map(withStandIns)
    .flatMap((other) => sharedWith(other, application, { ...rendered, settings }, wanted));
  if (shared.length > 0) throw invalid("SourceInvalid", shared);
  const warnings = [
    ...(read?.warnings ?? []),
    ...unreadOverrides(application, written, directory),
    ...unpushedOf(written, inputs, wanted),
    ...rendered.warnings,
  ];
  const { positionOf } = read ?? {};
  return { ...rendered, warnings, application: name, environment, positionOf };
}

/** The environment that is wanted, as it is written and with all that it says; none of plain compose files. */
async function wantedOf(read: ReturnType<typeof readLocalApplication>, wanted: Wanted) {
  if (read === undefined) return { endless: [] };
  const { application, positionOf } = read;
  const written = chosen(application, wanted.environment);
  const environment = await said(written, { ...wanted, positionOf });
  return { endless: endlessIn(written, positionOf), environment, written };
}

/** Files of an environment that were read, and that a push would not bring. */
function unpushedOf(
  environment: Environment | undefined,
  { contents }: Inputs,
  { directory }: Wanted,
): readonly Diagnostic[] {
  if (environment === undefined) return [];
  const { parameters } = environment;
  return unpushed(directory, [
    "trueup.yaml",
    ...("file" in parameters ? [parameters.file] : []),
    ...[...contents].flatMap(([path, text]) => (text === undefined ? [] : [path])),
  ]);
}

/** What is forgotten would stay for ever: the controller refuses it as well. */
function endlessIn(environment: Environment, positionOf: PositionOf): readonly Diagnostic[] {
  const today = new Date().toISOString().slice(0, 10);
  return [...checkLease(environment, positionOf), ...checkConsents(environment, today, positionOf)];
}

/** The boundary that its roles have is the installation's to know, and stands in what was deployed. */
async function bounded(
  application: string,
  environment: Environment | undefined,
  wanted: Wanted,
): Promise<Wanted> {
  const key = environmentKey(application, environment?.name ?? "local");
  const { permissionsBoundary } = (await wanted.deployedAs?.(key)) ?? {};
  return permissionsBoundary === undefined ? wanted : { ...wanted, permissionsBoundary };
}

type Inputs = LoadInputs & { readonly contents: Map<string, string | undefined> };
type Open = Exclude<Rendered, { readonly kind: "needs" }>;

function inputsOf(
  name: string,
  application: Application | undefined,
  environment: Environment | undefined,
  { directory, environment: wanted, files }: Wanted,
): Inputs {
  const exists = (path: string) => existsSync(join(directory, path));
  const { name: own = wanted ?? "local", variables = {} } = environment ?? {};
  return {
    files: application && environment ? composeFilesOf(application, environment, exists) : files,
    projectDirectory: "",
    projectName: name,
    contents: new Map<string, string | undefined>(),
    variables: new Map(Object.entries(variablesOf(name, { name: own, variables }))),
    profiles: [],
    dialect: "composex",
  };
}

/** Names that both environments give, where they are in one account and region. */
function sharedWith(
  other: Environment,
  application: Application | undefined,
  { names, settings }: { readonly names: readonly FixedName[]; readonly settings: RenderSettings },
  wanted: Wanted,
): readonly Diagnostic[] {
  const { account, region } = targetOf(other, wanted);
  const { environment, target } = settings;
  if (names.length === 0 || account !== target.account || region !== target.region) return [];
  const inputs = inputsOf(settings.application, application, other, wanted);
  const own = {
    ...settingsOf(settings.application, other, wanted),
    lookups: "placeholder",
  } as const;
  const rendered = renderHere(inputs, own, wanted);
  // What is wrong with the other is told there.
  if (rendered.kind !== "rendered") return [];
  return sharedNames({ environment, names }, { environment: other.name, names: rendered.names });
}

async function renderedLocally(
  inputs: Inputs,
  settings: RenderSettings,
  wanted: Wanted,
): Promise<Open> {
  const rendered = renderHere(inputs, settings, wanted);
  // Asked for nothing too, so that answers to nothing are heard of.
  const open = rendered.kind === "lookups" ? rendered.lookups : [];
  const lookups = await wanted.answer?.(open, settings.target);
  if (rendered.kind !== "lookups") return rendered;
  return renderHere(inputs, { ...settings, lookups }, wanted);
}

/** Renders with whatever files it asks for; those of `-f` need not be what is pushed. */
function renderHere(inputs: Inputs, settings: RenderSettings, { directory, files }: Wanted): Open {
  const read = files.length > 0 ? readLocal : readCommitted;
  let rendered = render(inputs, settings);
  while (rendered.kind === "needs") {
    for (const path of rendered.paths) inputs.contents.set(path, read(directory, path));
    rendered = render(inputs, settings);
  }
  return rendered;
}

const settingsOf = (
  application: string,
  environment: Environment | undefined,
  wanted: Wanted,
): RenderSettings => ({
  application,
  environment: environment?.name ?? wanted.environment ?? "local",
  target: targetOf(environment ?? { target: {} }, wanted),
  prefix: wanted.prefix,
  layout: wanted.layout ?? environment?.layout ?? "per-service",
  ephemeral: environment?.ephemeral !== undefined,
  parameters: environment && parametersUnasked(environment),
  ...(wanted.project === undefined ? {} : { stem: wanted.project }),
});

/** What `parameters:` gives; taken from another environment where it says so. */
async function parametersOf(
  environment: Environment | undefined,
  { application, parameters, target }: RenderSettings,
  { take }: Wanted,
): Promise<RenderSettings["parameters"]> {
  if (environment === undefined || !("from" in environment.parameters)) return parameters;
  const { name } = environment;
  const { from } = environment.parameters;
  if (take !== undefined) return take(from, { by: `${application}/${name}`, target });
  throw new UsageError(
    `${name} takes its parameters from ${from}: say --lookups FILE with {"parameters": {"VpcId": …}} in it, or --lookups placeholder.`,
  );
}

/** `trueup.yaml` of a directory; undefined: it has none. */
export function readLocalApplication(directory: string) {
  const text = readCommitted(directory, "trueup.yaml");
  if (text === undefined) return undefined;
  const read = readApplication("trueup.yaml", text);
  if (read.kind === "failed") throw invalid("ApplicationFileInvalid", read.diagnostics);
  return read;
}

function chosen({ environments, name }: Application, wanted: string | undefined): Environment {
  const names = Object.keys(environments);
  const found = own(environments, wanted ?? (names.length === 1 ? (names[0] ?? "") : ""));
  if (found !== undefined) return found;
  const has = `${name} has ${names.join(", ")}`;
  throw new UsageError(
    wanted === undefined ? `Say --environment: ${has}.` : `${has}, and no ${wanted}.`,
  );
}
