import type { Properties } from "../cloudformation/state.ts";
import { properties } from "../cloudformation/templates/evaluate.ts";
import { isObject } from "../cloudformation/templates/references.ts";
import { busPolicyOf } from "../events/rules.ts";
import { addRole } from "../iam/roles.ts";
import { bucketsOf } from "../s3/buckets.ts";
import { schedulesOf } from "../scheduler/schedules.ts";
import { queueByArn } from "../sqs/queues.ts";
import { notEmulated } from "../world.ts";
import type { Installation } from "./installation.ts";
import { known } from "./known.ts";
import type { Identity } from "./names.ts";

/** Makes the queues, buckets and schedule groups of a template, or brings them up to date. */
export function makeResources(installation: Installation): void {
  const { scope, template } = installation;
  const wanted = Object.entries(template.Resources)
    .flatMap(([logicalId, { Properties = {}, Type }]) => {
      const make = makers[Type];
      return make === undefined ? [] : [{ logicalId, make, Properties, Type }];
    })
    .map(({ logicalId, make, Properties, Type }) => ({
      make,
      identity: scope.resource(logicalId) as Identity,
      properties: known(Type, properties(Properties, scope)),
    }))
    // A queue comes after the one that it gives messages up to, a policy after what it is about.
    .sort((a, b) => rank(a) - rank(b));
  for (const { identity, make, properties } of wanted) make(properties, identity, installation);
}

type Make = (wanted: Properties, identity: Identity, installation: Installation) => void;

const rank = ({ make, properties }: { readonly make: Make; readonly properties: Properties }) =>
  properties.RedrivePolicy !== undefined || make === makeBucketPolicy ? 1 : 0;

const makeQueue: Make = (wanted, { attributes: own, physicalId }, { principal, world }) => {
  const { FifoQueue, QueueName: _, Tags: __, ...rest } = wanted;
  const attributes = Object.fromEntries(
    Object.entries(rest).map(([name, value]) => [
      name,
      typeof value === "object" ? JSON.stringify(value) : String(value),
    ]),
  );
  if (queueByArn(String(own.Arn), world) !== undefined) {
    const input = { QueueUrl: physicalId, Attributes: attributes };
    world.call("sqs:SetQueueAttributes", input, principal);
    return;
  }
  const fifo = FifoQueue === undefined ? {} : { FifoQueue: String(FifoQueue) };
  const input = { QueueName: own.QueueName, Attributes: { ...attributes, ...fifo } };
  world.call("sqs:CreateQueue", input, principal);
};

const makeBucket: Make = (_wanted, { physicalId }, { principal, world }) => {
  if (bucketsOf(world)[physicalId] !== undefined) return;
  const { region } = principal;
  const configuration =
    region === "us-east-1" ? {} : { CreateBucketConfiguration: { LocationConstraint: region } };
  world.call("s3:CreateBucket", { Bucket: physicalId, ...configuration }, principal);
};

const makeScheduleGroup: Make = (_wanted, { physicalId }, { principal, world }) => {
  const context = { world, ...principal, principal: principal.arn };
  if (schedulesOf(context).groups[physicalId] !== undefined) return;
  world.call("scheduler:CreateScheduleGroup", { Name: physicalId }, principal);
};

const makeRole: Make = (wanted, { attributes }, { world }) =>
  addRole(world, String(attributes.Arn), wanted.AssumeRolePolicyDocument);

const makeBusPolicy: Make = ({ Statement, StatementId }, _identity, { principal, world }) => {
  if (!isObject(Statement)) throw notEmulated("bus policies without a statement");
  const context = { world, ...principal };
  busPolicyOf(context)[String(StatementId)] = Statement;
};

const makeBucketPolicy: Make = ({ Bucket, PolicyDocument }, _identity, { world }) => {
  const bucket = bucketsOf(world)[String(Bucket)];
  if (bucket !== undefined) bucket.policy = JSON.stringify(PolicyDocument);
};

const makers: Readonly<Record<string, Make>> = {
  "AWS::Events::EventBusPolicy": makeBusPolicy,
  "AWS::S3::BucketPolicy": makeBucketPolicy,
  "AWS::IAM::Role": makeRole,
  "AWS::S3::Bucket": makeBucket,
  "AWS::SQS::Queue": makeQueue,
  "AWS::Scheduler::ScheduleGroup": makeScheduleGroup,
};
