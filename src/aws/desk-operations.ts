import type * as eventbridge from "@aws-sdk/client-eventbridge";
import type * as iam from "@aws-sdk/client-iam";
import type * as lambda from "@aws-sdk/client-lambda";
import type * as scheduler from "@aws-sdk/client-scheduler";
import type * as sqs from "@aws-sdk/client-sqs";

/** What the controller never asks: people at a desk do, with credentials of their own. */
export interface DeskOperations {
  "events:DescribeRule": [
    eventbridge.DescribeRuleCommandInput,
    eventbridge.DescribeRuleCommandOutput,
  ];
  "events:ListRuleNamesByTarget": [
    eventbridge.ListRuleNamesByTargetCommandInput,
    eventbridge.ListRuleNamesByTargetCommandOutput,
  ];
  "iam:CreateServiceLinkedRole": [
    iam.CreateServiceLinkedRoleCommandInput,
    iam.CreateServiceLinkedRoleCommandOutput,
  ];
  "iam:GetRole": [iam.GetRoleCommandInput, iam.GetRoleCommandOutput];
  "lambda:GetFunctionEventInvokeConfig": [
    lambda.GetFunctionEventInvokeConfigCommandInput,
    lambda.GetFunctionEventInvokeConfigCommandOutput,
  ];
  "lambda:ListEventSourceMappings": [
    lambda.ListEventSourceMappingsCommandInput,
    lambda.ListEventSourceMappingsCommandOutput,
  ];
  "lambda:ListFunctions": [lambda.ListFunctionsCommandInput, lambda.ListFunctionsCommandOutput];
  "scheduler:GetScheduleGroup": [
    scheduler.GetScheduleGroupCommandInput,
    scheduler.GetScheduleGroupCommandOutput,
  ];
  "sqs:GetQueueAttributes": [
    sqs.GetQueueAttributesCommandInput,
    sqs.GetQueueAttributesCommandOutput,
  ];
  "sqs:GetQueueUrl": [sqs.GetQueueUrlCommandInput, sqs.GetQueueUrlCommandOutput];
  "sqs:ReceiveMessage": [sqs.ReceiveMessageCommandInput, sqs.ReceiveMessageCommandOutput];
}
