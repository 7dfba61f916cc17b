import type * as cloudcontrol from "@aws-sdk/client-cloudcontrol";
import type * as cloudformation from "@aws-sdk/client-cloudformation";
import type * as codebuild from "@aws-sdk/client-codebuild";
import type * as codecommit from "@aws-sdk/client-codecommit";
import type * as ecr from "@aws-sdk/client-ecr";
import type * as ecs from "@aws-sdk/client-ecs";
import type * as eventbridge from "@aws-sdk/client-eventbridge";
import type * as lambda from "@aws-sdk/client-lambda";
import type * as tagging from "@aws-sdk/client-resource-groups-tagging-api";
import type * as s3 from "@aws-sdk/client-s3";
import type * as scheduler from "@aws-sdk/client-scheduler";
import type * as quotas from "@aws-sdk/client-service-quotas";
import type * as sns from "@aws-sdk/client-sns";
import type * as sqs from "@aws-sdk/client-sqs";
import type * as ssm from "@aws-sdk/client-ssm";
import type * as sts from "@aws-sdk/client-sts";
import type { DeskOperations } from "./desk-operations.ts";
import type { GetInput, GetOutput } from "./http-get.ts";

/** Every AWS operation that is used: its name, what goes in, what comes out. */
export interface Operations extends DeskOperations {
  "cloudcontrolapi:GetResource": [
    cloudcontrol.GetResourceCommandInput,
    cloudcontrol.GetResourceCommandOutput,
  ];
  "cloudcontrolapi:ListResources": [
    cloudcontrol.ListResourcesCommandInput,
    cloudcontrol.ListResourcesCommandOutput,
  ];
  "cloudformation:CancelUpdateStack": [
    cloudformation.CancelUpdateStackCommandInput,
    cloudformation.CancelUpdateStackCommandOutput,
  ];
  "cloudformation:ContinueUpdateRollback": [
    cloudformation.ContinueUpdateRollbackCommandInput,
    cloudformation.ContinueUpdateRollbackCommandOutput,
  ];
  "cloudformation:CreateChangeSet": [
    cloudformation.CreateChangeSetCommandInput,
    cloudformation.CreateChangeSetCommandOutput,
  ];
  "cloudformation:DeleteChangeSet": [
    cloudformation.DeleteChangeSetCommandInput,
    cloudformation.DeleteChangeSetCommandOutput,
  ];
  "cloudformation:DeleteStack": [
    cloudformation.DeleteStackCommandInput,
    cloudformation.DeleteStackCommandOutput,
  ];
  "cloudformation:DescribeChangeSet": [
    cloudformation.DescribeChangeSetCommandInput,
    cloudformation.DescribeChangeSetCommandOutput,
  ];
  "cloudformation:DescribeStackDriftDetectionStatus": [
    cloudformation.DescribeStackDriftDetectionStatusCommandInput,
    cloudformation.DescribeStackDriftDetectionStatusCommandOutput,
  ];
  "cloudformation:DescribeStackEvents": [
    cloudformation.DescribeStackEventsCommandInput,
    cloudformation.DescribeStackEventsCommandOutput,
  ];
  "cloudformation:DescribeStackResourceDrifts": [
    cloudformation.DescribeStackResourceDriftsCommandInput,
    cloudformation.DescribeStackResourceDriftsCommandOutput,
  ];
  "cloudformation:DescribeStacks": [
    cloudformation.DescribeStacksCommandInput,
    cloudformation.DescribeStacksCommandOutput,
  ];
  "cloudformation:DetectStackDrift": [
    cloudformation.DetectStackDriftCommandInput,
    cloudformation.DetectStackDriftCommandOutput,
  ];
  "cloudformation:ExecuteChangeSet": [
    cloudformation.ExecuteChangeSetCommandInput,
    cloudformation.ExecuteChangeSetCommandOutput,
  ];
  "cloudformation:GetTemplate": [
    cloudformation.GetTemplateCommandInput,
    cloudformation.GetTemplateCommandOutput,
  ];
  "cloudformation:ListStacks": [
    cloudformation.ListStacksCommandInput,
    cloudformation.ListStacksCommandOutput,
  ];
  "cloudformation:ListStackResources": [
    cloudformation.ListStackResourcesCommandInput,
    cloudformation.ListStackResourcesCommandOutput,
  ];
  "codecommit:BatchGetCommits": [
    codecommit.BatchGetCommitsCommandInput,
    codecommit.BatchGetCommitsCommandOutput,
  ];
  "codebuild:BatchGetBuilds": [
    codebuild.BatchGetBuildsCommandInput,
    codebuild.BatchGetBuildsCommandOutput,
  ];
  "codebuild:StartBuild": [codebuild.StartBuildCommandInput, codebuild.StartBuildCommandOutput];
  "codecommit:CreateBranch": [
    codecommit.CreateBranchCommandInput,
    codecommit.CreateBranchCommandOutput,
  ];
  "codecommit:CreatePullRequest": [
    codecommit.CreatePullRequestCommandInput,
    codecommit.CreatePullRequestCommandOutput,
  ];
  "codecommit:GetApprovalRuleTemplate": [
    codecommit.GetApprovalRuleTemplateCommandInput,
    codecommit.GetApprovalRuleTemplateCommandOutput,
  ];
  "codecommit:GetPullRequest": [
    codecommit.GetPullRequestCommandInput,
    codecommit.GetPullRequestCommandOutput,
  ];
  "codecommit:ListAssociatedApprovalRuleTemplatesForRepository": [
    codecommit.ListAssociatedApprovalRuleTemplatesForRepositoryCommandInput,
    codecommit.ListAssociatedApprovalRuleTemplatesForRepositoryCommandOutput,
  ];
  "codecommit:ListPullRequests": [
    codecommit.ListPullRequestsCommandInput,
    codecommit.ListPullRequestsCommandOutput,
  ];
  "codecommit:UpdatePullRequestDescription": [
    codecommit.UpdatePullRequestDescriptionCommandInput,
    codecommit.UpdatePullRequestDescriptionCommandOutput,
  ];
  "codecommit:UpdatePullRequestStatus": [
    codecommit.UpdatePullRequestStatusCommandInput,
    codecommit.UpdatePullRequestStatusCommandOutput,
  ];
  "codecommit:UpdatePullRequestTitle": [
    codecommit.UpdatePullRequestTitleCommandInput,
    codecommit.UpdatePullRequestTitleCommandOutput,
  ];
  "codecommit:CreateCommit": [
    codecommit.CreateCommitCommandInput,
    codecommit.CreateCommitCommandOutput,
  ];
  "codecommit:GetBlob": [codecommit.GetBlobCommandInput, codecommit.GetBlobCommandOutput];
  "codecommit:GetBranch": [codecommit.GetBranchCommandInput, codecommit.GetBranchCommandOutput];
  "codecommit:GetCommit": [codecommit.GetCommitCommandInput, codecommit.GetCommitCommandOutput];
  "codecommit:GetDifferences": [
    codecommit.GetDifferencesCommandInput,
    codecommit.GetDifferencesCommandOutput,
  ];
  /** No operation of the API: a request to the git server. */
  "codecommit:GitPull": [
    { readonly repositoryName: string },
    { readonly advertisement: string } & Pick<codecommit.GetBlobCommandOutput, "$metadata">,
  ];
  "ecr:BatchGetImage": [ecr.BatchGetImageCommandInput, ecr.BatchGetImageCommandOutput];
  "ecr:DescribeImageScanFindings": [
    ecr.DescribeImageScanFindingsCommandInput,
    ecr.DescribeImageScanFindingsCommandOutput,
  ];
  "ecr:DescribeImages": [ecr.DescribeImagesCommandInput, ecr.DescribeImagesCommandOutput];
  "ecs:DescribeServices": [ecs.DescribeServicesCommandInput, ecs.DescribeServicesCommandOutput];
  "s3:DeleteObject": [s3.DeleteObjectCommandInput, s3.DeleteObjectCommandOutput];
  "ecs:DescribeTasks": [ecs.DescribeTasksCommandInput, ecs.DescribeTasksCommandOutput];
  "ecs:ListTasks": [ecs.ListTasksCommandInput, ecs.ListTasksCommandOutput];
  "ecs:RunTask": [ecs.RunTaskCommandInput, ecs.RunTaskCommandOutput];
  "events:PutEvents": [eventbridge.PutEventsCommandInput, eventbridge.PutEventsCommandOutput];
  /** No service of AWS: what a public address answers. */
  "http:Get": [GetInput, GetOutput];
  "lambda:Invoke": [lambda.InvokeCommandInput, lambda.InvokeCommandOutput];
  "s3:DeleteObjects": [s3.DeleteObjectsCommandInput, s3.DeleteObjectsCommandOutput];
  "s3:GetObject": [s3.GetObjectCommandInput, { readonly text: string; readonly ETag: string }];
  "s3:ListObjectVersions": [s3.ListObjectVersionsCommandInput, s3.ListObjectVersionsCommandOutput];
  "s3:ListObjectsV2": [s3.ListObjectsV2CommandInput, s3.ListObjectsV2CommandOutput];
  "s3:PutObject": [s3.PutObjectCommandInput, s3.PutObjectCommandOutput];
  "scheduler:CreateSchedule": [
    scheduler.CreateScheduleCommandInput,
    scheduler.CreateScheduleCommandOutput,
  ];
  "scheduler:UpdateSchedule": [
    scheduler.UpdateScheduleCommandInput,
    scheduler.UpdateScheduleCommandOutput,
  ];
  "servicequotas:GetServiceQuota": [
    quotas.GetServiceQuotaCommandInput,
    quotas.GetServiceQuotaCommandOutput,
  ];
  "sns:Publish": [sns.PublishCommandInput, sns.PublishCommandOutput];
  "sqs:SendMessageBatch": [sqs.SendMessageBatchCommandInput, sqs.SendMessageBatchCommandOutput];
  "ssm:DescribeParameters": [
    ssm.DescribeParametersCommandInput,
    ssm.DescribeParametersCommandOutput,
  ];
  "ssm:GetParameterHistory": [
    ssm.GetParameterHistoryCommandInput,
    ssm.GetParameterHistoryCommandOutput,
  ];
  "ssm:GetParameters": [ssm.GetParametersCommandInput, ssm.GetParametersCommandOutput];
  "ssm:GetParametersByPath": [
    ssm.GetParametersByPathCommandInput,
    ssm.GetParametersByPathCommandOutput,
  ];
  "ssm:PutParameter": [ssm.PutParameterCommandInput, ssm.PutParameterCommandOutput];
  "ssm:DeleteParameter": [ssm.DeleteParameterCommandInput, ssm.DeleteParameterCommandOutput];
  "sts:AssumeRole": [sts.AssumeRoleCommandInput, sts.AssumeRoleCommandOutput];
  "sts:GetCallerIdentity": [sts.GetCallerIdentityCommandInput, sts.GetCallerIdentityCommandOutput];
  "tagging:GetResources": [tagging.GetResourcesCommandInput, tagging.GetResourcesCommandOutput];
}

export type Operation = keyof Operations;

/**
 * The one narrow way to AWS. Production answers with the SDK, tests with the sandbox's state
 * machines; nothing below it decides anything, so every AWS call is a point where a crash can be
 * tried. Errors are the SDK's: `error.name` is the exception's name.
 */
export type Call = <O extends Operation>(
  operation: O,
  input: Operations[O][0],
) => Promise<Omit<Operations[O][1], "$metadata">>;

/** In which region, and as whom. Without a role: the controller itself. */
export interface Identity {
  readonly region: string;
  readonly role?: string;
  readonly externalId?: string;
  /** What the session of the role is called. */
  readonly session?: string;
}

/** Calls as one identity. */
export type Caller = (identity: Identity) => Call;

/** How an operation counts: `mutating` changes git, ECR, CloudFormation or a target account. */
export const kindOf = (operation: Operation): "read" | "bookkeeping" | "mutating" => {
  if (mutating.has(operation)) return "mutating";
  return bookkeeping.has(operation) ? "bookkeeping" : "read";
};

const mutating: ReadonlySet<Operation> = new Set([
  "cloudformation:CancelUpdateStack",
  "cloudformation:ContinueUpdateRollback",
  "cloudformation:CreateChangeSet",
  "cloudformation:DeleteChangeSet",
  "cloudformation:DeleteStack",
  "cloudformation:ExecuteChangeSet",
  "codebuild:StartBuild",
  "codecommit:CreateCommit",
  "ecs:RunTask",
  "iam:CreateServiceLinkedRole",
  "lambda:Invoke",
  "codecommit:CreateBranch",
  "codecommit:CreatePullRequest",
  "codecommit:UpdatePullRequestDescription",
  "codecommit:UpdatePullRequestStatus",
  "codecommit:UpdatePullRequestTitle",
  "s3:DeleteObjects",
]);

const bookkeeping: ReadonlySet<Operation> = new Set([
  // It changes nothing but what CloudFormation knows.
  "cloudformation:DetectStackDrift",
  "events:PutEvents",
  "s3:DeleteObject",
  "s3:PutObject",
  "scheduler:CreateSchedule",
  "scheduler:UpdateSchedule",
  "sns:Publish",
  "sqs:SendMessageBatch",
  "ssm:DeleteParameter",
  "ssm:PutParameter",
]);
