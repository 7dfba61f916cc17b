import type { Application, Environment } from "./application.ts";

/** The environments that a push to a branch concerns, in the order of the file. */
export const environmentsFollowing = (
  { environments }: Application,
  branch: string,
): readonly Environment[] => Object.values(environments).filter(({ on }) => on.branch === branch);
