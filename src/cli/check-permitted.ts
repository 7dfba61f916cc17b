import type { Application, Environment } from "../application/application.ts";
import { checkCeiling, checkLookups } from "../application/ceiling.ts";
import { checkHostRights } from "../application/host-rights.ts";
import type { PositionOf } from "../application/shaped.ts";
import { lackingNames, namesIn, refusedNames } from "../application/stored.ts";
import { writtenParts } from "../application/stored-environment.ts";
import { TerminalError } from "../model/errors.ts";
import { isRefused } from "../model/refused.ts";
import type { Registration } from "../model/registration.ts";
import type { Home, Ports } from "../ports/ports.ts";
import { unlessRefused } from "../refused.ts";
import { type Finding, failuresFrom } from "./findings.ts";
import type { WorkingCopy } from "./working-copy.ts";

/** `trueup.yaml`, read. */
export interface Read {
  readonly application: Application;
  readonly positionOf: PositionOf;
}

/** The registration of an application, or what is to be said of one that cannot be had. */
export async function registrationOf(
  name: string,
  about: string,
  { registrations }: Pick<Ports, "registrations">,
): Promise<Registration | Finding> {
  const said = { check: "registration", about } as const;
  try {
    const found = await unlessRefused(() => registrations.read(name));
    if (isRefused(found)) return { ...said, outcome: "not seen", message: found.refused };
    if (found !== undefined) return found;
    const message = `${name} is not registered: nothing is known that it may not`;
    return { ...said, outcome: "not seen", message, help: "trueup register, once it is pushed" };
  } catch (error) {
    if (!(error instanceof TerminalError)) throw error;
    return { ...said, outcome: "failed", message: error.message };
  }
}

/** Whether the registration allows what the files ask for: whatever it does not would be NotPermitted. */
export function checkPermitted(
  { bundle, environment, lookups }: WorkingCopy,
  { home, read, registration }: Ceiling,
): readonly Finding[] {
  if (environment === undefined) return [];
  const { name } = environment;
  const { permissionsBoundary } = bundle.target;
  const bounded = permissionsBoundary === undefined ? home : { ...home, permissionsBoundary };
  const refused = [
    ...writtenIn(environment, read).flatMap(({ keys, texts }) =>
      refusedNames(texts, { keys, positionOf: read.positionOf }, registration),
    ),
    ...checkCeiling(
      environment,
      { home: bounded, registration: known(registration, environment, permissionsBoundary) },
      read.positionOf,
    ),
    ...checkLookups(lookups, name, registration),
    ...checkHostRights(bundle, name, registration),
  ];
  const whose = { check: "registration", about: name } as const;
  if (refused.length > 0) return failuresFrom(whose, refused);
  return [{ ...whose, outcome: "ok", message: "allows all that is asked for" }];
}

interface Ceiling {
  readonly home: Home;
  readonly read: Read;
  readonly registration: Registration;
}

/** What the installation's role has for a boundary is not known before anything was deployed. */
function known(
  registration: Registration,
  { target }: Environment,
  boundary: string | undefined,
): Registration {
  if (boundary !== undefined || target.cloudFormationRole !== undefined) return registration;
  const environments = Object.entries(registration.environments).map(
    ([pattern, { boundaries: _, ...ceiling }]) => [pattern, ceiling] as const,
  );
  return { ...registration, environments: Object.fromEntries(environments) };
}

/** Whether what `ssm:NAME` stands for is there, and no secret. */
export async function checkStored(
  about: string,
  read: Read,
  { stored }: Pick<Ports, "stored">,
): Promise<readonly Finding[]> {
  const environment = read.application.environments[about];
  const parts = environment === undefined ? [] : writtenIn(environment, read);
  const names = [...new Set(parts.flatMap(({ texts }) => namesIn(texts)))];
  if (names.length === 0) return [];
  const whose = { check: "parameter", about } as const;
  const found = await stored.read(names);
  const lacking = parts.flatMap(({ keys, texts }) =>
    lackingNames(texts, { keys, positionOf: read.positionOf }, found),
  );
  const there = names.filter((name) => "text" in (found.get(name) ?? {}));
  const refused = [...found.values()].filter(isRefused);
  return [
    ...refused.map((one): Finding => ({ ...whose, outcome: "not seen", message: one.refused })),
    ...there.map((name): Finding => ({ ...whose, outcome: "ok", message: `${name} is there` })),
    ...failuresFrom(whose, lacking),
  ];
}

const writtenIn = (environment: Environment, { application }: Read) =>
  writtenParts(application.environments[environment.name] ?? environment, application);
