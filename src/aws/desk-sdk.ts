import { DescribeRuleCommand, ListRuleNamesByTargetCommand } from "@aws-sdk/client-eventbridge";
import { CreateServiceLinkedRoleCommand, GetRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import {
  GetFunctionEventInvokeConfigCommand,
  ListEventSourceMappingsCommand,
  ListFunctionsCommand,
} from "@aws-sdk/client-lambda";
import { GetScheduleGroupCommand } from "@aws-sdk/client-scheduler";
import {
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
} from "@aws-sdk/client-sqs";
import { STSClient } from "@aws-sdk/client-sts";
import type { Operations } from "./call.ts";
import type { DeskOperations } from "./desk-operations.ts";
import type { SdkTable } from "./sdk.ts";

const commands: { readonly [O in keyof DeskOperations]: new (input: Operations[O][0]) => unknown } =
  {
    "events:DescribeRule": DescribeRuleCommand,
    "events:ListRuleNamesByTarget": ListRuleNamesByTargetCommand,
    "iam:CreateServiceLinkedRole": CreateServiceLinkedRoleCommand,
    "iam:GetRole": GetRoleCommand,
    "lambda:GetFunctionEventInvokeConfig": GetFunctionEventInvokeConfigCommand,
    "lambda:ListEventSourceMappings": ListEventSourceMappingsCommand,
    "lambda:ListFunctions": ListFunctionsCommand,
    "scheduler:GetScheduleGroup": GetScheduleGroupCommand,
    "sqs:GetQueueAttributes": GetQueueAttributesCommand,
    "sqs:GetQueueUrl": GetQueueUrlCommand,
    "sqs:ReceiveMessage": ReceiveMessageCommand,
  };

/** What people's own commands ask beside what the controller asks: no part of the Lambda bundle. */
export const deskTable: SdkTable = { clients: { iam: IAMClient }, commands };

/** The region of the profile that the SDK would take; undefined: nothing names one. */
export const configuredRegion = async (): Promise<string | undefined> =>
  new STSClient().config.region().catch(() => undefined);
