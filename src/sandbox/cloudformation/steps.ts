import type { Context } from "../world.ts";
import { completeApply, finishApply, initiate, startApply } from "./apply.ts";
import { finishDelete, startDelete } from "./remove.ts";
import { completeRestore, finishRestore, startRestore } from "./restore.ts";
import type { StepTask, Work } from "./work.ts";

/** Starts a step whose turn has come. */
export function startStep(work: Work, context: Context): void {
  const { step } = work;
  step.state = "running";
  step.run = context.world.uuid();
  step.tries += 1;
  switch (step.kind) {
    case "apply":
      startApply(work, context);
      return;
    case "restore":
      startRestore(work, context);
      return;
    case "delete":
      startDelete(work, context);
      return;
  }
}

/** Takes a running step to its next stage. */
export function continueStep(work: Work, stage: StepTask["stage"], context: Context): void {
  const { step } = work;
  if (step.kind === "delete") {
    finishDelete(work, context);
    return;
  }
  if (step.kind === "restore") {
    finishRestore(work, context);
    return;
  }
  if (stage === "initiate") {
    initiate(work, context);
    return;
  }
  finishApply(work, context);
}

/** What a step waited for is there. */
export function completeStep(work: Work, context: Context): void {
  if (work.step.kind === "restore") completeRestore(work, context);
  else completeApply(work, context);
}
