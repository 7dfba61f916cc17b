import type { Desired } from "../desired/desired.ts";
import { originsIn, stamped } from "../link/digests.ts";
import type { Origin } from "../model/bundle.ts";
import type { EnvironmentRecord, Failure } from "../model/record.ts";
import { isRefused } from "../model/refused.ts";
import type { RequestSet } from "../model/requests.ts";
import type { RollOut } from "../plan/roll-out.ts";
import type { Asking, Operating, Step, Verdict } from "../plan/steps.ts";
import type { Stacks } from "../ports/ports.ts";
import { unlessRefused } from "../refused.ts";
import type { Observed } from "./observe.ts";

/** What came of steps: those that were answered, and of the others the first error. */
interface CarriedOut {
  readonly answered: readonly Step[];
  /** Change sets that CloudFormation will never make, by name: asked for again they would be refused again. */
  readonly refused: Readonly<Record<string, Failure>>;
  readonly error: unknown;
}

/** Makes each step once, side by side; one that fails keeps no other from being made. */
export async function carryOut(
  steps: readonly Step[],
  desired: Desired,
  { moment, stacks }: Pick<Asked, "moment" | "stacks">,
): Promise<CarriedOut> {
  const { revision } = desired;
  const { requestedAt } = moment.requests;
  const refused: Record<string, Failure> = {};
  const answered: Step[] = [];
  const made = steps.map(async (step) => {
    if (step.kind !== "create-change-set") await make(step, stacks);
    else {
      const message = await ask(step, desired, stacks);
      if (message !== undefined) refused[step.name] = { revision, requestedAt, message };
    }
    answered.push(step);
  });
  const failed = (await Promise.allSettled(made)).find(({ status }) => status === "rejected");
  return { answered, refused, error: failed?.status === "rejected" ? failed.reason : undefined };
}

/** Answers why it is refused for good. */
function ask(
  { digest, name, parameters, revertsDrift, stack, type }: Asking,
  { bundle, revision }: Desired,
  stacks: Stacks,
): Promise<string | undefined> {
  return stacks.createChangeSet({
    stack: stack.name,
    type,
    name,
    template: stamped(stack, digest),
    parameters,
    tags: stack.tags,
    capabilities: stack.capabilities,
    cloudFormationRole: bundle.target.cloudFormationRole,
    description: `Revision ${revision}`,
    revertsDrift,
  });
}

function make(step: Operating, stacks: Stacks): Promise<void> {
  switch (step.kind) {
    case "execute-change-set":
      return stacks.executeChangeSet(step.id, tokenOf(step.id));
    case "delete-change-set":
      return stacks.deleteChangeSet(step.id);
    case "delete-stack":
      return stacks.deleteStack(step.id, tokenOf(step.id, step.attempt));
    case "cancel-update":
      return stacks.cancelUpdate(step.id, tokenOf(step.operation));
    case "continue-rollback":
      return stacks.continueRollback(step.id, step.skip);
  }
}

/** The id's own uuid, and which try it is: an operation that is asked for twice is one. */
const tokenOf = (id: string, attempt = 0): string =>
  `trueup-${id.split("/").at(-1) ?? ""}${attempt === 0 ? "" : `-${attempt}`}`;

interface Asked {
  readonly moment: { readonly requests: RequestSet };
  readonly desired: Desired;
  readonly record: EnvironmentRecord;
  readonly stacks: Stacks;
}

/** Why operations failed that nobody has been told about yet: one failure, one report. */
export async function investigate(
  { steps, verdicts }: Pick<RollOut, "steps" | "verdicts">,
  observed: Observed,
  { desired, moment, record, stacks }: Asked,
): Promise<Readonly<Record<string, Failure>>> {
  const { requestedAt } = moment.requests;
  const late = steps.flatMap((step) =>
    step.kind === "cancel-update" && step.late !== undefined
      ? [[step.operation, { revision: desired.revision, requestedAt, message: step.late }]]
      : [],
  );
  const found: Record<string, Failure> = Object.fromEntries(late);
  for (const verdict of verdicts) {
    if (verdict.kind !== "stalled" || verdict.failure === undefined) continue;
    if (record.failures[verdict.failure] !== undefined) continue;
    const causes = await unlessRefused(() => causesOf(verdict, observed, stacks));
    const told = isRefused(causes) ? [`Why is for others to see: ${causes.refused}`] : causes;
    // A rollback is told by its causes; what is stuck needs to say what can be done as well.
    const tellsAll = told.length > 0 && !isRefused(causes) && verdict.reason === "RolledBack";
    const more = tellsAll ? [] : [verdict.message];
    // What can be done about it comes first: a status has room for so much.
    const message = [...more, ...told].join(" ");
    found[verdict.failure] = { revision: desired.revision, requestedAt, message };
  }
  return found;
}

/** What failed in a unit's stack, each with the compose line that asks for it. */
async function causesOf(
  { reason, unit: name }: Extract<Verdict, { readonly kind: "stalled" }>,
  { leaving, templates, units }: Observed,
  stacks: Stacks,
): Promise<readonly string[]> {
  const wanted = units.find(({ goal: { unit } }) => unit === name);
  const { stack } = wanted ?? leaving.find(({ unit }) => unit === name) ?? {};
  if (stack === undefined || !["RolledBack", "StackStuck"].includes(reason)) return [];
  const template = templates.get(name);
  const deployed = template === undefined ? {} : originsIn(template);
  const origins: Readonly<Record<string, Origin>> = { ...deployed, ...wanted?.goal.origins };
  const causes = await stacks.failures(stack.id);
  return causes.map(({ logicalId, reason: cause }) => {
    const origin = origins[logicalId];
    const where = origin === undefined ? "" : ` (${origin.file}:${origin.line} ${origin.path})`;
    return `${logicalId}${where}: ${cause}`;
  });
}
