import { integer, list, number, object, type Read } from "../read.ts";
import type { Path, Report } from "../report.ts";
import { renaming } from "../x/named-services.ts";
import type { StepScaling } from "./family.ts";

const readStep = object({ LowerBound: number, UpperBound: number, Count: integer }, [
  "LowerBound",
  "Count",
]);
const readScaling = object(
  {
    Steps: list((step, path, report) => readStep(stepOfBefore(step, path, report), path, report)),
    ScaleInCooldown: integer,
    ScaleOutCooldown: integer,
  },
  ["Steps"],
);

/** As the documentation of ECS ComposeX has them to this day. */
const stepOfBefore = renaming({
  count: "Count",
  lower_bound: "LowerBound",
  upper_bound: "UpperBound",
});
const scalingOfBefore = renaming({
  scaling_in_cooldown: "ScaleInCooldown",
  scaling_out_cooldown: "ScaleOutCooldown",
  steps: "Steps",
});

/** What a `Scaling` under `Services` of a resource says. */
export const readSteps: typeof readScaling = (data, path, report) =>
  readScaling(scalingOfBefore(data, path, report), path, report);

type Given = Read<typeof readSteps>;

/** The steps from the lowest up. Each ends where the next begins, and the last one nowhere. */
export function stepsOf(
  { Steps = [], ScaleInCooldown: scaleIn = 60, ScaleOutCooldown: scaleOut = 60 }: Given,
  path: Path,
  report: Report,
): Pick<StepScaling, "scaleIn" | "scaleOut" | "steps"> {
  const inOrder = Steps.map((step, index) => ({
    lower: step.LowerBound ?? 0,
    upper: step.UpperBound,
    step,
    index,
  })).sort((a, b) => a.lower - b.lower);
  for (const [place, { index, lower, upper }] of inOrder.entries()) {
    const next = inOrder[place + 1]?.lower;
    const fault = faultOf(lower, upper, next);
    if (fault === undefined) continue;
    const at = [...path, "Steps", index];
    report.error({ code: "out-of-bounds", path: at, message: fault });
  }
  const steps = inOrder.map(({ lower, step }) => ({ lower, count: step.Count ?? 0 }));
  return { steps, scaleIn, scaleOut };
}

function faultOf(
  lower: number,
  upper: number | undefined,
  next: number | undefined,
): string | undefined {
  if (next === lower) return `another step begins at ${lower}, too`;
  if (upper === undefined) return undefined;
  if (upper <= lower) return `ends at ${upper}, before it begins at ${lower}`;
  if (next !== undefined && next !== upper)
    return `ends at ${upper}, and the next one begins at ${next}: steps leave no gap`;
  return undefined;
}
