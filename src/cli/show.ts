import { renderDiagnostic } from "../model/diagnostic.ts";
import type {
  ApplicationStatus,
  Condition,
  EnvironmentStatus,
  PublishedError,
} from "../model/status.ts";
import type { Place } from "./usage.ts";
import type { ExitStatus, Io } from "./verb.ts";

/** Ready 0; held by a gate 3; anything else 1. */
export function exitStatusOf({ conditions }: EnvironmentStatus): ExitStatus {
  if (isTrue(conditions, "Ready")) return 0;
  return isHeld(conditions) ? 3 : 1;
}

/** Whether a person has to say something before anything happens: a gate, or the guard. */
export const isHeld = (conditions: readonly Condition[]): boolean =>
  conditions.some(
    ({ reason, type }) =>
      (type === "Ready" && reason === "Held") || (type === "Stalled" && guards.has(reason)),
  );

const guards: ReadonlySet<string> = new Set(["DataAtRisk", "ChangeSetRiskier"]);

export const isTrue = (conditions: readonly Condition[], type: Condition["type"]): boolean =>
  conditions.some((condition) => condition.type === type && condition.status === "True");

/** One environment as people read it. */
export function renderStatus(
  { application, environment }: Place,
  status: EnvironmentStatus,
  io: Io,
): string {
  const { digest, nextLook, requestedAt, revision, stacks } = status;
  const width = Math.max(0, ...stacks.map(({ name }) => name.length));
  return [
    `${application}/${environment}`,
    `  revision  ${short(revision.desired)} desired, ${short(revision.deployed)} deployed`,
    ...(digest.plan === undefined ? [] : [`  plan      ${digest.plan.slice(0, 12)}`]),
    ...status.conditions.map((condition) => `  ${renderCondition(condition, io)}`),
    ...stacks.map(({ name, status: word }) => `  ${name.padEnd(width)}  ${word}`),
    ...(status.instances ?? []).map(
      (one) => `  ${environment}.${one.name}  ${short(one.revision)}  ${one.state}`,
    ),
    ...renderErrors(status),
    ...(nextLook === undefined ? [] : [`  looks again at ${nextLook}`]),
    ...(requestedAt === undefined ? [] : [`  last request answered: ${requestedAt}`]),
  ].join("\n");
}

/** An application as people read it: where a broken trueup.yaml shows. */
export const renderApplication = (name: string, status: ApplicationStatus, io: Io): string =>
  [
    name,
    `  revision  ${short(status.revision)}`,
    ...status.conditions.map((condition) => `  ${renderCondition(condition, io)}`),
    ...renderErrors(status),
    ...status.images.map(({ image, message, service }) => `  ${service}: ${image}  ${message}`),
    ...(status.nextLook === undefined ? [] : [`  looks again at ${status.nextLook}`]),
  ].join("\n");

const renderCondition = (condition: Condition, io: Io): string =>
  `${verdictOf(condition, io)}  ${condition.reason}: ${condition.message}`;

/** All conditions on one line, with the words of those that keep it from being as it should. */
export function renderBriefly(conditions: readonly Condition[], io: Io): string {
  const each = conditions.map((condition) => {
    const { message, reason, status, type } = condition;
    const tells = type === "Stalled" || type === "Held" || (type === "Ready" && status !== "True");
    const why =
      tells && !isToldBefore(condition, conditions) ? `: ${message.replace(/\.$/, "")}` : "";
    return `${verdictOf(condition, io)} ${reason}${why}`.replaceAll(/\s+/g, " ");
  });
  return each.join(", ");
}

/** Whether a condition before it has the same message. */
const isToldBefore = (condition: Condition, conditions: readonly Condition[]): boolean =>
  conditions.find(({ message }) => message === condition.message) !== condition;

/** `Type=Status`. */
function verdictOf({ status, type }: Condition, { color }: Io): string {
  const good = ["Approved", "Healthy", "Ready"].includes(type) && status === "True";
  const bad = type === "Stalled" || (type === "Ready" && status === "False");
  const code = good ? 32 : bad ? 31 : 33;
  const name = color ? `\u001b[${code}m${type}\u001b[0m` : type;
  return `${name}=${status}`;
}

const renderErrors = (status: {
  readonly errors: readonly PublishedError[];
  readonly moreErrors: number;
}): string[] => [
  ...status.errors.map(
    (error) => `  ${renderDiagnostic({ ...error, code: "", severity: "error" })}`,
  ),
  ...(status.moreErrors === 0 ? [] : [`  and ${status.moreErrors} more`]),
];

export const short = (revision: string | undefined): string => revision?.slice(0, 8) ?? "none";
