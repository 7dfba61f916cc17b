import type { Application, Environment } from "../application/application.ts";
import { namesIn, type Texts } from "../application/stored.ts";
import { fromTarget } from "../application/target.ts";
import { fetchApplication, fetchTip, type Source } from "../desired/source.ts";
import { targetOf } from "../desired/target.ts";
import { TerminalError } from "../model/errors.ts";
import { isRefused } from "../model/refused.ts";
import type { Registration } from "../model/registration.ts";
import { sessionName } from "../model/session.ts";
import type { EnvironmentStatus } from "../model/status.ts";
import type { Ports } from "../ports/ports.ts";
import { unlessRefused } from "../refused.ts";
import { unlessClosed } from "./check-target.ts";
import type { Finding } from "./findings.ts";

/** With what applications are looked at. */
export interface Visit {
  readonly ports: Ports;
  /** Milliseconds that a look may be late. */
  readonly patience: number;
}

/** Whether an application can be followed, and whether it is. */
export async function checkApplication(
  registration: Registration,
  visit: Visit,
): Promise<readonly Finding[]> {
  const { application: about, branch, repository } = registration;
  const said = { check: "repository", about } as const;
  try {
    const read = await unlessRefused(async () => {
      const tip = await fetchTip(registration, branch, visit.ports);
      return { tip, ...(await fetchApplication(registration, tip, visit.ports)) };
    });
    if (isRefused(read)) return [{ ...said, outcome: "not seen", message: read.refused }];
    const message = `${repository} ${branch} is at ${read.tip.commit.slice(0, 8)}`;
    return [
      { ...said, outcome: "ok", message },
      await checkSeen(registration, read.tip, visit),
      ...(await checkEnvironments(read.application, visit)),
    ];
  } catch (error) {
    if (!(error instanceof TerminalError)) throw error;
    const help = helps[error.reason] ?? "trueup get says more, and so does its status.";
    return [{ ...said, outcome: "failed", message: error.message, help }];
  }
}

/** By the reason for which nothing can be followed. */
const helps: Readonly<Record<string, string>> = {
  ApplicationFileInvalid: "Mend the file and push it: trueup check tells all that is wrong.",
  ApplicationFileMissing: "Push one (trueup init writes it), or say --file to trueup register.",
  BranchMissing: "Push the branch, or name another: trueup register.",
  NotPermitted: "Register it by the name that its file says: trueup register.",
  RepositoryMissing: "What is followed no more is forgotten by trueup unregister.",
};

/** Whether the controller has looked at what is there now, if it had the time. */
async function checkSeen(
  { application: about }: Registration,
  { commit, repository }: Source,
  { patience, ports }: Visit,
): Promise<Finding> {
  const said = { check: "status", about } as const;
  const status = await ports.statuses.readApplication(about);
  if (status?.revision === commit)
    return { ...said, outcome: "ok", message: "is of what is there now" };
  const made = (await ports.sources.dates(repository, [commit])).get(commit) ?? 0;
  const late = Date.parse(ports.clock.now()) - made * 1000 > patience;
  const seen = status?.revision?.slice(0, 8) ?? "nothing";
  const message = `is of ${seen}, and ${commit.slice(0, 8)} is there`;
  return late
    ? { ...said, outcome: "failed", message, help: unanswered }
    : { ...said, outcome: "ok", message: `${message} since a moment` };
}

const unanswered =
  "Nobody looked. If nothing above says why, look into the log group, and ask: trueup reconcile.";

async function checkEnvironments(
  application: Application,
  visit: Visit,
): Promise<readonly Finding[]> {
  const found: Finding[] = [];
  for (const environment of Object.values(application.environments)) {
    const key = `${application.name}/${environment.name}`;
    const status = await visit.ports.statuses.readEnvironment(application.name, environment.name);
    found.push(staleness(key, status, visit));
    const role = await checkRole(application.name, environment, status, visit);
    if (role !== undefined) found.push(role);
  }
  return found;
}

/** Whether the controller looked when it said that it would. */
function staleness(
  about: string,
  status: EnvironmentStatus | undefined,
  { patience, ports }: Visit,
): Finding {
  const said = { check: "status", about } as const;
  if (status === undefined)
    return { ...said, outcome: "failed", message: "no pass was ever made", help: unanswered };
  const { nextLook } = status;
  const late = nextLook !== undefined && Date.parse(ports.clock.now()) - Date.parse(nextLook);
  if (late !== false && late > patience) {
    const message = `was to be looked at again at ${nextLook}, and nothing is heard of it since`;
    return { ...said, outcome: "failed", message, help: unanswered };
  }
  const next = nextLook === undefined ? "nothing is due" : `the next look is at ${nextLook}`;
  return { ...said, outcome: "ok", message: next };
}

/** Whether the role of a target can be assumed: by what the controller says, else by trying it. */
async function checkRole(
  application: string,
  environment: Environment,
  status: EnvironmentStatus | undefined,
  { ports }: Visit,
): Promise<Finding | undefined> {
  const { role } = environment.target;
  if (role === undefined) return undefined;
  const said = { check: "role", about: role } as const;
  const refusal = status?.conditions.find(({ reason }) => closed.has(reason));
  if (refusal !== undefined) {
    const help = "Let the role's trust policy name the controller: docs/accounts.md.";
    return { ...said, outcome: "failed", message: refusal.message, help };
  }
  if (namesIn(fromTarget(environment.target) as Texts).length > 0)
    return { ...said, outcome: "not seen", message: "Parameter Store has it" };
  const target = targetOf(environment, await ports.home());
  const session = sessionName(application, environment.name, "doctor");
  const entered = await unlessClosed(() =>
    ports.quotas(target, session).room("AWS::CloudFormation::Stack"),
  );
  if (!isRefused(entered)) return { ...said, outcome: "ok", message: "can be assumed" };
  const message = "is for the controller alone, which does not complain";
  return { ...said, outcome: "not seen", message };
}

const closed: ReadonlySet<string> = new Set(["RoleNotAssumed", "WrongAccount"]);
