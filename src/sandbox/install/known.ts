import type { Properties } from "../cloudformation/state.ts";
import { notEmulated } from "../world.ts";

/**
 * The properties that an installation understands. Some have no effect here and are known for that:
 * nothing in the sandbox keeps logs or builds code, and what the controller overwrites is not kept.
 */
const understood: Readonly<Record<string, readonly string[]>> = {
  "AWS::Events::EventBusPolicy": ["Statement", "StatementId"],
  "AWS::IAM::Role": [
    "AssumeRolePolicyDocument",
    "ManagedPolicyArns",
    "Path",
    "Policies",
    "RoleName",
  ],
  "AWS::S3::Bucket": [
    "BucketEncryption",
    "BucketName",
    "LifecycleConfiguration",
    "PublicAccessBlockConfiguration",
    "Tags",
    "VersioningConfiguration",
  ],
  "AWS::S3::BucketPolicy": ["Bucket", "PolicyDocument"],
  "AWS::Scheduler::ScheduleGroup": ["Name"],
  "AWS::SQS::Queue": [
    "ContentBasedDeduplication",
    "DeduplicationScope",
    "DelaySeconds",
    "FifoQueue",
    "FifoThroughputLimit",
    "MaximumMessageSize",
    "MessageRetentionPeriod",
    "QueueName",
    "ReceiveMessageWaitTimeSeconds",
    "RedrivePolicy",
    "SqsManagedSseEnabled",
    "Tags",
    "VisibilityTimeout",
  ],
  "AWS::Serverless::Function": [
    "Architectures",
    "CodeUri",
    "Description",
    "Environment",
    "EventInvokeConfig",
    "Events",
    "FunctionName",
    "Handler",
    "LoggingConfig",
    "MemorySize",
    "Policies",
    "Role",
    "RolePath",
    "Runtime",
    "Tags",
    "Timeout",
  ],
  EventBridgeRule: ["Pattern", "State"],
  Schedule: ["Description", "Enabled", "Input", "Schedule", "State"],
  SQS: ["BatchSize", "Enabled", "FunctionResponseTypes", "Queue", "ScalingConfig"],
};

/** The same properties, if all of them are understood. */
export function known(type: string, given: Properties): Properties {
  const names = understood[type];
  const other = Object.keys(given).find((name) => !names?.includes(name));
  if (names === undefined) throw notEmulated(`installing a ${type}`);
  if (other !== undefined) throw notEmulated(`the property ${other} of a ${type}`);
  return given;
}
