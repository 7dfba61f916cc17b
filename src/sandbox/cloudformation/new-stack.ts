import type { Context } from "../world.ts";
import { enterStack } from "./directory.ts";
import { checkStackQuota } from "./quotas.ts";
import { arn, type Stack } from "./state.ts";

/** A stack without anything, under a new id. Throws where there may be no more stacks. */
export function newStack(name: string, context: Context, createToken?: string): Stack {
  checkStackQuota(context);
  const id = arn(context, "cloudformation", `stack/${name}/${context.world.uuid()}`);
  const stack: Stack = {
    id,
    name,
    createdAt: context.world.now,
    ...(createToken === undefined ? {} : { createToken }),
    status: "REVIEW_IN_PROGRESS",
    outputs: [],
    imports: [],
    resources: {},
    disableRollback: false,
    terminationProtection: false,
    lastOperations: [],
    events: [],
  };
  enterStack(stack, context);
  return stack;
}
