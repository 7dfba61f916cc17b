import { createHash } from "node:crypto";
import type { Properties, ResourceDeclaration, Value } from "../cloudformation/state.ts";
import { urlOf } from "../sqs/queues.ts";
import { notEmulated, type World } from "../world.ts";

/** Where and as what something is installed. */
export interface Place {
  readonly world: World;
  readonly account: string;
  readonly region: string;
  readonly stack: string;
}

/** What `Ref` and `Fn::GetAtt` give for a resource. */
export interface Identity {
  readonly physicalId: string;
  readonly attributes: Properties;
}

/**
 * The identity of a resource. Names that CloudFormation would make up follow from the logical id
 * here, so that installing again finds what is there.
 */
export function identityOf(
  logicalId: string,
  { Properties = {}, Type }: ResourceDeclaration,
  { place, textOf }: { readonly place: Place; readonly textOf: (value: Value) => string },
): Identity {
  const { account, region } = place;
  const named = (property: string): string =>
    Properties[property] === undefined
      ? generatedName(logicalId, place)
      : textOf(Properties[property]);
  const path = Properties.Path === undefined ? "/" : textOf(Properties.Path);
  const arn = (service: string, resource: string) =>
    `arn:aws:${service}:${region}:${account}:${resource}`;

  switch (Type) {
    case "AWS::Serverless::Function": {
      // The logical id itself, so that a person can invoke it without looking its name up first.
      const { FunctionName } = Properties;
      const name = FunctionName === undefined ? logicalId : textOf(FunctionName);
      return { physicalId: name, attributes: { Arn: arn("lambda", `function:${name}`) } };
    }
    case "AWS::SQS::Queue": {
      const fifo = String(Properties.FifoQueue) === "true" && Properties.QueueName === undefined;
      const QueueName = `${named("QueueName")}${fifo ? ".fifo" : ""}`;
      const Arn = arn("sqs", QueueName);
      const QueueUrl = urlOf({ arn: Arn, name: QueueName }, place.world);
      return { physicalId: QueueUrl, attributes: { Arn, QueueName, QueueUrl } };
    }
    case "AWS::S3::Bucket": {
      const name = named("BucketName").toLowerCase();
      return { physicalId: name, attributes: { Arn: `arn:aws:s3:::${name}` } };
    }
    case "AWS::Scheduler::ScheduleGroup": {
      const name = named("Name");
      return { physicalId: name, attributes: { Arn: arn("scheduler", `schedule-group/${name}`) } };
    }
    case "AWS::IAM::Role": {
      const name = named("RoleName");
      const Arn = `arn:aws:iam::${account}:role${path}${name}`;
      return { physicalId: name, attributes: { Arn } };
    }
    case "AWS::IAM::ManagedPolicy": {
      const arnOfPolicy = `arn:aws:iam::${account}:policy${path}${named("ManagedPolicyName")}`;
      return { physicalId: arnOfPolicy, attributes: {} };
    }
    case "AWS::CloudWatch::Alarm":
    case "AWS::Events::EventBusPolicy":
    case "AWS::S3::BucketPolicy":
    case "AWS::Logs::LogGroup":
      return { physicalId: generatedName(logicalId, place), attributes: {} };
    default:
      throw notEmulated(`installing ${logicalId}, a ${Type}`);
  }
}

/** A name as CloudFormation makes one up: stack, logical id, twelve characters. */
export function generatedName(logicalId: string, { account, region, stack }: Place): string {
  const hash = createHash("sha256").update(JSON.stringify([account, region, stack, logicalId]));
  const suffix = [...hash.digest().subarray(0, 12)]
    .map((byte) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"[byte % 36])
    .join("");
  return `${stack}-${logicalId}`.slice(0, 63 - suffix.length - 1).concat("-", suffix);
}
