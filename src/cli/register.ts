import type { WrittenRegistration } from "../aws/people.ts";
import { fetchApplication, fetchTip } from "../desired/source.ts";
import { TerminalError } from "../model/errors.ts";
import type { Ports } from "../ports/ports.ts";
import { connect } from "./connection.ts";
import { readArguments, refuseUnlike, UsageError } from "./usage.ts";
import type { Verb } from "./verb.ts";

/**
 * Connects an application: says which repository and branch to follow, and what it may at most do.
 * Its environments begin suspended, with their plan to look at; `trueup resume` starts each. Of one
 * that is registered already only what is said anew is another: gates that were written there stay.
 */
export const register: Verb = {
  name: "register",
  summary: "connect an application's repository",
  usage:
    "trueup register APP --repository NAME [--branch main] [--file trueup.yaml] [--account ID]… [--region R]… [--role ARN]… [--ssm NAME]… [--start] [--json]",

  async run(args, io) {
    const { positionals, values } = readArguments(args, {
      account: { type: "string", multiple: true },
      branch: { type: "string" },
      file: { type: "string" },
      json: { type: "boolean" },
      region: { type: "string", multiple: true },
      repository: { type: "string" },
      role: { type: "string", multiple: true },
      ssm: { type: "string", multiple: true },
      start: { type: "boolean" },
    });
    const [application, ...more] = positionals;
    if (application === undefined || more.length > 0) throw new UsageError("Name one application.");
    if (values.repository === undefined) throw new UsageError("Say --repository NAME.");
    for (const key of ["account", "region", "role"] as const) refuseUnlike(key, values[key]);

    const { people, ports } = await connect(io);
    const before = await people.registered(application);
    const { branch = before?.branch ?? "main", file = before?.file ?? "trueup.yaml" } = values;
    const home = await ports.home();
    const registration = {
      application,
      repository: values.repository,
      branch,
      file,
      environments: ceilings(values, before, home),
      ssm: values.ssm ?? before?.ssm ?? [],
    };
    const tip = await fetchTip(registration, branch, ports).catch((error: unknown) => {
      throw told(error, registration, home);
    });
    const follows = { ...registration, environments: {} };
    const { application: read } = await fetchApplication(follows, tip, ports);
    const names = Object.keys(read.environments);
    const isFirst = before === undefined;
    const fresh =
      values.start === true ? [] : await beginning(names, { application, isFirst, ports });
    const request = { reason: "new: look at its plan, then resume it" };
    for (const name of fresh) await people.suspend(application, name, request);
    await people.register(registration);
    const suspended = fresh.length > 0;
    if (values.json === true) {
      io.out(JSON.stringify({ application, environments: names, suspended }));
      return 0;
    }
    io.out(`${application} is registered with ${names.join(", ")}.`);
    for (const name of fresh) {
      io.out(`  trueup plan ${application}/${name}; trueup resume ${application}/${name}`);
    }
    return 0;
  },
};

/** What there is nothing to follow of, in words for who has just named it. */
function told(
  error: unknown,
  { branch, repository }: { readonly branch: string; readonly repository: string },
  { account, region }: { readonly account: string; readonly region: string },
): unknown {
  switch (error instanceof TerminalError ? error.reason : undefined) {
    case "RepositoryMissing":
      return new UsageError(
        `There is no repository ${repository} in ${account}, ${region}: make it there, or name another with --repository. A controller follows repositories of its own account and region: AWS_REGION says which.`,
      );
    case "BranchMissing":
      return new UsageError(
        `${repository} has no branch ${branch}: push it, or name another with --branch.`,
      );
    default:
      return error;
  }
}

interface Limits {
  readonly account?: string[] | undefined;
  readonly region?: string[] | undefined;
  readonly role?: string[] | undefined;
}

/** What is registered already is kept to the letter but for the limits that are said anew. */
function ceilings(
  { account, region, role }: Limits,
  before: WrittenRegistration | undefined,
  home: { readonly account: string; readonly region: string },
): Readonly<Record<string, object>> {
  const said = {
    ...(account === undefined ? {} : { accounts: account }),
    ...(region === undefined ? {} : { regions: region }),
    ...(role === undefined ? {} : { roles: role }),
  };
  const first = { accounts: [home.account], regions: [home.region], roles: [] };
  if (before === undefined) return { "*": { ...first, ...said } };
  const { environments = {} } = before;
  const isSaid = Object.keys(said).length > 0;
  return isSaid ? { ...environments, "*": { ...environments["*"], ...said } } : environments;
}

/** Environments that begin with it: not those that run already, nor those that people have stopped. */
async function beginning(
  names: readonly string[],
  {
    application,
    isFirst,
    ports,
  }: { readonly application: string; readonly isFirst: boolean; readonly ports: Ports },
): Promise<readonly string[]> {
  const found: string[] = [];
  for (const name of names) {
    const { suspended } = await ports.requests.read(application, name);
    const runs =
      !isFirst && (await ports.statuses.readEnvironment(application, name)) !== undefined;
    if (suspended === undefined && !runs) found.push(name);
  }
  return found;
}
