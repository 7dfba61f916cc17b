import type { Service } from "../world.ts";
import { approvalRuleOperations } from "./approval-rules.ts";
import { branchOperations } from "./branches.ts";
import { committingOperations } from "./committing.ts";
import { getDifferences } from "./differences.ts";
import { pullRequestOperations } from "./pull-requests.ts";
import { readingOperations } from "./reading.ts";
import { repositoryOperations } from "./repositories.ts";

/** CodeCommit on real git objects. */
export const codecommit: Service = {
  name: "codecommit",
  operations: {
    ...repositoryOperations,
    ...branchOperations,
    ...readingOperations,
    ...committingOperations,
    ...pullRequestOperations,
    ...approvalRuleOperations,
    GetDifferences: getDifferences,
  },
};
