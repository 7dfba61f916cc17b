import type { Operation } from "../../src/aws/call.ts";

// Calls at which something is made to happen.

/** What changes something of somebody's. */
export const mutations: readonly Operation[] = [
  "cloudformation:CancelUpdateStack",
  "cloudformation:ContinueUpdateRollback",
  "cloudformation:CreateChangeSet",
  "cloudformation:DeleteChangeSet",
  "cloudformation:DeleteStack",
  "cloudformation:ExecuteChangeSet",
  "codecommit:CreateCommit",
];

/** What decides what is seen, and what is remembered. */
export const memories: readonly Operation[] = [
  "cloudformation:DescribeStacks",
  "codecommit:GetBranch",
  "codecommit:GetDifferences",
  "ecr:DescribeImages",
  "s3:GetObject",
  "s3:PutObject",
  "scheduler:UpdateSchedule",
  "sqs:SendMessageBatch",
  "ssm:GetParameters",
  "ssm:PutParameter",
];
