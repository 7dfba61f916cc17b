import type { Application, Environment, Follows } from "./application.ts";
import { globMatches } from "./glob.ts";

/** The environments that a push to a branch or a tag concerns, in the order of the file. */
export const environmentsFollowing = (
  { environments }: Application,
  pushed: Follows,
): readonly Environment[] =>
  Object.values(environments).filter(({ on }) => {
    if ("branch" in on) return "branch" in pushed && globMatches(on.branch, pushed.branch);
    return "tag" in on && "tag" in pushed && globMatches(on.tag, pushed.tag);
  });
