import type { ObservedStack } from "../model/observed.ts";
import { act, stalled, type Verdict } from "./steps.ts";

interface Deletion {
  readonly unit: string;
  readonly stack: ObservedStack;
  /** How often it was asked for before. */
  readonly attempt?: number;
}

/** To delete a stack, unless somebody protects it: then that is for people to take back. */
export function deleting({ attempt = 0, stack, unit }: Deletion, message: string): Verdict {
  const { id, isProtected = false, name } = stack;
  if (!isProtected) return act({ kind: "delete-stack", unit, id, attempt }, message);
  return stalled(
    unit,
    "TerminationProtected",
    `The stack is to be deleted and has termination protection, which is for people to take off: aws cloudformation update-termination-protection --no-enable-termination-protection --stack-name ${name}. Then trueup reconcile.`,
  );
}
