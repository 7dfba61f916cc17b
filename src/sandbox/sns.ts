import { byKey, pageOf, refuseOthers, takes } from "./inputs.ts";
import { AwsError, type Context, type Service } from "./world.ts";

/** Simple Notification Service: standard topics that keep what was published. Nobody subscribes. */
export const sns: Service = {
  name: "sns",
  operations: {
    CreateTopic: takes<{ readonly Name: string }>(["Name"], createTopic),
    ListTopics: takes<{ readonly NextToken?: string }>(["NextToken"], listTopics),
    Publish: takes<PublishInput>(["Message", "MessageAttributes", "Subject", "TopicArn"], publish),
  },
};

/** A message as its topic keeps it. */
export interface Message {
  readonly id: string;
  readonly subject: string | undefined;
  readonly text: string;
  readonly attributes: Readonly<Record<string, Attribute>>;
}

interface Attribute {
  readonly DataType: string;
  readonly StringValue?: string;
}

interface PublishInput {
  readonly TopicArn?: string;
  readonly Message: string;
  readonly Subject?: string;
  readonly MessageAttributes?: Readonly<Record<string, Attribute>>;
}

type Place = Pick<Context, "account" | "region" | "world">;

/** Topic ARN → what was published there, the oldest first. */
export const topicsOf = (context: Place): Record<string, Message[]> =>
  context.world.stateOf<Record<string, Message[]>>("sns", context, () => ({}));

const invalid = (reason: string): AwsError =>
  new AwsError("InvalidParameter", `Invalid parameter: ${reason}`);

function createTopic({ Name }: { readonly Name: string }, context: Context): unknown {
  if (!/^[\w-]{1,256}$/.test(Name ?? "")) throw invalid("Topic Name");
  const { account, region } = context;
  const arn = `arn:aws:sns:${region}:${account}:${Name}`;
  topicsOf(context)[arn] ??= [];
  return { TopicArn: arn };
}

function listTopics({ NextToken }: { readonly NextToken?: string }, context: Context): unknown {
  const arns = Object.keys(topicsOf(context)).sort(byKey((arn) => arn));
  const page = pageOf(arns, (arn) => arn, { size: 100, token: NextToken });
  if (page === undefined) throw invalid("NextToken");
  return {
    Topics: page.items.map((TopicArn) => ({ TopicArn })),
    ...(page.next === undefined ? {} : { NextToken: page.next }),
  };
}

function publish(
  { Message: text, MessageAttributes: attributes = {}, Subject: subject, TopicArn }: PublishInput,
  context: Context,
): unknown {
  const arn = TopicArn ?? "";
  const [, region, account] = /^arn:aws:sns:([\w-]+):(\d{12}):[\w-]+$/.exec(arn) ?? [];
  if (region !== context.region) throw invalid("TopicArn");
  if (!text || Buffer.byteLength(text) > 262_144) {
    throw invalid(text ? "Message too long" : "Empty message");
  }
  checkAttributes(attributes);
  if (account !== context.account) {
    const what = `perform: SNS:Publish on resource: ${arn}`;
    const message = `User: ${context.principal} is not authorized to ${what}`;
    throw new AwsError("AuthorizationError", message, 403);
  }
  const messages = topicsOf(context)[arn];
  if (messages === undefined) throw new AwsError("NotFound", "Topic does not exist", 404);
  const id = context.world.uuid();
  messages.push({ id, subject, text, attributes });
  return { MessageId: id };
}

function checkAttributes(attributes: NonNullable<PublishInput["MessageAttributes"]>): void {
  for (const [name, attribute] of Object.entries(attributes)) {
    refuseOthers(attribute, new Set(["DataType", "StringValue"]));
    const { DataType: type, StringValue: value } = attribute;
    if (!type || !value)
      throw invalid(`The message attribute '${name}' must contain non-empty type and value`);
  }
}
