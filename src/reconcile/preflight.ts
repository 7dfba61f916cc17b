import { inParallel } from "../parallel.ts";
import type { Comparison } from "../plan/comparison.ts";
import type { Objection } from "../plan/decide.ts";
import type { RollOut } from "../plan/roll-out.ts";
import { needKey, needsOf, startsTasks, type TaskNeed } from "../plan/starts.ts";
import { type Asking, type Complaint, judged } from "./task-needs.ts";

const width = 5;

/**
 * By unit, what keeps its tasks from starting: an image that is not in ECR, or whose scan found more
 * than its service allows; a secret that is not there.
 * Asked only where a change set that starts tasks would be executed now, of everything once. What
 * nobody may look at is left to ECS.
 */
export async function preflight(
  { plan, steps }: RollOut,
  { desired, observed }: Comparison,
  asking: Asking,
): Promise<ReadonlyMap<string, Objection>> {
  const about = observed.units.flatMap(({ desired: stack }) =>
    steps.some((step) => step.kind === "execute-change-set" && step.unit === stack.unit) &&
    startsTasks(stack.name, plan.changes)
      ? [{ unit: stack.unit, needs: needsOf(stack, desired.bundle.target) }]
      : [],
  );
  const each = new Map(about.flatMap(({ needs }) => needs).map((need) => [needKey(need), need]));
  const complaints = new Map(
    await inParallel([...each], width, async ([key, need]) => {
      const judgement = await judged(need, desired.bundle.target, asking);
      return [key, judgement.kind === "wrong" ? judgement : undefined] as const;
    }),
  );
  const objections = about.flatMap(({ needs, unit }) => {
    const wrong = needs.filter((need) => complaints.get(needKey(need)) !== undefined);
    const [first] = wrong;
    if (first === undefined) return [];
    const said = new Set(wrong.map((need) => sentence(need, complaints.get(needKey(need)))));
    const { reason } = complaints.get(needKey(first)) ?? {};
    if (reason === undefined) return [];
    return [[unit, { reason, message: `${[...said].join(" ")} ${ends[reason]}` }] as const];
  });
  return new Map(objections);
}

const waits = "It goes on by itself when that is there.";

const ends: Readonly<Record<Complaint["reason"], string>> = {
  ImageMissing: waits,
  ImageVulnerable:
    "It goes on by itself when its scan finds no more, or with another image: x-ecr.VulnerabilitiesScan says so.",
  SecretMissing: waits,
};

const sentence = ({ origin, text }: TaskNeed, complaint: Complaint | undefined): string => {
  const where = origin === undefined ? "" : `${origin.file}:${origin.line} ${origin.path}: `;
  return `${where}${text} ${complaint?.text}.`;
};
