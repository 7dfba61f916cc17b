import { checkEnded } from "./check-ended.ts";
import { deploymentChange } from "./deployment-change.ts";
import { gitPush } from "./git-push.ts";
import { imagePush } from "./image-push.ts";
import { parameterChange } from "./parameter-change.ts";
import { schedule } from "./schedule.ts";
import { stackChange } from "./stack-change.ts";
import { sweep } from "./sweep.ts";
import type { Trigger } from "./trigger.ts";

/** Everything that can ask us to look, one line each. */
export const triggers: readonly Trigger[] = [
  checkEnded,
  deploymentChange,
  gitPush,
  imagePush,
  parameterChange,
  schedule,
  stackChange,
  sweep,
];
