import { isDuration, secondsIn } from "../model/duration.ts";
import { TerminalError } from "../model/errors.ts";
import type { ApprovalRule } from "../model/gates.ts";
import { referenceName } from "../model/refs.ts";
import { type Ceiling, hostRights, type Registration } from "../model/registration.ts";
import { requestLeaves } from "../model/requests.ts";
import type { Log, Registrations } from "../ports/ports.ts";
import type { Call } from "./call.ts";
import { everyWritten, objectFrom, root, textIn } from "./parameters.ts";
import { windowsFrom, wrongWindows } from "./windows.ts";

/** `/trueup/<app>/registration`: written by an administrator, read here and never written. */
export const registrationsOf = (call: Call, log: Log): Registrations => ({
  async list() {
    const found: Registration[] = [];
    const written = await everyWritten(call);
    tellUnread([...written.keys()], log);
    for (const [name, { text: value }] of written) {
      const [, application] = pattern.exec(name) ?? [];
      if (application === undefined) continue;
      const registration = registrationFrom(application, value);
      if (typeof registration === "string")
        log("registration skipped", { name, wrong: registration });
      else found.push(registration);
    }
    return found.sort((a, b) => (a.application < b.application ? -1 : 1));
  },

  async read(application) {
    const name = `${root}/${application}/registration`;
    const value = await textIn(name, call);
    if (value === undefined) return undefined;
    const registration = registrationFrom(application, value);
    if (typeof registration !== "string") return registration;
    throw new TerminalError("RegistrationInvalid", `${name} ${registration}.`);
  },
});

const pattern = new RegExp(`^${root}/([a-z][a-z0-9-]{0,30})/registration$`);

/** Who wrote under another name meant to say something all the same. */
function tellUnread(names: readonly string[], log: Log): void {
  for (const name of names) if (!isRead.test(name)) log("parameter not read", { name });
}

/** Every name below the root that means something. */
const isRead = new RegExp(
  `^${root}/(?:shared/.*|[a-z][a-z0-9-]{0,30}/(?:registration|status|[a-z][a-z0-9.-]*/(?:status|${requestLeaves.join("|")})))$`,
);

/** As it is written, once nothing is wrong with it. */
interface WrittenRegistration {
  readonly repository: string;
  readonly branch: string;
  readonly file?: string;
  readonly environments?: Readonly<Record<string, WrittenCeiling>>;
  readonly ssm?: readonly string[];
}

type WrittenCeiling = Omit<Ceiling, "approval" | "windows"> & {
  readonly approval?: WrittenApproval;
  readonly windows?: unknown;
};

/** As `trueup.yaml` writes it. */
type WrittenApproval = "manual" | { readonly required: number; readonly expires?: string };

/** The registration, or all that is wrong with it. */
function registrationFrom(application: string, text: string): Registration | string {
  const value = objectFrom(text);
  if (typeof value === "string") return value;
  const wrong = wrongWith(value);
  if (wrong.length > 0) return wrong.map((what) => `has ${what}`).join("; ");
  // All that a type could tell of it was looked at just now.
  const written = value as unknown as WrittenRegistration;
  const { branch, environments = {}, file = "trueup.yaml", repository, ssm = [] } = written;
  const ceilings = Object.entries(environments).map(([name, it]) => [name, ceilingFrom(it)]);
  const kept = Object.fromEntries(ceilings) as Registration["environments"];
  return { application, repository, branch, file, environments: kept, ssm };
}

const ceilingFrom = ({ approval, windows, ...limits }: WrittenCeiling): Ceiling => ({
  ...limits,
  ...(approval === undefined ? {} : { approval: approvalFrom(approval) }),
  ...(windows === undefined ? {} : { windows: windowsFrom(windows) }),
});

function approvalFrom(written: WrittenApproval): ApprovalRule {
  if (written === "manual") return { required: 1, expiresSeconds: undefined };
  const { expires, required } = written;
  return { required, expiresSeconds: expires === undefined ? undefined : secondsIn(expires) };
}

function wrongWith(value: Readonly<Record<string, unknown>>): readonly string[] {
  const { branch, environments = {}, file = "trueup.yaml", repository, ssm = [], ...rest } = value;
  return [
    ...Object.keys(rest).map((key) => `the unknown key "${key}"`),
    ...wrongRepository(repository),
    ...wrongBranch(branch),
    ...(isText(file) ? [] : ["a file that is no path"]),
    ...(isTexts(ssm) ? [] : ["an ssm that is no list of parameter names"]),
    ...wrongEnvironments(environments),
  ];
}

function wrongRepository(repository: unknown): readonly string[] {
  if (!isText(repository)) return ["no repository"];
  const isName = /^[\w.-]{1,100}$/.test(repository);
  return isName ? [] : ["a repository that is no name of CodeCommit's"];
}

function wrongBranch(branch: unknown): readonly string[] {
  if (!isText(branch)) return ["no branch"];
  const isOne = referenceName.test(branch) && !/[*?]/.test(branch);
  return isOne ? [] : ["a branch that is no name of one branch"];
}

function wrongEnvironments(environments: unknown): readonly string[] {
  if (!isObject(environments)) return ["environments that are no mapping"];
  return Object.entries(environments).flatMap(([name, ceiling]) => [
    ...(/^[a-z*][a-z0-9*-]*$/.test(name) ? [] : [`environments."${name}", ${unkept}`]),
    ...wrongLimits(ceiling).map((what) => `${what} in environments.${name}`),
  ]);
}

const unkept = 'as no environment is called: write a-z, 0-9 and "-", and "*" for any text';

/**
 * A limit that nobody would keep must not be taken for one that holds, so what is not known here
 * is refused.
 */
function wrongLimits(ceiling: unknown): readonly string[] {
  if (!isObject(ceiling)) return ["something that is no mapping"];
  const { accounts = [], approval = "manual", approvers = [], regions = [], ...more } = ceiling;
  const { boundaries = [], deny = [], prefix = "trueup", ...others } = more;
  const { roles = [], windows = [], ...rest } = others;
  const isListed = [accounts, approvers, boundaries, deny, regions, roles].every(isTexts);
  const denied: readonly string[] = isTexts(deny) ? deny : [];
  const unknown = denied.filter((one) => !hostRights.some((it) => it === one));
  return [
    ...Object.keys(rest).map((key) => `"${key}", a limit that this version does not enforce,`),
    ...unknown.map((right) => `"${right}" in deny, which this version does not enforce,`),
    ...(isListed ? [] : ["a limit that is no list of text"]),
    ...wrongPrefix(prefix),
    ...wrongApproval(approval),
    ...wrongWindows(windows),
  ];
}

function wrongPrefix(prefix: unknown): readonly string[] {
  if (!isText(prefix)) return ["a prefix that is no text"];
  return /^[A-Za-z]/.test(prefix) ? [] : ["a prefix that begins with no letter"];
}

function wrongApproval(written: unknown): readonly string[] {
  if (written === "manual") return [];
  if (!isObject(written)) return ['an approval that is neither "manual" nor a mapping'];
  const { expires = "1h", required, ...rest } = written;
  const isCount = Number.isInteger(required) && Number(required) >= 1 && Number(required) <= 20;
  return [
    ...Object.keys(rest).map((key) => `an approval with the unknown key "${key}"`),
    ...(isCount ? [] : ["an approval whose required is no number from 1 to 20"]),
    ...(isDuration(expires) ? [] : ["an approval whose expires is no duration such as 72h"]),
  ];
}

const isText = (value: unknown): value is string => typeof value === "string" && value !== "";

const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every(isText);

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
