import type { Checks } from "../../ports/ports.ts";
import { isNamed } from "../answers.ts";
import type { Call } from "../call.ts";
import { lookAtBuild } from "./build.ts";
import { lookAtFunction } from "./function.ts";
import { lookAtPage } from "./page.ts";
import { lookAtTask } from "./task.ts";

/** Checks of a deployed environment, with its target's credentials. */
export const checksOf = (call: Call): Checks => ({
  async look(check, attempt) {
    try {
      switch (check.kind) {
        case "http":
          return await lookAtPage(check, call);
        case "lambda":
          return await lookAtFunction(check, attempt, call);
        case "codebuild":
          return await lookAtBuild(check, attempt, call);
        case "task":
          return await lookAtTask(check, attempt, call);
      }
    } catch (error) {
      // What is not there will not come right by asking again; rights take a while to be there.
      if (isNamed(error, ...final)) {
        return { kind: "said", verdict: "inconclusive", message: (error as Error).message };
      }
      throw error;
    }
  },
});

const final = [
  "ClusterNotFoundException",
  "InvalidParameterException",
  "InvalidInputException",
  "NotPublicError",
  "ResourceNotFoundException",
];
