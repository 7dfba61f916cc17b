import * as cloudcontrol from "@aws-sdk/client-cloudcontrol";
import * as cloudformation from "@aws-sdk/client-cloudformation";
import * as codebuild from "@aws-sdk/client-codebuild";
import * as codecommit from "@aws-sdk/client-codecommit";
import * as ecr from "@aws-sdk/client-ecr";
import * as ecs from "@aws-sdk/client-ecs";
import * as eventbridge from "@aws-sdk/client-eventbridge";
import * as lambda from "@aws-sdk/client-lambda";
import * as tagging from "@aws-sdk/client-resource-groups-tagging-api";
import * as s3 from "@aws-sdk/client-s3";
import * as scheduler from "@aws-sdk/client-scheduler";
import * as quotas from "@aws-sdk/client-service-quotas";
import * as sns from "@aws-sdk/client-sns";
import * as sqs from "@aws-sdk/client-sqs";
import * as ssm from "@aws-sdk/client-ssm";
import * as sts from "@aws-sdk/client-sts";
import { type Call, type Caller, kindOf, type Operation, type Operations } from "./call.ts";
import type { DeskOperations } from "./desk-operations.ts";
import { type GitCredentials, gitPull } from "./git-pull.ts";
import { type GetInput, httpGet } from "./http-get.ts";
import { assuming, type Credentials, type Signer } from "./sessions.ts";

export interface SdkOptions {
  readonly region: string;
  /** Where AWS answers, if not at its own address. */
  readonly endpoint?: string;
  /** Whose they are; else the SDK looks where it always does. */
  readonly credentials?: Credentials;
}

/** What every client of the SDK has in common, as far as it is used here. */
interface Client {
  readonly config: { credentials(): Promise<GitCredentials> };
  send(command: unknown): Promise<unknown>;
}

/** Clients of the SDK by service, and its commands by operation. */
export interface SdkTable {
  readonly clients: Readonly<Record<string, NewClient>>;
  readonly commands: Readonly<Partial<Record<Operation, NewCommand>>>;
}

// Each client takes its own settings and commands only; the table pairs commands with their service.
type NewClient = new (settings: never) => unknown;
type NewCommand = new (input: never) => unknown;

/**
 * Calls to AWS by its SDK, as the process itself or as a role. `more`: what is asked beside what the
 * controller asks.
 */
export const sdkCaller = (
  options: SdkOptions,
  more: SdkTable = { clients: {}, commands: {} },
): Caller => {
  const table = {
    clients: { ...clients, ...more.clients },
    commands: { ...commands, ...more.commands },
  };
  return assuming(sdkSigner(options, table), options.region);
};

/**
 * Requests of the SDK: a table, and nothing that decides. It is the only layer that retries: reads
 * twice, writes never, since only the caller can tell whether a lost answer was a lost write.
 */
function sdkSigner(options: SdkOptions, table: SdkTable): Signer {
  const own = new Map<string, Client>();
  // What was made for credentials goes with them.
  const others = new WeakMap<Credentials, Map<string, Client>>();
  const madeFor = (credentials: Credentials | undefined): Map<string, Client> => {
    if (credentials === undefined) return own;
    const made = others.get(credentials) ?? new Map<string, Client>();
    others.set(credentials, made);
    return made;
  };

  return ({ credentials, region }) => {
    const call = async (operation: Operation, input: unknown): Promise<unknown> => {
      if (operation === "http:Get") return httpGet(input as GetInput, options.endpoint);
      const service = operation.slice(0, operation.indexOf(":"));
      const isRead = kindOf(operation) === "read";
      const key = JSON.stringify([service, isRead, region]);
      const made = madeFor(credentials);
      const settings = settingsOf(options, region, credentials ?? options.credentials);
      const client = made.get(key) ?? clientOf(table.clients[service], isRead, settings);
      made.set(key, client);
      if (operation === "codecommit:GitPull") {
        const { repositoryName: repository } = input as Pull;
        const signing = await client.config.credentials();
        return gitPull({ repository, region, credentials: signing, endpoint: options.endpoint });
      }

      const Command = table.commands[operation] as new (input: unknown) => unknown;
      const answer = await client.send(new Command(input));
      return operation === "s3:GetObject"
        ? objectText(answer as s3.GetObjectCommandOutput)
        : answer;
    };
    return call as Call;
  };
}

const settingsOf = (
  { endpoint }: SdkOptions,
  region: string,
  credentials: Credentials | undefined,
): Settings => ({
  region,
  ...(endpoint === undefined ? {} : { endpoint, forcePathStyle: true }),
  ...(credentials === undefined ? {} : { credentials }),
});

type Pull = Operations["codecommit:GitPull"][0];

interface Settings {
  readonly region: string;
  readonly endpoint?: string;
  readonly forcePathStyle?: boolean;
  readonly credentials?: Credentials;
}

/** One request takes at most ten seconds, its repetitions included. */
const limits = {
  read: { maxAttempts: 3, timeout: 3_300 },
  write: { maxAttempts: 1, timeout: 10_000 },
};

function clientOf(made: NewClient | undefined, isRead: boolean, settings: Settings): Client {
  const { maxAttempts, timeout } = limits[isRead ? "read" : "write"];
  const requestHandler = { requestTimeout: timeout, throwOnRequestTimeout: true };
  const Made = made as new (settings: object) => Client;
  return new Made({ ...settings, maxAttempts, requestHandler });
}

const objectText = async ({ Body, ETag = "" }: s3.GetObjectCommandOutput) => ({
  text: (await Body?.transformToString("utf-8")) ?? "",
  ETag,
});

const clients = {
  cloudcontrolapi: cloudcontrol.CloudControlClient,
  cloudformation: cloudformation.CloudFormationClient,
  codebuild: codebuild.CodeBuildClient,
  codecommit: codecommit.CodeCommitClient,
  ecr: ecr.ECRClient,
  ecs: ecs.ECSClient,
  events: eventbridge.EventBridgeClient,
  lambda: lambda.LambdaClient,
  s3: s3.S3Client,
  scheduler: scheduler.SchedulerClient,
  servicequotas: quotas.ServiceQuotasClient,
  sns: sns.SNSClient,
  sqs: sqs.SQSClient,
  ssm: ssm.SSMClient,
  sts: sts.STSClient,
  tagging: tagging.ResourceGroupsTaggingAPIClient,
};

type Commanded = Exclude<Operation, keyof DeskOperations | "codecommit:GitPull" | "http:Get">;

const commands: { readonly [O in Commanded]: new (input: Operations[O][0]) => unknown } = {
  "cloudformation:CancelUpdateStack": cloudformation.CancelUpdateStackCommand,
  "cloudformation:ContinueUpdateRollback": cloudformation.ContinueUpdateRollbackCommand,
  "cloudcontrolapi:GetResource": cloudcontrol.GetResourceCommand,
  "cloudcontrolapi:ListResources": cloudcontrol.ListResourcesCommand,
  "cloudformation:CreateChangeSet": cloudformation.CreateChangeSetCommand,
  "cloudformation:DeleteChangeSet": cloudformation.DeleteChangeSetCommand,
  "cloudformation:DeleteStack": cloudformation.DeleteStackCommand,
  "cloudformation:DescribeChangeSet": cloudformation.DescribeChangeSetCommand,
  "cloudformation:DescribeStackDriftDetectionStatus":
    cloudformation.DescribeStackDriftDetectionStatusCommand,
  "cloudformation:DescribeStackEvents": cloudformation.DescribeStackEventsCommand,
  "cloudformation:DescribeStackResourceDrifts": cloudformation.DescribeStackResourceDriftsCommand,
  "cloudformation:DescribeStacks": cloudformation.DescribeStacksCommand,
  "cloudformation:DetectStackDrift": cloudformation.DetectStackDriftCommand,
  "cloudformation:ExecuteChangeSet": cloudformation.ExecuteChangeSetCommand,
  "cloudformation:GetTemplate": cloudformation.GetTemplateCommand,
  "cloudformation:ListStacks": cloudformation.ListStacksCommand,
  "cloudformation:ListStackResources": cloudformation.ListStackResourcesCommand,
  "codecommit:BatchGetCommits": codecommit.BatchGetCommitsCommand,
  "codebuild:BatchGetBuilds": codebuild.BatchGetBuildsCommand,
  "codebuild:StartBuild": codebuild.StartBuildCommand,
  "codecommit:CreateBranch": codecommit.CreateBranchCommand,
  "codecommit:CreatePullRequest": codecommit.CreatePullRequestCommand,
  "codecommit:GetApprovalRuleTemplate": codecommit.GetApprovalRuleTemplateCommand,
  "codecommit:GetPullRequest": codecommit.GetPullRequestCommand,
  "codecommit:ListAssociatedApprovalRuleTemplatesForRepository":
    codecommit.ListAssociatedApprovalRuleTemplatesForRepositoryCommand,
  "codecommit:ListPullRequests": codecommit.ListPullRequestsCommand,
  "codecommit:UpdatePullRequestDescription": codecommit.UpdatePullRequestDescriptionCommand,
  "codecommit:UpdatePullRequestStatus": codecommit.UpdatePullRequestStatusCommand,
  "codecommit:UpdatePullRequestTitle": codecommit.UpdatePullRequestTitleCommand,
  "codecommit:CreateCommit": codecommit.CreateCommitCommand,
  "codecommit:GetBlob": codecommit.GetBlobCommand,
  "codecommit:GetBranch": codecommit.GetBranchCommand,
  "codecommit:GetCommit": codecommit.GetCommitCommand,
  "codecommit:GetDifferences": codecommit.GetDifferencesCommand,
  "ecr:BatchGetImage": ecr.BatchGetImageCommand,
  "ecr:DescribeImageScanFindings": ecr.DescribeImageScanFindingsCommand,
  "ecr:DescribeImages": ecr.DescribeImagesCommand,
  "ecs:DescribeServices": ecs.DescribeServicesCommand,
  "s3:DeleteObject": s3.DeleteObjectCommand,
  "ecs:DescribeTasks": ecs.DescribeTasksCommand,
  "ecs:ListTasks": ecs.ListTasksCommand,
  "ecs:RunTask": ecs.RunTaskCommand,
  "events:PutEvents": eventbridge.PutEventsCommand,
  "lambda:Invoke": lambda.InvokeCommand,
  "s3:DeleteObjects": s3.DeleteObjectsCommand,
  "s3:GetObject": s3.GetObjectCommand,
  "s3:ListObjectVersions": s3.ListObjectVersionsCommand,
  "s3:ListObjectsV2": s3.ListObjectsV2Command,
  "s3:PutObject": s3.PutObjectCommand,
  "scheduler:CreateSchedule": scheduler.CreateScheduleCommand,
  "scheduler:UpdateSchedule": scheduler.UpdateScheduleCommand,
  "servicequotas:GetServiceQuota": quotas.GetServiceQuotaCommand,
  "sns:Publish": sns.PublishCommand,
  "sqs:SendMessageBatch": sqs.SendMessageBatchCommand,
  "ssm:DeleteParameter": ssm.DeleteParameterCommand,
  "ssm:DescribeParameters": ssm.DescribeParametersCommand,
  "ssm:GetParameterHistory": ssm.GetParameterHistoryCommand,
  "ssm:GetParameters": ssm.GetParametersCommand,
  "ssm:GetParametersByPath": ssm.GetParametersByPathCommand,
  "ssm:PutParameter": ssm.PutParameterCommand,
  "sts:AssumeRole": sts.AssumeRoleCommand,
  "sts:GetCallerIdentity": sts.GetCallerIdentityCommand,
  "tagging:GetResources": tagging.GetResourcesCommand,
};
