import { everyItem, isNamed, unless } from "./answers.ts";
import type { Call, Operations } from "./call.ts";

/** What `template.yaml` has made in an account and region, as it is there: for who looks after it. */
export interface Installed {
  /** Whether the bucket is there. */
  hasBucket(bucket: string): Promise<boolean>;
  /** The controller's functions, by the prefix that they work with. */
  functions(prefix: string): Promise<readonly InstalledFunction[]>;
  hasScheduleGroup(name: string): Promise<boolean>;
  /** By its name or ARN; undefined: it is not there. */
  queue(of: string): Promise<InstalledQueue | undefined>;
  hasRole(name: string): Promise<boolean>;
  /** The role that a service of AWS works by in the account, such as `ecs.amazonaws.com`. */
  makeServiceRole(service: string): Promise<void>;
}

export interface InstalledFunction {
  readonly name: string;
  /** `main.signal`. */
  readonly handler: string;
  /** ARN. */
  readonly role: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Lambda's own word; `Active` where it can run. */
  readonly state: string;
  /** What wakes it. */
  wakers(): Promise<{
    readonly rules: readonly WakingRule[];
    readonly queues: readonly WakingQueue[];
  }>;
  /** ARN of the queue that gets events it could not handle; undefined: none does. */
  lost(): Promise<string | undefined>;
}

/** A rule of EventBridge. */
interface WakingRule {
  readonly name: string;
  readonly isEnabled: boolean;
  /** Of the events that it passes on; empty: it goes by the clock. */
  readonly detailTypes: readonly string[];
}

interface WakingQueue {
  /** Of the event-source mapping: a UUID. */
  readonly id: string;
  readonly arn: string;
  readonly isEnabled: boolean;
}

export interface InstalledQueue {
  readonly name: string;
  readonly visible: number;
  readonly inFlight: number;
  /** ARN of the queue that gets what was received too often. */
  readonly deadLetters: string | undefined;
  /** The oldest of what a few messages say, nothing taken away: since when, and whose they are. */
  oldest(): Promise<{ readonly sent: number; readonly groups: readonly string[] } | undefined>;
}

export const installedBy = (call: Call): Installed => ({
  hasBucket: (Bucket) =>
    isThere(call("s3:ListObjectsV2", { Bucket, MaxKeys: 1 }), "NoSuchBucket", "NotFound"),

  async functions(prefix) {
    const all = await everyItem(async (token) => {
      const page = await call("lambda:ListFunctions", token === undefined ? {} : { Marker: token });
      return { items: page.Functions, next: page.NextMarker };
    });
    return all.flatMap((one) => functionFrom(one, prefix, call));
  },

  hasScheduleGroup: (Name) =>
    isThere(call("scheduler:GetScheduleGroup", { Name }), "ResourceNotFoundException"),

  hasRole: (name) =>
    isThere(
      call("iam:GetRole", { RoleName: name.split("/").at(-1) }),
      "NoSuchEntity",
      "NoSuchEntityException",
    ),

  async makeServiceRole(AWSServiceName) {
    // That somebody made it meanwhile is as good.
    const taken = (error: unknown) =>
      isNamed(error, "InvalidInput", "InvalidInputException") &&
      /has been taken/.test((error as Error).message);
    await unless(call("iam:CreateServiceLinkedRole", { AWSServiceName }), taken);
  },

  queue: (of) => queueOf(of, call),
});

async function isThere(asked: Promise<unknown>, ...absent: readonly string[]): Promise<boolean> {
  return (await unless(asked, (error) => isNamed(error, ...absent))) !== undefined;
}

type Configuration = NonNullable<Operations["lambda:ListFunctions"][1]["Functions"]>[number];

function functionFrom(found: Configuration, prefix: string, call: Call): InstalledFunction[] {
  const { Environment, FunctionArn = "", FunctionName: name = "", Handler = "" } = found;
  const environment = Environment?.Variables ?? {};
  if (environment.TRUEUP_PREFIX !== prefix || !Handler.startsWith("main.")) return [];
  return [
    {
      name,
      handler: Handler,
      role: found.Role ?? "",
      environment,
      // It is left out of lists where all is well.
      state: found.State ?? "Active",
      wakers: async () => ({
        rules: await rulesOf(FunctionArn, call),
        queues: await queuesOf(FunctionArn, call),
      }),
      async lost() {
        const asked = call("lambda:GetFunctionEventInvokeConfig", { FunctionName: name });
        const config = await unless(asked, (error) => isNamed(error, "ResourceNotFoundException"));
        return config?.DestinationConfig?.OnFailure?.Destination;
      },
    },
  ];
}

async function rulesOf(TargetArn: string, call: Call): Promise<readonly WakingRule[]> {
  const names = await everyItem(async (token) => {
    const page = await call("events:ListRuleNamesByTarget", {
      TargetArn,
      ...(token === undefined ? {} : { NextToken: token }),
    });
    return { items: page.RuleNames, next: page.NextToken };
  });
  const rules: WakingRule[] = [];
  for (const name of names) {
    const { EventPattern = "{}", State } = await call("events:DescribeRule", { Name: name });
    const pattern: { readonly "detail-type"?: readonly string[] } = JSON.parse(EventPattern);
    const detailTypes = pattern["detail-type"] ?? [];
    rules.push({ name, isEnabled: State !== "DISABLED", detailTypes });
  }
  return rules;
}

async function queuesOf(FunctionName: string, call: Call): Promise<readonly WakingQueue[]> {
  const mappings = await everyItem(async (token) => {
    const page = await call("lambda:ListEventSourceMappings", {
      FunctionName,
      ...(token === undefined ? {} : { Marker: token }),
    });
    return { items: page.EventSourceMappings, next: page.NextMarker };
  });
  return mappings.map(({ EventSourceArn: arn = "", State = "", UUID: id = "" }) => ({
    id,
    arn,
    isEnabled: ["Creating", "Enabled", "Enabling", "Updating"].includes(State),
  }));
}

/** A URL has the name at its end, an ARN too, with other marks between. */
const nameIn = (of: string): string => of.split(/[/:]/).at(-1) ?? of;

async function queueOf(of: string, call: Call): Promise<InstalledQueue | undefined> {
  const name = nameIn(of);
  const absent = (error: unknown) =>
    isNamed(error, "QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue");
  const found = await unless(call("sqs:GetQueueUrl", { QueueName: name }), absent);
  if (found?.QueueUrl === undefined) return undefined;
  const { QueueUrl } = found;
  const { Attributes = {} } = await call("sqs:GetQueueAttributes", {
    QueueUrl,
    AttributeNames: ["All"],
  });
  const redrive = JSON.parse(Attributes.RedrivePolicy ?? "{}") as {
    readonly deadLetterTargetArn?: string;
  };
  return {
    name,
    visible: Number(Attributes.ApproximateNumberOfMessages ?? 0),
    inFlight: Number(Attributes.ApproximateNumberOfMessagesNotVisible ?? 0),
    deadLetters: redrive.deadLetterTargetArn,
    oldest: () => oldestIn(QueueUrl, call),
  };
}

/** A look at ten messages at most, which stay where they are and in sight of others. */
async function oldestIn(QueueUrl: string, call: Call) {
  const { Messages = [] } = await call("sqs:ReceiveMessage", {
    QueueUrl,
    MaxNumberOfMessages: 10,
    VisibilityTimeout: 0,
    MessageSystemAttributeNames: ["MessageGroupId", "SentTimestamp"],
  });
  const sent = Messages.map(({ Attributes }) => Number(Attributes?.SentTimestamp));
  if (sent.length === 0) return undefined;
  const groups = Messages.flatMap(({ Attributes }) => Attributes?.MessageGroupId ?? []);
  return { sent: Math.min(...sent), groups: [...new Set(groups)] };
}
