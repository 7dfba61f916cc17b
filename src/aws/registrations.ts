import { isDuration, secondsIn } from "../model/duration.ts";
import { TerminalError } from "../model/errors.ts";
import type { ApprovalRule } from "../model/gates.ts";
import { type Ceiling, hostRights, type Registration } from "../model/registration.ts";
import type { Log, Registrations } from "../ports/ports.ts";
import type { Call } from "./call.ts";
import { everyWritten, objectFrom, root, textIn } from "./parameters.ts";
import { windowsFrom } from "./windows.ts";

/** `/trueup/<app>/registration`: written by an administrator, read here and never written. */
export const registrationsOf = (call: Call, log: Log): Registrations => ({
  async list() {
    const found: Registration[] = [];
    for (const [name, { text: value }] of await everyWritten(call)) {
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

/** The registration, or what is wrong with it. */
function registrationFrom(application: string, text: string): Registration | string {
  const value = objectFrom(text);
  if (typeof value === "string") return value;
  const { branch, environments = {}, file = "trueup.yaml", repository, ssm = [], ...rest } = value;
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined) return `has the unknown key "${unknown}"`;
  if (!isText(repository)) return "has no repository";
  if (!/^[\w.-]{1,100}$/.test(repository))
    return "has a repository that is no name of CodeCommit's";
  if (!isText(branch)) return "has no branch";
  // Git's own rule, as far as anybody would come by it: a pattern is none.
  if (/[\s~^:?*[\\]/.test(branch)) return "has a branch that is no name of one branch";
  if (!isText(file)) return "has a file that is no path";
  if (!isTexts(ssm)) return "has an ssm that is no list of parameter names";

  const ceilings = ceilingsFrom(environments);
  if (typeof ceilings === "string") return ceilings;
  return { application, repository, branch, file, environments: ceilings, ssm };
}

function ceilingsFrom(value: unknown): Readonly<Record<string, Ceiling>> | string {
  if (!isObject(value)) return "has environments that are no mapping";
  const ceilings: Record<string, Ceiling> = {};
  for (const [environment, ceiling] of Object.entries(value)) {
    const wrong = wrongWith(ceiling);
    if (wrong !== undefined) return `has ${wrong} in environments.${environment}`;
    const kept = keptIn(ceiling as WrittenCeiling);
    if (typeof kept === "string") return `has ${kept} in environments.${environment}`;
    ceilings[environment] = kept;
  }
  return ceilings;
}

type WrittenCeiling = Omit<Ceiling, "approval" | "windows"> & {
  readonly approval?: WrittenApproval;
  readonly windows?: unknown;
};

/** The limits that are kept, or what is wrong with them. */
function keptIn({ approval, windows, ...limits }: WrittenCeiling): Ceiling | string {
  const rule = approval === undefined ? undefined : approvalFrom(approval);
  if (typeof rule === "string") return rule;
  const kept = windows === undefined ? undefined : windowsFrom(windows);
  if (typeof kept === "string") return kept;
  return {
    ...limits,
    ...(rule === undefined ? {} : { approval: rule }),
    ...(kept === undefined ? {} : { windows: kept }),
  };
}

/**
 * A limit that nobody would keep must not be taken for one that holds, so what is not known here
 * is refused.
 */
function wrongWith(ceiling: unknown): string | undefined {
  if (!isObject(ceiling)) return "something that is no mapping";
  const { accounts = [], approval: _, approvers = [], regions = [], ...more } = ceiling;
  const { boundaries = [], ...others } = more;
  const { deny = [], prefix = "trueup", roles = [], windows: __, ...rest } = others;
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined) return `"${unknown}", a limit that this version does not enforce,`;
  if (![accounts, approvers, boundaries, deny, regions, roles].every(isTexts)) {
    return "a limit that is no list of text";
  }
  const right = (deny as readonly string[]).find((one) => !hostRights.some((it) => it === one));
  if (right !== undefined) return `"${right}" in deny, which this version does not enforce,`;
  return isText(prefix) ? undefined : "a prefix that is no text";
}

/** As `trueup.yaml` writes it. */
type WrittenApproval = "manual" | { readonly required: number; readonly expires?: string };

/** The rule, or what is wrong with it. */
function approvalFrom(written: unknown): ApprovalRule | string {
  if (written === "manual") return { required: 1, expiresSeconds: undefined };
  if (!isObject(written)) return 'an approval that is neither "manual" nor a mapping';
  const { expires, required, ...rest } = written;
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined) return `an approval with the unknown key "${unknown}"`;
  if (!Number.isInteger(required) || Number(required) < 1 || Number(required) > 20) {
    return "an approval whose required is no number from 1 to 20";
  }
  if (expires === undefined) return { required: Number(required), expiresSeconds: undefined };
  if (!isDuration(expires)) return "an approval whose expires is no duration such as 72h";
  return { required: Number(required), expiresSeconds: secondsIn(expires) };
}

const isText = (value: unknown): value is string => typeof value === "string" && value !== "";

const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every(isText);

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
