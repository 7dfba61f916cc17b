import type { Application, Consent, Environment } from "./application/application.ts";
import {
  approversOf,
  checkCeiling,
  checkLookups,
  floorOf,
  prefixOf,
} from "./application/ceiling.ts";
import { checkConsents } from "./application/consent.ts";
import { composeFilesOf, variablesOf } from "./application/inputs.ts";
import { readParameters } from "./application/parameters.ts";
import type { PositionOf } from "./application/shaped.ts";
import type { LoadInputs } from "./compose/inputs.ts";
import { answersOf } from "./lookups.ts";
import type { Bundle, Target } from "./model/bundle.ts";
import type { Diagnostic } from "./model/diagnostic.ts";
import { digestOf } from "./model/digest.ts";
import { invalid, TerminalError } from "./model/errors.ts";
import type { Rules } from "./model/gates.ts";
import type { Registration } from "./model/registration.ts";
import type { Ports } from "./ports.ts";
import { type Rendered, type RenderSettings, render } from "./render.ts";
import {
  type FetchedApplication,
  fetchApplication,
  fetchCommit,
  fetchTip,
  readText,
  type Source,
} from "./source.ts";
import { followed } from "./wanted.ts";

/** What the repository asks of one environment now. */
export interface Desired {
  /** The commit it is compiled from. */
  readonly revision: string;
  readonly bundle: Bundle;
  readonly consents: readonly Consent[];
  readonly selfHeal: Environment["selfHeal"];
  readonly rules: Rules;
  readonly deadlines: Environment["deadlines"];
  readonly warnings: readonly Diagnostic[];
}

export interface Wanted {
  readonly application: string;
  readonly environment: string;
  /** The revision to be at instead of the branch's tip; gates are read at the tip all the same. */
  readonly hold: string | undefined;
}

/**
 * Undefined: nothing can be said about it, since the application is not registered or its
 * `trueup.yaml` cannot be read: that is the application's status to tell, and what is deployed
 * stays as it is. Throws a TerminalError where the environment itself is wrong.
 */
export async function fetchDesired(
  { application: name, environment: environmentName, hold }: Wanted,
  ports: Ports,
): Promise<Desired | undefined> {
  const registration = await ports.registrations.read(name);
  if (registration === undefined) return undefined;
  const found = await readable(registration, ports);
  if (found === undefined) return undefined;

  const { application, positionOf, tip } = found;
  const environment = application.environments[environmentName];
  if (environment === undefined) {
    throw new TerminalError(
      "Orphaned",
      `${registration.file} has no environment ${environmentName}.`,
    );
  }
  const home = await ports.home();
  const refusals = checkCeiling(environment, { registration, home }, positionOf);
  if (refusals.length > 0) throw invalid("NotPermitted", refusals);
  const today = ports.clock.now().slice(0, 10);
  const endless = checkConsents(environment, today, positionOf);
  if (endless.length > 0) throw invalid("NotPermitted", endless);

  const source = await sourceOf(hold, environment, { registration, tip, ports });
  try {
    const asked = { registration, application, environment, positionOf };
    return await compileAt(source, asked, ports);
  } catch (error) {
    if (error instanceof TerminalError) error.revision = source.commit;
    throw error;
  }
}

interface At {
  readonly registration: Registration;
  readonly tip: Source;
  readonly ports: Ports;
}

function sourceOf(
  hold: string | undefined,
  { name: environment, on }: Environment,
  { ports, registration, tip }: At,
) {
  if (hold !== undefined) return fetchCommit(registration, hold, ports);
  if ("branch" in on && on.branch === registration.branch) return tip;
  const { application, repository } = registration;
  return followed({ application, environment, repository, on }, ports);
}

/** Undefined where `trueup.yaml` is broken; a source that cannot be reached is an error all the same. */
async function readable(
  registration: Registration,
  ports: Ports,
): Promise<(FetchedApplication & { readonly tip: Source }) | undefined> {
  try {
    const tip = await fetchTip(registration, registration.branch, ports);
    return { tip, ...(await fetchApplication(registration, tip, ports)) };
  } catch (error) {
    if (error instanceof TerminalError) return undefined;
    throw error;
  }
}

interface Asked {
  readonly registration: Registration;
  readonly application: Application;
  readonly environment: Environment;
  readonly positionOf: PositionOf;
}

async function compileAt(source: Source, asked: Asked, ports: Ports): Promise<Desired> {
  const { environment, registration } = asked;
  const prefix = prefixOf(environment.name, registration);
  const settings: RenderSettings = {
    application: asked.application.name,
    environment: environment.name,
    target: targetOf(environment, await ports.home()),
    prefix: prefix ?? (await ports.home()).prefix,
    layout: environment.layout,
    parameters: await parametersAt(source, asked, ports),
  };
  const rendered = await compiled(source, asked, { ports, settings });
  if (rendered.kind === "failed") throw invalid("SourceInvalid", rendered.diagnostics);
  const { bundle, warnings } = rendered;
  const { allow: consents, deadlines, selfHeal } = environment;
  const rules = rulesOf(environment, registration, settings.target);
  return { revision: source.commit, bundle, consents, deadlines, rules, selfHeal, warnings };
}

const rulesOf = (
  { approval, name }: Environment,
  registration: Registration,
  target: Target,
): Rules => ({
  settings: { approval, target },
  floor: floorOf(name, registration),
  approvers: approversOf(name, registration),
});

/** What `parameters:` gives, themselves or in a file of the revision that is deployed. */
async function parametersAt(
  source: Source,
  { environment: { name, parameters }, positionOf }: Asked,
  ports: Ports,
): Promise<RenderSettings["parameters"]> {
  if ("values" in parameters) return parameters.values;
  const { file } = parameters;
  const text = await readText(source, file, ports);
  if (text === undefined) {
    const keys = ["environments", name, "parameters"];
    const missing = { severity: "error", code: "missing-file", path: keys.join(".") } as const;
    const message = `there is no ${file} in ${source.repository}`;
    throw invalid("SourceInvalid", [{ ...positionOf(keys), ...missing, message, help: "" }]);
  }
  const read = readParameters(file, text);
  if (read.kind === "failed") throw invalid("SourceInvalid", read.diagnostics);
  return read.parameters;
}

type Open = Exclude<Rendered, { readonly kind: "needs" }>;
type Done = Exclude<Open, { readonly kind: "lookups" }>;

interface Means {
  readonly ports: Ports;
  readonly settings: RenderSettings;
}

async function compiled(source: Source, asked: Asked, { ports, settings }: Means): Promise<Done> {
  const open = await renderedAt(source, asked, { ports, settings });
  if (open.kind !== "lookups") return open;

  const { application, environment, target } = settings;
  const refusals = checkLookups(open.lookups, asked.environment.name, asked.registration);
  if (refusals.length > 0) throw invalid("NotPermitted", refusals);
  const asking = { application, environment, revision: source.commit, target };
  const lookups = await answersOf(open.lookups, asking, ports);
  const done = await renderedAt(source, asked, { ports, settings: { ...settings, lookups } });
  if (done.kind !== "lookups") return done;
  throw new Error(`Asked twice for ${done.lookups.map(({ lookup }) => lookup.id).join(", ")}.`);
}

/** Content-addressed: may be missing after a cold start, can never be stale. */
const memo = new Map<string, Open>();
const mostKept = 50;

async function renderedAt(
  source: Source,
  { application, environment }: Asked,
  { ports, settings }: Means,
): Promise<Open> {
  const { lookups, ...others } = settings;
  const key = digestOf([source.tree, lookups, others, application, environment].map(plain));
  const kept = memo.get(key);
  if (kept !== undefined) return kept;

  const contents = new Map<string, string | undefined>();
  const inputs: LoadInputs = {
    files: composeFilesOf(application, environment, (path) => source.tree.has(path)),
    projectDirectory: "",
    projectName: application.name,
    contents,
    variables: new Map(Object.entries(variablesOf(application.name, environment))),
    profiles: [],
    dialect: "composex",
  };
  for (;;) {
    const rendered = render(inputs, settings);
    if (rendered.kind !== "needs") {
      if (memo.size >= mostKept) memo.clear();
      memo.set(key, rendered);
      return rendered;
    }
    const missing = rendered.paths.filter((path) => !contents.has(path));
    if (missing.length === 0) throw new Error(`Asked twice for ${rendered.paths.join(", ")}.`);
    for (const path of missing) contents.set(path, await readText(source, path, ports));
  }
}

const plain = (value: unknown): unknown => (value instanceof Map ? [...value] : value);

const targetOf = (
  { target }: Environment,
  home: { readonly account: string; readonly region: string; readonly cloudFormationRole?: string },
): Target => {
  const cloudFormationRole = target.cloudFormationRole ?? home.cloudFormationRole;
  return {
    account: target.account ?? home.account,
    region: target.region ?? home.region,
    ...(target.role === undefined ? {} : { role: target.role }),
    ...(target.externalId === undefined ? {} : { externalId: target.externalId }),
    ...(target.permissionsBoundary === undefined
      ? {}
      : { permissionsBoundary: target.permissionsBoundary }),
    ...(cloudFormationRole === undefined ? {} : { cloudFormationRole }),
  };
};
