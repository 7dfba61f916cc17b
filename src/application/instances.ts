import type { Environment } from "./application.ts";
import { isGlob } from "./glob.ts";

/** Whether an environment has no stacks of its own, but instances that have: of revisions, or of branches. */
export const hasInstances = ({ ephemeral, on }: Pick<Environment, "ephemeral" | "on">): boolean =>
  ephemeral !== undefined || ("branch" in on && isGlob(on.branch));
