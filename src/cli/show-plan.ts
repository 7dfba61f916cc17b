import type { Change, Plan } from "../model/plan.ts";
import type { EnvironmentStatus } from "../model/status.ts";
import { renames } from "../plan/renames.ts";
import type { Ports } from "../ports/ports.ts";
import { unknown } from "./known.ts";
import type { Place } from "./usage.ts";
import type { Io } from "./verb.ts";

/** The plan that an environment's status names; one without a digest where nothing is to change. */
export async function publishedPlan(place: Place, ports: Ports): Promise<Plan> {
  const { artifacts, statuses } = ports;
  const status = await statuses.readEnvironment(place.application, place.environment);
  if (status === undefined) throw await unknown(place, ports);
  const { plan: digest } = status.digest;
  if (digest === undefined) return { ...noPlan, ...driftSaid(status) };
  const text = await artifacts.read(`plans/${digest}.json`);
  if (text === undefined) throw new Error(`The plan ${digest} is not in the bucket.`);
  return JSON.parse(text) as Plan;
}

const noPlan: Plan = {
  digest: "",
  changes: [],
  riskier: [],
  callouts: [],
  settings: [],
  gates: [],
};

/** What somebody changed stands in the status: nothing is planned about it. */
function driftSaid({ conditions }: EnvironmentStatus): Pick<Plan, "drift"> {
  const said = conditions.find(({ status, type }) => type === "Drifted" && status === "True");
  return said === undefined ? {} : { drift: [said.message] };
}

/** What a plan has beside the one that was approved last, in words; undefined: there is none. */
export async function sinceApproved(
  { approvedLast, changes }: Plan,
  { artifacts }: Ports,
): Promise<string | undefined> {
  const text =
    approvedLast === undefined ? undefined : await artifacts.read(`plans/${approvedLast}.json`);
  if (approvedLast === undefined || text === undefined) return undefined;
  const { changes: before } = JSON.parse(text) as Plan;
  const told = ({ action, logicalId, property, risk, stack }: Change): string =>
    `${signs[action]} ${stack}.${logicalId} ${property} ${risk}`;
  const known = new Set(before.map(told));
  const more = changes.filter((change) => !known.has(told(change)));
  const which = more.map(({ action, logicalId }) => `${signs[action]} ${logicalId}`).join(", ");
  const last = `plan ${approvedLast.slice(0, 12)}, approved last`;
  return more.length === 0 ? `All of it was in ${last}.` : `Not in ${last}: ${which}`;
}

/** A plan as people read it, each resource a line. */
export function renderPlan(
  { callouts, changes, digest, drift = [], gates, lookups = [], riskier, settings }: Plan,
  io: Io,
): string {
  const drifted = drift.map((what) => `drift: ${what}`);
  if (changes.length + settings.length === 0) return ["Nothing to change.", ...drifted].join("\n");
  const stacks = [...new Set(changes.map(({ stack }) => stack))];
  const lines = stacks.flatMap((stack) => [
    stack,
    ...changes.filter((change) => change.stack === stack).map((change) => `  ${line(change, io)}`),
  ]);
  const worse = riskier.map(
    ({ logicalId, planned, reported, stack }) =>
      `CloudFormation says worse of ${stack}.${logicalId}: ${reported}, where ${planned} is planned`,
  );
  const exposed = callouts.map(
    ({ kind, logicalId, message, stack }) => `! ${names[kind]}: ${stack}.${logicalId} ${message}`,
  );
  const renamed = renames(changes).map(
    ({ from, to }) =>
      `${from} goes and ${to} comes: if that is a new name only, the service is deleted and made anew; the label ecs.task.family keeps the old one`,
  );
  const opened = settings.map((setting) => `settings: ${setting}`);
  const held = gates.map((gate) => `held: ${gate}`);
  return [
    ...lines,
    ...lookups.map((id) => `lookup changed: ${id}`),
    ...drifted,
    ...exposed,
    ...renamed,
    ...worse,
    ...opened,
    ...held,
    `plan ${digest.slice(0, 12)}: ${changes.length} ${changes.length === 1 ? "change" : "changes"}`,
  ].join("\n");
}

const names = { iam: "IAM", public: "public" } as const;

const signs = { add: "+", modify: "~", replace: "±", remove: "-" } as const;
const colors = { add: 32, modify: 33, replace: 31, remove: 31 } as const;

const leftovers = {
  all: { remove: "stays, and is nobody's", replace: "the old one stays, and is nobody's" },
  snapshot: { remove: "leaves a snapshot", replace: "the old one leaves a snapshot" },
} as const;

function line(change: Change, { color }: Io): string {
  const { action, cause, left, logicalId, property, risk, type } = change;
  const sign = color ? `\u001b[${colors[action]}m${signs[action]}\u001b[0m` : signs[action];
  const what = property === "" ? "" : `  ${property}`;
  const danger = risk === "none" ? "" : `  [${risk}]`;
  const from = cause === undefined ? "" : `  ${cause.file}:${cause.line} ${cause.path}`;
  const stays = left && `  (${leftovers[left][action === "remove" ? "remove" : "replace"]})`;
  return `${sign} ${logicalId}  ${type}${what}${danger}${stays ?? ""}${from}`;
}
